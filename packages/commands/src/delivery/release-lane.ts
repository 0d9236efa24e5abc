import {
  type Database,
  insertOutbox,
  type LaneHead,
  type LaneLease,
  laneHead,
  lockLane,
  releaseLockedLane,
} from '@watchbill/database';

/**
 * How a worker and a lane parted. `released`: nothing can be sent now; the lane is woken when its retry is due or when
 * something new is written. `requeued`: there is more, for whoever comes next. `more`: something came in the last
 * moment, and the lane is still ours. `lost`: another worker has it.
 */
export type ReleaseOutcome = 'released' | 'requeued' | 'more' | 'lost';

/** Whether the next delivery of a lane can be sent at this moment. */
export function isSendable(head: LaneHead): boolean {
  return head.endpointStatus === 'active' && head.dueInMs === 0;
}

/**
 * Gives a lane back. The row of the lane is locked before looking for pending deliveries, and whoever writes one
 * touches that row too, so nothing slips between the look and the release.
 */
export function releaseLane(
  database: Database,
  lease: LaneLease,
  options: { readonly yielding: boolean; readonly wakeAgainMs: number },
): Promise<ReleaseOutcome> {
  return database.transaction(async (tx) => {
    if (!(await lockLane(tx, lease))) return 'lost';
    const head = await laneHead(tx, lease);
    if (head === null || !isSendable(head)) {
      await releaseLockedLane(tx, lease, head?.endpointStatus === 'active' ? head.dueInMs : null);
      return 'released';
    }
    if (!options.yielding) return 'more';
    const { endpoint, lane, token } = lease;
    await releaseLockedLane(tx, lease, options.wakeAgainMs);
    const key = `lane.${endpoint}.${lane}.${token}`;
    await insertOutbox(tx, [{ key, queue: 'deliveries', name: 'lane.due', payload: { endpoint, lane } }]);
    return 'requeued';
  });
}
