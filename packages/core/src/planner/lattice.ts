import { weekdayOf } from '../time/civil.ts';
import { formatDate } from '../time/format.ts';
import { DAY_MS, type Instant, type Interval, MINUTE_MS } from '../time/interval.ts';
import { toWall, transitions } from '../time/zone.ts';
import { windowsIn } from '../timeline/hours.ts';
import { BURDEN_UNIT, type BurdenRates, type PlanPerson, QUARTER_MS } from './problem.ts';

/** The classes of an hour on call, in a person's own local time. */
export const BURDEN_CLASSES = [
  'core',
  'waking',
  'night',
  'weekend',
  'weekendNight',
  'holiday',
  'holidayNight',
] as const;
export type BurdenClass = (typeof BURDEN_CLASSES)[number];

const CORE = 0;
const WAKING = 1;
const NIGHT = 2;
const WEEKEND = 3;
const WEEKEND_NIGHT = 4;
const HOLIDAY = 5;
const HOLIDAY_NIGHT = 6;

/**
 * A person's hours on a lattice of quarters: every zone's offset is a multiple of 15 minutes. `burden[k]` is the
 * burden of the first k quarters in quarter-rate units, so that the burden of any stretch is one subtraction.
 */
export interface Lattice {
  readonly origin: Instant;
  readonly classes: Uint8Array;
  readonly burden: Float64Array;
  readonly restDay: Float64Array;
  readonly nights: Int32Array;
  /** Local day number of each quarter, counted from the lattice's first local day. */
  readonly localDay: Int32Array;
  /** Local minute of day of each quarter. */
  readonly localMinute: Int16Array;
  readonly firstDay: number;
  readonly sleep: PlanPerson['sleep'];
  readonly weekend: PlanPerson['weekend'];
}

/** What two people must share to have the same lattice. */
export function profileKey(person: PlanPerson): string {
  return JSON.stringify([
    person.timeZone,
    person.workingHours,
    person.sleep,
    person.weekend,
    person.holidays?.dates ?? [],
  ]);
}

const DAY_MINUTES = 1440;
export const NOON_MINUTE = 720;

/** Builds the lattice of a profile over a window, which must start on a quarter. */
export function buildLattice(person: PlanPerson, window: Interval, rates: BurdenRates): Lattice {
  const count = Math.ceil((window.end - window.start) / QUARTER_MS);
  const classes = new Uint8Array(count);
  const localDay = new Int32Array(count);
  const localMinute = new Int16Array(count);
  const firstDay = Math.floor(toWall(window.start, person.timeZone) / DAY_MS);
  fillLocalTime({ person, window, firstDay, localDay, localMinute });
  const days = new Map<number, Uint8Array>();
  const worked = workedQuarters(person, window, count);
  for (let k = 0; k < count; k += 1) {
    const day = localDay[k] as number;
    let template = days.get(day);
    if (template === undefined) {
      template = dayClasses(person, day + firstDay);
      days.set(day, template);
    }
    const base = template[Math.floor((localMinute[k] as number) / 15)] as number;
    classes[k] = base === WAKING && worked[k] === 1 ? CORE : base;
  }
  const { sleep, weekend } = person;
  return {
    origin: window.start,
    classes,
    localDay,
    localMinute,
    firstDay,
    sleep,
    weekend,
    ...prefixSums(classes, rates),
  };
}

function prefixSums(classes: Uint8Array, rates: BurdenRates): Pick<Lattice, 'burden' | 'restDay' | 'nights'> {
  const perQuarter = BURDEN_CLASSES.map((name) => (rates[name] * BURDEN_UNIT) / 4);
  const burden = new Float64Array(classes.length + 1);
  const restDay = new Float64Array(classes.length + 1);
  const nights = new Int32Array(classes.length + 1);
  for (let k = 0; k < classes.length; k += 1) {
    const hour = classes[k] as number;
    const weight = perQuarter[hour] as number;
    burden[k + 1] = (burden[k] as number) + weight;
    restDay[k + 1] = (restDay[k] as number) + (hour >= WEEKEND ? weight : 0);
    nights[k + 1] = (nights[k] as number) + (isNight(hour) ? 1 : 0);
  }
  return { burden, restDay, nights };
}

function fillLocalTime(input: {
  person: PlanPerson;
  window: Interval;
  firstDay: number;
  localDay: Int32Array;
  localMinute: Int16Array;
}): void {
  const { person, window, firstDay, localDay, localMinute } = input;
  const changes = transitions(person.timeZone, { start: window.start + 1, end: window.end });
  let next = 0;
  let offset = toWall(window.start, person.timeZone) - window.start;
  for (let k = 0; k < localDay.length; k += 1) {
    const at = window.start + k * QUARTER_MS;
    while (next < changes.length && (changes[next]?.at ?? 0) <= at) {
      offset = changes[next]?.after ?? offset;
      next += 1;
    }
    const wall = at + offset;
    const day = Math.floor(wall / DAY_MS);
    localDay[k] = day - firstDay;
    localMinute[k] = Math.floor((wall - day * DAY_MS) / MINUTE_MS);
  }
}

/** The class of each quarter of one local day, working hours left out: they are waking. */
function dayClasses(person: PlanPerson, day: number): Uint8Array {
  const weekday = weekdayOf(day);
  const holiday = person.holidays?.dates.includes(formatDate(day)) ?? false;
  const weekend = person.weekend.includes(weekday);
  const result = new Uint8Array(DAY_MINUTES / 15);
  for (let slot = 0; slot < result.length; slot += 1) {
    const minute = slot * 15;
    const night = within(minute, person.sleep.fromMinute, person.sleep.toMinute);
    if (holiday) result[slot] = night ? HOLIDAY_NIGHT : HOLIDAY;
    else if (weekend) result[slot] = night ? WEEKEND_NIGHT : WEEKEND;
    else if (night) result[slot] = NIGHT;
    else result[slot] = WAKING;
  }
  return result;
}

/** 1 for each quarter that begins within the person's own working hours. */
function workedQuarters(person: PlanPerson, window: Interval, count: number): Uint8Array {
  const result = new Uint8Array(count);
  for (const { start, end } of windowsIn(person.workingHours, window)) {
    const from = Math.ceil((start - window.start) / QUARTER_MS);
    result.fill(1, from, Math.ceil((end - window.start) / QUARTER_MS));
  }
  return result;
}

/** Whether a class lies in the night. */
export function isNight(hourClass: number): boolean {
  return hourClass === NIGHT || hourClass === WEEKEND_NIGHT || hourClass === HOLIDAY_NIGHT;
}

/** The night of a quarter that lies in one, counted as local days are: the day on whose evening it begins. */
export function nightAt({ localDay, localMinute, sleep }: Lattice, k: number): number {
  const day = localDay[k] as number;
  const { fromMinute, toMinute } = sleep;
  if (fromMinute > toMinute) return (localMinute[k] as number) < fromMinute ? day - 1 : day;
  return fromMinute < NOON_MINUTE ? day - 1 : day;
}

function within(minute: number, from: number, to: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** The part of a lattice's prefix sum that lies in an interval; the ends are rounded to quarters. */
export function sumOver(lattice: Lattice, sums: Float64Array | Int32Array, interval: Interval): number {
  const last = sums.length - 1;
  const from = Math.min(last, Math.max(0, Math.round((interval.start - lattice.origin) / QUARTER_MS)));
  const to = Math.min(last, Math.max(0, Math.round((interval.end - lattice.origin) / QUARTER_MS)));
  return (sums[to] as number) - (sums[from] as number);
}
