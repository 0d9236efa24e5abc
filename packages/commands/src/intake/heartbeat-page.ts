import { type HeartbeatRow, isoInstant } from '@watchbill/database';
import type { TriggerInput } from '../page/page-input.ts';

const KEY = 'missed';

/** The key of the one page of a heartbeat. */
export function pageKeyOf(heartbeat: string): { readonly intake: string; readonly dedupKey: string } {
  return { intake: heartbeat, dedupKey: KEY };
}

/** Who acts when a heartbeat stays away or comes back. */
export function heartbeatActor({ name, id }: Pick<HeartbeatRow, 'id' | 'name'>): string {
  return `${name} (${id})`;
}

/** What people are told of a heartbeat that stays away. */
export function missedPage(heartbeat: HeartbeatRow): TriggerInput {
  const { id, name, policy, schedule, severity, everyMs, graceMs, lastPingAt, createdAt } = heartbeat;
  const since = isoInstant(lastPingAt ?? createdAt);
  const heard = lastPingAt === null ? `never heard since ${since}` : `last heard ${since}`;
  return {
    ...pageKeyOf(id),
    policy,
    schedule,
    severity,
    summary: `The heartbeat "${name}" is missing: ${heard}`,
    source: name,
    details: { heartbeat: id, lastPingAt: lastPingAt === null ? null : since, everyMs, graceMs },
  };
}
