import type { Instant, Shift } from '@watchbill/core';
import {
  type GapRow,
  handoffsFrom,
  openGaps,
  type Queryable,
  type ShiftRow,
  type StoredHandoff,
  shiftsEndingFrom,
} from '@watchbill/database';
import { groupBy } from '../group-by.ts';
import { decideGaps, type GapDecision } from './decide-gaps.ts';
import { decideHandoffs, type Handoff } from './decide-handoffs.ts';
import { decideSync, type ShiftDecision } from './decide-sync.ts';
import { type PlannedTime, planAhead, type Version } from './plan-ahead.ts';

/** Shifts of one schedule that may lie within the horizon. */
export const SHIFTS_PER_SCHEDULE = 50_000;

/** What is stored of a schedule from `now` on. */
export interface StoredTime {
  /** Active shifts that end at `now` or later. */
  readonly shifts: readonly ShiftRow[];
  readonly gaps: readonly GapRow[];
  readonly handoffs: readonly StoredHandoff[];
}

/** A schedule to be brought in line with what it says. */
export interface SyncTarget {
  readonly id: string;
  readonly revision: number;
  readonly nextDueAt: Instant | null;
  /** Until when its shifts are stored; null if there are none. */
  readonly knownUntil: Instant | null;
  readonly horizonUntil: Instant;
  /** None: nobody is on call from now on. */
  readonly versions: readonly Version[];
  readonly reason: 'configuration' | 'override' | 'swap' | 'retired' | 'plan';
  /** Why a turn of this shift was given to or taken from its person, where a plan did so. */
  readonly turnReason?: ((shift: Shift) => WhyTurn | null) | undefined;
}

export type TurnReason = 'forced' | 'consequential' | 'chosen';

/** Why a turn changed hands, and for a forced change what kept its holder from it. */
export interface WhyTurn {
  readonly reason: TurnReason;
  readonly rule: string | null;
}

export interface SyncPlan {
  readonly target: SyncTarget;
  readonly shifts: ShiftDecision;
  readonly gaps: GapDecision;
  readonly handoffs: { readonly added: readonly Handoff[]; readonly dropped: readonly number[] };
}

/** A schedule that cannot be planned, for a reason that its owner can remove. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly schedule: string;
  readonly code: 'limit' | 'invalid';

  constructor(schedule: string, code: 'limit' | 'invalid', message: string) {
    super(message);
    this.schedule = schedule;
    this.code = code;
  }
}

export async function readStoredTime(
  queryable: Queryable,
  schedules: readonly string[],
  now: Instant,
): Promise<(schedule: string) => StoredTime> {
  const shifts = groupBy(await shiftsEndingFrom(queryable, schedules, now), (row) => row.schedule);
  const gaps = groupBy(await openGaps(queryable, schedules, now), (row) => row.schedule);
  const handoffs = groupBy(await handoffsFrom(queryable, schedules, now), (row) => row.schedule);
  return (id) => ({
    shifts: shifts.get(id) ?? [],
    gaps: gaps.get(id) ?? [],
    handoffs: handoffs.get(id) ?? [],
  });
}

/** Decides what has to change so that what is stored says what the schedule says, from `now` to its horizon. */
export function planSync(target: SyncTarget, stored: StoredTime, now: Instant): SyncPlan {
  const planned = plannedTime(target, now);
  const shifts = decideSync({
    now,
    shifts: planned.shifts,
    stored: stored.shifts.filter((row) => row.end > now),
  });
  const gaps = decideGaps({ now, knownUntil: target.knownUntil, gaps: planned.gaps, stored: stored.gaps });
  const stints = [
    ...stored.shifts.filter((row) => row.end === now),
    ...shifts.kept,
    ...shifts.changed.map((change) => change.after),
    ...shifts.added,
  ];
  const wanted = decideHandoffs(stints, { start: now, end: target.horizonUntil });
  return { target, shifts, gaps, handoffs: decideHandoffRows(wanted, stored.handoffs) };
}

function plannedTime(target: SyncTarget, now: Instant): PlannedTime {
  const window = { start: now, end: target.horizonUntil };
  let planned: PlannedTime;
  try {
    planned = planAhead(target.versions, window);
  } catch (error) {
    if (error instanceof RangeError) throw new PlanError(target.id, 'limit', error.message);
    throw error;
  }
  if (planned.shifts.length > SHIFTS_PER_SCHEDULE) {
    const told = `It has ${planned.shifts.length} shifts before its horizon; at most ${SHIFTS_PER_SCHEDULE} are stored. Use longer turns or fewer rotations.`;
    throw new PlanError(target.id, 'limit', told);
  }
  const twice = sharedSeat(planned.shifts);
  if (twice !== null) throw new PlanError(target.id, 'invalid', twice);
  return planned;
}

/** The database refuses two people on one seat; this says first, in plain words, where they would be. */
function sharedSeat(shifts: PlannedTime['shifts']): string | null {
  const last = new Map<string, PlannedTime['shifts'][number]>();
  for (const shift of shifts) {
    const key = `${shift.role} ${shift.seat}`;
    const before = last.get(key);
    if (before !== undefined && before.end > shift.start) {
      const name = shift.seat.slice(0, shift.seat.lastIndexOf('/'));
      return `An override and a rotation are both called "${name}" and meet in the role ${shift.role}. Rename one.`;
    }
    last.set(key, shift);
  }
  return null;
}

function decideHandoffRows(
  wanted: readonly Handoff[],
  stored: readonly StoredHandoff[],
): SyncPlan['handoffs'] {
  const open = new Map(stored.map((row) => [handoffKey({ ...row, at: row.dueAt }), row]));
  const added = wanted.filter((handoff) => !open.delete(handoffKey(handoff)));
  const dropped = [...open.values()].filter((row) => !row.applied).map((row) => row.id);
  return { added, dropped };
}

function handoffKey({ at, role, outgoing, incoming }: Handoff): string {
  return [at, role, outgoing.join(','), incoming.join(',')].join(' ');
}

/** How many shifts a plan adds, changes and cancels. */
export interface ShiftCounts {
  readonly scheduled: number;
  readonly changed: number;
  readonly cancelled: number;
}

export function countShifts({ shifts }: SyncPlan): ShiftCounts {
  return {
    scheduled: shifts.added.length,
    changed: shifts.changed.filter((change) => change.told).length,
    cancelled: shifts.cancelled.length,
  };
}
