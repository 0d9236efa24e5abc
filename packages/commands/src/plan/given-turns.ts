import {
  burdenOf,
  type Interval,
  intersect,
  normalise,
  type Override,
  type PlanPerson,
  type PlanProblem,
  type PlanUnit,
  type RoleStretch,
  subtract,
} from '@watchbill/core';
import type { PlannedTurnRow, StoodShiftRow } from '@watchbill/database';
import { groupBy } from '../group-by.ts';

/** A planned turn of which an override, such as a swap, gives parts to somebody else in the place of its holder. */
export interface GivenTurn {
  readonly turn: PlannedTurnRow & { readonly person: string };
  readonly role: string;
  /** Sorted, disjoint, within the turn. */
  readonly given: readonly Interval[];
}

/** Where turns are: the role of a rotation, the live overrides of a schedule, and what people stand by its shifts. */
export interface TurnPlaces {
  roleOf(turn: PlannedTurnRow): string | undefined;
  overridesOf(schedule: string): readonly Override[];
  stoodBy(person: string, place: { readonly schedule: string; readonly role: string }): readonly Interval[];
}

/** The turns of which their holders have given parts away by an override that names them, and do not stand them. */
export function givenTurns(turns: readonly PlannedTurnRow[], places: TurnPlaces): GivenTurn[] {
  return turns.flatMap((turn): GivenTurn[] => {
    const { person } = turn;
    const role = places.roleOf(turn);
    if (person === null || role === undefined) return [];
    const naming = places
      .overridesOf(turn.schedule)
      .filter((override) => override.role === role && takesPlaceOf(override, person))
      .filter(({ start, end }) => start < turn.endsAt && end > turn.startsAt);
    const named = intersect(normalise(turn.intervals), normalise(naming));
    if (named.length === 0) return [];
    const given = subtract(named, places.stoodBy(person, { schedule: turn.schedule, role }));
    return given.length === 0 ? [] : [{ turn: { ...turn, person }, role, given }];
  });
}

function takesPlaceOf({ kind, replaces, people }: Override, person: string): boolean {
  if (kind === 'replace') return replaces === person;
  return kind === 'remove' && people.includes(person);
}

/**
 * Whether a given turn can stay with its holder: they could stand all that they did not give away. Else the whole of
 * it needs somebody else, and the override is left without the one it names.
 */
export function canStay({ turn, given }: GivenTurn, holder: PlanPerson | undefined): boolean {
  const { intervals } = turn;
  if (holder === undefined) return subtract(normalise(intervals), given).length === 0;
  const { joined, left, unavailable } = holder;
  const away = normalise([
    ...unavailable,
    ...(joined === null ? [] : [{ start: Number.NEGATIVE_INFINITY, end: joined }]),
    ...(left === null ? [] : [{ start: left, end: Number.POSITIVE_INFINITY }]),
  ]);
  return subtract(intersect(normalise(intervals), away), given).length === 0;
}

/**
 * The problem with turns that were given away as they stand: those that have not begun stay with their holders, so
 * that the override finds them there.
 */
export function withGiven(
  problem: PlanProblem,
  given: readonly GivenTurn[],
  holders: ReadonlyMap<string, PlanPerson>,
): PlanProblem {
  const byUnit = new Map(given.map((one) => [one.turn.unit, one]));
  const units = problem.units.map((unit): PlanUnit => {
    const one = byUnit.get(unit.id);
    if (one === undefined || unit.pinned) return unit;
    const { person } = one.turn;
    // Whoever is no longer in the roster is bound to nothing but what others stand for them.
    const holder = unit.eligible?.includes(person) === false ? undefined : holders.get(person);
    return canStay(one, holder) ? { ...unit, pinned: true, previous: person } : unit;
  });
  const missing = units.flatMap(({ pinned, previous }) =>
    pinned && previous !== null && !problem.people.some(({ id }) => id === previous) ? [previous] : [],
  );
  const added = [...new Set(missing)].flatMap((id) => holders.get(id) ?? []);
  return { ...problem, units, people: [...problem.people, ...added] };
}

/** A problem in which people hold what they stand, and the turns that it leaves out for that. */
export interface StoodProblem {
  readonly problem: PlanProblem;
  /** Who holds the turns that others stand as a whole: they stay as they are. */
  readonly left: ReadonlyMap<string, string>;
}

