/**
 * A year of daily handoffs at three times of day, in ten zones that skip and repeat hours: nanoseconds a handoff, and how
 * many are not what the rules of docs/time.md say.
 *
 * npx tsx --conditions=source test/bench/zone-handoffs.ts [--rounds 20]
 */
import { parseArgs } from 'node:util';
import { formatWall, handoffs, makeSchedule, type Rotation } from '@watchbill/core';
import { DateTime, IANAZone } from 'luxon';
import rrule from 'rrule';
import { Temporal } from 'temporal-polyfill';
import { type Contestant, leastMs, printTable } from './peers/rounds.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
const ROUNDS = Number(values.rounds);
/** The slow ones run this often, beside core. */
const PEER_ROUNDS = 2;
const DAY = 86_400_000;
const DAYS = 365;
/** Zone, and a year with clock changes of its kind. */
const ZONES = [
  ['America/New_York', 2026],
  ['America/Havana', 2026],
  ['America/Santiago', 2026],
  ['Europe/London', 2026],
  ['Europe/Berlin', 2026],
  ['Africa/Cairo', 2026],
  ['Asia/Beirut', 2026],
  ['Asia/Kolkata', 2026],
  ['Australia/Lord_Howe', 2026],
  ['Pacific/Apia', 2011],
] as const;
/** Two times that clock changes skip or repeat, and an ordinary one. */
const CLOCKS_MS = [150 * 60_000, 30 * 60_000, 540 * 60_000] as const;

interface Work {
  readonly zone: string;
  readonly firstWall: number;
  readonly rotation: Rotation;
}

function makeWork(): Work[] {
  return ZONES.flatMap(([zone, year]) =>
    CLOCKS_MS.map((clockMs) => {
      const firstWall = Date.UTC(year, 0, 1) + clockMs;
      const made = makeSchedule(
        {
          id: 's',
          timeZone: zone,
          rotations: [
            { id: 'r', roster: ['ana'], cadence: { every: 1, unit: 'day' }, start: formatWall(firstWall) },
          ],
        },
        { people: ['ana'], teamMembers: null, holidayCalendar: () => null },
      );
      const rotation = made.ok ? made.value.rotations[0] : undefined;
      if (rotation === undefined) throw new Error('the schedule has problems');
      return { zone, firstWall, rotation };
    }),
  );
}

/** The rules read naively: try the offsets of a day before and after; where neither fits, search the gap's end. */
function bySearch({ zone, firstWall }: Work): number[] {
  const offset = (at: number): number => Math.round(IANAZone.create(zone).offset(at) * 60_000);
  return Array.from({ length: DAYS }, (_, day) => {
    const wall = firstWall + day * DAY;
    const tries = [wall - 1.5 * DAY, wall + 1.5 * DAY].map((at) => wall - offset(at));
    const fitting = tries.filter((at) => at + offset(at) === wall);
    if (fitting.length > 0) return Math.min(...fitting);
    let [low, high] = [wall - 1.5 * DAY, wall + 1.5 * DAY];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (middle + offset(middle) < wall) low = middle;
      else high = middle;
    }
    return high;
  });
}

function byCore({ rotation, firstWall }: Work): number[] {
  return handoffs(rotation, { after: firstWall - 2 * DAY, count: DAYS + 4 });
}

function byLuxon({ zone, firstWall }: Work): number[] {
  const start = DateTime.fromMillis(firstWall, { zone: 'utc' }).setZone(zone, { keepLocalTime: true });
  return Array.from({ length: DAYS }, (_, day) => start.plus({ days: day }).toMillis());
}

function byTemporal({ zone, firstWall }: Work): number[] {
  const start = Temporal.PlainDateTime.from(new Date(firstWall).toISOString().slice(0, -1));
  return Array.from(
    { length: DAYS },
    (_, day) =>
      start.add({ days: day }).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds,
  );
}

function byRrule({ zone, firstWall }: Work): number[] {
  const rule = new rrule.RRule({
    freq: rrule.RRule.DAILY,
    dtstart: new Date(firstWall),
    count: DAYS,
    tzid: zone,
  });
  return rule.all().map((date) => date.getTime());
}

const PEERS = { core: byCore, luxon: byLuxon, 'temporal-polyfill': byTemporal, rrule: byRrule };

function main(): void {
  const work = makeWork();
  const expected = work.map(bySearch);
  const wrong = new Map<string, number>();
  for (const [name, answer] of Object.entries(PEERS)) {
    const found = work.map((item) => new Set(answer(item)));
    const missed = expected.map((list, i) => list.filter((at) => found[i]?.has(at) !== true).length);
    wrong.set(
      name,
      missed.reduce((sum, count) => sum + count, 0),
    );
  }
  if (wrong.get('core') !== 0) throw new Error(`core has ${wrong.get('core')} wrong handoffs`);
  const contestants = Object.entries(PEERS).map(
    ([name, answer]): Contestant => ({ name, run: () => work.map(answer) }),
  );
  const core = contestants.filter(({ name }) => name === 'core');
  const best = leastMs(contestants, { warmUp: 0, measured: PEER_ROUNDS });
  for (const [name, ms] of leastMs(core, { warmUp: 5, measured: ROUNDS })) best.set(name, ms);
  const total = work.length * DAYS;
  const nsOf = (name: string): number => ((best.get(name) ?? 0) * 1e6) / total;
  console.log(
    `${total} daily handoffs in ${ZONES.length} zones, CPU, best of ${ROUNDS} rounds (peers: ${PEER_ROUNDS})`,
  );
  const names = Object.keys(PEERS);
  printTable(
    ['', 'ns a handoff', 'times core', 'wrong'],
    names.map((name) => [
      name,
      nsOf(name).toFixed(0),
      (nsOf(name) / nsOf('core')).toFixed(1),
      String(wrong.get(name)),
    ]),
  );
  const results = names.map((name) => ({ name, ns: nsOf(name), wrong: wrong.get(name) }));
  console.log(JSON.stringify({ bench: 'zone-handoffs', handoffs: total, rounds: ROUNDS, results }));
}

main();
