/**
 * The timeline of one schedule: a year of three rotations and 0, 50 or 500 overrides, beside the same rules on plain
 * luxon conversions and on recurrence rules; then shorter windows, and many schedules.
 *
 * npx tsx --conditions=source test/bench/resolve.ts [--rounds 1000]
 */
import { parseArgs } from 'node:util';
import { type Interval, normalise, resolveTimeline, type Schedule } from '@watchbill/core';
import { LUXON, plainResolve, RRULE, type Stretch } from './peers/plain-resolver.ts';
import { type Contestant, leastMs, printTable } from './peers/rounds.ts';
import { scheduleYear, YEAR } from './peers/schedule-year.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '1000' } } });
const ROUNDS = Number(values.rounds);
/** The slow ones need no more rounds than this to show their least. */
const PEER_ROUNDS = 3;
const DAY = 86_400_000;
const OVERRIDES = [0, 50, 500] as const;
const WINDOW_DAYS = [1, 14, 365] as const;
const SCHEDULES = [10, 100, 1_000, 10_000] as const;

/** For each person, the time on call: how shifts are cut where they touch is left open. */
function timeByPerson(shifts: readonly Stretch[], span: Interval): string {
  const people = [...new Set(shifts.map(({ person }) => person))].sort();
  const clipped = shifts.map(({ start, end, person }) => ({
    start: Math.max(start, span.start),
    end: Math.min(end, span.end),
    person,
  }));
  return JSON.stringify(
    people.map((name) => [name, normalise(clipped.filter(({ person }) => person === name).sort(byStart))]),
  );
}

function byStart(a: Interval, b: Interval): number {
  return a.start - b.start;
}

function checkAnswers(schedule: Schedule): void {
  const expected = timeByPerson(resolveTimeline(schedule, YEAR).shifts, YEAR);
  for (const [name, source] of [
    ['luxon', LUXON],
    ['rrule', RRULE],
  ] as const) {
    if (timeByPerson(plainResolve(schedule, source, YEAR), YEAR) !== expected) {
      throw new Error(`core and the resolver on ${name} do not agree`);
    }
  }
}

function growth(points: readonly (readonly [number, number])[]): number {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  return Math.log(last[1] / first[1]) / Math.log(last[0] / first[0]);
}

function beside(overrides: number) {
  const schedule = scheduleYear(overrides);
  checkAnswers(schedule);
  const core: Contestant = { name: 'core', run: () => resolveTimeline(schedule, YEAR) };
  const peers: Contestant[] = [
    { name: 'luxon', run: () => plainResolve(schedule, LUXON, YEAR) },
    { name: 'rrule', run: () => plainResolve(schedule, RRULE, YEAR) },
  ];
  const together = leastMs([core, ...peers], { warmUp: 0, measured: PEER_ROUNDS });
  const alone = leastMs([core], { warmUp: 300, measured: ROUNDS }).get('core') ?? Number.NaN;
  const coreMs = Math.min(alone, together.get('core') ?? alone);
  const { shifts } = resolveTimeline(schedule, YEAR);
  return {
    overrides,
    shifts: shifts.length,
    coreMs,
    luxonMs: together.get('luxon') ?? Number.NaN,
    rruleMs: together.get('rrule') ?? Number.NaN,
  };
}

function main(): void {
  const years = OVERRIDES.map(beside);
  console.log(
    `A schedule-year: three rotations in New York, CPU, best of ${ROUNDS} rounds (peers: ${PEER_ROUNDS})`,
  );
  printTable(
    ['overrides', 'shifts', 'core ms', 'luxon ms', 'rrule ms', 'luxon/core', 'rrule/core'],
    years.map(({ overrides, shifts, coreMs, luxonMs, rruleMs }) => [
      String(overrides),
      String(shifts),
      coreMs.toFixed(3),
      luxonMs.toFixed(1),
      rruleMs.toFixed(1),
      (luxonMs / coreMs).toFixed(0),
      (rruleMs / coreMs).toFixed(0),
    ]),
  );

  const schedule = scheduleYear(OVERRIDES[1]);
  const windows = WINDOW_DAYS.map((days) => {
    const start = YEAR.start + 100 * DAY;
    const run = () => resolveTimeline(schedule, { start, end: start + days * DAY });
    return [
      days,
      leastMs([{ name: 'core', run }], { warmUp: 300, measured: ROUNDS }).get('core') ?? Number.NaN,
    ] as const;
  });
  console.log(`\nA window of one schedule with ${OVERRIDES[1]} overrides`);
  printTable(
    ['days', 'core µs'],
    windows.map(([days, ms]) => [String(days), (ms * 1000).toFixed(1)]),
  );
  console.log(`time grows as days ^ ${growth(windows).toFixed(2)}`);

  const span = { start: YEAR.start + 100 * DAY, end: YEAR.start + 114 * DAY };
  const many = SCHEDULES.map((count) => {
    const all = Array.from({ length: count }, (_, i) => scheduleYear(3, `s${i}`));
    const run = () => all.reduce((sum, each) => sum + resolveTimeline(each, span).shifts.length, 0);
    return [
      count,
      leastMs([{ name: 'core', run }], { warmUp: 1, measured: PEER_ROUNDS }).get('core') ?? Number.NaN,
    ] as const;
  });
  console.log('\nTwo weeks of many schedules, one after the other');
  printTable(
    ['schedules', 'µs a schedule'],
    many.map(([count, ms]) => [String(count), ((ms * 1000) / count).toFixed(1)]),
  );
  console.log(`time grows as schedules ^ ${growth(many).toFixed(2)}`);
  console.log(JSON.stringify({ bench: 'resolve', rounds: ROUNDS, years, windows, many }));
}

main();
