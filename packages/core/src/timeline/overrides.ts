import type { Override, OverrideId, PersonId } from '../schedule/schedule.ts';
import type { Instant, Interval } from '../time/interval.ts';
import { mergeByStart, normalise } from '../time/interval.ts';
import type { Shift } from './timeline.ts';

/** One place of a role at one instant, while overrides are applied in turn. */
interface Seat {
  readonly name: string;
  person: PersonId | null;
  /** The shift that the person has by rotation; null once an override has put somebody here. */
  base: Shift | null;
  /** The override that put the person here. */
  override: OverrideId | null;
  /** Who was on this seat and lost it to an override. */
  readonly displaced: Set<PersonId>;
  /** The override that put its people in the place of everybody, this seat's person among them. */
  takenBy: Override | null;
  /** Set on the seats of such an override: they stand for the seats it has taken. */
  readonly standIn: Override | null;
}

/**
 * The shifts of a role with its overrides applied in order of creation. Both are inside one span; `base` is
 * sorted by start, as is what comes back. Time outside the overrides is passed on as it is.
 */
export function applyOverrides(
  role: string,
  base: readonly Shift[],
  overrides: readonly Override[],
): readonly Shift[] {
  const untouched: Shift[] = [];
  const affected: Shift[] = [];
  const regions = normalise(overrides);
  let r = 0;
  for (const shift of base) {
    while (r < regions.length && (regions[r]?.end ?? 0) <= shift.start) r += 1;
    const region = regions[r];
    if (region === undefined || region.start >= shift.end) untouched.push(shift);
    else affected.push(shift);
  }
  const changed: Shift[] = [];
  const emit = joiner(changed, role);
  sweep(affected, overrides, (span, present, active) => {
    if (active.length > 0) {
      for (const seat of seatsAfter(present, active)) emit(span, seat);
      return;
    }
    for (const base of present) emit(span, { name: base.seat, person: base.person, base, override: null });
  });
  return mergeByStart(untouched, changed);
}

/** Calls `visit` for every stretch between two edges, with the shifts and overrides in force there. */
function sweep(
  shifts: readonly Shift[],
  overrides: readonly Override[],
  visit: (span: Interval, present: readonly Shift[], active: readonly Override[]) => void,
): void {
  const edges = edgesOf(shifts, overrides);
  const created = new Map(overrides.map((override, index) => [override, index]));
  const byStart = [...overrides].sort((a, b) => a.start - b.start);
  let present: Shift[] = [];
  let active: Override[] = [];
  let f = 0;
  let o = 0;
  for (let e = 0; e + 1 < edges.length; e += 1) {
    const start = edges[e] as Instant;
    const end = edges[e + 1] as Instant;
    if (start === end) continue;
    present = stillIn(present, start);
    active = stillIn(active, start);
    for (; f < shifts.length && (shifts[f]?.start ?? 0) <= start; f += 1) {
      present.push(shifts[f] as Shift);
    }
    const known = active.length;
    for (; o < byStart.length && (byStart[o]?.start ?? 0) <= start; o += 1)
      active.push(byStart[o] as Override);
    // Order of creation, not of start.
    if (active.length > known && active.length > 1) {
      active.sort((a, b) => (created.get(a) ?? 0) - (created.get(b) ?? 0));
    }
    if (present.length + active.length > 0) visit({ start, end }, present, active);
  }
}

/** The list without what has ended; the list itself if nothing has. */
function stillIn<T extends Interval>(list: T[], at: Instant): T[] {
  for (const { end } of list) {
    if (end <= at) return list.filter((item) => item.end > at);
  }
  return list;
}

/** All starts and ends, sorted; an instant may come more than once. */
function edgesOf(a: readonly Interval[], b: readonly Interval[]): Float64Array {
  const edges = new Float64Array(2 * (a.length + b.length));
  let i = 0;
  for (const list of [a, b]) {
    for (const { start, end } of list) {
      edges[i] = start;
      edges[i + 1] = end;
      i += 2;
    }
  }
  return edges.sort();
}

/** A shift that may still grow, and the one it is a part of. */
interface Growing {
  readonly shift: { -readonly [Key in keyof Shift]: Shift[Key] };
  readonly base: Shift | null;
}

/** Takes who holds a seat in a span; spans come in order of time. */
type Emit = (span: Interval, seat: Pick<Seat, 'name' | 'person' | 'base' | 'override'>) => void;

/**
 * Adds shifts to `result`. Parts of one shift that touch are one again, and so are parts of one override with the
 * same person on the same seat.
 */
