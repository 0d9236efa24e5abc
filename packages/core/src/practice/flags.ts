/** Days, nights or weekends in order: 1 has on-call time, 0 has not. */

/** A run of ones, or a stretch with some: where it starts, and how long or how many. */
export interface Run {
  readonly at: number;
  readonly length: number;
}

/** The longest run of ones; the first of several. */
export function longestRun(flags: Uint8Array): Run {
  let best: Run = { at: 0, length: 0 };
  let length = 0;
  for (let k = 0; k < flags.length; k += 1) {
    length = flags[k] === 1 ? length + 1 : 0;
    if (length > best.length) best = { at: k - length + 1, length };
  }
  return best;
}

/** The most ones in any `width` flags in a row, and where they start. */
export function busiestStretch(flags: Uint8Array, width: number): Run {
  let best: Run = { at: 0, length: 0 };
  let sum = 0;
  for (let k = 0; k < flags.length; k += 1) {
    sum += flags[k] as number;
    if (k >= width) sum -= flags[k - width] as number;
    if (sum > best.length) best = { at: Math.max(0, k - width + 1), length: sum };
  }
  // From the first of them on, not from the empty ones before it.
  const first = flags.indexOf(1, best.at);
  return first < 0 ? best : { at: first, length: best.length };
}

/** The fewest blocks of `each` zeros in a row in any whole `width` flags; null when there are not so many. */
export function fewestFreeBlocks(flags: Uint8Array, width: number, each: number): Run | null {
  let best: Run | null = null;
  for (let from = 0; from + width <= flags.length; from += 1) {
    let blocks = 0;
    let free = 0;
    for (let k = from; k < from + width; k += 1) {
      free = flags[k] === 0 ? free + 1 : 0;
      if (free < each) continue;
      blocks += 1;
      free = 0;
    }
    if (best === null || blocks < best.length) best = { at: from, length: blocks };
  }
  return best;
}
