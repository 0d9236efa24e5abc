import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { DAY_MS, HOUR_MS } from '@watchbill/core';
import {
  noteSlackBot,
  pruneConnectCodes,
  pruneSlackBots,
  pruneSlackClaims,
  pruneSlackMessages,
  removeSlackBot,
  saveSlackReport,
} from '@watchbill/database';
import { type Logger, startLoop } from '@watchbill/runtime';
import { type CheckOptions, lookAtRights } from './look-at-rights.ts';

/** Says that this bot runs, what it found about its rights, and cleans up after all bots. */
export interface Reporter {
  /** Looks again now: somebody asks. */
  wake(): void;
  close(): Promise<void>;
}

const SEEN_EVERY_MS = 30_000;
const PRUNE_BATCH = 1_000;
/** How long messages are remembered, so that they can still be edited and threads found. */
const KEEP_MESSAGES_MS = 90 * DAY_MS;

export function startReporter(options: CheckOptions & { readonly logger: Logger }): Reporter {
  const { database, logger, settings } = options;
  const id = `${hostname()}.${process.pid}.${randomBytes(3).toString('hex')}`;
  let lookAt = 0;
  const loop = startLoop({
    name: 'slack report',
    logger,
    run: async () => {
      await noteSlackBot(database, id, settings.mode);
      if (performance.now() >= lookAt) {
        const report = await lookAtRights(options);
        await saveSlackReport(database, id, report);
        const missing = report.findings.filter(({ ok }) => !ok);
        for (const { message } of missing) logger.warn({ finding: message }, 'the Slack bot needs a look');
        await prune();
        lookAt = performance.now() + HOUR_MS;
      }
      return SEEN_EVERY_MS;
    },
  });
  const prune = async (): Promise<void> => {
    await pruneSlackMessages(database, { olderThanMs: KEEP_MESSAGES_MS, limit: PRUNE_BATCH });
    await pruneSlackClaims(database, PRUNE_BATCH);
    await pruneConnectCodes(database);
    await pruneSlackBots(database);
  };
  return {
    wake: () => {
      lookAt = 0;
      loop.wake();
    },
    close: async () => {
      await loop.close();
      await removeSlackBot(database, id).catch(() => undefined);
    },
  };
}
