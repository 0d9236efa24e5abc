/** Places and methods that are left alone for a while, as Slack asks or as its limits are known. Only in memory. */
export interface Rests {
  /** Leaves `key` alone for `ms`; a longer rest that it has already stays. */
  rest(key: string, ms: number): void;
  /** How long it still rests, in ms; 0 when it does not. */
  left(key: string): number;
  /** Everything that rests now. */
  all(): string[];
}

/** More keys than ever rest at once; beyond it the oldest ones are forgotten, which Slack then tells us. */
const MAX_RESTS = 10_000;

export function createRests(now: () => number = () => performance.now()): Rests {
  const until = new Map<string, number>();
  const sweep = (): void => {
    const at = now();
    for (const [key, end] of until) if (end <= at) until.delete(key);
    for (const key of until.keys()) {
      if (until.size <= MAX_RESTS) break;
      until.delete(key);
    }
  };
  return {
    rest: (key, ms) => {
      const end = Math.max(until.get(key) ?? 0, now() + ms);
      until.delete(key);
      until.set(key, end);
      if (until.size > MAX_RESTS) sweep();
    },
    left: (key) => Math.max(0, (until.get(key) ?? 0) - now()),
    all: () => {
      sweep();
      return [...until.keys()];
    },
  };
}
