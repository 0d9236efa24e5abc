import type { Compiled } from './compile.ts';

/** Steps of the bound, and how near to the value it may stop. */
export const BOUND_LIMITS = { steps: 400, closeEnough: 1e-5 } as const;

/**
 * A proven lower bound of the fairness part for plans that leave the same units empty. Frank–Wolfe on the
 * relaxation in which a unit may be shared among people and only fixed reasons and simultaneous seats count.
 * `empty` tells which units are left out. Answers 0 when there is nothing to fill.
 */
export function lowerBound(
  compiled: Compiled,
  empty: (u: number) => boolean,
  steps: number = BOUND_LIMITS.steps,
): number {
  const slots = findSlots(compiled, empty);
  if (slots.length === 0 || compiled.personCount === 0) return baseValue(compiled);
  const relaxed = startPoint(compiled);
  let best = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < steps; step += 1) {
    const vertex = cheapestVertex(compiled, slots, relaxed);
    const value = relaxedValue(compiled, relaxed);
    if (step > 0) {
      best = Math.max(best, value - slope(compiled, relaxed, vertex));
      if (value - best <= BOUND_LIMITS.closeEnough * value) break;
    }
    stepTowards(compiled, relaxed, { vertex, whole: step === 0 });
  }
  return best;
}

/** A point of the relaxation by its sums alone: the objective needs no more. */
interface Point {
  readonly load: Float64Array;
  readonly rest: Float64Array;
  readonly buckets: Float64Array;
  linear: number;
}

function startPoint(c: Compiled): Point {
  return {
    load: new Float64Array(c.personCount),
    rest: new Float64Array(c.personCount),
    buckets: new Float64Array(c.personCount * c.bucketCount),
    linear: 0,
  };
}

function baseValue(c: Compiled): number {
  return relaxedValue(c, startPoint(c));
}

function relaxedValue(c: Compiled, point: Point): number {
  const { restDays, recent } = c.problem.weights;
  let value = point.linear;
  for (let i = 0; i < c.personCount; i += 1) {
    const level = (c.base[i] as number) + (point.load[i] as number);
    const rest = point.rest[i] as number;
    value += (level * level + restDays * rest * rest) / (c.entitlement[i] as number);
    for (let b = i * c.bucketCount; b < (i + 1) * c.bucketCount; b += 1) {
      const part = point.buckets[b] as number;
      value += (recent * part * part) / (c.bucketEntitlement[b] as number);
    }
  }
  return value;
}

/** Units that one person cannot hold together because they run at the same time, at most a few each. */
function findSlots(c: Compiled, empty: (u: number) => boolean): number[][] {
  const slots: number[][] = [];
  for (let u = 0; u < c.unitCount; u += 1) {
    if (empty(u)) continue;
    const last = slots.at(-1);
    const first = last?.[0];
    const together =
      last !== undefined &&
      first !== undefined &&
      last.length < 2 &&
      c.hullStart[first] === c.hullStart[u] &&
      (c.conflicts[first] as Int32Array).includes(u);
    if (together) last.push(u);
    else slots.push([u]);
  }
  return slots;
}

function cheapestVertex(c: Compiled, slots: readonly number[][], point: Point): Point {
  const { restDays, recent } = c.problem.weights;
  const vertex = startPoint(c);
  const prices = [new Float64Array(c.personCount), new Float64Array(c.personCount)] as const;
  const levelPrice = Float64Array.from(
    point.load,
    (load, i) => (2 * ((c.base[i] as number) + load)) / (c.entitlement[i] as number),
  );
  const restPrice = Float64Array.from(
    point.rest,
    (rest, i) => (2 * restDays * rest) / (c.entitlement[i] as number),
  );
  const bucketPrice = Float64Array.from(
    point.buckets,
    (part, b) => (2 * recent * part) / (c.bucketEntitlement[b] as number),
  );
  for (const slot of slots) {
    slot.forEach((u, k) => {
      const bucket = c.bucket[u] as number;
      const list = prices[k as 0 | 1];
      for (let i = 0; i < c.personCount; i += 1) {
        const at = i * c.unitCount + u;
        list[i] =
          c.blocked[at] !== 0
            ? Number.POSITIVE_INFINITY
            : (c.weight[at] as number) *
                ((levelPrice[i] as number) + (bucketPrice[i * c.bucketCount + bucket] as number)) +
              (c.restDay[at] as number) * (restPrice[i] as number) +
              (c.linearPrice[at] as number);
      }
    });
    const chosen = slot.length === 1 ? [cheapestOf(prices[0], -1)] : cheapestPair(prices[0], prices[1]);
    slot.forEach((u, k) => {
      addTo(c, vertex, { i: chosen[k] as number, u });
    });
  }
  return vertex;
}

