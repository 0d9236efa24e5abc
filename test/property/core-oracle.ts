import type { HoursWindow, Override, Rotation, Schedule } from '@watchbill/core';
import { DateTime, IANAZone } from 'luxon';

/**
 * A second, naive reading of the rules of docs/time.md: it asks luxon about every quarter of an hour and searches.
 * It shares no code with core. All wall times and offsets it meets must be multiples of a quarter of an hour.
 */
export const STEP_MS = 15 * 60_000;
const DAY = 86_400_000;
/** No clock is further from UTC than this, and no clock change skips more. */
const SEARCH = 28 * 3_600_000;

export interface Held {
  readonly person: string;
  readonly source: string;
  /** Start of the turn; null for an override. */
  readonly turn: number | null;
}

const offsets = new Map<string, Map<number, number>>();

function offset(zone: string, at: number): number {
  const byInstant = offsets.get(zone) ?? new Map<number, number>();
  offsets.set(zone, byInstant);
  const known = byInstant.get(at);
  if (known !== undefined) return known;
  const found = IANAZone.create(zone).offset(at) * 60_000;
  byInstant.set(at, found);
  return found;
}

const instants = new Map<string, readonly [number, number]>();

/** First and last pass of a wall time, by trying every quarter of an hour around it. */
export function searchInstants(zone: string, wall: number): readonly [number, number] {
  const key = `${zone} ${wall}`;
  const known = instants.get(key);
  if (known !== undefined) return known;
  const hits: number[] = [];
  let firstAfter = Number.NaN;
  for (let at = wall - SEARCH; at <= wall + SEARCH; at += STEP_MS) {
    const local = at + offset(zone, at);
    if (local === wall) hits.push(at);
    if (local > wall && Number.isNaN(firstAfter)) firstAfter = at;
  }
  const result = [hits[0] ?? firstAfter, hits.at(-1) ?? firstAfter] as const;
  instants.set(key, result);
  return result;
}

const NONE = [Number.NaN, Number.NaN] as const;
const windowDays = new WeakMap<HoursWindow, Map<number, readonly [number, number]>>();

/** Start and end of a window that starts on a day; nothing lies between them if it does not. */
function windowOn(window: HoursWindow, day: number): readonly [number, number] {
  const byDay = windowDays.get(window) ?? new Map<number, readonly [number, number]>();
  windowDays.set(window, byDay);
  const known = byDay.get(day);
  if (known !== undefined) return known;
  const date = DateTime.fromMillis(day * DAY, { zone: 'utc' });
  const named = window.days.some((weekday) => weekday === date.weekday);
  const holiday = window.holidays?.dates.includes(date.toISODate() ?? '') === true;
  const overnight = window.toMinute <= window.fromMinute ? DAY : 0;
  const [start] = searchInstants(window.timeZone, day * DAY + window.fromMinute * 60_000);
  const [, end] = searchInstants(window.timeZone, day * DAY + window.toMinute * 60_000 + overnight);
  const result = named && !holiday ? ([start, end] as const) : NONE;
  byDay.set(day, result);
  return result;
}

function inWindow(window: HoursWindow, at: number): boolean {
  const today = Math.floor((at + offset(window.timeZone, at)) / DAY);
  for (let day = today - 3; day <= today + 3; day += 1) {
    const [start, end] = windowOn(window, day);
    if (at >= start && at < end) return true;
  }
  return false;
}

function inHours(hours: Rotation['hours'], schedule: Schedule, at: number): boolean {
  const core = () => schedule.coreHours.some((window) => inWindow(window, at));
  if (hours.kind === 'all') return true;
  if (hours.kind === 'core') return core();
  if (hours.kind === 'non-core') return !core();
  return hours.windows.some((window) => inWindow(window, at));
}

/** Boundary `k` steps from the anchor, by luxon's own calendar arithmetic on a clock without changes. */
function boundary(rotation: Rotation, k: number): number {
  if (rotation.strategy.kind !== 'in_order') throw new Error('only for rotations in order');
  const { start, cadence } = rotation.strategy;
  const wall = DateTime.fromMillis(start, { zone: 'utc' }).plus({ [cadence.unit]: k * cadence.every });
  return searchInstants(rotation.timeZone, wall.toMillis())[0];
}

interface OracleTurn {
  readonly start: number;
  readonly end: number;
}

const turnLists = new WeakMap<Rotation, { readonly turns: OracleTurn[]; readonly anchor: number }>();
const TURNS_EACH_WAY = 2_000;
const NEAR = 20 * DAY;

/** All turns from the anchor to `at` and some way past both, in order, and the place of the anchor's own turn. */
function turnsAround(rotation: Rotation, at: number) {
  const known = turnLists.get(rotation);
  if (known !== undefined) return known;
  const anchor = boundary(rotation, 0);
  const [low, high] = [Math.min(anchor, at) - NEAR, Math.max(anchor, at) + NEAR];
  const edges = new Set<number>([anchor]);
  for (let k = 1; k <= TURNS_EACH_WAY; k += 1) {
    edges.add(boundary(rotation, k));
    if (boundary(rotation, k) > high) break;
  }
  for (let k = -1; k >= -TURNS_EACH_WAY; k -= 1) {
    edges.add(boundary(rotation, k));
    if (boundary(rotation, k) < low) break;
  }
  const sorted = [...edges].sort((a, b) => a - b);
  const turns = sorted.slice(0, -1).map((start, i) => ({ start, end: sorted[i + 1] as number }));
  const made = { turns, anchor: turns.findIndex(({ start }) => start === anchor) };
  turnLists.set(rotation, made);
  return made;
}

