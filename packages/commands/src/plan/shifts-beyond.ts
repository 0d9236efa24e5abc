import { DAY_MS, type Instant, type Interval } from '@watchbill/core';
import { type Queryable, readSchedules } from '@watchbill/database';
import { planAhead } from '../horizon/plan-ahead.ts';
import { readMeanings, versionsOf } from '../schedule/load-schedule.ts';

/** Somebody's shift on another schedule that is not stored yet. */
export interface ComingShift extends Interval {
  readonly person: string;
}

/** Turns that begin before the end of a plan end after it, and keep rest. */
const MARGIN_MS = 14 * DAY_MS;

/**
 * What schedules say of people from where their shifts are stored to the end of a plan and a little beyond: a plan
 * reaches further than what is stored, and what is stored later is not to meet it.
 */
export async function shiftsBeyond(
  queryable: Queryable,
  schedules: readonly string[],
  of: { readonly people: ReadonlySet<string>; readonly now: Instant; readonly until: Instant },
): Promise<ComingShift[]> {
  const end = of.until + MARGIN_MS;
  const rows = await readSchedules(queryable, schedules);
  const short = rows.flatMap(({ id, horizonUntil, retiredAt }) =>
    retiredAt === null && horizonUntil !== null && horizonUntil < end ? [{ id, start: horizonUntil }] : [],
  );
  if (short.length === 0) return [];
  const ids = short.map(({ id }) => id);
  const meanings = await readMeanings(queryable, ids, of.now);
  return short.flatMap(({ id, start }) => {
    const meaning = meanings.get(id);
    if (meaning === undefined) return [];
    const { shifts } = planAhead(versionsOf(meaning, of.now), { start, end });
    return shifts.filter(({ person }) => of.people.has(person));
  });
}
