import type { PersonId } from '../schedule/schedule.ts';
import { clip, type Interval, normalise, subtract, union } from '../time/interval.ts';
import type { Shift } from '../timeline/timeline.ts';

/** When each person is on call in each role of one schedule: sorted and disjoint by role and person. */
export type Standing = ReadonlyMap<string, readonly Interval[]>;

/** A stretch of a role that goes from one person to another. */
export interface Move extends Interval {
  readonly role: string;
  readonly from: PersonId;
  readonly to: PersonId;
}

type Stood = Pick<Shift, 'role' | 'person' | 'start' | 'end'>;

/** What people stand in a window, by the shifts of one schedule. */
export function standingOf(shifts: readonly Stood[], window: Interval): Standing {
  const lists = new Map<string, Interval[]>();
  for (const shift of shifts) {
    const own = lists.get(keyOf(shift.role, shift.person)) ?? [];
    own.push(shift);
    lists.set(keyOf(shift.role, shift.person), own);
  }
  return withoutEmpty([...lists].map(([key, own]) => [key, clip(normalise(own), window)]));
}

/** Whether a person is on call in a role for all of a stretch. */
export function standsAll(standing: Standing, stretch: Stood): boolean {
  return subtract([stretch], standing.get(keyOf(stretch.role, stretch.person)) ?? []).length === 0;
}

/** What a move makes of it; null where the one does not stand all of the stretch, or the other stands there already. */
export function afterMove(standing: Standing, { role, from, to, start, end }: Move): Standing | null {
  const before = standing.get(keyOf(role, to)) ?? [];
  if (from === to || !standsAll(standing, { role, person: from, start, end })) return null;
  if (clip(before, { start, end }).length > 0) return null;
  const changed = new Map(standing);
  changed.set(keyOf(role, from), subtract(standing.get(keyOf(role, from)) ?? [], [{ start, end }]));
  changed.set(keyOf(role, to), union(before, [{ start, end }]));
  return withoutEmpty([...changed]);
}

export function sameStanding(a: Standing, b: Standing): boolean {
  return a.size === b.size && [...a].every(([key, own]) => sameIntervals(own, b.get(key) ?? []));
}

function sameIntervals(a: readonly Interval[], b: readonly Interval[]): boolean {
  return a.length === b.length && a.every(({ start, end }, k) => start === b[k]?.start && end === b[k]?.end);
}

function keyOf(role: string, person: PersonId): string {
  return `${role}\n${person}`;
}

function withoutEmpty(entries: readonly (readonly [string, readonly Interval[]])[]): Standing {
  return new Map(entries.filter(([, own]) => own.length > 0));
}
