import type { App } from '@slack/bolt';

const LOOK_MS = 25;

/** Requests of Slack that are being worked on. */
export interface RunningRequests {
  /** Resolves when none runs any more, or after `limitMs`. */
  ended(limitMs: number): Promise<void>;
}

/** Counts what the listeners of an app do, so that stopping can wait for it. */
export function countRunning(app: App): RunningRequests {
  let running = 0;
  app.use(async ({ next }) => {
    running += 1;
    try {
      await next();
    } finally {
      running -= 1;
    }
  });
  return {
    ended: async (limitMs) => {
      const until = performance.now() + limitMs;
      while (running > 0 && performance.now() < until) {
        await new Promise((done) => setTimeout(done, LOOK_MS));
      }
    },
  };
}