function cheapestOf(prices: Float64Array, not: number): number {
  let best = -1;
  for (let i = 0; i < prices.length; i += 1) {
    if (
      i !== not &&
      prices[i] !== Number.POSITIVE_INFINITY &&
      (best < 0 || (prices[i] as number) < (prices[best] as number))
    )
      best = i;
  }
  return best;
}

function cheapestPair(first: Float64Array, second: Float64Array): [number, number] {
  const a = cheapestOf(first, -1);
  const b = cheapestOf(second, -1);
  if (a !== b || a < 0) return [a, b];
  const otherA = cheapestOf(first, a);
  const otherB = cheapestOf(second, b);
  if (otherA < 0 && otherB < 0) return [a, -1];
  if (otherA < 0) return [a, otherB];
  if (otherB < 0) return [otherA, b];
  const moveSecond = (first[a] as number) + (second[otherB] as number);
  const moveFirst = (first[otherA] as number) + (second[b] as number);
  return moveSecond <= moveFirst ? [a, otherB] : [otherA, b];
}

function addTo(c: Compiled, point: Point, of: { i: number; u: number }): void {
  const { i, u } = of;
  if (i < 0) return;
  const at = i * c.unitCount + u;
  const b = i * c.bucketCount + (c.bucket[u] as number);
  point.load[i] = (point.load[i] as number) + (c.weight[at] as number);
  point.rest[i] = (point.rest[i] as number) + (c.restDay[at] as number);
  point.buckets[b] = (point.buckets[b] as number) + (c.weight[at] as number);
  point.linear += c.linearPrice[at] as number;
}

/** How much the value falls, to first order, on the whole way to a vertex: value − slope is a bound. */
function slope(c: Compiled, point: Point, vertex: Point): number {
  const { restDays, recent } = c.problem.weights;
  let fall = point.linear - vertex.linear;
  for (let i = 0; i < c.personCount; i += 1) {
    const share = c.entitlement[i] as number;
    fall +=
      (2 *
        ((c.base[i] as number) + (point.load[i] as number)) *
        ((point.load[i] as number) - (vertex.load[i] as number))) /
      share;
    fall +=
      (2 * restDays * (point.rest[i] as number) * ((point.rest[i] as number) - (vertex.rest[i] as number))) /
      share;
  }
  for (let b = 0; b < point.buckets.length; b += 1) {
    const part = point.buckets[b] as number;
    fall += (2 * recent * part * (part - (vertex.buckets[b] as number))) / (c.bucketEntitlement[b] as number);
  }
  return fall;
}

/** Goes towards the vertex as far as the value falls: exact, since the objective is quadratic. */
function stepTowards(c: Compiled, point: Point, of: { vertex: Point; whole: boolean }): void {
  const { vertex } = of;
  let curve = 0;
  const { restDays, recent } = c.problem.weights;
  for (let i = 0; i < c.personCount; i += 1) {
    const share = c.entitlement[i] as number;
    curve += ((vertex.load[i] as number) - (point.load[i] as number)) ** 2 / share;
    curve += (restDays * ((vertex.rest[i] as number) - (point.rest[i] as number)) ** 2) / share;
  }
  for (let b = 0; b < point.buckets.length; b += 1) {
    curve +=
      (recent * ((vertex.buckets[b] as number) - (point.buckets[b] as number)) ** 2) /
      (c.bucketEntitlement[b] as number);
  }
  const step = of.whole
    ? 1
    : curve === 0
      ? 1
      : Math.min(1, Math.max(0, slope(c, point, vertex) / (2 * curve)));
  for (const key of ['load', 'rest', 'buckets'] as const) {
    const [from, to] = [point[key], vertex[key]];
    for (let k = 0; k < from.length; k += 1)
      from[k] = (from[k] as number) + step * ((to[k] as number) - (from[k] as number));
  }
  point.linear += step * (vertex.linear - point.linear);
}
