import { weekdayOf } from '../time/civil.ts';
import { DAY_MS, HOUR_MS, type Interval } from '../time/interval.ts';
import { endOf, type Hulls, startOf } from './closeness.ts';
import { type Lattice, sumOver } from './lattice.ts';
import { type BusyTime, type PlanPerson, type PlanProblem, type PlanUnit, QUARTER_MS } from './problem.ts';

/** Why a person can never hold a unit, whatever the rest of the plan; by number. 0 is: can. */
export const STATIC_BLOCKS = [
  '',
  'not-eligible',
  'not-a-member',
  'newcomer',
  'absent',
  'busy-elsewhere',
  'has-begun',
  'not-a-newcomer',
] as const;
const NOT_ELIGIBLE = 1;
const NOT_A_MEMBER = 2;
const NEWCOMER = 3;
const ABSENT = 4;
const BUSY = 5;
const BEGUN = 6;
const NOT_A_NEWCOMER = 7;
/** Who is on a seat of this role watches and learns: only newcomers, and it may stay empty. */
export const SHADOW_ROLE = 'shadow';
/** A unit of a day or longer has the same nights for everybody. */
const WHOLE_DAY_MS = DAY_MS;
const OTHER_ROLE = 0.5;

/** What each unit means to each person. All arrays are indexed `person * units + unit`. */
export interface Pairs {
  /** Whole burden units. */
  readonly weight: Int32Array;
  /** The part of the weight in weekends and holidays. */
  readonly restDay: Int32Array;
  /** Linear price in burden-hours: avoidable nights and wishes. */
  readonly linear: Float64Array;
  /** An index into STATIC_BLOCKS. */
  readonly blocked: Uint8Array;
}

interface PairInput {
  readonly problem: PlanProblem;
  readonly people: readonly PlanPerson[];
  readonly units: readonly PlanUnit[];
  readonly lattices: readonly Lattice[];
  readonly profileOf: Int32Array;
  readonly spans: Hulls;
}

/** The burden of a role's hour beside primary's. */
export function roleFactor(problem: Pick<PlanProblem, 'weights'>, role: string): number {
  return problem.weights.roles[role] ?? OTHER_ROLE;
}

export function compilePairs(input: PairInput): Pairs {
  const { people, units } = input;
  const size = people.length * units.length;
  const pairs: Pairs = {
    weight: new Int32Array(size),
    restDay: new Int32Array(size),
    linear: new Float64Array(size),
    blocked: new Uint8Array(size),
  };
  const nights = new Float64Array(people.length);
  for (let u = 0; u < units.length; u += 1) {
    const unit = units[u] as PlanUnit;
    const factor = roleFactor(input.problem, unit.role);
    fillUnit(input, pairs, { u, factor, nights });
    if ((input.spans.hours[u] as number) * HOUR_MS >= WHOLE_DAY_MS) continue;
    const leastNight = people.reduce(
      (least, _, i) =>
        pairs.blocked[i * units.length + u] === 0 ? Math.min(least, nights[i] as number) : least,
      Number.POSITIVE_INFINITY,
    );
    for (let i = 0; i < people.length; i += 1) {
      const at = i * units.length + u;
      const more = (nights[i] as number) - leastNight;
      if (more > 0 && leastNight < Number.POSITIVE_INFINITY) {
        pairs.linear[at] = (pairs.linear[at] as number) + input.problem.weights.avoidableNight * more;
      }
    }
  }
  return pairs;
}

