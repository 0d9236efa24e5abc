import { type Instant, parseInstant } from '@watchbill/core';
import type { Timeline } from '../api/shapes.ts';

/** One bar of the chart: somebody's shift, or a gap. */
export interface Bar {
  readonly kind: 'shift' | 'gap';
  readonly start: Instant;
  readonly end: Instant;
  readonly person: string | null;
  readonly role: string;
  readonly rotation: string | null;
  readonly override: string | null;
}

export interface Row {
  readonly role: string;
  /** Bars of one lane do not overlap; people on call together get a lane each. */
  readonly lanes: readonly (readonly Bar[])[];
}

/** The rows of a timeline: one a role in the order given, with as many lanes as people are on call together. */
export function rowsOf(timeline: Timeline, roles: readonly string[]): readonly Row[] {
  const bars = [
    ...timeline.shifts.map(
      (shift): Bar => ({ kind: 'shift', ...shift, start: instant(shift.start), end: instant(shift.end) }),
    ),
    ...timeline.gaps.map(
      (gap): Bar => ({
        ...{ kind: 'gap', role: gap.role, start: instant(gap.start), end: instant(gap.end) },
        ...{ person: null, rotation: null, override: null },
      }),
    ),
  ].sort((a, b) => a.start - b.start || a.end - b.end);
  const all = [...new Set([...roles, ...bars.map((bar) => bar.role)])];
  return all.map((role) => ({ role, lanes: lanesOf(bars.filter((bar) => bar.role === role)) }));
}

function lanesOf(bars: readonly Bar[]): readonly (readonly Bar[])[] {
  const lanes: Bar[][] = [];
  for (const bar of bars) {
    const free = lanes.find((lane) => (lane.at(-1)?.end ?? 0) <= bar.start);
    if (free === undefined) lanes.push([bar]);
    else free.push(bar);
  }
  return lanes.length === 0 ? [[]] : lanes;
}

function instant(text: string): Instant {
  const parsed = parseInstant(text);
  if (parsed === null) throw new RangeError(`not an instant: ${text}`);
  return parsed;
}