/**
 * The problem without those parts of turns that others stand in the place of their holders: neither rest nor any
 * other rule is to bind somebody to what they do not stand. The turns themselves stay whole with their holders.
 */
export function withoutGiven(
  problem: PlanProblem,
  given: ReadonlyMap<string, readonly Interval[]>,
): StoodProblem {
  const left = new Map<string, string>();
  const units = problem.units.flatMap((unit): PlanUnit[] => {
    const { id, pinned, previous, intervals } = unit;
    const parts = given.get(id);
    if (parts === undefined || !pinned || previous === null) return [unit];
    const stood = subtract(normalise(intervals), parts);
    if (stood.length === 0) left.set(id, previous);
    // What began before the horizon weighs nothing, and is not to begin in it.
    const isOld = (intervals[0]?.start ?? 0) < problem.horizon.start;
    return stood.length === 0 ? [] : [isOld ? unit : { ...unit, intervals: stood }];
  });
  return { problem: { ...problem, units }, left };
}

/**
 * The problem with the burden of what people stand by hand, by the stored shifts, on their own accounts, and taken
 * from those in whose turns they stand. The ledger will say the same when it is closed.
 */
export function countedByHand(problem: PlanProblem, stored: readonly StoodShiftRow[]): PlanProblem {
  const { horizon, weights, units } = problem;
  const placeOf = ({ schedule, role }: { readonly schedule: string; readonly role: string }) =>
    `${schedule} ${role}`;
  const places = new Set(units.map(placeOf));
  const byHand = stored.filter((row) => row.rotation === null && places.has(placeOf(row)));
  if (byHand.length === 0) return problem;
  const handByPlace = groupBy(byHand, placeOf);
  const turnOf = (row: { readonly schedule: string; readonly rotation: string | null }, person: string) =>
    `${row.schedule} ${row.rotation} ${person}`;
  const own = groupBy(stored, (row) => turnOf(row, row.person));
  const notStood = units.flatMap((unit): RoleStretch[] => {
    const { pinned, previous, role, intervals } = unit;
    // What began before the horizon weighs nothing in the problem.
    if (!pinned || previous === null || (intervals[0]?.start ?? 0) < horizon.start) return [];
    const missing = subtract(normalise(intervals), normalise(own.get(turnOf(unit, previous)) ?? []));
    const parts = intersect(missing, normalise(handByPlace.get(placeOf(unit)) ?? []));
    return parts.map((part) => ({ person: previous, role, ...part }));
  });
  const of = { window: horizon, weights };
  const more = new Map(burdenOf(byHand, problem.people, of).map((one) => [one.person, one.burden]));
  const less = new Map(burdenOf(notStood, problem.people, of).map((one) => [one.person, one.burden]));
  const people = problem.people.map((person) => ({
    ...person,
    carried: person.carried + (more.get(person.id) ?? 0) - (less.get(person.id) ?? 0),
  }));
  return { ...problem, people };
}

/** The given parts by turn. */
export function partsByUnit(given: readonly GivenTurn[]): Map<string, readonly Interval[]> {
  return new Map(given.map(({ turn, given: parts }) => [turn.unit, parts]));
}

/** What schedules say of their turns, and stored shifts of what people stand. */
export function placesOf(
  schedules: readonly {
    readonly id: string;
    readonly rotations: readonly { readonly id: string; readonly role: string }[];
    readonly overrides: readonly Override[];
  }[],
  stored: readonly StoodShiftRow[],
): TurnPlaces {
  const byId = new Map(schedules.map((schedule) => [schedule.id, schedule]));
  const keyOf = (person: string, place: { readonly schedule: string; readonly role: string }) =>
    `${person} ${place.schedule} ${place.role}`;
  const stood = groupBy(stored, (row) => keyOf(row.person, row));
  return {
    roleOf: ({ schedule, rotation }) => byId.get(schedule)?.rotations.find(({ id }) => id === rotation)?.role,
    overridesOf: (schedule) => byId.get(schedule)?.overrides ?? [],
    stoodBy: (person, place) => normalise(stood.get(keyOf(person, place)) ?? []),
  };
}
