import type { Instant, Override, OverrideId } from '@watchbill/core';
import type { OverrideRow } from '@watchbill/database';

export interface OverrideDecision {
  /** Ids of overrides that the configuration no longer has. */
  readonly cancelled: readonly string[];
  /** New and changed ones, in the order of the configuration; they count as created now. */
  readonly saved: readonly OverrideRow[];
  /** All live overrides after it, in the order of creation. */
  readonly after: readonly OverrideRow[];
}

/** What is the same of all overrides of one file, and why there is each of them, by its id. */
export interface OverrideOrigin {
  readonly schedule: string;
  readonly createdBy: string;
  readonly reasons: ReadonlyMap<OverrideId, string>;
}

/**
 * Brings the stored overrides of the file in line with the file; those created by hand stay. One that is as it was
 * keeps its place in the order of creation, unless the file has put it after another one that it overlaps.
 */
export function decideOverrides(
  stored: readonly OverrideRow[],
  file: readonly Override[],
  origin: OverrideOrigin,
): OverrideDecision {
  const { reasons, ...made } = origin;
  const reasonOf = ({ id }: Override): string | null => reasons.get(id) ?? null;
  const ofFile = new Map<string, { row: OverrideRow; place: number }>();
  for (const [place, row] of stored.entries()) {
    if (row.origin === 'file') ofFile.set(row.id, { row, place });
  }
  const named = new Set(file.map((override) => override.id));
  const cancelled = [...ofFile.keys()].filter((id) => !named.has(id));
  const saved: OverrideRow[] = [];
  const kept: { override: Override; place: number }[] = [];
  let lastPlace = -1;
  for (const override of file) {
    const known = ofFile.get(override.id);
    const inOrder =
      known !== undefined &&
      sameOverride(known.row, override) &&
      known.row.reason === reasonOf(override) &&
      !saved.some((other) => meet(other, override)) &&
      (known.place > lastPlace ||
        !kept.some((other) => other.place > known.place && meet(other.override, override)));
    if (inOrder) {
      kept.push({ override, place: known.place });
      lastPlace = Math.max(lastPlace, known.place);
    } else {
      saved.push({ ...override, ...made, origin: 'file', reason: reasonOf(override), cancelledAt: null });
    }
  }
  const gone = new Set([...cancelled, ...saved.map((row) => row.id)]);
  const after = [...stored.filter((row) => row.origin === 'api' || !gone.has(row.id)), ...saved];
  return { cancelled, saved, after };
}

interface Stretch {
  readonly role: string;
  readonly start: Instant;
  readonly end: Instant;
}

function meet(a: Stretch, b: Stretch): boolean {
  return a.role === b.role && a.start < b.end && b.start < a.end;
}

function sameOverride(a: Override, b: Override): boolean {
  return (
    a.role === b.role &&
    a.kind === b.kind &&
    a.start === b.start &&
    a.end === b.end &&
    a.replaces === b.replaces &&
    a.people.length === b.people.length &&
    a.people.every((person, index) => person === b.people[index])
  );
}
