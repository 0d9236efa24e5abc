import type { Instant, OnCall, Schedule, WhoEntry } from '@watchbill/core';
import { DAY_MS, formatInstant, nextOnCall, onCallAt, whoJson } from '@watchbill/core';
import type { Command } from 'commander';
import { showInstant } from '../format/clock.ts';
import type { Colours } from '../format/colours.ts';
import { coloursFor } from '../format/colours.ts';
import { csv } from '../format/csv.ts';
import { table } from '../format/table.ts';
import { sourceOf } from '../format/timeline-text.ts';
import { BadInput } from '../input/bad-input.ts';
import type { Loaded } from '../input/load-config.ts';
import { loadConfig } from '../input/load-config.ts';
import { pickById } from '../input/pick-by-id.ts';
import { isLocal, readWhen } from '../input/read-when.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, PLAN_HELP, WHEN_HELP, withFormats, withTimeZone } from '../options.ts';
import { noteBeyondPlan, requirePlan, withPlanFile } from '../plan/load-plan.ts';

interface WhoOptions {
  readonly schedule?: string;
  readonly at?: string;
  readonly plan?: string;
  readonly format: Format;
  readonly timeZone?: string;
}

const SECOND_MS = 1_000;
/** How long a plan the advice asks for: four weeks say who is next. */
const PLAN_AHEAD_DAYS = 28;

/** `watchbill who`: who is on call at an instant, until when, and who is next. */
export function addWho(program: Command, { io, done }: Host): void {
  const command = program
    .command('who')
    .description('print who is on call, until when, and who is next')
    .argument('<file>', FILE_HELP)
    .option('--schedule <id>', 'which schedule (default: all)')
    .option('--at <when>', `${WHEN_HELP} (default: now)`)
    .option('--plan <file>', PLAN_HELP);
  withTimeZone(withFormats(command, ['text', 'json', 'csv'])).action(
    async (file: string, options: WhoOptions) => done(await who(file, options, io)),
  );
}

async function who(path: string, options: WhoOptions, io: Io): Promise<number> {
  const bare = await loadConfig(path, [options.at], io);
  const loaded = options.plan === undefined ? bare : await withPlanFile(bare, options.plan, io);
  const schedules = chosen(loaded, options.schedule);
  const at = readAt(options.at, schedules, io);
  const window = { start: at, end: at + SECOND_MS };
  for (const schedule of schedules) {
    requirePlan(loaded, schedule, { start: at, end: at + PLAN_AHEAD_DAYS * DAY_MS });
    noteBeyondPlan(loaded, schedule, { window, io });
  }
  const entries = schedules.map((schedule) => ({
    schedule: schedule.id,
    onCall: onCallAt(schedule, at),
    next: nextOnCall(schedule, at),
  }));
  switch (options.format) {
    case 'json':
      io.stdout(`${JSON.stringify(whoJson(at, entries), null, 2)}\n`);
      break;
    case 'csv':
      io.stdout(whoCsv(entries));
      break;
    default: {
      const colours = coloursFor(io.colour);
      const parts = schedules.map((schedule, index) => {
        const zone = options.timeZone ?? schedule.timeZone;
        return whoText(entries[index] as WhoEntry, { schedule, at, zone, colours, nameOf: loaded.nameOf });
      });
      io.stdout(parts.length === 0 ? 'The file has no schedules: nobody is on call.\n' : parts.join('\n'));
    }
  }
  return EXIT_OK;
}

function chosen({ config, file }: Loaded, wanted: string | undefined): readonly Schedule[] {
  if (wanted === undefined) return config.schedules;
  return [pickById(config.schedules, wanted, { what: 'schedule', where: file })];
}

/** One instant for all schedules; a local time needs one zone for all of them. */
function readAt(text: string | undefined, schedules: readonly Schedule[], io: Io): Instant {
  if (text === undefined) return Math.floor(io.now() / SECOND_MS) * SECOND_MS;
  const zones = [...new Set(schedules.map((schedule) => schedule.timeZone))];
  if (zones.length > 1 && isLocal(text)) {
    throw new BadInput(
      `--at: "${text}" is a local time, but the schedules are in ${zones.length} zones. ` +
        'Add Z or an offset to it, or name one with --schedule.',
    );
  }
  return readWhen(text, zones[0] ?? 'UTC', '--at');
}

interface WhoReading {
  readonly schedule: Schedule;
  readonly at: Instant;
  readonly zone: string;
  readonly colours: Colours;
  readonly nameOf: (person: string) => string;
}

function whoText(entry: WhoEntry, { schedule, at, zone, colours, nameOf }: WhoReading): string {
  const row = (one: OnCall): string[] => [
    one.role,
    nameOf(one.person),
    one.since === null ? '' : `from ${showInstant(one.since, zone)}`,
    one.until === null ? 'with no end' : `to ${showInstant(one.until, zone)}`,
    sourceOf(one),
  ];
  const vacant = (role: string): string[] => [role, 'nobody', '', '', ''];
  const now = schedule.roles.flatMap((role) => {
    const staffed = entry.onCall.filter((one) => one.role === role);
    return staffed.length === 0 ? [vacant(role)] : staffed.map(row);
  });
  const cells = table([...now, ...entry.next.map(row)]);
  const mark = (line: string, index: number): string =>
    `  ${now[index]?.[1] === 'nobody' ? colours.red(line) : line}`;
  const lines = [
    `${colours.bold(schedule.id)}  ${showInstant(at, zone)}, ${colours.dim(`times in ${zone}`)}`,
    'On call:',
    ...cells.slice(0, now.length).map(mark),
    'Next:',
    ...(entry.next.length === 0
      ? ['  nobody new in sight']
      : cells.slice(now.length).map((line) => `  ${line}`)),
  ];
  return `${lines.join('\n')}\n`;
}

function whoCsv(entries: readonly WhoEntry[]): string {
  const rows = entries.flatMap(({ schedule, onCall, next }) =>
    [...onCall.map((one) => ({ one, when: 'now' })), ...next.map((one) => ({ one, when: 'next' }))].map(
      ({ one, when }) => [
        schedule,
        when,
        one.role,
        one.person,
        one.since === null ? null : formatInstant(one.since),
        one.until === null ? null : formatInstant(one.until),
        one.rotation,
        one.override,
      ],
    ),
  );
  return csv(['schedule', 'when', 'role', 'person', 'since', 'until', 'rotation', 'override'], rows);
}
