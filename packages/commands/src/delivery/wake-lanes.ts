import { insertOutbox, type LaneId, type Transaction, wakeLanes } from '@watchbill/database';

/** After how long a lane is woken again if its wake-up had no effect, unless the caller says otherwise. */
export const DEFAULT_WAKE_AGAIN_MS = 30_000;

/**
 * Asks the workers to look at lanes, and makes sure that the sweep asks again if they do not come. `cause` makes the
 * wake-up a new one: no `:` in it.
 */
export async function tellLanes(
  tx: Transaction,
  lanes: readonly LaneId[],
  why: { readonly cause: string; readonly wakeAgainMs: number },
): Promise<void> {
  await wakeLanes(tx, lanes, why.wakeAgainMs);
  await insertOutbox(
    tx,
    lanes.map(({ endpoint, lane }) => ({
      key: `lane.${endpoint}.${lane}.${why.cause}`,
      queue: 'deliveries' as const,
      name: 'lane.due',
      payload: { endpoint, lane },
    })),
  );
}
