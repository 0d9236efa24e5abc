import type { HolidayCalendar, PlanProblem, PlanStage as SearchStage } from '@watchbill/core';
import type { PlanChangeRow } from '@watchbill/database';

/** What a planner answers. */
export interface PlanOutcome {
  /** The plan as JSON text: the same input gives the same bytes. */
  readonly file: string;
  /** Person by unit; null where nobody could be found. */
  readonly assignment: Readonly<Record<string, string | null>>;
  /** Units of the plan before that change hands. */
  readonly changes: readonly PlanChangeRow[];
  readonly value: number;
  readonly bound: number | null;
}

/** The version of the time-zone data that this program works with. */
export const TZDATA = process.versions.tz ?? 'unknown';

/** What the planner is at. `proving` asks the exact solver about gaps and changes. */
export type PlanStage = 'preparing' | 'searching' | 'bounding' | 'proving' | 'storing';

export interface PlanStep {
  readonly stage: PlanStage;
  /** Of the whole plan: 0 to 1. */
  readonly progress: number;
}

/** Called as the work goes on. */
export type PlanProgress = (step: PlanStep) => void;

/** Where the proofs begin, and the storing; what comes before is shared by the parts of a plan. */
const PROVING = 0.7;
export const STORING = 0.95;

/** How far a plan is whose parts are searched one after the other. */
export function searchStep(
  stage: SearchStage,
  done: number,
  of: { readonly index: number; readonly count: number },
): PlanStep {
  const [words, from, length] = SEARCH_STAGES[stage];
  return { stage: words, progress: (PROVING * (of.index + from + length * done)) / of.count };
}

const SEARCH_STAGES: Readonly<Record<SearchStage, readonly [PlanStage, number, number]>> = {
  prepare: ['preparing', 0, 0],
  first: ['searching', 0.1, 0],
  improve: ['searching', 0.1, 0.6],
  polish: ['searching', 0.75, 0],
  certify: ['bounding', 0.8, 0.2],
};

/** How far a plan is of whose questions to the exact solver a part is answered. */
export function provingStep(done: number): PlanStep {
  return { stage: 'proving', progress: PROVING + (STORING - PROVING) * Math.min(1, done) };
}

/**
 * Makes a plan of problems that share nobody; whoever calls decides in which thread. Rejects with a RangeError for one
 * that is too large.
 */
export type Planner = (problems: readonly PlanProblem[], progress?: PlanProgress) => Promise<PlanOutcome>;

/** What planning needs beside the database. */
export interface PlanTools {
  readonly planner: Planner;
  /** The public holidays of a place, or null for an unknown one. */
  readonly holidayCalendar: (place: string) => HolidayCalendar | null;
}
