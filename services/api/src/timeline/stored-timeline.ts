import { compareShifts, type Gap, type Instant, type Shift, type Timeline } from '@watchbill/core';
import type { StoredGapRow, StoredShiftRow } from '@watchbill/database';

/** What is known of a window: rows as stored, and what lies beyond the horizon as it would resolve. */
export interface TimelineParts {
  readonly schedule: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly stored: { readonly shifts: readonly StoredShiftRow[]; readonly gaps: readonly StoredGapRow[] };
  /** From `start` on, shifts that began earlier cut there; null where the whole window is stored. */
  readonly planned: {
    readonly start: Instant;
    readonly shifts: readonly Shift[];
    readonly gaps: readonly Gap[];
  } | null;
}

/** One timeline out of both parts, clipped to the window. A stored shift that reaches beyond the horizon is one shift. */
export function joinTimeline({ schedule, from, to, stored, planned }: TimelineParts): Timeline {
  const shifts: Shift[] = stored.shifts.map(
    ({ startsAt: start, endsAt: end, role, person, seat, rotation, override }) => ({
      start,
      end,
      role,
      person,
      seat,
      rotation,
      override,
    }),
  );
  const gaps: Gap[] = stored.gaps.map(({ startsAt: start, endsAt: end, role }) => ({ start, end, role }));
  if (planned !== null) {
    const known = stored.shifts.filter((row) => row.startsAt < planned.start && row.endsAt > planned.start);
    for (const shift of planned.shifts) {
      const goesOn =
        shift.start === planned.start &&
        known.some((row) => row.role === shift.role && row.person === shift.person);
      if (!goesOn) shifts.push(shift);
    }
    for (const gap of planned.gaps) joinGap(gaps, gap, planned.start);
  }
  return {
    schedule,
    from,
    to,
    shifts: clip(shifts, from, to).sort(compareShifts),
    gaps: clip(gaps, from, to).sort((a, b) => a.start - b.start || compareText(a.role, b.role)),
  };
}

function joinGap(gaps: Gap[], gap: Gap, at: Instant): void {
  const place = gap.start === at ? gaps.findIndex(({ end, role }) => end === at && role === gap.role) : -1;
  const known = gaps[place];
  if (known === undefined) gaps.push(gap);
  else gaps[place] = { ...known, end: gap.end };
}

function clip<T extends { readonly start: Instant; readonly end: Instant }>(
  items: readonly T[],
  from: Instant,
  to: Instant,
): T[] {
  return items
    .filter(({ start, end }) => start < to && end > from)
    .map((item) => ({ ...item, start: Math.max(item.start, from), end: Math.min(item.end, to) }));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
