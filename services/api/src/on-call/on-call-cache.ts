import type { Instant } from '@watchbill/core';

/** The answer for one schedule, good for every instant in `[from, until)`. */
export interface OnCallSegment {
  readonly from: Instant;
  readonly until: Instant;
  /** The schedule's part of the body, ready to be sent. */
  readonly json: string;
}

export interface OnCallCache {
  /** The schedule's part of the body at `now`, from memory; undefined when memory cannot answer. */
  recall(schedule: string, now: Instant): string | undefined;
  /** Loads it; null when there is no such schedule. Requests for one schedule at one time share one load. */
  load(schedule: string): Promise<string | null>;
  /** The shifts of a schedule have changed. */
  forget(schedule: string): void;
  /** Whether changes reach us. While they do not, nothing is answered from memory. */
  setLive(live: boolean): void;
  readonly size: number;
}

/** A load that gives no segment has nothing to remember. */
export type LoadSegment = (schedule: string) => Promise<OnCallSegment | null>;

export interface OnCallCacheLimits {
  readonly maxSchedules: number;
  /** Longest life of an answer, in real time, whatever was or was not told. */
  readonly maxAgeMs: number;
}

export const ON_CALL_CACHE_LIMITS: OnCallCacheLimits = { maxSchedules: 20_000, maxAgeMs: 60_000 };

interface Entry extends OnCallSegment {
  readonly loadedAt: number;
}

/** `clock` is monotonic real time in milliseconds. */
export function createOnCallCache(
  load: LoadSegment,
  limits: OnCallCacheLimits = ON_CALL_CACHE_LIMITS,
  clock: () => number = () => performance.now(),
): OnCallCache {
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Promise<string | null>>();
  let live = false;

  const keep = (schedule: string, segment: OnCallSegment, loadedAt: number): void => {
    // The oldest entry goes first: a Map keeps the order of insertion.
    entries.delete(schedule);
    if (entries.size >= limits.maxSchedules) entries.delete(entries.keys().next().value ?? schedule);
    entries.set(schedule, { ...segment, loadedAt });
  };
  const start = (schedule: string): Promise<string | null> => {
    const loadedAt = clock();
    const promise = load(schedule)
      .then((segment) => {
        // Whoever forgot the schedule meanwhile also took this load out of `loading`: then it is not kept.
        if (segment !== null && live && loading.get(schedule) === promise) keep(schedule, segment, loadedAt);
        return segment?.json ?? null;
      })
      .finally(() => {
        if (loading.get(schedule) === promise) loading.delete(schedule);
      });
    loading.set(schedule, promise);
    return promise;
  };

  return {
    recall: (schedule, now) => {
      if (!live) return undefined;
      const entry = entries.get(schedule);
      if (entry === undefined || now < entry.from || now >= entry.until) return undefined;
      return clock() - entry.loadedAt > limits.maxAgeMs ? undefined : entry.json;
    },
    load: (schedule) => (live ? loading.get(schedule) : undefined) ?? start(schedule),
    forget: (schedule) => {
      entries.delete(schedule);
      loading.delete(schedule);
    },
    setLive: (next) => {
      live = next;
      entries.clear();
      loading.clear();
    },
    get size() {
      return entries.size;
    },
  };
}
