import type { FairRules } from '../schedule/schedule.ts';
import { DAY_MS, MINUTE_MS } from '../time/interval.ts';
import {
  endOf,
  findConflicts,
  type Hulls,
  hulls,
  startOf,
  touchedDays,
  touchedNights,
  touchedWeekends,
} from './closeness.ts';
import { BUCKET_MS, type Entitlements, entitlements } from './entitlement.ts';
import { buildLattice, type Lattice, profileKey } from './lattice.ts';
import { compilePairs, type Pairs } from './pairs.ts';
import { BURDEN_UNIT, PLAN_LIMITS, type PlanPerson, type PlanProblem, type PlanUnit } from './problem.ts';

/** What a change costs, in changes: a frozen unit is told to people already. */
const FROZEN_CHANGE = 8;
const OTHER_GAP_PRICE = 400;
const NONE = new Int32Array(0);

/** A problem as numbers, sorted by id so that the input's order does not matter. */
export interface Compiled extends Pairs, Entitlements, Hulls {
  readonly problem: PlanProblem;
  readonly people: readonly PlanPerson[];
  readonly units: readonly PlanUnit[];
  readonly personCount: number;
  readonly unitCount: number;
  readonly lattices: readonly Lattice[];
  readonly profileOf: Int32Array;
  /** What a burden-hour of linear price weighs in the objective. */
  readonly priceScale: number;
  /** The linear prices in units of the objective. */
  readonly linearPrice: Float64Array;
  readonly bucket: Int32Array;
  /** Part of the search's budgets that is used, above 0 up to 1. */
  readonly effort: number;
  /** levelOffset × entitlement + carried. */
  readonly base: Float64Array;
  readonly gapPrice: Float64Array;
  readonly changePrice: Float64Array;
  /** Index of who held it in the published plan; −1: nobody, or nobody known. */
  readonly previous: Int32Array;
  /** The units that the search may move: all but the pinned ones. */
  readonly movable: Int32Array;
  readonly pinned: Uint8Array;
  /** Units that one person cannot hold together: overlap or too little rest. Sorted lists. */
  readonly conflicts: readonly Int32Array[];
  readonly ruleSets: readonly FairRules[];
  readonly ruleSetOf: Int32Array;
  /**
   * By profile and unit: the local days and nights that it touches, counted from the lattice's first day; empty for
   * units whose rules do not count them.
   */
  readonly daysOf: readonly (readonly Int32Array[])[];
  readonly nightsOf: readonly (readonly Int32Array[])[];
  /** The weekends that a unit touches; empty for units whose rules do not count them. */
  readonly weekendsOf: readonly (readonly Int32Array[])[];
  readonly dayCount: number;
}

/** Makes a problem ready for the search. Throws a RangeError for one beyond PLAN_LIMITS, and for an empty horizon. */
export function compile(problem: PlanProblem): Compiled {
  checkSize(problem);
  const people = [...problem.people].sort((a, b) => compareText(a.id, b.id));
  const units = [...problem.units].sort(compareUnits);
  const { profileOf, lattices, dayCount } = buildLattices(problem, people, units);
  const spans = hulls(units);
  const pairs = compilePairs({ problem, people, units, lattices, profileOf, spans });
  const shares = entitlements(problem, people);
  const offset = problem.weights.levelOffset * BURDEN_UNIT;
  const priceScale = 2 * meanLevel({ people, units, pairs, shares, offset }) * BURDEN_UNIT;
  const index = new Map(people.map((person, i) => [person.id, i]));
  const { start } = problem.horizon;
  const bucketAt = (at: number) => Math.floor((at - start) / BUCKET_MS);
  return {
    problem,
    people,
    units,
    personCount: people.length,
    unitCount: units.length,
    lattices,
    profileOf,
    dayCount,
    ...pairs,
    ...shares,
    ...spans,
    ...compileRules(units),
    effort: 1,
    priceScale,
    linearPrice: pairs.linear.map((price) => price * priceScale),
    bucket: Int32Array.from(spans.hullStart, (at) =>
      Math.min(shares.bucketCount - 1, Math.max(0, bucketAt(at))),
    ),
    base: Float64Array.from(people, ({ carried }, i) => offset * (shares.entitlement[i] as number) + carried),
    gapPrice: Float64Array.from(units, (unit) => (unit.pinned ? 0 : gapPriceOf(problem, unit))),
    changePrice: Float64Array.from(units, (unit) => changePriceOf(problem, unit)),
    previous: Int32Array.from(units, ({ previous }) => index.get(previous ?? '') ?? -1),
    movable: Int32Array.from([...units.keys()].filter((u) => units[u]?.pinned === false)),
    pinned: Uint8Array.from(units, ({ pinned }) => (pinned ? 1 : 0)),
    conflicts: findConflicts(units, spans),
    daysOf: lattices.map((lattice) =>
      units.map((unit) => (unit.rules.maxConsecutiveDays === null ? NONE : touchedDays(unit, lattice))),
    ),
    nightsOf: lattices.map((lattice) =>
      units.map((unit) => (unit.rules.maxConsecutiveNights === null ? NONE : touchedNights(unit, lattice))),
    ),
    weekendsOf: lattices.map((lattice) =>
      units.map((unit) =>
        (unit.rules.maxConsecutiveWeekends ?? null) === null ? NONE : touchedWeekends(unit, lattice),
      ),
    ),
  };
}

