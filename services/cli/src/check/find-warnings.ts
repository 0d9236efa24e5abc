import type { Config } from '@watchbill/config';
import type { Instant, Interval, PlannedTurn, Schedule, Shift, Timeline, Turn } from '@watchbill/core';
import { DAY_MS, resolveTimeline, totalMs, turnsIn } from '@watchbill/core';
import { showInstant, showLength } from '../format/clock.ts';
import { UNPLANNED, withPlaceholders } from '../plan/unplanned.ts';
import { doubleBookings } from './double-bookings.ts';
import { headCounts } from './head-counts.ts';
import { idleMembers } from './idle-members.ts';
import { participationWarnings } from './participation-warnings.ts';
import { practiceWarnings } from './practice-warnings.ts';
import { shortRests } from './short-rests.ts';
import type { Checking, OwnedShift, Warning } from './warning.ts';

/** How far the check looks ahead. */
export const CHECK_DAYS = 90;

/** Everything in a valid configuration that is not wise, over the days ahead. */
export function findWarnings(config: Config, checking: Checking): Warning[] {
  const warnings: Warning[] = [];
  const shifts: OwnedShift[] = [];
  for (const schedule of config.schedules) {
    const { timeline, its } = lookAhead(schedule, CHECK_DAYS, checking);
    for (const shift of its) shifts.push(shift);
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
    ...participationWarnings(config, checking),
    ...doubleBookings(shifts, { ...checking, when }),
    ...shortRests(shifts, { ...checking, when }),
    ...headCounts(config, checking),
    ...byRulePacks(config, checking),
  ];
}

function byRulePacks(config: Config, checking: Checking): Warning[] {
  if (checking.packs.length === 0) return [];
  const days = checking.weeks * 7;
  const shifts = config.schedules.flatMap((schedule) => lookAhead(schedule, days, checking).its);
  return practiceWarnings(config, shifts, checking);
}

/** A schedule's timeline over the days ahead, and its shifts. Turns that wait for a plan are neither gap nor shift. */
function lookAhead(
  schedule: Schedule,
  days: number,
  checking: Checking,
): { readonly timeline: Timeline; readonly its: OwnedShift[] } {
  const start = checking.startIn(schedule.timeZone);
  const window = { start, end: start + days * DAY_MS };
  const resolved = resolveTimeline(withPlaceholders(schedule, window), window);
  const timeline = { ...resolved, shifts: resolved.shifts.filter(({ person }) => person !== UNPLANNED) };
  return { timeline, its: owned(schedule, window, timeline) };
}

function owned(schedule: Schedule, window: Interval, { shifts }: Timeline): OwnedShift[] {
  const turns = new Map(
    schedule.rotations.map((rotation) => [rotation.id, turnsIn(rotation, schedule.coreHours, window)]),
  );
  const planned = new Map(
    schedule.rotations.flatMap(({ id, strategy }) =>
      strategy.kind === 'fair' ? [[id, plannedStarts(strategy.turns)] as const] : [],
    ),
  );
  return shifts.map((shift) => {
    const whole = { ...shift, schedule: schedule.id };
    if (shift.override !== null) return { ...whole, turn: null };
    const starts = planned.get(shift.rotation ?? '');
    if (starts !== undefined) return { ...whole, turn: plannedTurnAt(starts, shift) };
    return { ...whole, turn: turnAt(turns.get(shift.rotation ?? '') ?? [], shift.start)?.start ?? null };
  });
}

/** The stretches of planned turns by person, each with the start of its whole turn, in order. */
type PlannedStarts = ReadonlyMap<string, readonly { readonly start: Instant; readonly turn: Instant }[]>;

function plannedStarts(turns: readonly PlannedTurn[]): PlannedStarts {
  const byPerson = new Map<string, { start: Instant; turn: Instant }[]>();
  for (const { person, intervals } of turns) {
    const [first] = intervals;
    if (person === null || first === undefined) continue;
    const own = byPerson.get(person) ?? [];
    for (const { start } of intervals) own.push({ start, turn: first.start });
    byPerson.set(person, own);
  }
  for (const own of byPerson.values()) own.sort((a, b) => a.start - b.start);
  return byPerson;
}

function plannedTurnAt(starts: PlannedStarts, { person, start }: Shift): Instant | null {
  return lastUpTo(starts.get(person) ?? [], start)?.turn ?? null;
}

/** The turn that holds an instant, of turns in order. */
function turnAt(turns: readonly Turn[], at: Instant): Turn | undefined {
  return lastUpTo(turns, at);
}

/** The last item that starts at or before an instant, of items in order. */
function lastUpTo<T extends { readonly start: Instant }>(items: readonly T[], at: Instant): T | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] as T).start <= at) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
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
