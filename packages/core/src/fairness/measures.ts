/** How unequal some loads are. Loads are per full share, ledger included or not as the caller chooses. */
export interface Spread {
  /** Largest minus smallest. */
  readonly range: number;
  /** Standard deviation over mean, in percent. */
  readonly variationPercent: number;
  /** 0: all alike; 1: one carries everything. */
  readonly gini: number;
}

/** The spread of loads; of fewer than two loads it is zero. */
export function spreadOf(loads: readonly number[]): Spread {
  if (loads.length < 2) return { range: 0, variationPercent: 0, gini: 0 };
  const sorted = [...loads].sort((a, b) => a - b);
  const total = sorted.reduce((sum, load) => sum + load, 0);
  const mean = total / sorted.length;
  const variance = sorted.reduce((sum, load) => sum + (load - mean) ** 2, 0) / sorted.length;
  const ranked = sorted.reduce((sum, load, rank) => sum + (2 * (rank + 1) - sorted.length - 1) * load, 0);
  return {
    range: (sorted.at(-1) ?? 0) - (sorted[0] ?? 0),
    variationPercent: mean === 0 ? 0 : (100 * Math.sqrt(variance)) / Math.abs(mean),
    gini: total === 0 ? 0 : ranked / (sorted.length * total),
  };
}

/** What one person carries per full share: in all, in weekends and holidays, and whom they are compared with. */
export interface CarriedLoad {
  readonly level: number;
  readonly restDays: number;
  /** People of one region stand the same hours; its name is the caller's choice, such as the zone. */
  readonly region: string;
}

/** How unequal a team's load is. */
export interface FairnessMeasures extends Spread {
  /** The variation that is left when each is compared with their own region, in percent of the whole mean. */
  readonly withinPercent: number;
  /** The same two for weekends and holidays alone. */
  readonly restDayVariationPercent: number;
  readonly restDayWithinPercent: number;
}

/** Measures what people carry. Who is due nothing should be left out by the caller. */
export function fairnessOf(loads: readonly CarriedLoad[]): FairnessMeasures {
  const levels = loads.map(({ level }) => level);
  const restDays = loads.map((load) => load.restDays);
  const regions = loads.map(({ region }) => region);
  return {
    ...spreadOf(levels),
    withinPercent: withinPercent(levels, regions),
    restDayVariationPercent: spreadOf(restDays).variationPercent,
    restDayWithinPercent: withinPercent(restDays, regions),
  };
}

function withinPercent(loads: readonly number[], regions: readonly string[]): number {
  const total = loads.reduce((sum, load) => sum + load, 0);
  if (loads.length < 2 || total === 0) return 0;
  let squares = 0;
  for (const region of new Set(regions)) {
    const own = loads.filter((_, k) => regions[k] === region);
    const mean = own.reduce((sum, load) => sum + load, 0) / own.length;
    squares += own.reduce((sum, load) => sum + (load - mean) ** 2, 0);
  }
  return (100 * Math.sqrt(squares / loads.length)) / Math.abs(total / loads.length);
}
