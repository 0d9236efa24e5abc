import type { Instant } from '@watchbill/core';
import { type FiredBoundary, isoInstant, type NewEvent } from '@watchbill/database';
import type { EventFacts } from '@watchbill/events';

/** The event of a boundary, or none where its shift was cancelled meanwhile. The shift is told as it is now. */
export function boundaryEvent(row: FiredBoundary, publishedAt: Instant): NewEvent | null {
  const common = { schedule: row.schedule, occurredAt: row.dueAt, publishedAt };
  if (row.kind === 'handoff.completed') {
    const { role = '', outgoing = [], incoming = [] } = row.detail;
    // With the boundary's own number: an edit in the very instant may correct a handoff that was told already.
    const key = `${row.kind}.${row.schedule}.${role}.${row.dueAt}.${row.id}`;
    const data = { schedule: row.schedule, role, outgoing: [...outgoing], incoming: [...incoming] };
    return { ...common, key, type: row.kind, data };
  }
  const shift = shiftOf(row);
  if (shift === null) return null;
  const key = `${row.kind}.${shift.id}.${row.dueAt}`;
  switch (row.kind) {
    case 'shift.starting_soon': {
      const leadMinutes = row.detail.leadMinutes ?? 0;
      return { ...common, key: `${key}.${leadMinutes}`, type: row.kind, data: { shift, leadMinutes } };
    }
    case 'shift.started':
      return { ...common, key, type: row.kind, data: { shift } };
    case 'shift.ended':
      return { ...common, key, type: row.kind, data: { shift } };
  }
}

function shiftOf(row: FiredBoundary): EventFacts<'shift.started'>['shift'] | null {
  const { shift, role, person, start, end } = row;
  if (row.status !== 'active') return null;
  if (shift === null || role === null || person === null || start === null || end === null) return null;
  return {
    id: shift,
    schedule: row.schedule,
    role,
    person,
    personName: row.personName ?? person,
    rotation: row.rotation,
    override: row.override,
    start: isoInstant(start),
    end: isoInstant(end),
  };
}
