import type { Logger } from './logger.ts';
import { withinTime } from './within-time.ts';

/** One thing to close. Steps run one after another, in the order given; a step that fails or hangs is passed over. */
export interface ShutdownStep {
  readonly name: string;
  run(): Promise<void>;
  /** Longest time to wait for this step, in ms. */
  readonly limitMs?: number;
}

const STEP_LIMIT_MS = 10_000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

type Journal = Pick<Logger, 'info' | 'error'>;

/** Resolves with the first signal that asks this process to stop. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      for (const name of SIGNALS) process.off(name, stop);
      resolve(signal);
    };
    for (const name of SIGNALS) process.on(name, stop);
  });
}

/** Runs the steps in order, each within its time; true when every one of them ended well. */
export async function shutDown(steps: readonly ShutdownStep[], logger: Journal): Promise<boolean> {
  let well = true;
  for (const { name, run, limitMs = STEP_LIMIT_MS } of steps) {
    try {
      await withinTime(run(), limitMs, `took longer than ${limitMs} ms`);
      logger.info({ step: name }, 'closed');
    } catch (error) {
      well = false;
      logger.error({ step: name, err: error }, 'could not be closed');
    }
  }
  return well;
}

/**
 * Waits for a signal, runs the steps, and ends the process: with 0 when all went well, else with 1. A second signal
 * ends it at once.
 */
export async function onShutdown(steps: readonly ShutdownStep[], logger: Journal): Promise<never> {
  const signal = await untilSignal();
  logger.info({ signal }, 'stopping; the same signal again stops at once');
  for (const name of SIGNALS) process.on(name, () => process.exit(1));
  const well = await shutDown(steps, logger);
  process.exit(well ? 0 : 1);
}