function fillUnit(
  input: PairInput,
  pairs: Pairs,
  of: { readonly u: number; readonly factor: number; readonly nights: Float64Array },
): void {
  const { problem, people, units, lattices, profileOf } = input;
  const { u, factor, nights } = of;
  const unit = units[u] as PlanUnit;
  const eligible = unit.eligible === null ? null : new Set(unit.eligible);
  // What was stood before the horizon is in the ledger already.
  const counts = unit.pinned && startOf(unit) < problem.horizon.start ? 0 : factor;
  // People of one profile stand it alike.
  const sums = lattices.map((lattice) => hoursOf(lattice, unit));
  for (let i = 0; i < people.length; i += 1) {
    const person = people[i] as PlanPerson;
    const profile = profileOf[i] as number;
    const lattice = lattices[profile] as Lattice;
    const at = i * units.length + u;
    const { burden, rest, night } = sums[profile] as ReturnType<typeof hoursOf>;
    pairs.weight[at] = Math.round(counts * burden);
    pairs.restDay[at] = Math.round(counts * rest);
    nights[i] = (counts * night) / 4;
    pairs.blocked[at] = staticBlock(person, unit, eligible);
    pairs.linear[at] = counts === 0 ? 0 : preferencePrice(problem, person, { unit, lattice });
  }
}

/** What the hours of a unit come to on a lattice: burden, its part in weekends and holidays, quarters of night. */
function hoursOf(lattice: Lattice, unit: PlanUnit) {
  let [burden, rest, night] = [0, 0, 0];
  for (const interval of unit.intervals) {
    burden += sumOver(lattice, lattice.burden, interval);
    rest += sumOver(lattice, lattice.restDay, interval);
    night += sumOver(lattice, lattice.nights, interval);
  }
  return { burden, rest, night };
}

function staticBlock(person: PlanPerson, unit: PlanUnit, eligible: ReadonlySet<string> | null): number {
  if (unit.pinned) return unit.previous === person.id ? 0 : BEGUN;
  if (eligible !== null && !eligible.has(person.id)) return NOT_ELIGIBLE;
  const start = startOf(unit);
  const end = endOf(unit);
  if (person.joined !== null && start < person.joined) return NOT_A_MEMBER;
  if (person.left !== null && end > person.left) return NOT_A_MEMBER;
  const isNew = person.shadowUntil !== null && start < person.shadowUntil;
  if (isNew !== (unit.role === SHADOW_ROLE)) return isNew ? NEWCOMER : NOT_A_NEWCOMER;
  for (const absence of person.unavailable) {
    if (absence.start < end && start < absence.end && touches(unit, absence, 0)) return ABSENT;
  }
  for (const busy of person.busy) {
    const rest = restFrom(busy, person, unit);
    if (rest === null || busy.start - rest >= end || start >= busy.end + rest) continue;
    if (touches(unit, busy, rest)) return BUSY;
  }
  return 0;
}

/** Whether a stretch of the unit comes nearer than `apart` ms to another stretch. */
function touches(unit: PlanUnit, stretch: Interval, apart: number): boolean {
  for (const part of unit.intervals) {
    if (part.start < stretch.end + apart && stretch.start - apart < part.end) return true;
  }
  return false;
}

/** The rest in ms that a unit must keep from a shift elsewhere; null: the two do not clash at all. */
function restFrom({ byHand }: BusyTime, person: PlanPerson, unit: PlanUnit): number | null {
  if (byHand === null || unit.previous !== person.id) return (unit.rules.restHours ?? 0) * HOUR_MS;
  return byHand.schedule === unit.schedule && byHand.role === unit.role ? null : 0;
}

function preferencePrice(
  problem: PlanProblem,
  person: PlanPerson,
  of: { readonly unit: PlanUnit; readonly lattice: Lattice },
): number {
  if (person.prefers.length === 0) return 0;
  const { preferNot, want } = problem.weights;
  const byDay = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const { days, weight } of person.prefers) {
    const price = (weight < 0 ? -weight * preferNot : weight * want) / 4;
    for (const day of days) byDay[day] = (byDay[day] as number) + price;
  }
  let price = 0;
  for (const { start, end } of of.unit.intervals) {
    for (let at = start; at < end; at += QUARTER_MS) {
      const k = Math.round((at - of.lattice.origin) / QUARTER_MS);
      price += byDay[weekdayOf((of.lattice.localDay[k] as number) + of.lattice.firstDay)] as number;
    }
  }
  return price;
}
