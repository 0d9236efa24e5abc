import { burdenHours, type Instant, type Spread, spreadOf } from '@watchbill/core';
import type { Queryable } from '@watchbill/database';
import { loadSchedule } from '../schedule/load-schedule.ts';
import type { PlanTools } from './planner.ts';
import { readBurden, type StoodBurden, weightsInForce } from './read-burden.ts';

/** A person's line of a report. Burden, carried, level and deviation are in burden-hours. */
export interface FairnessLine extends Omit<StoodBurden, 'entitlement'> {
  /** 1 is a full load over the whole window. */
  readonly share: number;
  /** Burden for a full share; null for somebody who is in no roster. */
  readonly level: number | null;
  /** Above zero: more than the fair part of the whole. */
  readonly deviation: number;
}

export interface FairnessReport {
  readonly people: readonly FairnessLine[];
  /** Of the levels. */
  readonly spread: Spread;
}

/**
 * How fairly a schedule was (and is planned to be) shared, by the stored shifts of all its rotations; null for an
 * unknown one. Throws a RangeError for too many shifts.
 */
export async function readFairness(
  queryable: Queryable,
  want: { readonly schedule: string; readonly from: Instant; readonly to: Instant },
  tools: Pick<PlanTools, 'holidayCalendar'>,
): Promise<FairnessReport | null> {
  const schedule = await loadSchedule(queryable, want.schedule);
  if (schedule === null) return null;
  const weights = await weightsInForce(queryable, [schedule.id]);
  const window = { start: want.from, end: want.to };
  const stood = await readBurden(
    queryable,
    { schedules: [schedule], window, fairOnly: false, weights },
    tools,
  );
  const total = stood.reduce((sum, { burden }) => sum + burden, 0);
  const shares = stood.reduce((sum, { entitlement }) => sum + entitlement, 0);
  const people = stood.map(({ entitlement, ...line }): FairnessLine => {
    const due = shares === 0 ? line.burden : (total * entitlement) / shares;
    return {
      ...line,
      burden: burdenHours(line.burden),
      restDayBurden: burdenHours(line.restDayBurden),
      carried: burdenHours(line.carried),
      share: entitlement,
      level: entitlement === 0 ? null : burdenHours(line.burden / entitlement),
      deviation: burdenHours(line.burden - due),
    };
  });
  return { people, spread: spreadOf(people.flatMap(({ level }) => level ?? [])) };
}
