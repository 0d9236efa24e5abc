import type { Instant, Interval, PersonId, PlanFile } from '@watchbill/core';
import { DAY_MS, planJson } from '@watchbill/core';
import { type Command, Option } from 'commander';
import { csv } from '../format/csv.ts';
import { LOAD_COLUMNS, loadCells } from '../format/load-table.ts';
import { planText } from '../format/plan-text.ts';
import { BadInput } from '../input/bad-input.ts';
import type { Loaded } from '../input/load-config.ts';
import { loadConfig } from '../input/load-config.ts';
import { pickById } from '../input/pick-by-id.ts';
import { readWhen, readWindow } from '../input/read-when.ts';
import type { Io } from '../io.ts';
import { EXIT_FINDINGS, EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, WHEN_HELP, wholeNumber, withFormats, withTimeZone } from '../options.ts';
import { ledgerOf, MAX_HALF_LIFE_DAYS, stoodIn } from '../plan/carry-ledger.ts';
import { readPlanFile } from '../plan/load-plan.ts';
import { makeProvenPlan, type PlanWish, placesAsFair } from '../plan/make-plan-file.ts';
import { type OrderBeside, orderBeside } from '../plan/order-beside.ts';

interface PlanOptions {
  readonly schedule?: string;
  readonly from?: string;
  readonly to?: string;
  readonly strategy?: 'fair';
  readonly previous?: string;
  readonly ledgerFrom?: string;
  readonly byShifts?: boolean;
  readonly halfLife?: number;
  readonly out?: string;
  readonly seed?: number;
  readonly format: Format;
  readonly timeZone?: string;
}

/** Half a year. */
const DEFAULT_DAYS = 182;
const MAX_SEED = 999_999_999;

/** `watchbill plan`: the fair plan of a file's fair rotations, or of those in order where it has no fair ones. */
export function addPlan(program: Command, { io, done }: Host): void {
  const command = program
    .command('plan')
    .description('plan the fair rotations: who has which turn, how fair that is, and what is left open')
    .argument('<file>', FILE_HELP)
    .option('--schedule <id>', 'only this schedule, with those it shares people with (default: all)')
    .option('--from <when>', `plan the turns that begin from here on: ${WHEN_HELP} (default: today)`)
    .option('--to <when>', `and before this (default: ${DEFAULT_DAYS} days later)`)
    .addOption(
      new Option(
        '--strategy <strategy>',
        'plan the rotations in order too, as if they were fair (default where no rotation is fair)',
      ).choices(['fair']),
    )
    .option('--previous <plan>', 'keep what still stands of this plan, and say what changes and why')
    .option(
      '--ledger-from <when>',
      'carry over who stood more or less than the fair part from here to --from',
    )
    .option('--by-shifts', 'with --ledger-from: people were there from their first shift to their last')
    .option(
      '--half-life <days>',
      'with --ledger-from: what is so long ago counts half (default: it counts for ever)',
      wholeNumber(1, MAX_HALF_LIFE_DAYS),
    )
    .option('--out <file>', 'write the plan here, for --plan of the other commands')
    .option(
      '--seed <number>',
      'another seed makes another plan of the same quality',
      wholeNumber(0, MAX_SEED),
    );
  withTimeZone(withFormats(command, ['text', 'json', 'csv'])).action(
    async (file: string, options: PlanOptions) => done(await plan(file, options, io)),
  );
}

async function plan(path: string, options: PlanOptions, io: Io): Promise<number> {
  const loaded = await loadConfig(path, [options.from, options.to, options.ledgerFrom], io);
  const only = chosen(loaded, options.schedule);
  const asFair = placesAsFair(loaded.config.schedules, {
    file: loaded.file,
    only,
    all: options.strategy === 'fair',
  });
  const zone = zoneFor(loaded, only);
  const { from, to } = options;
  const horizon = readWindow({ from, to, now: io.now(), days: DEFAULT_DAYS }, zone);
  const previous = options.previous === undefined ? null : await readPlanFile(options.previous, io);
  const carried = carriedOver(loaded, options, { horizon, zone });
  const wish: PlanWish = { horizon, only, previous, seed: options.seed ?? null, asFair, carried };
  const made = await makeProvenPlan(loaded.config, wish, io);
  const beside = options.format === 'text' ? orderBeside(loaded.config, { made, wish }, io) : null;
  if (options.out !== undefined) await io.writeFile(options.out, planJson(made));
  io.stdout(show(made, { loaded, options, previous, beside, io }));
  if (options.out !== undefined) io.stderr(`Wrote ${options.out}. ${nextStep(loaded, options.out)}\n`);
  return made.gaps.length === 0 ? EXIT_OK : EXIT_FINDINGS;
}

function nextStep({ file }: Loaded, out: string): string {
  return `Next: watchbill timeline ${file} --plan ${out}`;
}

function chosen({ config, file }: Loaded, wanted: string | undefined): string | null {
  return wanted === undefined
    ? null
    : pickById(config.schedules, wanted, { what: 'schedule', where: file }).id;
}

/** Dates are in the zone of the schedule asked for, else of the first with a fair rotation. */
function zoneFor({ config }: Loaded, only: string | null): string {
  const isFair = config.schedules.find(({ rotations }) =>
    rotations.some(({ strategy }) => strategy.kind === 'fair'),
  );
  return (config.schedules.find(({ id }) => id === only) ?? isFair)?.timeZone ?? 'UTC';
}

function carriedOver(
  { config }: Loaded,
  { ledgerFrom, byShifts, halfLife }: PlanOptions,
  { horizon, zone }: { readonly horizon: Interval; readonly zone: string },
): ReadonlyMap<PersonId, number> {
  if (ledgerFrom === undefined) return new Map();
  const start: Instant = readWhen(ledgerFrom, zone, '--ledger-from');
  if (start >= horizon.start) throw new BadInput('--ledger-from must be before --from.');
  const stood = stoodIn(config, {
    window: { start, end: horizon.start },
    only: null,
    byShifts: byShifts === true,
  });
  const halfLifeMs = halfLife === undefined ? null : halfLife * DAY_MS;
  return new Map(ledgerOf(stood, halfLifeMs).map(({ person, balance }) => [person, balance]));
}

interface Showing {
  readonly loaded: Loaded;
  readonly options: PlanOptions;
  readonly previous: PlanFile | null;
  readonly beside: OrderBeside | null;
  readonly io: Io;
}

function show(made: PlanFile, { loaded, options, previous, beside, io }: Showing): string {
  switch (options.format) {
    case 'json':
      return planJson(made);
    case 'csv':
      return csv(LOAD_COLUMNS, made.people.map(loadCells));
    default: {
      const zones = new Map(loaded.config.schedules.map(({ id, timeZone }) => [id, timeZone]));
      return planText(made, {
        zoneOf: (schedule) => options.timeZone ?? zones.get(schedule) ?? 'UTC',
        nameOf: loaded.nameOf,
        colour: io.colour,
        columns: io.columns,
        previous,
        beside,
      });
    }
  }
}
