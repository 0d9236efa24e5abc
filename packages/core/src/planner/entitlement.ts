import { DAY_MS, type Interval, normalise, subtract, totalMs } from '../time/interval.ts';
import type { PlanPerson, PlanProblem } from './problem.ts';

/** Four weeks: the stretch within which load is evened out. */
export const BUCKET_MS = 28 * DAY_MS;
/** Only leave longer than this lowers what a person is due; after shorter leave they catch up. */
const LONG_LEAVE_MS = 28 * DAY_MS;
const MIN_BUCKET_SHARE = 0.1;
/** Somebody who is hardly there still divides by something. */
const MIN_ENTITLEMENT = 1e-3;

export interface Entitlements {
  readonly bucketCount: number;
  readonly bucketEntitlement: Float64Array;
  readonly entitlement: Float64Array;
}

/** What each person is due of a full load: share × the part of the horizon in which they count. */
export function entitlements(problem: PlanProblem, people: readonly PlanPerson[]): Entitlements {
  const { start, end } = problem.horizon;
  const bucketCount = Math.max(1, Math.ceil((end - start) / BUCKET_MS));
  const bucketEntitlement = new Float64Array(people.length * bucketCount);
  const entitlement = Float64Array.from(people, (person, i) => {
    for (let b = 0; b < bucketCount; b += 1) {
      const bucket = { start: start + b * BUCKET_MS, end: Math.min(end, start + (b + 1) * BUCKET_MS) };
      const part = presentMs(person, bucket, person.unavailable) / (bucket.end - bucket.start);
      bucketEntitlement[i * bucketCount + b] = Math.max(MIN_BUCKET_SHARE * person.share, part * person.share);
    }
    return entitlementOf(person, problem.horizon);
  });
  return { bucketCount, bucketEntitlement, entitlement };
}

/** What one person is due of a full load over a stretch; at least a thousandth. */
export function entitlementOf(person: PlanPerson, horizon: Interval): number {
  const long = person.unavailable.filter(({ start, end }) => end - start > LONG_LEAVE_MS);
  const part = presentMs(person, horizon, long) / (horizon.end - horizon.start);
  return Math.max(MIN_ENTITLEMENT, person.share * part);
}

/** The time in which somebody is a full member and not away. */
function presentMs(person: PlanPerson, window: Interval, away: readonly Interval[]): number {
  const start = Math.max(window.start, person.joined ?? window.start, person.shadowUntil ?? window.start);
  const end = Math.min(window.end, person.left ?? window.end);
  return start < end ? totalMs(subtract([{ start, end }], normalise(away))) : 0;
}
