import { DAY_MS } from '../time/interval.ts';
import { improve } from './search.ts';
import { EMPTY, type State } from './state.ts';
import type { Ground } from './walk.ts';

/** Stretches of so many days among everybody, and longer ones among a few people. */
const SHORT = { fewestDays: 14, moreDays: 28 } as const;
const LONG = { fewestDays: 42, moreDays: 70, fewestPeople: 2, morePeople: 5 } as const;
const LONG_PART = 0.2;
/** So many of the stretches lie around a place where the plan pays most. */
const HOT_PART = 0.9;
/** A linear price above this part of a mean unit's is one of these places. */
const HOT_PRICE = 0.2;
/** Some places want a warm walk, others a cool one; in prices of a mean unit. */
const FROM = [0.3, 0.5, 1, 3] as const;
const WALK = { to: 0.001, stepsPerUnit: 600, minUnits: 3 } as const;

/**
 * Anneals stretch by stretch with the rest as it is: what one walk over the whole finds here and misses there is
 * found place by place. A stretch that does not become better stays as it was. `steps` is for all together.
 */
export function searchStretches(
  state: State,
  ground: Ground,
  of: { readonly units: Int32Array; readonly random: () => number; readonly steps: number },
): void {
  const { horizon } = state.compiled.problem;
  const { units, random } = of;
  const days = (horizon.end - horizon.start) / DAY_MS;
  for (let left = of.steps; left > 0; ) {
    const isLong = random() < LONG_PART;
    const { fewestDays, moreDays } = isLong ? LONG : SHORT;
    const length = Math.min(days, fewestDays + Math.floor(random() * moreDays)) * DAY_MS;
    const start = middleOf(state, ground, { units, random }) - random() * length;
    const people = isLong ? somePeople(state, random) : undefined;
    const inside = unitsIn(state, units, { start, end: start + length, people });
    const steps = Math.min(left, WALK.stepsPerUnit * inside.length);
    left -= Math.max(steps, WALK.stepsPerUnit);
    if (inside.length < WALK.minUnits) continue;
    const seed = Math.floor(random() * 0x1_0000_0000);
    const from = FROM[Math.floor(random() * FROM.length)] as number;
    improve(state, ground, { seed, steps, from, to: WALK.to, units: inside, people });
  }
}

/** The start of a random unit; mostly of one that is a gap or carries a price of its own. */
function middleOf(
  { compiled, holder }: State,
  ground: Ground,
  of: { readonly units: Int32Array; readonly random: () => number },
): number {
  const { units, random } = of;
  const { hullStart, linearPrice, unitCount } = compiled;
  const isHot = (u: number): boolean => {
    const i = holder[u] as number;
    return i === EMPTY || (linearPrice[i * unitCount + u] as number) > HOT_PRICE * ground.unitPrice;
  };
  const hot = random() < HOT_PART ? units.filter(isHot) : units;
  const from = hot.length === 0 ? units : hot;
  return hullStart[from[Math.floor(random() * from.length)] as number] as number;
}

function somePeople({ compiled }: State, random: () => number): Uint8Array {
  const { personCount } = compiled;
  const people = new Uint8Array(personCount);
  const count = LONG.fewestPeople + Math.floor(random() * LONG.morePeople);
  for (let k = 0; k < count; k += 1) people[Math.floor(random() * personCount)] = 1;
  return people;
}

/** The units that start in a stretch and that nobody or one of some people holds. */
function unitsIn(
  { compiled, holder }: State,
  units: Int32Array,
  of: { readonly start: number; readonly end: number; readonly people: Uint8Array | undefined },
): Int32Array {
  const { hullStart } = compiled;
  return units.filter((u) => {
    const at = hullStart[u] as number;
    if (at < of.start || at >= of.end) return false;
    const i = holder[u] as number;
    return of.people === undefined || i === EMPTY || of.people[i] === 1;
  });
}
