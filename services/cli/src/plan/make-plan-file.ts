import type { Config } from '@watchbill/config';
import type {
  Interval,
  PersonId,
  PlanFile,
  Planned,
  PlanProblem,
  PlanStage,
  Progress,
  Schedule,
} from '@watchbill/core';
import {
  asFair,
  asOrderShows,
  DAY_MS,
  FIRST_INSTANT,
  holdersOf,
  inOrderRotations,
  makePlan,
  planFileOf,
  plannedTurnsOf,
  planProblemOf,
  withPlan,
} from '@watchbill/core';
import { provePlans } from '@watchbill/solver';
import { BadInput } from '../input/bad-input.ts';
import type { Io } from '../io.ts';

export interface PlanWish {
  /** Turns that begin in it are planned. */
  readonly horizon: Interval;
  /** Only this schedule, with those it shares people with; null for all. */
  readonly only: string | null;
  /** What still stands of it is kept; null to plan anew. */
  readonly previous: PlanFile | null;
  readonly seed: number | null;
  /** In-order rotations that are planned as if they were fair, as `<schedule>/<rotation>`. */
  readonly asFair: ReadonlySet<string>;
  /** Ledger accounts at the start of the horizon, in burden units. */
  readonly carried: ReadonlyMap<PersonId, number>;
}

/**
 * Which in-order rotations are planned as if they were fair: all that are asked for with `all`, and where no rotation
 * is fair. Throws BadInput where there is nothing to plan.
 */
export function placesAsFair(
  schedules: readonly Schedule[],
  of: { readonly file: string; readonly only: string | null; readonly all: boolean },
): ReadonlySet<string> {
  const asked = schedules.filter(({ id }) => of.only === null || id === of.only);
  const isFair = asked.some(({ rotations }) => rotations.some(({ strategy }) => strategy.kind === 'fair'));
  const inOrder = inOrderRotations(asked);
  if (isFair) return new Set(of.all ? inOrder : []);
  if (inOrder.length > 0) return new Set(inOrder);
  const where = of.only === null ? of.file : `${of.file}, schedule ${of.only}`;
  throw new BadInput(
    `${where}: there is nothing to plan: no rotation is fair or in order with somebody in its roster. Fixed turns ` +
      'need no plan: ask for the timeline. To have turns planned, write "strategy: fair" and the handoffs.',
  );
}

/** Turns of an order that began so long before a plan may reach into it, or matter to its rules. */
const ORDER_BACK_MS = 35 * DAY_MS;

/** The schedules as a plan from an instant on sees them: the named in-order rotations are fair, with the order's turns. */
export function schedulesAsFair(
  schedules: readonly Schedule[],
  places: ReadonlySet<string>,
  { start, end }: Interval,
): Schedule[] {
  return asFair(schedules, places, { start: Math.max(FIRST_INSTANT, start - ORDER_BACK_MS), end });
}

/** Makes the plan of a configuration. Throws BadInput when it is too large or has no turns. */
export function makePlanFile(config: Config, wish: PlanWish, io: Io): PlanFile {
  const plans = makePlans(config, wish, { io, progress: progressOn(io) });
  return withinLimits(() => planFileOf(plans, { tzdata: TZDATA, asFair: [...wish.asFair] }));
}

/** The turns as the file's own order gives them, weighed like a plan: for comparing. */
export function orderFile(config: Config, wish: PlanWish, io: Io): PlanFile {
  const problems = withinLimits(() => problemsOf(config, { ...wish, previous: null }, io));
  const schedules = schedulesAsFair(config.schedules, wish.asFair, wish.horizon);
  const plans = problems.map((problem) => makePlan(heldInOrder(problem, schedules), { certify: false }));
  return withinLimits(() => planFileOf(plans, { tzdata: TZDATA }));
}

/** The problem with every turn held by whom the schedules' own turns name; only `open` is left to the planner. */
export function heldInOrder(
  problem: PlanProblem,
  schedules: readonly Schedule[],
  open?: string,
): PlanProblem {
  const holders = new Map(
    schedules.flatMap(({ rotations }) =>
      rotations.flatMap(({ strategy }) =>
        strategy.kind === 'fair' ? strategy.turns.map(({ unit, person }) => [unit, person] as const) : [],
      ),
    ),
  );
  const units = problem.units.map((unit) => {
    const previous = unit.id === open ? null : (holders.get(unit.id) ?? null);
    return { ...unit, previous, pinned: previous !== null };
  });
  return { ...problem, units };
}

/** The same; then lets an exact solver fill what gaps it can, and prove the others. Throws BadInput. */
export async function makeProvenPlan(config: Config, wish: PlanWish, io: Io): Promise<PlanFile> {
  const plans = makePlans(config, wish, { io, progress: progressOn(io) });
  const progress = progressOn(io, 'asking an exact solver about what is open');
  return (await provePlans(plans, { tzdata: TZDATA, progress, asFair: [...wish.asFair] })).file;
}

const TZDATA = process.versions.tz ?? 'unknown';

function makePlans(
  config: Config,
  wish: PlanWish,
  { io, progress }: { readonly io: Io; readonly progress: Progress },
): Planned[] {
  const problems = withinLimits(() => problemsOf(config, wish, io));
  if (problems.length === 0) {
    throw new BadInput('No turn begins between --from and --to: there is nothing to plan.');
  }
  return withinLimits(() => problems.map((problem) => makePlan(problem, { progress })));
}

function problemsOf(config: Config, wish: PlanWish, io: Io): PlanProblem[] {
  const { horizon, only, previous, seed, carried } = wish;
  const turns = previous === null ? null : plannedTurnsOf(previous);
  const schedules = schedulesAsFair(config.schedules, wish.asFair, horizon);
  const problems = planProblemOf({
    schedules: schedules.map((schedule) => withPlan(schedule, turns?.get(schedule.id) ?? new Map())),
    people: config.people,
    horizon,
    only: only === null ? undefined : [only],
    previous: previous === null ? undefined : holdersOf(previous),
    now: previous === null ? undefined : io.now(),
    carried,
    seed: seed ?? undefined,
  });
  return asOrderShows(problems, schedules, wish.asFair);
}

/** Nothing is said of a plan that is made within this time. */
const QUIET_MS = 2_000;
/** And after that, a line at most this often. */
const EVERY_MS = 1_000;

const STAGE_WORDS: Readonly<Record<PlanStage, string>> = {
  prepare: 'preparing',
  first: 'a first plan is there',
  improve: 'improving',
  polish: 'polishing',
  certify: 'proving how good it is',
};

/** Says how the work goes on, on standard error, once it takes a while and if somebody watches. */
function progressOn(io: Io, words?: string): Progress {
  let next = io.now() + QUIET_MS;
  return (stage, done) => {
    const now = io.now();
    if (!io.watched || now < next) return;
    next = now + EVERY_MS;
    const part = stage === 'improve' ? `, ${Math.round(100 * done)} %` : '';
    io.stderr(`planning: ${words ?? `${STAGE_WORDS[stage]}${part}`}\n`);
  };
}

/** The planner says itself what to do about a problem that is too large. */
function withinLimits<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BadInput(`${error.message}.`);
  }
}