function joiner(result: Shift[], role: string): Emit {
  const open = new Map<string, Growing>();
  return ({ start, end }, { name, person, base, override }) => {
    if (person === null) return;
    const last = open.get(name);
    if (last !== undefined && last.shift.end === start && last.base === base) {
      if (base !== null || (last.shift.person === person && last.shift.override === override)) {
        last.shift.end = end;
        return;
      }
    }
    const shift = { start, end, person, role, seat: name, rotation: base?.rotation ?? null, override };
    result.push(shift);
    open.set(name, { shift, base });
  };
}

/** The seats of a role after all overrides that are in force. */
function seatsAfter(present: readonly Shift[], active: readonly Override[]): Seat[] {
  let seats: Seat[] = present.map((base) => ({
    name: base.seat,
    person: base.person,
    base,
    override: null,
    displaced: new Set(),
    takenBy: null,
    standIn: null,
  }));
  // Where it matters which seat comes first, the window asked for must not decide.
  if (seats.length > 1) seats.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const override of active) {
    switch (override.kind) {
      case 'add':
        addPeople(seats, override);
        break;
      case 'remove':
        for (const person of override.people) vacate(seats.find((seat) => seat.person === person));
        break;
      case 'replace':
        seats =
          override.replaces === null
            ? replaceEverybody(seats, override)
            : replacePerson(seats, override, override.replaces);
        break;
    }
  }
  return seats;
}

function isOnCall(seats: readonly Seat[], person: PersonId): boolean {
  return seats.some((seat) => seat.person === person);
}

function vacate(seat: Seat | undefined): void {
  if (seat === undefined || seat.person === null) return;
  seat.displaced.add(seat.person);
  seat.person = null;
}

function occupy(seat: Seat, person: PersonId, { id }: Override): void {
  seat.person = person;
  seat.base = null;
  seat.override = id;
}

function newSeat({ id }: Override, index: number, options: { readonly standIn: Override | null }): Seat {
  const name = `${id}/${index}`;
  const empty = { person: null, base: null, override: null, displaced: new Set<PersonId>(), takenBy: null };
  return { name, ...empty, standIn: options.standIn };
}

function addPeople(seats: Seat[], override: Override): void {
  override.people.forEach((person, index) => {
    if (isOnCall(seats, person)) return;
    const seat = newSeat(override, index, { standIn: null });
    occupy(seat, person, override);
    seats.push(seat);
  });
}

/** The people hold the role, whoever was there. Seats of an earlier override of this kind are gone. */
function replaceEverybody(seats: readonly Seat[], override: Override): Seat[] {
  const kept = seats.filter(({ standIn }) => standIn === null);
  for (const seat of kept) {
    vacate(seat);
    seat.takenBy = override;
  }
  const own = override.people.map((person, index) => {
    const seat = newSeat(override, index, { standIn: override });
    occupy(seat, person, override);
    return seat;
  });
  return [...kept, ...own];
}

/**
 * The people take the seat that `replaced` holds, and every seat that an earlier override took from them, so that
 * of two overrides for one person the one created last wins. An override that stands for everybody gives the seat
 * back, and ends when it stands for no seat any more.
 */
function replacePerson(seats: readonly Seat[], override: Override, replaced: PersonId): Seat[] {
  const holding = seats.filter((seat) => seat.person === replaced);
  const lost = seats.filter((seat) => seat.person !== replaced && seat.displaced.has(replaced));
  const targets = [...holding, ...lost];
  const released = new Set<Override>();
  for (const seat of targets) {
    vacate(seat);
    if (seat.takenBy !== null) released.add(seat.takenBy);
    seat.takenBy = null;
  }
  const kept = seats.filter(
    ({ standIn }) =>
      standIn === null || !released.has(standIn) || seats.some(({ takenBy }) => takenBy === standIn),
  );
  const open = targets.filter((seat) => kept.includes(seat));
  // A seat of its own is better than one that may be given back.
  const target = open.find(({ standIn }) => standIn === null) ?? open[0];
  if (target === undefined) return kept;
  const displaced = new Set(targets.flatMap((seat) => [...seat.displaced]));
  let first = true;
  override.people.forEach((person, index) => {
    if (isOnCall(kept, person)) return;
    const seat = first ? target : newSeat(override, index, { standIn: target.standIn });
    if (!first) kept.push(seat);
    first = false;
    for (const other of displaced) seat.displaced.add(other);
    occupy(seat, person, override);
  });
  return kept;
}
