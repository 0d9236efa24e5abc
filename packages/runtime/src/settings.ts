import { z } from 'zod';
import { type NotifySettings, readNotifySettings } from './notify-settings.ts';
import { type RedisAddress, readRedisAddress } from './redis-address.ts';
import {
  absoluteUrl,
  callUrl,
  hashTagPrefix,
  host,
  networkList,
  numberList,
  postgresUrl,
  wholeNumber,
} from './setting-shapes.ts';
import { readSignInProviders, type SignInProvider } from './sign-in-settings.ts';
import { readSecretKeys, readSlackSettings, type SlackSettings } from './slack-settings.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** What every setting is when nobody sets it. */
export const SETTING_DEFAULTS = {
  queuePrefix: '{watchbill}',
  host: '127.0.0.1',
  port: 4400,
  healthPort: 0,
  logLevel: 'info',
  horizonWeeks: 26,
  ledgerHalfLifeDays: 0,
  startingSoonMinutes: [1440, 15],
  webhookTimeoutMs: 15 * SECOND_MS,
  webhookRetrySeconds: [0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400],
  leaseMs: 30 * SECOND_MS,
  wakeAgainMs: 30 * SECOND_MS,
  lockMs: 5 * SECOND_MS,
  stalledMs: 2 * SECOND_MS,
  jobAttempts: 8,
  jobBackoffMs: 250,
  eventRetentionDays: 400,
  feedPollMinutes: 15,
  aliveSeconds: 60,
  rateLimitPerMinute: 600,
} as const;

/** How jobs are locked and tried again; the names say the units. */
export interface QueueSettings {
  readonly prefix: string;
  /** A job whose worker did not renew its lock for this long is given to another worker. */
  readonly lockMs: number;
  /** How often abandoned jobs are looked for. */
  readonly stalledMs: number;
  readonly attempts: number;
  /** The first wait after a failure; it doubles with every further one. */
  readonly backoffMs: number;
}

