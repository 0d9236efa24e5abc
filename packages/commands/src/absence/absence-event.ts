import type { Instant } from '@watchbill/core';
import { type AbsenceRow, isoInstant, type NewEvent } from '@watchbill/database';

/** The reason of an absence stays with us: it is nobody else's business. */
export function absenceEvent(
  type: 'absence.entered' | 'absence.cancelled',
  row: AbsenceRow,
  now: Instant,
): NewEvent {
  const { id, person, createdBy } = row;
  const absence = { id, person, start: isoInstant(row.startsAt), end: isoInstant(row.endsAt), createdBy };
  const key = `${type}.${id}`;
  return { key, type, schedule: null, occurredAt: now, publishedAt: now, data: { absence } };
}
