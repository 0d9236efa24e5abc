import type { Interval, Schedule } from '@watchbill/core';
import { resolveTimeline, timelineJson } from '@watchbill/core';
import type { Command } from 'commander';
import { coloursFor } from '../format/colours.ts';
import { timelineCsv } from '../format/timeline-csv.ts';
import { timelineIcs } from '../format/timeline-ics.ts';
import { timelineText } from '../format/timeline-text.ts';
import type { Loaded } from '../input/load-config.ts';
import { loadConfig } from '../input/load-config.ts';
import { pickById } from '../input/pick-by-id.ts';
import { readWindow } from '../input/read-when.ts';
import { resolveWithin } from '../input/resolve-within.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, PLAN_HELP, WHEN_HELP, withFormats, withTimeZone } from '../options.ts';
import { noteBeyondPlan, requirePlan, withPlanFile } from '../plan/load-plan.ts';

interface TimelineOptions {
  readonly schedule?: string;
  readonly from?: string;
  readonly to?: string;
  readonly plan?: string;
  readonly format: Format;
  readonly timeZone?: string;
}

/** Two weeks: what fits on a screen, and what most people ask for. */
const DEFAULT_DAYS = 14;

/** `watchbill timeline`: who is on call when, and where nobody is. */
export function addTimeline(program: Command, { io, done }: Host): void {
  const command = program
    .command('timeline')
    .description('print who is on call when, and the gaps')
    .argument('<file>', FILE_HELP)
    .option('--schedule <id>', 'which schedule (default: the only one)')
    .option('--from <when>', `start, included: ${WHEN_HELP} (default: today)`)
    .option('--to <when>', `end, not included (default: ${DEFAULT_DAYS} days later)`)
    .option('--plan <file>', PLAN_HELP);
  withTimeZone(withFormats(command, ['text', 'json', 'ics', 'csv'])).action(
    async (file: string, options: TimelineOptions) => done(await timeline(file, options, io)),
  );
}

async function timeline(path: string, options: TimelineOptions, io: Io): Promise<number> {
  const bare = await loadConfig(path, [options.from, options.to], io);
  const loaded = options.plan === undefined ? bare : await withPlanFile(bare, options.plan, io);
  const schedule = pickById(loaded.config.schedules, options.schedule, {
    what: 'schedule',
    where: loaded.file,
  });
  const { from, to } = options;
  const window = readWindow({ from, to, now: io.now(), days: DEFAULT_DAYS }, schedule.timeZone);
  requirePlan(loaded, schedule, window);
  noteBeyondPlan(loaded, schedule, { window, io });
  io.stdout(show(schedule, window, { loaded, options, io }));
  return EXIT_OK;
}

interface Showing {
  readonly loaded: Loaded;
  readonly options: TimelineOptions;
  readonly io: Io;
}

function show(schedule: Schedule, window: Interval, { loaded, options, io }: Showing): string {
  const resolved = resolveWithin(() => resolveTimeline(schedule, window));
  switch (options.format) {
    case 'json':
      return `${JSON.stringify(timelineJson(resolved), null, 2)}\n`;
    case 'csv':
      return timelineCsv(resolved);
    case 'ics':
      return timelineIcs(resolved, { schedule, nameOf: loaded.nameOf, now: io.now() });
    case 'text':
      return timelineText(resolved, {
        zone: options.timeZone ?? schedule.timeZone,
        scheduleZone: schedule.timeZone,
        roles: schedule.roles,
        nameOf: loaded.nameOf,
        colours: coloursFor(io.colour),
      });
  }
}
