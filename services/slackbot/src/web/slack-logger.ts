import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from '@watchbill/runtime';

/**
 * Leads what Slack's libraries have to say into our log: their errors as warnings, their warnings for those who look
 * closer. Their other lines carry payloads, so they are never made. What we do about a failure we say ourselves.
 */
export function slackLogger(logger: Pick<Logger, 'warn' | 'debug'>): BoltLogger {
  const text = (said: readonly unknown[]): string => said.map(String).join(' ');
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...said) => logger.debug({ slack: text(said) }, 'Slack’s library warns'),
    error: (...said) => logger.warn({ slack: text(said) }, 'Slack’s library reports an error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
