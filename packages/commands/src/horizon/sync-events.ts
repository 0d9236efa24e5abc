import type { Instant } from '@watchbill/core';
import { type GapRow, isoInstant, type NewEvent, type ShiftRow } from '@watchbill/database';
import type { EventFacts } from '@watchbill/events';
import type { SyncPlan, WhyTurn } from './plan-sync.ts';

export interface EventContext {
  readonly now: Instant;
  /** Names of people by id. */
  readonly names: ReadonlyMap<string, string>;
}

/** What a plan adds, with the ids it is stored under. */
export interface AddedRows {
  readonly shifts: readonly ShiftRow[];
  readonly gaps: readonly GapRow[];
}

/** The events of a plan: what goes first, so that nobody ever seems to be on call twice. */
export function syncEvents(plan: SyncPlan, added: AddedRows, context: EventContext): NewEvent[] {
  const { now, names } = context;
  const { turnReason } = plan.target;
  const swapped = plan.target.reason === 'swap' ? { reason: plan.target.reason } : {};
  const whyOf = (row: ShiftRow) => whyTold(turnReason?.(row)) ?? { reason: plan.target.reason };
  const common = { schedule: plan.target.id, occurredAt: now, publishedAt: now };
  const facts = (row: ShiftRow) => shiftFacts(row, names);
  return [
    ...plan.shifts.cancelled.map((row): NewEvent => {
      const key = `shift.cancelled.${row.id}`;
      return { ...common, key, type: 'shift.cancelled', data: { shift: facts(row), ...whyOf(row) } };
    }),
    ...plan.shifts.changed
      .filter((change) => change.told)
      .map(({ before, after }): NewEvent => {
        const key = `shift.changed.${after.id}.${after.sequence}`;
        const data = { shift: facts(after), before: facts(before), ...whyOf(hull(before, after)) };
        return { ...common, key, type: 'shift.changed', data };
      }),
    ...added.shifts.map((row): NewEvent => {
      const key = `shift.scheduled.${row.id}`;
      const data = { shift: facts(row), ...(whyTold(turnReason?.(row)) ?? swapped) };
      return { ...common, key, type: 'shift.scheduled', data };
    }),
    ...plan.gaps.closed.map((row): NewEvent => {
      const key = `coverage.gap_closed.${row.id}`;
      return { ...common, key, type: 'coverage.gap_closed', data: { gap: gapFacts(row) } };
    }),
    ...[...plan.gaps.resized.filter(({ told }) => told).map(({ gap }) => gap), ...added.gaps].map(
      (row): NewEvent => {
        const key = `coverage.gap_found.${row.id}.${row.end}.${now}`;
        return { ...common, key, type: 'coverage.gap_found', data: { gap: gapFacts(row) } };
      },
    ),
  ];
}

function whyTold(why: WhyTurn | null | undefined) {
  if (why === null || why === undefined) return null;
  return { reason: why.reason, ...(why.rule !== null && { rule: why.rule }) };
}

/** One shift over the time of both: what a change of bounds may have to do with. */
function hull(before: ShiftRow, after: ShiftRow): ShiftRow {
  const start = Math.min(before.start, after.start);
  return { ...after, start, end: Math.max(before.end, after.end) };
}

function shiftFacts(
  row: ShiftRow,
  names: ReadonlyMap<string, string>,
): EventFacts<'shift.scheduled'>['shift'] {
  return {
    id: row.id,
    schedule: row.schedule,
    role: row.role,
    person: row.person,
    personName: names.get(row.person) ?? row.person,
    rotation: row.rotation,
    override: row.override,
    start: isoInstant(row.start),
    end: isoInstant(row.end),
  };
}

function gapFacts(row: GapRow): EventFacts<'coverage.gap_found'>['gap'] {
  return {
    id: row.id,
    schedule: row.schedule,
    role: row.role,
    start: isoInstant(row.start),
    end: isoInstant(row.end),
  };
}
