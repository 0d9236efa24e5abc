import { DAY_MS } from '../time/interval.ts';
import { improve } from './search.ts';
import { EMPTY, isBetter, restore, type State, snapshot } from './state.ts';

/** A unit whose linear price is a larger part of the whole fairness than this stands in a tight place. */
const HOT_PRICE = 0.0005;
/** A hot spot reaches this far around its unit, and grows to at most four times as far. */
const REACH_MS = 10 * DAY_MS;
const SEARCH = { slack: 0.01, stepsPerUnit: 1000, historyPart: 20, minHistory: 200 } as const;

/**
 * Searches again around the places where a plan pays most: gaps, and nights that people elsewhere could stand with
 * less night. There the walk may first become worse, so that it leaves what single moves cannot. `steps` is the
 * budget for all places together.
 */
export function searchHotSpots(
  state: State,
  of: { readonly units: Int32Array; readonly seed: number; readonly steps: number },
): void {
  const { seed, steps } = of;
  let left = steps;
  hotSpots(state, of.units).forEach((units, k) => {
    const own = Math.min(left, SEARCH.stepsPerUnit * units.length);
    if (own <= 0) return;
    left -= own;
    const before = snapshot(state);
    improve(state, {
      seed: (seed + k * 0x9e3779b9) >>> 0,
      history: Math.max(SEARCH.minHistory, Math.floor(own / SEARCH.historyPart)),
      steps: own,
      slack: SEARCH.slack,
      units,
    });
    if (!isBetter(state, before)) restore(state, before);
  });
}

/** The units around each place, in order of time. */
function hotSpots(state: State, units: Int32Array): Int32Array[] {
  const { hullStart, linearPrice, unitCount } = state.compiled;
  const spots: { from: number; to: number }[] = [];
  for (const u of units) {
    const i = state.holder[u] as number;
    const isHot = i === EMPTY || (linearPrice[i * unitCount + u] as number) > HOT_PRICE * state.fairness;
    if (!isHot) continue;
    const at = hullStart[u] as number;
    const last = spots.at(-1);
    if (last !== undefined && at < last.to - REACH_MS / 2) {
      last.to = Math.min(Math.max(last.to, at + REACH_MS), last.from + 4 * REACH_MS);
    } else {
      spots.push({ from: at - REACH_MS, to: at + REACH_MS });
    }
  }
  return spots.map(({ from, to }) =>
    units.filter((u) => (hullStart[u] as number) >= from && (hullStart[u] as number) < to),
  );
}
