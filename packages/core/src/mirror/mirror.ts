import { type Instant, type Interval, normalise, subtract } from '../time/interval.ts';

/** A stretch in which one person is to stand, or stands, in a schedule of another provider. */
export interface MirrorStretch extends Interval {
  readonly person: string;
}

/** An override that we made there. */
export interface MirroredOverride extends MirrorStretch {
  readonly id: string;
}

/** What makes the one the other: overrides of ours that go, and stretches for which one is made. */
export interface MirrorDiff {
  readonly remove: readonly string[];
  readonly add: readonly MirrorStretch[];
}

/** Other providers know no fractions of a second. */
const SECOND_MS = 1_000;

/**
 * The line of one place, made of shifts that may overlap because a role has several seats: whoever came first keeps
 * it until their end, of two who come at once the first by id. Touching stretches of one person are one. Whole
 * seconds.
 */
export function mirrorLine(shifts: readonly MirrorStretch[]): MirrorStretch[] {
  const line: { person: string; start: Instant; end: Instant }[] = [];
  for (const { person, ...shift } of shifts.toSorted(byStartThenPerson)) {
    const last = line.at(-1);
    const start = Math.max(wholeSecond(shift.start), last?.end ?? 0);
    const end = wholeSecond(shift.end);
    if (start >= end) continue;
    if (last?.person === person && last.end === start) last.end = end;
    else line.push({ person, start, end });
  }
  return line;
}

/**
 * The fewest writes after which the provider shows `wanted` from `from` on, wherever nobody else's override stands.
 * `wanted` is a line (`mirrorLine`); where it has a hole, no override of ours may stand. What others made is never
 * touched and never covered. Of our own, one stays if all that is left of it is wanted of its person.
 */
export function mirrorDiff(input: {
  readonly wanted: readonly MirrorStretch[];
  readonly own: readonly MirroredOverride[];
  readonly foreign: readonly Interval[];
  readonly from: Instant;
}): MirrorDiff {
  const { own, from } = input;
  const wanted = byPerson(input.wanted);
  const past = { start: 0, end: from };
  const stands = (override: MirroredOverride) =>
    subtract([override], normalise([past, ...(wanted.get(override.person) ?? [])])).length === 0;
  const kept = byPerson(own.filter(stands));
  const add = [...wanted].flatMap(([person, stretches]) => {
    const covered = normalise([past, ...input.foreign, ...(kept.get(person) ?? [])]);
    return subtract(stretches, covered).map((stretch) => ({ ...stretch, person }));
  });
  return {
    remove: own.filter((override) => !stands(override)).map(({ id }) => id),
    add: add.sort(byStartThenPerson),
  };
}

function byPerson(stretches: readonly MirrorStretch[]): Map<string, Interval[]> {
  const lists = new Map<string, Interval[]>();
  for (const { person, start, end } of stretches) {
    const list = lists.get(person) ?? [];
    list.push({ start, end });
    lists.set(person, list);
  }
  return new Map([...lists].map(([person, list]) => [person, normalise(list)]));
}

function byStartThenPerson(a: MirrorStretch, b: MirrorStretch): number {
  return a.start - b.start || (a.person < b.person ? -1 : a.person > b.person ? 1 : a.end - b.end);
}

function wholeSecond(instant: Instant): Instant {
  return Math.floor(instant / SECOND_MS) * SECOND_MS;
}
