import { type Database, findScheduleSummary, onCallRows } from '@watchbill/database';
import type { LoadSegment } from './on-call-cache.ts';
import type { ServerClock } from './server-clock.ts';
import { segmentAt } from './who.ts';

/** Loads who is on call now in a schedule; null where there is no such schedule, or it is retired. */
export function segmentLoader(database: Database, clock: ServerClock): LoadSegment {
  return async (schedule) => {
    const row = await findScheduleSummary(database, schedule);
    if (row === null || row.retiredAt !== null) return null;
    const at = clock.now();
    return segmentAt(schedule, at, await onCallRows(database, [schedule], at));
  };
}
