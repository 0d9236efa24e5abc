/** Calls that Slack takes in a minute, for methods of one family in one workspace. Only in memory: Slack has the last word. */
export interface CallBudget {
  /** How long to wait before so many more calls, in ms; 0 when they may be made now. */
  waitMs(key: string, calls: number): number;
  spend(key: string, calls: number): void;
}

const MINUTE_MS = 60_000;
/** Twenty a minute are allowed; some are left for people. */
export const CALLS_A_MINUTE = 16;

export function createCallBudget(now: () => number = () => performance.now()): CallBudget {
  const spent = new Map<string, number[]>();
  const recent = (key: string): number[] => {
    const calls = (spent.get(key) ?? []).filter((at) => at > now() - MINUTE_MS);
    if (calls.length === 0) spent.delete(key);
    else spent.set(key, calls);
    return calls;
  };
  return {
    waitMs: (key, calls) => {
      const made = recent(key);
      const over = made.length + calls - CALLS_A_MINUTE;
      if (over <= 0) return 0;
      return Math.max(1, (made[over - 1] ?? now()) + MINUTE_MS - now());
    },
    spend: (key, calls) => {
      spent.set(key, [...recent(key), ...Array.from({ length: calls }, now)]);
    },
  };
}
