import { type Database, tickAge } from '@watchbill/database';
import { type Logger, type Loop, SETTING_DEFAULTS, type Settings, startLoop } from '@watchbill/runtime';
import { errorLine } from '../delivery/answer.ts';
import { type GuardedAgentOptions, openGuardedAgent } from '../delivery/guarded-agent.ts';

/** A scheduler that left no sign of life for so long counts as dead. */
const TICK_LIMIT_MS = 30_000;
/** A step of a page that waits for so long has nobody who fires it. */
const OVERDUE_LIMIT_MS = 60_000;

export interface AliveOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly network: GuardedAgentOptions;
  readonly settings: Partial<Pick<Settings, 'aliveUrl' | 'aliveSeconds'>>;
}

export interface AliveTeller {
  close(): Promise<void>;
}

/** Why the outside must not be told that all is well, in plain words; null when it is. */
export function reasonForSilence(age: {
  readonly tickAgeMs: number | null;
  readonly overdueMs: number;
}): string | null {
  if (age.tickAgeMs === null) return 'no scheduler has ever run';
  if (age.tickAgeMs > TICK_LIMIT_MS) return `no scheduler for ${Math.round(age.tickAgeMs / 1_000)} s`;
  if (age.overdueMs > OVERDUE_LIMIT_MS)
    return `a step of a page is ${Math.round(age.overdueMs / 1_000)} s late`;
  return null;
}

/**
 * Calls an address outside as long as pages would get through: this worker lives, the database answers, a scheduler
 * ticks, and no step of a page is overdue. When the calls stay away, whoever listens there raises the alarm. Without an
 * address it does nothing.
 */
export function startAliveTeller(options: AliveOptions): AliveTeller {
  const { aliveUrl, aliveSeconds = SETTING_DEFAULTS.aliveSeconds } = options.settings;
  return aliveUrl == null ? { close: async () => undefined } : startCalling(aliveUrl, aliveSeconds, options);
}

function startCalling(
  url: string,
  everySeconds: number,
  { database, logger, network }: AliveOptions,
): AliveTeller {
  const agent = openGuardedAgent(network);
  const stop = new AbortController();
  let told: string | null = null;
  const loop: Loop = startLoop({
    name: 'alive',
    logger,
    run: async () => {
      const silence = reasonForSilence(await tickAge(database));
      const failure = silence ?? (await call());
      // The address may hold a secret, so it is never logged.
      if (failure !== null && failure !== told)
        logger.error({ reason: failure }, "the dead man's switch is not told");
      if (failure === null && told !== null) logger.info("the dead man's switch is told again");
      told = failure;
      return everySeconds * 1_000;
    },
  });

  async function call(): Promise<string | null> {
    try {
      const target = new URL(url);
      const { statusCode, body } = await agent.request({
        origin: target.origin,
        path: `${target.pathname}${target.search}`,
        method: 'GET',
        headers: { 'user-agent': 'Watchbill-Alive/1.0' },
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(network.timeoutMs)]),
      });
      body.on('error', () => undefined).destroy();
      return statusCode < 300 ? null : `it answered ${statusCode}`;
    } catch (error) {
      return errorLine(error);
    }
  }

  return {
    close: async () => {
      stop.abort();
      await loop.close();
      await agent.destroy();
    },
  };
}
