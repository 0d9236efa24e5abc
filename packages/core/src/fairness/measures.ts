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
