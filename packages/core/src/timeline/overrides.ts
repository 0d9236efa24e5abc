import type { Override, OverrideId, PersonId, RotationId } from '../schedule/schedule.ts';
import type { Instant, Interval } from '../time/interval.ts';
import { normalise } from '../time/interval.ts';
import type { Fragment } from './layers.ts';

/** One place of a role at one instant, while overrides are applied in turn. */
interface Seat {
  readonly name: string;
  holder: PersonId | null;
  rotation: RotationId | null;
  override: OverrideId | null;
  turn: Instant | null;
  /** Who was on this seat and lost it to an override. */
  readonly displaced: PersonId[];
  /** The override that put its people in the place of everybody, this seat's person among them. */
  takenBy: Override | null;
  /** Set on the seats of such an override: they stand for the seats it has taken. */
  readonly standIn: Override | null;
}

/**
 * The fragments of a role with its overrides applied in order of creation. Both are inside one span; `base` is
 * sorted by start. Time outside the overrides is passed on as it is.
 */
export function applyOverrides(base: readonly Fragment[], overrides: readonly Override[]): Fragment[] {
  const result: Fragment[] = [];
  const affected: Fragment[] = [];
  const regions = normalise(overrides);
  let r = 0;
  for (const fragment of base) {
    while (r < regions.length && (regions[r]?.end ?? 0) <= fragment.start) r += 1;
    const region = regions[r];
    if (region === undefined || region.start >= fragment.end) result.push(fragment);
    else affected.push(fragment);
  }
  const emit = joiner(result);
  sweep(affected, overrides, (span, present, active) => {
    if (active.length === 0) {
      for (const fragment of present) emit(span, fragment);
      return;
    }
    for (const seat of seatsAfter(present, active)) {
      if (seat.holder !== null) emit(span, { ...seat, seat: seat.name, person: seat.holder });
    }
  });
  return result;
}

/** Calls `visit` for every stretch between two edges, with the fragments and overrides in force there. */
function sweep(
  fragments: readonly Fragment[],
  overrides: readonly Override[],
  visit: (span: Interval, present: readonly Fragment[], active: readonly Override[]) => void,
): void {
  const edges = edgesOf(fragments, overrides);
  const order = overrides
    .map((_, index) => index)
    .sort((a, b) => startOf(overrides, a) - startOf(overrides, b));
  let present: Fragment[] = [];
  let active: number[] = [];
  let f = 0;
  let o = 0;
  for (let e = 0; e + 1 < edges.length; e += 1) {
    const start = edges[e] as Instant;
    present = present.filter(({ end }) => end > start);
    active = active.filter((index) => (overrides[index]?.end ?? 0) > start);
    for (; f < fragments.length && (fragments[f]?.start ?? 0) <= start; f += 1) {
      present.push(fragments[f] as Fragment);
    }
    const known = active.length;
    for (; o < order.length && startOf(overrides, order[o] ?? 0) <= start; o += 1) {
      active.push(order[o] as number);
    }
    // Order of creation, not of start.
    if (active.length > known) active.sort((a, b) => a - b);
    if (present.length + active.length === 0) continue;
    const inForce = active.map((index) => overrides[index] as Override);
    visit({ start, end: edges[e + 1] as Instant }, present, inForce);
  }
}

function startOf(overrides: readonly Override[], index: number): Instant {
  return overrides[index]?.start ?? 0;
}

/** All starts and ends, sorted, each once. */
function edgesOf(...lists: readonly (readonly Interval[])[]): Instant[] {
  const all = new Set<Instant>();
  for (const list of lists) {
    for (const { start, end } of list) all.add(start).add(end);
  }
  return [...all].sort((a, b) => a - b);
}

/** Adds stretches to `result` in order of time; one that goes on from the last on its seat makes that longer. */
function joiner(result: Fragment[]): (span: Interval, fragment: Omit<Fragment, 'start' | 'end'>) => void {
  const open = new Map<string, { readonly place: number; readonly fragment: Fragment }>();
  return ({ start, end }, { person, seat, rotation, override, turn }) => {
    const last = open.get(seat);
    const before = last?.fragment;
    const goesOn =
      before !== undefined &&
      before.end === start &&
      before.person === person &&
      before.rotation === rotation &&
      before.override === override &&
      before.turn === turn;
    const fragment = { start: goesOn ? before.start : start, end, person, seat, rotation, override, turn };
    const place = goesOn ? (last?.place ?? 0) : result.length;
    result[place] = fragment;
    open.set(seat, { place, fragment });
  };
}

/** The seats of a role after all overrides that are in force. */
function seatsAfter(present: readonly Fragment[], active: readonly Override[]): Seat[] {
  let seats: Seat[] = present.map(({ seat, person, rotation, turn }) => ({
    name: seat,
    holder: person,
    rotation,
    override: null,
    turn,
    displaced: [],
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
        for (const person of override.people) vacate(seats.find(({ holder }) => holder === person));
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
  return seats.some(({ holder }) => holder === person);
}

function vacate(seat: Seat | undefined): void {
  if (seat === undefined || seat.holder === null) return;
  seat.displaced.push(seat.holder);
  seat.holder = null;
}

function occupy(seat: Seat, person: PersonId, { id }: Override): void {
  seat.holder = person;
  seat.rotation = null;
  seat.override = id;
  seat.turn = null;
}

function newSeat({ id }: Override, index: number, options: { readonly standIn: Override | null }): Seat {
  const name = `${id}/${index}`;
  const empty = { holder: null, rotation: null, override: null, turn: null, displaced: [], takenBy: null };
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
  const holding = seats.filter(({ holder }) => holder === replaced);
  const lost = seats.filter((seat) => seat.holder !== replaced && seat.displaced.includes(replaced));
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
  const displaced = targets.flatMap((seat) => seat.displaced);
  let first = true;
  override.people.forEach((person, index) => {
    if (isOnCall(kept, person)) return;
    const seat = first ? target : newSeat(override, index, { standIn: target.standIn });
    if (!first) kept.push(seat);
    first = false;
    seat.displaced.push(...displaced);
    occupy(seat, person, override);
  });
  return kept;
}
