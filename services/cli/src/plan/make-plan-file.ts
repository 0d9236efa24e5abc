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
import { holdersOf, makePlan, planFileOf, plannedTurnsOf, planProblemOf, withPlan } from '@watchbill/core';
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
  /** Ledger accounts at the start of the horizon, in burden units. */
  readonly carried: ReadonlyMap<PersonId, number>;
}

/** Whether anything is there to plan. Throws BadInput that says so when not. */
export function requireFair(file: string, schedules: readonly Schedule[], only: string | null): void {
  const asked = schedules.filter(({ id }) => only === null || id === only);
  if (asked.some(({ rotations }) => rotations.some(({ strategy }) => strategy.kind === 'fair'))) return;
  const where = only === null ? file : `${file}, schedule ${only}`;
  throw new BadInput(
    `${where}: no rotation is fair, so there is nothing to plan. Rotations in order and fixed turns need no plan: ` +
      'ask for the timeline. To have one planned, write "strategy: fair" and the handoffs in it.',
  );
}

/** Makes the plan of a configuration. Throws BadInput when it is too large or has no turns. */
export function makePlanFile(config: Config, wish: PlanWish, io: Io): PlanFile {
  const plans = makePlans(config, wish, { io, progress: progressOn(io) });
  return withinLimits(() => planFileOf(plans, { tzdata: TZDATA }));
}

/** The same; then lets an exact solver fill what gaps it can, and prove the others. Throws BadInput. */
export async function makeProvenPlan(config: Config, wish: PlanWish, io: Io): Promise<PlanFile> {
  const plans = makePlans(config, wish, { io, progress: progressOn(io) });
  const progress = progressOn(io, 'asking an exact solver about what is open');
  return (await provePlans(plans, { tzdata: TZDATA, progress })).file;
}

const TZDATA = process.versions.tz ?? 'unknown';

function makePlans(
  config: Config,
  wish: PlanWish,
  { io, progress }: { readonly io: Io; readonly progress: Progress },
): Planned[] {
  const problems = withinLimits(() => problemsOf(config, wish, io));
  if (problems.length === 0) {
    throw new BadInput(
      'No turn of a fair rotation begins between --from and --to: there is nothing to plan.',
    );
  }
  return withinLimits(() => problems.map((problem) => makePlan(problem, { progress })));
}

function problemsOf(config: Config, wish: PlanWish, io: Io): PlanProblem[] {
  const { horizon, only, previous, seed, carried } = wish;
  const turns = previous === null ? null : plannedTurnsOf(previous);
  return planProblemOf({
    schedules: config.schedules.map((schedule) => withPlan(schedule, turns?.get(schedule.id) ?? new Map())),
    people: config.people,
    horizon,
    only: only === null ? undefined : [only],
    previous: previous === null ? undefined : holdersOf(previous),
    now: previous === null ? undefined : io.now(),
    carried,
    seed: seed ?? undefined,
  });
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

/** Says how the work goes on, on standard error, once it takes a while. */
function progressOn(io: Io, words?: string): Progress {
  let next = io.now() + QUIET_MS;
  return (stage, done) => {
    const now = io.now();
    if (now < next) return;
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
