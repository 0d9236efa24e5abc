import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** A shift that was taken over and has not ended yet. It may have been given back since. */
export interface RunningTake {
  readonly swap: string;
  readonly schedule: string;
  /** From whom it was taken. */
  readonly person: string;
  /** Who took it. */
  readonly taker: string;
}

const RUNNING_TAKES = statement(
  'reads.swaps.running_takes',
  `SELECT id AS swap, schedules[1] AS schedule, person, accepted_by AS taker FROM swaps
   WHERE people @> ARRAY[$1::text] AND origin = 'take' AND state = 'applied' AND expires_at > clock_now()
   ORDER BY closed_at DESC, id DESC LIMIT $2`,
);

/** Shifts that were taken over from or by a person and have not ended yet, the last first. */
export function runningTakes(queryable: Queryable, person: string, limit: number): Promise<RunningTake[]> {
  return queryable.query<RunningTake>(RUNNING_TAKES, [person, limit]);
}
