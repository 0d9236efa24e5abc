import { randomUUID } from 'node:crypto';
import { type Database, type LaneId, type LaneLease, leaseLane } from '@watchbill/database';

/** Takes a lane for this worker alone, for `leaseMs` of real time unless renewed. Null when another one has it. */
export async function takeLane(database: Database, lane: LaneId, leaseMs: number): Promise<LaneLease | null> {
  const lease = { ...lane, token: randomUUID(), leaseMs };
  return (await leaseLane(database, lease)) ? lease : null;
}
