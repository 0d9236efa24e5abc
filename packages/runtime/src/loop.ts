import type { Logger } from './logger.ts';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;
const LOG_EVERY_MS = 60_000;

/** Work that is done again and again until it is closed. */
export interface Loop {
  /** Cuts the pause short. Called while the work runs, it runs once more right after. */
  wake(): void;
  /** Waits for the running work, then stops. */
  close(): Promise<void>;
}

export interface LoopOptions {
  readonly name: string;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** Does the work once; resolves with the pause after it, in ms. A rejection is a pause that grows to 2 s. */
  run(): Promise<number>;
}

/** Starts at once. A failure is logged once a minute, and its end. */
export function startLoop({ name, logger, run }: LoopOptions): Loop {
  let closed = false;
  let woken = false;
  let endPause = (): void => undefined;
  const failures = reportFailures(name, logger);

  const pause = (ms: number, wakeable: boolean): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        endPause = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      endPause = () => {
        if (wakeable || closed) done();
      };
    });

  const running = (async () => {
    let retryMs = FIRST_RETRY_MS;
    while (!closed) {
      // Before the work, so that what comes while it runs is not forgotten.
      woken = false;
      try {
        const pauseMs = await run();
        failures.ended();
        retryMs = FIRST_RETRY_MS;
        if (!woken && !closed) await pause(pauseMs, true);
      } catch (error) {
        failures.failed(error);
        if (!closed) await pause(retryMs, false);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
  })();

  return {
    wake: () => {
      woken = true;
      endPause();
    },
    close: async () => {
      closed = true;
      endPause();
      await running;
    },
  };
}

function reportFailures(name: string, logger: LoopOptions['logger']) {
  let count = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;
  return {
    failed: (error: unknown): void => {
      count += 1;
      if (performance.now() - loggedAt < LOG_EVERY_MS) return;
      loggedAt = performance.now();
      logger.warn({ loop: name, failures: count, err: error }, 'failed; trying again');
    },
    ended: (): void => {
      if (count > 0) logger.info({ loop: name, failures: count }, 'works again');
      count = 0;
      loggedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
