import type { Instant } from '@watchbill/core';
import { isoInstant, type NewEvent, type OverrideRow } from '@watchbill/database';

export function overrideEvent(
  type: 'override.created' | 'override.cancelled',
  row: OverrideRow,
  now: Instant,
): NewEvent {
  return {
    key: `${type}.${row.schedule}.${row.id}.${now}`,
    type,
    schedule: row.schedule,
    occurredAt: now,
    publishedAt: now,
    data: {
      override: {
        id: row.id,
        schedule: row.schedule,
        role: row.role,
        kind: row.kind,
        people: [...row.people],
        replaces: row.replaces,
        start: isoInstant(row.start),
        end: isoInstant(row.end),
        reason: row.reason,
        createdBy: row.createdBy,
      },
    },
  };
}
