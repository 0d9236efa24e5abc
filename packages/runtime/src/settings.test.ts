import { describe, expect, test } from 'vitest';
import { readSettings, SETTING_DEFAULTS, SettingsError } from './settings.ts';

const DATABASE_URL = 'postgres://watchbill:hunter2@localhost:5432/watchbill';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('readSettings', () => {
  test('needs the address of the database only', () => {
    const settings = readSettings({ DATABASE_URL });
    expect(settings.databaseUrl).toBe(DATABASE_URL);
    expect(settings.redis).toBeNull();
    expect(settings.queue.prefix).toBe(SETTING_DEFAULTS.queuePrefix);
    expect(settings.publicUrl).toBe(`http://${SETTING_DEFAULTS.host}:${SETTING_DEFAULTS.port}`);
    expect(settings.webhookRetrySeconds).toEqual(SETTING_DEFAULTS.webhookRetrySeconds);
  });

  test('takes an empty variable as not set', () => {
    expect(readSettings({ DATABASE_URL, REDIS_URL: '', PORT: ' ' }).port).toBe(SETTING_DEFAULTS.port);
  });

  test('tells every problem at once and never a value', () => {
    const problems = problemsOf({
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      REDIS_URL: 'http://:hunter2@redis',
      PORT: '99999',
      LOG_LEVEL: 'loud',
      WATCHBILL_QUEUE_PREFIX: 'watchbill',
      WATCHBILL_JOB_ATTEMPTS: '2',
      WATCHBILL_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8,10.0.0.0/64',
      WATCHBILL_STARTING_SOON_MINUTES: '15,soon',
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'DATABASE_URL',
      'WATCHBILL_QUEUE_PREFIX',
      'WATCHBILL_JOB_ATTEMPTS',
      'PORT',
      'LOG_LEVEL',
      'WATCHBILL_STARTING_SOON_MINUTES',
      'WATCHBILL_WEBHOOK_ALLOWED_NETWORKS',
      'REDIS_URL',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('says that the database address is missing, and refuses one that would move the search path', () => {
    expect(problemsOf({})[0]).toContain('is missing');
    expect(problemsOf({ DATABASE_URL: `${DATABASE_URL}?options=-csearch_path%3Dx` })[0]).toContain('options');
  });

  test('refuses settings that contradict each other', () => {
    const problems = problemsOf({
      DATABASE_URL,
      WATCHBILL_STALLED_MS: '9000',
      WATCHBILL_LEASE_MS: '2000',
    });
    expect(problems).toHaveLength(2);
  });

  test('reads lists', () => {
    const settings = readSettings({
      DATABASE_URL,
      WATCHBILL_STARTING_SOON_MINUTES: '60, 5',
      WATCHBILL_WEBHOOK_RETRY_SECONDS: '0,1,2',
      WATCHBILL_TRUSTED_PROXIES: '10.1.0.0/16',
      WATCHBILL_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8, fd00::/8',
    });
    expect(settings.trustedProxies).toEqual(['10.1.0.0/16']);
    expect(settings.startingSoonMinutes).toEqual([60, 5]);
    expect(settings.webhookRetrySeconds).toEqual([0, 1, 2]);
    expect(settings.webhookAllowedNetworks).toEqual(['127.0.0.0/8', 'fd00::/8']);
  });
});

describe('the address of Redis', () => {
  test('is one server, Sentinels or a Cluster', () => {
    expect(readSettings({ DATABASE_URL, REDIS_URL: 'redis://localhost:6379' }).redis).toEqual({
      kind: 'server',
      url: 'redis://localhost:6379',
    });
    expect(
      readSettings({
        DATABASE_URL,
        REDIS_SENTINELS: 'one,two:26380,[::1]:5',
        REDIS_SENTINEL_NAME: 'mymaster',
        REDIS_PASSWORD: 'p',
      }).redis,
    ).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 'one', port: 26_379 },
        { host: 'two', port: 26_380 },
        { host: '::1', port: 5 },
      ],
      name: 'mymaster',
      password: 'p',
    });
    expect(readSettings({ DATABASE_URL, REDIS_CLUSTER_NODES: 'a:1,b:2' }).redis).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    });
  });

  test('is refused when given twice, or half', () => {
    expect(problemsOf({ DATABASE_URL, REDIS_URL: 'redis://a', REDIS_CLUSTER_NODES: 'a:1' })).toEqual([
      'REDIS_URL and REDIS_CLUSTER_NODES: set only one of them.',
    ]);
    expect(problemsOf({ DATABASE_URL, REDIS_SENTINELS: 'a:99999' })).toHaveLength(2);
  });
});

describe('ways to sign in', () => {
  const OIDC = {
    WATCHBILL_OIDC_ISSUER: 'https://id.example.com',
    WATCHBILL_OIDC_CLIENT_ID: 'watchbill',
    WATCHBILL_OIDC_CLIENT_SECRET: 'hunter2',
  };

  test('are passwords only, unless a provider is named', () => {
    expect(readSettings({ DATABASE_URL }).signInProviders).toEqual([]);
    const [provider] = readSettings({
      ...{ DATABASE_URL, ...OIDC },
      WATCHBILL_OIDC_ADMIN_GROUPS: 'ops, sre',
    }).signInProviders;
    expect(provider).toMatchObject({
      ...{ id: 'oidc', name: 'Single sign-on', issuer: 'https://id.example.com' },
      roles: { admin: ['ops', 'sre'], member: [], readOnly: [] },
    });
  });

  test('are refused by halves, without telling a secret', () => {
    const { WATCHBILL_OIDC_CLIENT_ID: _id, ...half } = OIDC;
    const problems = problemsOf({ DATABASE_URL, ...half });
    expect(problems[0]).toMatch(/^WATCHBILL_OIDC_CLIENT_ID: must be set too/);
    expect(problems.join()).not.toContain('hunter2');
    expect(problemsOf({ DATABASE_URL, WATCHBILL_SLACK_SIGN_IN: '1' })[0]).toContain('SLACK_CLIENT_ID');
  });
});
