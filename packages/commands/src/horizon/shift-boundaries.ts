import { type Instant, MINUTE_MS } from '@watchbill/core';
import type { NewBoundary, ShiftRow } from '@watchbill/database';

export interface BoundaryContext {
  readonly now: Instant;
  readonly leadMinutes: readonly number[];
  readonly revision: number;
  /** Whether the shift is stored already; the start of one in progress then has a boundary, fired or about to. */
  readonly known: boolean;
}

/** The boundaries of a shift that are still to come. A notice whose time has passed is not given any more. */
export function boundariesOf(shift: ShiftRow, context: BoundaryContext): NewBoundary[] {
  const { now, revision, known } = context;
  const common = { schedule: shift.schedule, shift: shift.id, revision };
  const result: NewBoundary[] = [];
  if (shift.end >= now) result.push({ ...common, kind: 'shift.ended', dueAt: shift.end });
  if (known ? shift.start > now : shift.start >= now) {
    result.push({ ...common, kind: 'shift.started', dueAt: shift.start });
  }
  for (const leadMinutes of new Set(context.leadMinutes)) {
    const dueAt = shift.start - leadMinutes * MINUTE_MS;
    if (dueAt > now) result.push({ ...common, kind: 'shift.starting_soon', dueAt, leadMinutes });
  }
  return result;
}