function isWorked(rotation: Rotation, schedule: Schedule, turn: OracleTurn): boolean {
  for (let at = turn.start; at < turn.end; at += STEP_MS) {
    if (inHours(rotation.hours, schedule, at)) return true;
  }
  return false;
}

const workedTurns = new WeakMap<Rotation, Map<number, boolean>>();

function workedAt(rotation: Rotation, schedule: Schedule, turn: OracleTurn): boolean {
  const byStart = workedTurns.get(rotation) ?? new Map<number, boolean>();
  workedTurns.set(rotation, byStart);
  const known = byStart.get(turn.start);
  if (known !== undefined) return known;
  const found = isWorked(rotation, schedule, turn);
  byStart.set(turn.start, found);
  return found;
}

function peopleOf(rotation: Rotation, schedule: Schedule, at: number): Held[] {
  const { strategy, id } = rotation;
  if (at < (rotation.effectiveFrom ?? at) || at >= (rotation.effectiveUntil ?? at + 1)) return [];
  if (!inHours(rotation.hours, schedule, at)) return [];
  if (strategy.kind === 'fixed') {
    const turn = strategy.turns.find(({ start, end }) => at >= start && at < end);
    return (turn?.people ?? []).map((person) => ({ person, source: id, turn: turn?.start ?? null }));
  }
  if (strategy.kind === 'fair') throw new Error('the oracle knows no plans');
  const { turns, anchor } = turnsAround(rotation, at);
  const place = turns.findIndex(({ start, end }) => at >= start && at < end);
  if (place < 0) throw new Error('the oracle looked too near');
  let order = 0;
  const counts = (turn: OracleTurn | undefined) =>
    turn !== undefined && (strategy.count === 'elapsed' || workedAt(rotation, schedule, turn));
  for (let i = anchor; i < place; i += 1) if (counts(turns[i])) order += 1;
  for (let i = anchor - 1; i >= place; i -= 1) if (counts(turns[i])) order -= 1;
  const size = strategy.roster.length;
  const member = strategy.roster[((order % size) + size) % size] ?? [];
  return member.map((person) => ({ person, source: id, turn: turns[place]?.start ?? null }));
}

function layered(schedule: Schedule, role: string, at: number): Held[] {
  const own = schedule.rotations.filter((rotation) => rotation.role === role);
  const layers = [...new Set(own.map(({ layer }) => layer))].sort((a, b) => b - a);
  for (const layer of layers) {
    const all = own.filter((r) => r.layer === layer).flatMap((r) => peopleOf(r, schedule, at));
    const once = all.filter(({ person }, i) => all.findIndex((other) => other.person === person) === i);
    if (once.length > 0) return once;
  }
  return [];
}

/** A place somebody should fill, whoever fills it now. `had` is everybody who lost it; `stand` covers it for all. */
interface Place {
  now: Held | null;
  had: string[];
  stand: string | null;
}

function overridden(base: readonly Held[], active: readonly Override[]): Held[] {
  const places: Place[] = base.map((now) => ({ now, had: [], stand: null }));
  /** Who stands in for everybody, by the override that put them there. */
  let standing: Place[] = [];
  let standId: string | null = null;
  const everywhere = () => [...places, ...standing];
  const on = (person: string) => everywhere().some(({ now }) => now?.person === person);
  const leave = (place: Place) => {
    if (place.now !== null) place.had.push(place.now.person);
    place.now = null;
  };
  for (const { id, kind, people, replaces } of active) {
    const held = (person: string): Held => ({ person, source: id, turn: null });
    if (kind === 'add') {
      for (const person of people) if (!on(person)) places.push({ now: held(person), had: [], stand: null });
    } else if (kind === 'remove') {
      for (const place of everywhere()) if (people.includes(place.now?.person ?? '')) leave(place);
    } else if (replaces === null) {
      for (const place of places) {
        leave(place);
        place.stand = id;
      }
      standId = id;
      standing = people.map((person) => ({ now: held(person), had: [], stand: null }));
    } else {
      const theirs = everywhere().filter(
        ({ now, had }) => now?.person === replaces || had.includes(replaces),
      );
      if (theirs.length === 0) continue;
      const released = theirs.some(({ stand }) => stand !== null && stand === standId);
      for (const place of theirs) {
        leave(place);
        place.stand = null;
      }
      if (released && !places.some(({ stand }) => stand === standId)) standing = [];
      // The first of them takes the place that was given up, so that it is not one more to stand in for.
      let free = theirs.find((place) => places.includes(place)) ?? null;
      const had = [...new Set(theirs.flatMap((place) => place.had))];
      for (const person of people) {
        if (on(person)) continue;
        if (free === null) places.push({ now: held(person), had: [...had], stand: null });
        else Object.assign(free, { now: held(person), had: [...had] });
        free = null;
      }
    }
  }
  return everywhere().flatMap(({ now }) => (now === null ? [] : [now]));
}

/** Who is on call in a role at an instant. */
export function oracleAt(schedule: Schedule, role: string, at: number): Held[] {
  const active = schedule.overrides.filter((o) => o.role === role && at >= o.start && at < o.end);
  return overridden(layered(schedule, role, at), active);
}

/** Whether the role must be staffed at an instant. */
export function oracleCovered(schedule: Schedule, at: number): boolean {
  return inHours(schedule.coverage, schedule, at);
}
