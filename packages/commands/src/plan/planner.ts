import type { HolidayCalendar, PlanProblem } from '@watchbill/core';
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

/**
 * Makes a plan of problems that share nobody; whoever calls decides in which thread. Rejects with a RangeError for one
 * that is too large.
 */
export type Planner = (problems: readonly PlanProblem[]) => Promise<PlanOutcome>;

/** What planning needs beside the database. */
export interface PlanTools {
  readonly planner: Planner;
  /** The public holidays of a place, or null for an unknown one. */
  readonly holidayCalendar: (place: string) => HolidayCalendar | null;
}
