import type { Interval, Schedule, ShiftChange, ShiftLoad, Timeline } from '@watchbill/core';
import { diffTimelines, formatInstant, resolveTimeline, summariseByPerson } from '@watchbill/core';
import type { Command } from 'commander';
import { csv } from '../format/csv.ts';
import { diffText } from '../format/diff-text.ts';
import type { ScheduleDiff } from '../format/schedule-diff.ts';
import { isChanged } from '../format/schedule-diff.ts';
import { BadInput } from '../input/bad-input.ts';
import type { Loaded } from '../input/load-config.ts';
import { loadConfig } from '../input/load-config.ts';
import { pickById } from '../input/pick-by-id.ts';
import { readWindow } from '../input/read-when.ts';
import { resolveWithin } from '../input/resolve-within.ts';
import type { Io } from '../io.ts';
import { EXIT_FINDINGS, EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, PLAN_HELP, WHEN_HELP, withFormats, withTimeZone } from '../options.ts';
import { requirePlan, withPlanFile } from '../plan/load-plan.ts';

interface DiffOptions {
  readonly schedule?: string;
  readonly from?: string;
  readonly to?: string;
  readonly plan?: string;
  readonly planAfter?: string;
  readonly exitCode?: boolean;
  readonly format: Format;
  readonly timeZone?: string;
}

const DEFAULT_DAYS = 28;

/** `watchbill diff`: what changes for whom from one file to another. */
export function addDiff(program: Command, { io, done }: Host): void {
  const command = program
    .command('diff')
    .description('print what changes for whom: shifts, nights, weekends, hours')
    .argument('<before>', FILE_HELP)
    .argument('<after>', 'the file it is compared with')
    .option('--schedule <id>', 'which schedule (default: all)')
    .option('--from <when>', `start, included: ${WHEN_HELP} (default: today)`)
    .option('--to <when>', `end, not included (default: ${DEFAULT_DAYS} days later)`)
    .option('--plan <file>', `${PLAN_HELP}; for both files, unless --plan-after names another for the second`)
    .option('--plan-after <file>', 'the plan of the second file')
    .option('--exit-code', 'exit with 1 when there is a difference');
  withTimeZone(withFormats(command, ['text', 'json', 'csv'])).action(
    async (before: string, after: string, options: DiffOptions) =>
      done(await diff([before, after], options, io)),
  );
}

async function diff(paths: readonly [string, string], options: DiffOptions, io: Io): Promise<number> {
  if (paths[0] === '-' && paths[1] === '-')
    throw new BadInput('Only one of the two files can be standard input.');
  const times = [options.from, options.to];
  const planAfter = options.planAfter ?? options.plan;
  const bare = [await loadConfig(paths[0], times, io), await loadConfig(paths[1], times, io)] as const;
  const before = options.plan === undefined ? bare[0] : await withPlanFile(bare[0], options.plan, io);
  const after = planAfter === undefined ? bare[1] : await withPlanFile(bare[1], planAfter, io);
  const people = [...before.config.people, ...after.config.people];
  const diffs = pairs(before, after, options.schedule).map((pair) =>
    compare(pair, { options, io, people, files: [before, after] }),
  );
  switch (options.format) {
    case 'json':
      io.stdout(`${JSON.stringify({ schedules: diffs.map(diffJson) }, null, 2)}\n`);
      break;
    case 'csv':
      io.stdout(diffCsv(diffs));
      break;
    default: {
      const nameOf = (person: string): string => {
        const named = after.nameOf(person);
        return named === person ? before.nameOf(person) : named;
      };
      io.stdout(diffText(diffs, { zone: options.timeZone ?? null, colour: io.colour, nameOf }));
    }
  }
  const differs = diffs.some(({ changes }) => changes.length > 0);
  return differs && options.exitCode === true ? EXIT_FINDINGS : EXIT_OK;
}

/** A schedule in both files; null where it is new or gone. */
interface SchedulePair {
  readonly before: Schedule | null;
  readonly after: Schedule | null;
  readonly either: Schedule;
}

function pairs(before: Loaded, after: Loaded, wanted: string | undefined): SchedulePair[] {
  const all = new Map<string, Schedule>();
  for (const schedule of [...before.config.schedules, ...after.config.schedules])
    all.set(schedule.id, schedule);
  const where = `${before.file} and ${after.file}`;
  const chosen =
    wanted === undefined
      ? [...all.values()]
      : [pickById([...all.values()], wanted, { what: 'schedule', where })];
  return chosen.map((either) => ({
    before: before.config.schedules.find(({ id }) => id === either.id) ?? null,
    after: after.config.schedules.find(({ id }) => id === either.id) ?? null,
    either,
  }));
}

interface Comparing {
  readonly options: DiffOptions;
  readonly io: Io;
  readonly people: Loaded['config']['people'];
  readonly files: readonly [Loaded, Loaded];
}

function compare({ before, after, either }: SchedulePair, comparing: Comparing): ScheduleDiff {
  const { options, io, people, files } = comparing;
  const { from, to } = options;
  const window = readWindow({ from, to, now: io.now(), days: DEFAULT_DAYS }, either.timeZone);
  if (before !== null) requirePlan(files[0], before, window);
  if (after !== null) requirePlan(files[1], after, window);
  const was = shiftsOf(before, window);
  const is = shiftsOf(after, window);
  return {
    schedule: either,
    window,
    people: summariseByPerson(was, is, { timeZone: either.timeZone, people }),
    changes: diffTimelines(was, is),
  };
}

function shiftsOf(schedule: Schedule | null, window: Interval): Pick<Timeline, 'shifts'> {
  return schedule === null ? { shifts: [] } : resolveWithin(() => resolveTimeline(schedule, window));
}

function diffJson({ schedule, window, people, changes }: ScheduleDiff): object {
  return {
    schedule: schedule.id,
    from: formatInstant(window.start),
    to: formatInstant(window.end),
    people: people.filter(isChanged).map(({ person, before, after, change }) => ({
      person,
      before: loadJson(before),
      after: loadJson(after),
      change: loadJson(change),
    })),
    changes: changes.map(changeJson),
  };
}

function loadJson({ shifts, nights, weekendShifts, hours }: ShiftLoad): object {
  return { shifts, nights, weekendShifts, hours: Math.round(hours * 100) / 100 };
}

function changeJson(change: ShiftChange): object {
  if (change.kind !== 'changed') return { kind: change.kind, ...shiftJson(change.shift) };
  return { kind: 'changed', before: shiftJson(change.before), after: shiftJson(change.after) };
}

function shiftJson({ start, end, person, role, rotation, override }: Timeline['shifts'][number]): object {
  return { start: formatInstant(start), end: formatInstant(end), person, role, rotation, override };
}

function diffCsv(diffs: readonly ScheduleDiff[]): string {
  const header = ['schedule', 'person', 'shifts', 'nights', 'weekendShifts', 'hours'];
  const rows = diffs.flatMap(({ schedule, people }) =>
    people
      .filter(isChanged)
      .map(({ person, change }) => [
        schedule.id,
        person,
        change.shifts,
        change.nights,
        change.weekendShifts,
        Math.round(change.hours * 100) / 100,
      ]),
  );
  return csv(header, rows);
}
