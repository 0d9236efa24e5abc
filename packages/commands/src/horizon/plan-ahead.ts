import {
  compareShifts,
  type Gap,
  type Instant,
  type Interval,
  resolveTimeline,
  type Schedule,
  type Shift,
  wholeShifts,
} from '@watchbill/core';

/** A schedule as it is from an instant on. */
export interface Version {
  readonly effectiveAt: Instant;
  readonly schedule: Schedule;
}

export interface PlannedTime {
  /** Whole shifts that begin in the window: cut at its start, and true at their end, wherever that is. */
  readonly shifts: readonly Shift[];
  /** Gaps, cut at both ends of the window. */
  readonly gaps: readonly Gap[];
}

/**
 * What a schedule's versions say for a window. `versions` are in the order they were made; from its instant on a
 * later one beats all that were made before. Time before the first one holds nothing, not even gaps.
 */
export function planAhead(versions: readonly Version[], window: Interval): PlannedTime {
  const inForce = versionsInForce(versions);
  // As far as the last version's beginning, so that a shift that goes on through it is whole too.
  const beyond = (inForce.at(-1)?.effectiveAt ?? window.end) + 1;
  const shifts: Shift[] = [];
  const gaps: Gap[] = [];
  for (const { schedule, start, end, cutAt } of stretches(inForce, {
    start: window.start,
    end: Math.max(window.end, beyond),
  })) {
    for (const shift of wholeShifts(schedule, { start, end })) {
      const cut = { ...shift, start: Math.max(shift.start, start), end: Math.min(shift.end, cutAt) };
      joinShift(shifts, cut, { at: start, goesOn: shift.start < start });
    }
    for (const gap of resolveTimeline(schedule, { start, end }).gaps) joinGap(gaps, gap, start);
  }
  return {
    shifts: shifts.filter((shift) => shift.start < window.end).sort(compareShifts),
    gaps: gaps
      .filter((gap) => gap.start < window.end)
      .map((gap) => (gap.end > window.end ? { ...gap, end: window.end } : gap))
      .sort((a, b) => a.start - b.start),
  };
}

interface Stretch extends Interval {
  readonly schedule: Schedule;
  /** Where the next version cuts what still goes on. */
  readonly cutAt: Instant;
}

/** Those that are in force at some time, given in the order they were made: a later one beats all before it. */
export function versionsInForce<Dated extends { readonly effectiveAt: Instant }>(
  versions: readonly Dated[],
): Dated[] {
  return versions.filter(
    (version, index) => !versions.slice(index + 1).some((later) => later.effectiveAt <= version.effectiveAt),
  );
}

function stretches(inForce: readonly Version[], window: Interval): Stretch[] {
  return inForce.flatMap(({ effectiveAt, schedule }, index) => {
    const cutAt = inForce[index + 1]?.effectiveAt ?? Number.POSITIVE_INFINITY;
    const start = Math.max(effectiveAt, window.start);
    const end = Math.min(cutAt, window.end);
    return start < end ? [{ schedule, start, end, cutAt }] : [];
  });
}

/** A shift that both versions know at the instant between them, on one seat and from one source, is one shift. */
function joinShift(
  shifts: Shift[],
  shift: Shift,
  { at, goesOn }: { readonly at: Instant; readonly goesOn: boolean },
): void {
  const place = goesOn
    ? shifts.findIndex(
        (known) =>
          known.end === at &&
          known.role === shift.role &&
          known.person === shift.person &&
          known.seat === shift.seat &&
          known.rotation === shift.rotation &&
          known.override === shift.override,
      )
    : -1;
  const known = shifts[place];
  if (known === undefined) shifts.push(shift);
  else shifts[place] = { ...known, end: shift.end };
}

function joinGap(gaps: Gap[], gap: Gap, at: Instant): void {
  const place = gap.start === at ? gaps.findIndex(({ end, role }) => end === at && role === gap.role) : -1;
  const known = gaps[place];
  if (known === undefined) gaps.push(gap);
  else gaps[place] = { ...known, end: gap.end };
}
