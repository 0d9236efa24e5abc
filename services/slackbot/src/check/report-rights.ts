import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { HOUR_MS } from '@watchbill/core';
import { noteSlackBot, removeSlackBot, saveSlackReport } from '@watchbill/database';
import { type Logger, startLoop } from '@watchbill/runtime';
import { type CheckOptions, lookAtRights } from './look-at-rights.ts';

/** Says that this bot runs, and what it found about its rights. */
export interface Reporter {
  /** Looks again now: somebody asks. */
  wake(): void;
  close(): Promise<void>;
}

const SEEN_EVERY_MS = 30_000;

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
        lookAt = performance.now() + HOUR_MS;
      }
      return SEEN_EVERY_MS;
    },
  });
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
