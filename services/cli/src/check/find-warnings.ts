import type { Config } from '@watchbill/config';
import type { Instant, Interval, Schedule, Timeline, Turn } from '@watchbill/core';
import { DAY_MS, resolveTimeline, totalMs, turnsIn } from '@watchbill/core';
import { showInstant, showLength } from '../format/clock.ts';
import { doubleBookings } from './double-bookings.ts';
import { headCounts } from './head-counts.ts';
import { idleMembers } from './idle-members.ts';
import { shortRests } from './short-rests.ts';
import type { Checking, OwnedShift, Warning } from './warning.ts';

/** How far the check looks ahead. */
export const CHECK_DAYS = 90;

/** Everything in a valid configuration that is not wise, over the days ahead. */
export function findWarnings(config: Config, checking: Checking): Warning[] {
  const warnings: Warning[] = [];
  const shifts: OwnedShift[] = [];
  for (const schedule of config.schedules) {
    const start = checking.startIn(schedule.timeZone);
    const window = { start, end: start + CHECK_DAYS * DAY_MS };
    const timeline = resolveTimeline(schedule, window);
    for (const shift of owned(schedule, window, timeline)) shifts.push(shift);
    for (const role of schedule.roles) {
      const gaps = timeline.gaps.filter((gap) => gap.role === role);
      if (gaps.length > 0) warnings.push(gapWarning(schedule, { role, gaps }, checking));
    }
  }
  const zoneOf = (shift: OwnedShift): string =>
    checking.zone ?? config.schedules.find(({ id }) => id === shift.schedule)?.timeZone ?? 'UTC';
  const when = (at: Instant, shift: OwnedShift): string =>
    `${showInstant(at, zoneOf(shift))} (${zoneOf(shift)})`;
  return [
    ...warnings,
    ...idleMembers(config, checking),
    ...doubleBookings(shifts, { ...checking, when }),
    ...shortRests(shifts, { ...checking, when }),
    ...headCounts(config, checking),
  ];
}

function owned(schedule: Schedule, window: Interval, { shifts }: Timeline): OwnedShift[] {
  const turns = new Map(
    schedule.rotations.map((rotation) => [rotation.id, turnsIn(rotation, schedule.coreHours, window)]),
  );
  return shifts.map((shift) => {
    const its = shift.override === null ? (turns.get(shift.rotation ?? '') ?? []) : [];
    return { ...shift, schedule: schedule.id, turn: turnAt(its, shift.start)?.start ?? null };
  });
}

/** The turn that holds an instant, of turns in order. */
function turnAt(turns: readonly Turn[], at: Instant): Turn | undefined {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((turns[middle] as Turn).start <= at) low = middle + 1;
    else high = middle;
  }
  return turns[low - 1];
}

interface RoleGaps {
  readonly role: string;
  readonly gaps: readonly Interval[];
}

function gapWarning(schedule: Schedule, { role, gaps }: RoleGaps, { zone }: Checking): Warning {
  const shown = zone ?? schedule.timeZone;
  const first = gaps[0] as Interval;
  const span = `${showInstant(first.start, shown)} to ${showInstant(first.end, shown)} (${shown})`;
  const total = `${gaps.length} gaps in the next ${CHECK_DAYS} days, ${showLength(totalMs(gaps))} in all; the first is`;
  const what = gaps.length === 1 ? 'nobody is on call from' : total;
  const message = `${schedule.id}, ${role}: ${what} ${span}`;
  return { code: 'coverage/gap', schedule: schedule.id, role, person: null, message };
}
