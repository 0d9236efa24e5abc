import type { Interval } from '@watchbill/core';
import { DAY_MS, formatInstant, spreadOf } from '@watchbill/core';
import type { Command } from 'commander';
import { showInstant } from '../format/clock.ts';
import { coloursFor } from '../format/colours.ts';
import { csv } from '../format/csv.ts';
import { LOAD_COLUMNS, LOAD_LEGEND, type LoadRow, loadCells, loadTable } from '../format/load-table.ts';
import { one, signedOne } from '../format/rule-words.ts';
import type { Loaded } from '../input/load-config.ts';
import { loadConfig } from '../input/load-config.ts';
import { pickById } from '../input/pick-by-id.ts';
import { readWindow } from '../input/read-when.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, PLAN_HELP, WHEN_HELP, wholeNumber, withFormats, withTimeZone } from '../options.ts';
import { MAX_HALF_LIFE_DAYS } from '../plan/carry-ledger.ts';
import { noteBeyondPlan, requirePlan, withPlanFile } from '../plan/load-plan.ts';
import { loadRowsOf } from '../plan/simulate.ts';

interface FairnessOptions {
  readonly schedule?: string;
  readonly from?: string;
  readonly to?: string;
  readonly plan?: string;
  readonly byShifts?: boolean;
  readonly halfLife?: number;
  readonly format: Format;
  readonly timeZone?: string;
}

/** Half a year. */
const DEFAULT_DAYS = 182;

/** `watchbill fairness`: how even a timeline is, whoever made it. */
export function addFairness(program: Command, { io, done }: Host): void {
  const command = program
    .command('fairness')
    .description('print what the timeline weighs for each person, and how even that is')
    .argument('<file>', FILE_HELP)
    .option('--schedule <id>', 'only this schedule (default: all together)')
    .option('--from <when>', `start, included: ${WHEN_HELP} (default: today)`)
    .option('--to <when>', `end, not included (default: ${DEFAULT_DAYS} days later)`)
    .option(
      '--by-shifts',
      'people were there from their first shift to their last, where the file does not say',
    )
    .option(
      '--half-life <days>',
      'in ± fair, what is so long ago counts half (default: it counts for ever)',
      wholeNumber(1, MAX_HALF_LIFE_DAYS),
    )
    .option('--plan <file>', PLAN_HELP);
  withTimeZone(withFormats(command, ['text', 'json', 'csv'])).action(
    async (file: string, options: FairnessOptions) => done(await fairness(file, options, io)),
  );
}

async function fairness(path: string, options: FairnessOptions, io: Io): Promise<number> {
  const bare = await loadConfig(path, [options.from, options.to], io);
  const loaded = options.plan === undefined ? bare : await withPlanFile(bare, options.plan, io);
  const { config, file: where } = loaded;
  const only =
    options.schedule === undefined
      ? null
      : pickById(config.schedules, options.schedule, { what: 'schedule', where }).id;
  const asked = config.schedules.filter(({ id }) => only === null || id === only);
  const zone = options.timeZone ?? asked[0]?.timeZone ?? 'UTC';
  const { from, to } = options;
  const window = readWindow({ from, to, now: io.now(), days: DEFAULT_DAYS }, zone);
  for (const schedule of asked) {
    requirePlan(loaded, schedule, window);
    noteBeyondPlan(loaded, schedule, { window, io });
  }
  const halfLifeMs = options.halfLife === undefined ? null : options.halfLife * DAY_MS;
  const rows = loadRowsOf(config, { window, only, byShifts: options.byShifts === true, halfLifeMs });
  const title = asked.map(({ id }) => id).join(', ');
  io.stdout(show(rows, { loaded, options, window, title, zone, io }));
  return EXIT_OK;
}

interface Showing {
  readonly loaded: Loaded;
  readonly options: FairnessOptions;
  readonly window: Interval;
  readonly title: string;
  readonly zone: string;
  readonly io: Io;
}

function show(rows: readonly LoadRow[], { loaded, options, window, title, zone, io }: Showing): string {
  const levels = rows.filter(({ share }) => share > 0.01).map(({ burden, share }) => burden / share);
  const spread = spreadOf(levels);
  switch (options.format) {
    case 'csv':
      return csv(LOAD_COLUMNS, rows.map(loadCells));
    case 'json': {
      const span = { from: formatInstant(window.start), to: formatInstant(window.end) };
      const people = rows.map(
        ({ person, share, hours, byClass, nights, weekends, holidays, burden, deviation }) => ({
          ...{ person, share, hours, byClass, nights, weekends, holidays, burden, deviation },
        }),
      );
      return `${JSON.stringify({ ...span, spread, people }, null, 2)}\n`;
    }
    default: {
      const { bold, dim } = coloursFor(io.colour);
      const span = `${showInstant(window.start, zone)} to ${showInstant(window.end, zone)}`;
      const { range, variationPercent, gini } = spread;
      return `${[
        `${bold(title)}  ${span}, ${dim(`times in ${zone}`)}`,
        '',
        ...loadTable(rows, { nameOf: loaded.nameOf, columns: io.columns }),
        '',
        ...LOAD_LEGEND.map(dim),
        '',
        `Spread of the load, for a full share: ${one(range)} burden-hours from least to most, ` +
          `variation ${one(variationPercent)} %, Gini ${gini.toFixed(3)}.`,
        `Above or below the fair part of the people there, summed every four weeks: ${fromTo(rows)} burden-hours.`,
      ].join('\n')}\n`;
    }
  }
}

function fromTo(rows: readonly LoadRow[]): string {
  const deviations = rows.map(({ deviation }) => deviation);
  return `${signedOne(Math.min(0, ...deviations))} to ${signedOne(Math.max(0, ...deviations))}`;
}
