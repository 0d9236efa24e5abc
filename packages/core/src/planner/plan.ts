import type { PersonId } from '../schedule/schedule.ts';
import { assignUnits, type Progress } from './assign-units.ts';
import { lowerBound } from './bound.ts';
import { type Compiled, compile } from './compile.ts';
import type { PlanProblem } from './problem.ts';
import { changesOf, forcedCount, type PlanChange, replan } from './replan.ts';
import { EMPTY, emptyState, type State } from './state.ts';

export interface PlanOptions {
  readonly progress?: Progress | undefined;
  /** Whether to prove a lower bound of the fairness, which takes seconds for large problems; true if left out. */
  readonly certify?: boolean | undefined;
  /**
   * Part of the search's budgets to use, above 0 up to 1; 1 if left out. With less the plan keeps every promise but to be
   * about as fair as can be, and is not the one that the same input gives otherwise: not for plans that are published.
   */
  readonly effort?: number | undefined;
}

export interface Plan {
  /** Person by unit id, null where nobody could be found; in the order of the units' starts. */
  readonly assignment: ReadonlyMap<string, PersonId | null>;
  /** Published units that change hands; empty unless replanning. */
  readonly changes: readonly PlanChange[];
  /** How many published units must change whatever is done. */
  readonly forced: number;
  /** The fairness part of the objective. */
  readonly value: number;
  /** Proven lower bound of `value` for plans with the same gaps; null when replanning, where it says nothing. */
  readonly bound: number | null;
}

/** A plan, and the state that it ends in, for explanations and reports. */
export interface Planned {
  readonly problem: PlanProblem;
  readonly compiled: Compiled;
  readonly state: State;
  readonly plan: Plan;
}

/**
 * Makes a plan: from nothing, or, with `keepPrevious`, the one with the fewest changes to what was published that
 * the search can find. Throws a RangeError for a problem beyond PLAN_LIMITS. Every stage has a budget in steps.
 */
export function makePlan(
  problem: PlanProblem,
  { progress = () => undefined, certify = true, effort = 1 }: PlanOptions = {},
): Planned {
  progress('prepare', 0);
  const compiled = { ...compile(problem), effort };
  const state = emptyState(compiled);
  if (problem.keepPrevious) replan(state, progress);
  else assignUnits(state, compiled.movable, progress);
  progress('certify', 0);
  const proves = certify && !problem.keepPrevious;
  const bound = proves ? lowerBound(compiled, (u) => state.holder[u] === EMPTY) : null;
  progress('certify', 1);
  return describePlan(state, bound);
}

/** The plan that a state holds. */
export function describePlan(state: State, bound: number | null): Planned {
  const { compiled } = state;
  const { problem } = compiled;
  const nameOf = (i: number): PersonId | null => (i === EMPTY ? null : (compiled.people[i]?.id ?? null));
  const assignment = new Map(
    compiled.units.map((unit, u) => {
      const holder = nameOf(state.holder[u] as number);
      return [unit.id, unit.pinned ? unit.previous : holder];
    }),
  );
  const plan: Plan = {
    assignment,
    changes: problem.keepPrevious ? changesOf(state) : [],
    forced: problem.keepPrevious ? forcedCount(compiled) : 0,
    value: state.fairness,
    bound,
  };
  return { problem, compiled, state, plan };
}
