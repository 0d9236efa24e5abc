const MINUTE_MS = 60_000;
const MAX_CALLERS = 20_000;

interface Bucket {
  left: number;
  at: number;
}

export interface RateBuckets {
  /** Takes one of a caller's requests; 0 when it may go on, else the seconds until it may. */
  take(caller: string, perMinute: number): number;
}

/**
 * As many requests of a caller in a minute as it may send, at once or spread; what it has not used for a minute is not
 * kept. Everything happens in memory, in this process. `clock` is monotonic, in milliseconds.
 */
export function createRateBuckets(clock = () => performance.now()): RateBuckets {
  const buckets = new Map<string, Bucket>();
  return {
    take: (caller, perMinute) => {
      const now = clock();
      const known = buckets.get(caller);
      // The order of a Map is the order of insertion: the first one has been quiet for longest.
      buckets.delete(caller);
      if (buckets.size >= MAX_CALLERS) buckets.delete(buckets.keys().next().value ?? caller);
      const before = known ?? { left: perMinute, at: now };
      const left = Math.min(perMinute, before.left + ((now - before.at) / MINUTE_MS) * perMinute);
      const isThere = left >= 1;
      buckets.set(caller, { left: isThere ? left - 1 : left, at: now });
      return isThere ? 0 : Math.max(1, Math.ceil(((1 - left) / perMinute) * (MINUTE_MS / 1000)));
    },
  };
}
