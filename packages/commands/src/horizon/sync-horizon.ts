import type { Instant } from '@watchbill/core';
import {
  addBoundaries,
  addGaps,
  addShifts,
  cancelShifts,
  changeShifts,
  closeGaps,
  dropBoundaries,
  dropLaterBoundaries,
  dropUnfiredBoundaries,
  insertEvents,
  type NewEvent,
  newId,
  notifyBoundaries,
  notifySchedules,
  readNames,
  reckonNextDue,
  resizeGaps,
  type ShiftRow,
  setHorizons,
  type Transaction,
} from '@watchbill/database';
import { requestCollided } from '../plan/request-collided.ts';
import type { SyncPlan } from './plan-sync.ts';
import { boundariesOf } from './shift-boundaries.ts';
import { type AddedRows, syncEvents } from './sync-events.ts';

export interface SyncSettings {
  readonly now: Instant;
  readonly leadMinutes: readonly number[];
  /** Events of a schedule that come before those of its shifts. */
  readonly announce?: (plan: SyncPlan) => readonly NewEvent[];
}

interface PlanRows {
  readonly plan: SyncPlan;
  readonly added: AddedRows;
}

/**
 * Writes plans: shifts, gaps, boundaries, the cursors, the events and their outbox rows, with a few statements for all
 * schedules together. The schedules and their cursors must be locked since before the plans were made.
 */
export async function syncHorizon(
  tx: Transaction,
  plans: readonly SyncPlan[],
  settings: SyncSettings,
): Promise<void> {
  const { now } = settings;
  const rows = plans.map((plan): PlanRows => ({ plan, added: addedRows(plan) }));
  await writeShifts(tx, rows, now);
  await writeGaps(tx, rows, now);
  await writeBoundaries(tx, rows, settings);
  await writeEvents(tx, rows, settings);
  await setHorizons(
    tx,
    plans.map(({ target }) => ({ id: target.id, until: target.horizonUntil })),
    now,
  );
  await wake(tx, plans);
  const fresh = rows.flatMap(({ plan, added }) => [
    ...added.shifts,
    ...plan.shifts.changed.map(({ after }) => after),
  ]);
  await requestCollided(tx, fresh, now);
}

function addedRows({ target, shifts, gaps }: SyncPlan): AddedRows {
  const schedule = target.id;
  return {
    shifts: shifts.added.map((shift) => ({ ...shift, id: newId('shf'), schedule, sequence: 0 })),
    gaps: gaps.found.map((gap) => ({ ...gap, id: newId('gap'), schedule })),
  };
}

async function writeShifts(tx: Transaction, rows: readonly PlanRows[], now: Instant): Promise<void> {
  const cancelled = rows.flatMap(({ plan }) => plan.shifts.cancelled.map((row) => row.id));
  const changed = rows.flatMap(({ plan }) =>
    plan.shifts.changed.map(({ after }) => ({ ...after, revision: plan.target.revision })),
  );
  const added = rows.flatMap(({ plan, added }) =>
    added.shifts.map((row) => ({ ...row, revision: plan.target.revision })),
  );
  await cancelShifts(tx, cancelled, now);
  await changeShifts(tx, changed, now);
  await addShifts(tx, added, now);
}

async function writeGaps(tx: Transaction, rows: readonly PlanRows[], now: Instant): Promise<void> {
  const closed = rows.flatMap(({ plan }) => plan.gaps.closed);
  const resized = rows.flatMap(({ plan }) => plan.gaps.resized.map(({ gap }) => gap));
  const found = rows.flatMap(({ added }) => added.gaps);
  await closeGaps(tx, closed, now);
  await resizeGaps(tx, resized);
  await addGaps(tx, found, now);
}

async function writeBoundaries(
  tx: Transaction,
  rows: readonly PlanRows[],
  { now, leadMinutes }: SyncSettings,
): Promise<void> {
  const schedules = rows.map(({ plan }) => plan.target.id);
  const retimed = (plan: SyncPlan) =>
    plan.shifts.changed.filter(
      ({ before, after }) => before.start !== after.start || before.end !== after.end,
    );
  const changed = rows.flatMap(({ plan }) => retimed(plan).map(({ after }) => after.id));
  const cancelled = rows.flatMap(({ plan }) => plan.shifts.cancelled.map((row) => row.id));
  await dropLaterBoundaries(tx, { schedules, shifts: changed }, now);
  await dropUnfiredBoundaries(tx, { schedules, shifts: cancelled });
  await dropBoundaries(
    tx,
    rows.flatMap(({ plan }) => plan.handoffs.dropped),
  );
  const added = rows.flatMap(({ plan, added }) => {
    const { revision, id } = plan.target;
    const context = { now, leadMinutes, revision };
    return [
      ...added.shifts.flatMap((row) => boundariesOf(row, { ...context, known: false })),
      ...retimed(plan).flatMap(({ after }) => boundariesOf(after, { ...context, known: true })),
      ...plan.handoffs.added.map(({ at, role, outgoing, incoming }) => ({
        schedule: id,
        dueAt: at,
        revision,
        kind: 'handoff.completed' as const,
        handoff: { role, outgoing, incoming },
      })),
    ];
  });
  await addBoundaries(tx, added);
}

async function writeEvents(
  tx: Transaction,
  rows: readonly PlanRows[],
  { now, announce }: SyncSettings,
): Promise<void> {
  const people = rows.flatMap(({ plan, added }) => [
    ...plan.shifts.cancelled.map(personOf),
    ...plan.shifts.changed.flatMap(({ before, after }) => [before.person, after.person]),
    ...added.shifts.map(personOf),
  ]);
  const names = await readNames(tx, [...new Set(people)]);
  const events = rows.flatMap(({ plan, added }) => [
    ...(announce?.(plan) ?? []),
    ...syncEvents(plan, added, { now, names }),
  ]);
  await insertEvents(tx, events);
}

function personOf(row: ShiftRow): string {
  return row.person;
}

/** Sets when the next boundary of each schedule is due, and tells those who wait, once for the transaction. */
async function wake(tx: Transaction, plans: readonly SyncPlan[]): Promise<void> {
  const before = new Map(plans.map(({ target }) => [target.id, target.nextDueAt]));
  const due = await reckonNextDue(tx, [...before.keys()]);
  const earlier = due.some(({ schedule, nextDueAt }) => {
    const known = before.get(schedule) ?? null;
    return nextDueAt !== null && (known === null || nextDueAt < known);
  });
  if (earlier) await notifyBoundaries(tx);
  const touched = plans.filter(({ shifts, gaps }) => {
    const writes = [shifts.added, shifts.changed, shifts.cancelled, gaps.found, gaps.resized, gaps.closed];
    return writes.some((list) => list.length > 0);
  });
  await notifySchedules(
    tx,
    touched.map(({ target }) => target.id),
  );
}
