import {
  type Database,
  pruneIntakeChanges,
  pruneIntakeKeys,
  pruneIntakeRequests,
  pruneSnsFetches,
} from '@watchbill/database';

const DAY_MS = 24 * 3_600_000;
/** How long what intakes note is kept, in real time. */
export const KEEP_INTAKES = {
  changesMs: 90 * DAY_MS,
  requestsMs: 2 * DAY_MS,
  fetchesMs: 7 * DAY_MS,
} as const;
const BATCH = 1_000;

/** Deletes what is old of intakes: a batch of each kind. Returns how many rows went. */
export async function pruneIntakes(database: Database): Promise<number> {
  const bound = (olderThanMs: number) => ({ olderThanMs, limit: BATCH });
  const gone = [
    await pruneIntakeKeys(database, BATCH),
    await pruneIntakeChanges(database, bound(KEEP_INTAKES.changesMs)),
    await pruneIntakeRequests(database, bound(KEEP_INTAKES.requestsMs)),
    await pruneSnsFetches(database, bound(KEEP_INTAKES.fetchesMs)),
  ];
  return gone.reduce((sum, count) => sum + count, 0);
}