/** All settings of all processes, read once at the start. `redis: null` keeps the queues in PostgreSQL. */
export interface Settings {
  readonly databaseUrl: string;
  readonly redis: RedisAddress | null;
  readonly queue: QueueSettings;
  readonly host: string;
  readonly port: number;
  /** Port of the health server of a process without an API; 0 takes a free one. */
  readonly healthPort: number;
  readonly publicUrl: string;
  readonly logLevel: LogLevel;
  readonly horizonWeeks: number;
  /** After so long what somebody stood above or below their part counts half; 0: it counts for ever. */
  readonly ledgerHalfLifeDays: number;
  readonly startingSoonMinutes: readonly number[];
  readonly webhookAllowedNetworks: readonly string[];
  readonly webhookTimeoutMs: number;
  /** The wait before each attempt of a delivery, in seconds; its length is the number of attempts. */
  readonly webhookRetrySeconds: readonly number[];
  /** How long a worker may hold a delivery lane without renewing its lease, in real time. */
  readonly leaseMs: number;
  /** How long work may stay without effect before its wake-up is sent again, in real time. */
  readonly wakeAgainMs: number;
  readonly eventRetentionDays: number;
  /** How long a calendar of absences that was read well is left alone, in real time. */
  readonly feedPollMinutes: number;
  /** What is called for as long as pages would get through; null: nothing. May hold a secret. */
  readonly aliveUrl: string | null;
  readonly aliveSeconds: number;
  readonly rateLimitPerMinute: number;
  /** Networks of the proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly slack: SlackSettings;
  readonly signInProviders: readonly SignInProvider[];
  readonly notify: NotifySettings;
  /** 32 bytes each: the first one encrypts what must not be stored in the clear, every one decrypts. */
  readonly secretKeys: readonly Uint8Array[];
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every problem of the environment at once. The message names settings and what to do, and never a value of one. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings are not right:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

const shape = z.object({
  DATABASE_URL: postgresUrl(),
  WATCHBILL_QUEUE_PREFIX: hashTagPrefix(SETTING_DEFAULTS.queuePrefix),
  WATCHBILL_LOCK_MS: wholeNumber(SETTING_DEFAULTS.lockMs, { min: 1_000, max: 10 * MINUTE_MS }),
  WATCHBILL_STALLED_MS: wholeNumber(SETTING_DEFAULTS.stalledMs, { min: 200, max: 5 * MINUTE_MS }),
  WATCHBILL_JOB_ATTEMPTS: wholeNumber(SETTING_DEFAULTS.jobAttempts, { min: 5, max: 100 }),
  WATCHBILL_JOB_BACKOFF_MS: wholeNumber(SETTING_DEFAULTS.jobBackoffMs, { min: 10, max: MINUTE_MS }),
  HOST: host(SETTING_DEFAULTS.host),
  PORT: wholeNumber(SETTING_DEFAULTS.port, { min: 0, max: 65_535 }),
  WATCHBILL_HEALTH_PORT: wholeNumber(SETTING_DEFAULTS.healthPort, { min: 0, max: 65_535 }),
  WATCHBILL_PUBLIC_URL: absoluteUrl(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default(SETTING_DEFAULTS.logLevel),
  WATCHBILL_HORIZON_WEEKS: wholeNumber(SETTING_DEFAULTS.horizonWeeks, { min: 1, max: 104 }),
  WATCHBILL_LEDGER_HALF_LIFE_DAYS: wholeNumber(SETTING_DEFAULTS.ledgerHalfLifeDays, { min: 0, max: 3_660 }),
  WATCHBILL_STARTING_SOON_MINUTES: numberList(SETTING_DEFAULTS.startingSoonMinutes, {
    min: 1,
    max: 60 * 24 * 28,
    most: 8,
  }),
  WATCHBILL_TRUSTED_PROXIES: networkList(),
  WATCHBILL_WEBHOOK_ALLOWED_NETWORKS: networkList(),
  WATCHBILL_WEBHOOK_TIMEOUT_MS: wholeNumber(SETTING_DEFAULTS.webhookTimeoutMs, { min: 100, max: MINUTE_MS }),
  WATCHBILL_WEBHOOK_RETRY_SECONDS: numberList(SETTING_DEFAULTS.webhookRetrySeconds, {
    min: 0,
    max: 7 * 24 * 3600,
    most: 32,
  }),
  WATCHBILL_LEASE_MS: wholeNumber(SETTING_DEFAULTS.leaseMs, { min: 1_000, max: 10 * MINUTE_MS }),
  WATCHBILL_WAKE_AGAIN_MS: wholeNumber(SETTING_DEFAULTS.wakeAgainMs, { min: 500, max: 10 * MINUTE_MS }),
  WATCHBILL_EVENT_RETENTION_DAYS: wholeNumber(SETTING_DEFAULTS.eventRetentionDays, { min: 1, max: 3_660 }),
  WATCHBILL_FEED_POLL_MINUTES: wholeNumber(SETTING_DEFAULTS.feedPollMinutes, { min: 5, max: 24 * 60 }),
  WATCHBILL_ALIVE_URL: callUrl(),
  WATCHBILL_ALIVE_SECONDS: wholeNumber(SETTING_DEFAULTS.aliveSeconds, { min: 10, max: 3_600 }),
  WATCHBILL_RATE_LIMIT_PER_MINUTE: wholeNumber(SETTING_DEFAULTS.rateLimitPerMinute, {
    min: 1,
    max: 1_000_000,
  }),
});

/**
 * Reads all settings from environment variables; an empty variable counts as not set.
 * @throws {SettingsError} with every problem at once, in plain words.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  ) as Record<string, string>;
  const redis = readRedisAddress(given);
  const slack = readSlackSettings(given);
  const signIn = readSignInProviders(given);
  const notify = readNotifySettings(given);
  const keys = readSecretKeys(given);
  const parsed = shape.safeParse(given);
  const problems = [
    ...(parsed.success
      ? []
      : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}.`)),
    ...redis.problems,
    ...slack.problems,
    ...signIn.problems,
    ...notify.problems,
    ...keys.problems,
  ];
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  const crossed = crossChecks(parsed.data);
  if (crossed.length > 0) throw new SettingsError(crossed);
  return {
    ...toSettings(parsed.data, redis.address),
    ...{ slack: slack.value, secretKeys: keys.value, signInProviders: signIn.value, notify: notify.value },
  };
}

function crossChecks(values: z.infer<typeof shape>): readonly string[] {
  const problems: string[] = [];
  if (values.WATCHBILL_STALLED_MS > values.WATCHBILL_LOCK_MS) {
    problems.push('WATCHBILL_STALLED_MS: must not be longer than WATCHBILL_LOCK_MS.');
  }
  if (values.WATCHBILL_LEASE_MS < values.WATCHBILL_WEBHOOK_TIMEOUT_MS) {
    problems.push('WATCHBILL_LEASE_MS: must not be shorter than WATCHBILL_WEBHOOK_TIMEOUT_MS.');
  }
  return problems;
}

function toSettings(
  values: z.infer<typeof shape>,
  redis: RedisAddress | null,
): Omit<Settings, 'slack' | 'secretKeys' | 'signInProviders' | 'notify'> {
  return {
    databaseUrl: values.DATABASE_URL,
    redis,
    queue: {
      prefix: values.WATCHBILL_QUEUE_PREFIX,
      lockMs: values.WATCHBILL_LOCK_MS,
      stalledMs: values.WATCHBILL_STALLED_MS,
      attempts: values.WATCHBILL_JOB_ATTEMPTS,
      backoffMs: values.WATCHBILL_JOB_BACKOFF_MS,
    },
    host: values.HOST,
    port: values.PORT,
    healthPort: values.WATCHBILL_HEALTH_PORT,
    publicUrl: values.WATCHBILL_PUBLIC_URL ?? `http://${values.HOST}:${values.PORT}`,
    logLevel: values.LOG_LEVEL,
    horizonWeeks: values.WATCHBILL_HORIZON_WEEKS,
    ledgerHalfLifeDays: values.WATCHBILL_LEDGER_HALF_LIFE_DAYS,
    startingSoonMinutes: values.WATCHBILL_STARTING_SOON_MINUTES,
    webhookAllowedNetworks: values.WATCHBILL_WEBHOOK_ALLOWED_NETWORKS,
    webhookTimeoutMs: values.WATCHBILL_WEBHOOK_TIMEOUT_MS,
    webhookRetrySeconds: values.WATCHBILL_WEBHOOK_RETRY_SECONDS,
    leaseMs: values.WATCHBILL_LEASE_MS,
    wakeAgainMs: values.WATCHBILL_WAKE_AGAIN_MS,
    eventRetentionDays: values.WATCHBILL_EVENT_RETENTION_DAYS,
    feedPollMinutes: values.WATCHBILL_FEED_POLL_MINUTES,
    aliveUrl: values.WATCHBILL_ALIVE_URL ?? null,
    aliveSeconds: values.WATCHBILL_ALIVE_SECONDS,
    rateLimitPerMinute: values.WATCHBILL_RATE_LIMIT_PER_MINUTE,
    trustedProxies: values.WATCHBILL_TRUSTED_PROXIES,
  };
}
