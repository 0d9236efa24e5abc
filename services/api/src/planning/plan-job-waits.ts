import { type Database, findPlanJob, type PlanJobRow } from '@watchbill/database';

/** Requests that wait for plans to be made. */
export interface PlanJobWaits {
  /** The job when it has ended, or as it is after `ms`; null where there is none of this id. */
  wait(id: string, ms: number): Promise<PlanJobRow | null>;
  /** A job has ended: whoever waits for it looks. */
  ended(id: string): void;
  /** Nobody waits any longer. */
  close(): void;
}

/** The database tells of jobs that end; this is for what it could not tell. */
const LOOK_EVERY_MS = 1_000;

export function createPlanJobWaits(database: Database): PlanJobWaits {
  const waiting = new Map<string, Set<() => void>>();
  let closed = false;
  const listen = (id: string, ms: number): { readonly woken: Promise<void>; readonly stop: () => void } => {
    let stop = (): void => undefined;
    const woken = new Promise<void>((resolve) => {
      const wakes = waiting.get(id) ?? new Set();
      stop = () => {
        clearTimeout(timer);
        wakes.delete(stop);
        if (wakes.size === 0) waiting.delete(id);
        resolve();
      };
      const timer = setTimeout(stop, ms);
      wakes.add(stop);
      waiting.set(id, wakes);
    });
    return { woken, stop };
  };
  return {
    wait: async (id, ms) => {
      const until = performance.now() + ms;
      for (;;) {
        const left = until - performance.now();
        // Before the look, so that no end is missed between the two.
        const { woken, stop } = listen(id, Math.max(0, Math.min(left, LOOK_EVERY_MS)));
        const job = await findPlanJob(database, id);
        if (job === null || job.finishedAt !== null || left <= 0 || closed) {
          stop();
          return job;
        }
        await woken;
      }
    },
    ended: (id) => {
      for (const wake of [...(waiting.get(id) ?? [])]) wake();
    },
    close: () => {
      closed = true;
      for (const wakes of [...waiting.values()]) for (const wake of [...wakes]) wake();
    },
  };
}
