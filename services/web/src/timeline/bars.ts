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

/** One row: what a role has, or what a person stands; `person` null in rows by person: where nobody stands. */
export type Row = {
  /** Bars of one lane do not overlap; people on call together get a lane each. */
  readonly lanes: readonly (readonly Bar[])[];
} & (
  | { readonly by: 'role'; readonly role: string }
  | { readonly by: 'person'; readonly person: string | null }
);

/** The bars of a timeline in order of time. */
export function barsOf(timeline: Timeline): readonly Bar[] {
  return [
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
}

/** One row a role in the order given, with as many lanes as people are on call together. */
export function rowsByRole(bars: readonly Bar[], roles: readonly string[]): readonly Row[] {
  const grouped = groupedBy(bars, ({ role }) => role);
  const all = [...new Set([...roles, ...grouped.keys()])];
  return all.map((role) => ({ by: 'role', role, lanes: lanesOf(grouped.get(role) ?? []) }));
}

/** The rows of a timeline by role. */
export function rowsOf(timeline: Timeline, roles: readonly string[]): readonly Row[] {
  return rowsByRole(barsOf(timeline), roles);
}

/** One row a person by name, below a row of the gaps where there are any. */
export function rowsByPerson(bars: readonly Bar[], nameOf: (person: string) => string): readonly Row[] {
  const grouped = groupedBy(bars, ({ person }) => person);
  const nobody = grouped.get(null) ?? [];
  const people = [...grouped.keys()].filter((person) => person !== null);
  const named = people.map((person) => [nameOf(person), person] as const);
  named.sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
  return [
    ...(nobody.length > 0 ? [{ by: 'person', person: null, lanes: lanesOf(nobody) } as const] : []),
    ...named.map(
      ([, person]) => ({ by: 'person', person, lanes: lanesOf(grouped.get(person) ?? []) }) as const,
    ),
  ];
}

function groupedBy<K>(bars: readonly Bar[], keyOf: (bar: Bar) => K): Map<K, Bar[]> {
  const groups = new Map<K, Bar[]>();
  for (const bar of bars) {
    const group = groups.get(keyOf(bar));
    if (group === undefined) groups.set(keyOf(bar), [bar]);
    else group.push(bar);
  }
  return groups;
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