function checkSize({ people, units, horizon }: PlanProblem): void {
  if (!(horizon.start < horizon.end)) throw new RangeError('The horizon of a plan must end after it starts');
  const limits = PLAN_LIMITS;
  const days = (horizon.end - horizon.start) / DAY_MS;
  const advice = 'plan a shorter stretch, or split the rotation';
  if (days > limits.horizonDays) {
    throw new RangeError(
      `A plan covers at most ${limits.horizonDays} days, got ${Math.ceil(days)}: ${advice}`,
    );
  }
  if (people.length > limits.people) {
    throw new RangeError(`A plan has at most ${limits.people} people, got ${people.length}: ${advice}`);
  }
  if (units.length > limits.units) {
    throw new RangeError(`A plan has at most ${limits.units} turns, got ${units.length}: ${advice}`);
  }
  const pairs = people.length * units.length;
  if (pairs > limits.pairs) {
    const sizes = `${people.length} people and ${units.length} turns`;
    throw new RangeError(`A plan of ${sizes} is too large (more than ${limits.pairs} pairs): ${advice}`);
  }
}

/** The order of texts by their code units, the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareUnits(a: PlanUnit, b: PlanUnit): number {
  return startOf(a) - startOf(b) || compareText(a.role, b.role) || compareText(a.id, b.id);
}

function gapPriceOf(problem: PlanProblem, unit: PlanUnit): number {
  const minutes = unit.intervals.reduce((all, { start, end }) => all + (end - start) / MINUTE_MS, 0);
  return Math.round(minutes) * (problem.weights.gapPrices[unit.role] ?? OTHER_GAP_PRICE);
}

function changePriceOf(problem: PlanProblem, unit: PlanUnit): number {
  if (!problem.keepPrevious || unit.previous === null || unit.pinned) return 0;
  return unit.frozen ? FROZEN_CHANGE : 1;
}

function buildLattices(problem: PlanProblem, people: readonly PlanPerson[], units: readonly PlanUnit[]) {
  const { start, end } = problem.horizon;
  const first = units.reduce((least, unit) => Math.min(least, startOf(unit)), start);
  const last = units.reduce((most, unit) => Math.max(most, endOf(unit)), end);
  // Whole UTC days with one to spare on either side: local days reach beyond.
  const window = {
    start: Math.floor(first / DAY_MS - 1) * DAY_MS,
    end: Math.ceil(last / DAY_MS + 1) * DAY_MS,
  };
  const byKey = new Map<string, number>();
  const lattices: Lattice[] = [];
  const profileOf = Int32Array.from(people, (person) => {
    const key = profileKey(person);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    byKey.set(key, lattices.length);
    lattices.push(buildLattice(person, window, problem.weights.rates));
    return lattices.length - 1;
  });
  return { profileOf, lattices, dayCount: Math.ceil((window.end - window.start) / DAY_MS) + 3 };
}

function compileRules(units: readonly PlanUnit[]): Pick<Compiled, 'ruleSets' | 'ruleSetOf'> {
  const byKey = new Map<string, number>();
  const ruleSets: FairRules[] = [];
  const ruleSetOf = Int32Array.from(units, ({ rules }) => {
    const key = [
      rules.restHours,
      rules.maxConsecutiveDays,
      rules.maxConsecutiveNights,
      rules.maxConsecutiveWeekends,
      rules.maxUnitsIn7Days,
      rules.maxHoursIn7Days,
      rules.maxSharePercent,
    ].join();
    const known = byKey.get(key);
    if (known !== undefined) return known;
    byKey.set(key, ruleSets.length);
    ruleSets.push(rules);
    return ruleSets.length - 1;
  });
  return { ruleSets, ruleSetOf };
}

/** What a full share will carry at the end, if each unit weighs what it weighs on the mean. */
function meanLevel(of: {
  readonly people: readonly PlanPerson[];
  readonly units: readonly PlanUnit[];
  readonly pairs: Pairs;
  readonly shares: Entitlements;
  readonly offset: number;
}): number {
  const { people, units, pairs, shares, offset } = of;
  let total = people.reduce((all, { carried }) => all + carried, 0);
  for (let u = 0; u < units.length; u += 1) {
    let [all, count] = [0, 0];
    for (let at = u; at < pairs.weight.length; at += units.length) {
      if (pairs.blocked[at] !== 0) continue;
      all += pairs.weight[at] as number;
      count += 1;
    }
    if (count > 0) total += all / count;
  }
  const entitled = shares.entitlement.reduce((all, share) => all + share, 0);
  return offset + (entitled === 0 ? 0 : total / entitled);
}
