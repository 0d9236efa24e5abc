import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '@watchbill/runtime';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT, textOf } from './support/repository.ts';

interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly cap_drop?: readonly string[];
  readonly ports?: readonly string[];
}

const compose = parse(textOf('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const { services } = compose;
const OURS = ['migrate', 'scheduler', 'worker', 'api', 'slackbot'] as const;
const STORES = ['postgres', 'redis'] as const;

function service(name: string): ComposeService {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  it('runs the two stores and every service', () => {
    expect(Object.keys(services).sort()).toEqual([...OURS, ...STORES].sort());
  });

  it.each(OURS)('%s runs a program that exists, from the one image, as an ordinary user', (name) => {
    const { command, build, user, cap_drop } = service(name);
    expect(build?.dockerfile && existsSync(join(ROOT, build.dockerfile))).toBe(true);
    const [program, entry] = command ?? [];
    expect(program).toBe('node');
    const source = (entry ?? '').replace('/dist/', '/src/').replace(/\.js$/, '.ts');
    expect(existsSync(join(ROOT, source)), source).toBe(true);
    expect(user).toBe('node');
    expect(cap_drop).toEqual(['ALL']);
  });

  it('everything that stays up has a health check', () => {
    for (const name of [...STORES, 'scheduler', 'worker', 'api', 'slackbot']) {
      expect(service(name).healthcheck?.test.length, name).toBeGreaterThan(1);
    }
  });

  it('health checks ask the port that the service listens on', () => {
    for (const name of ['scheduler', 'worker', 'slackbot']) {
      const port = service(name).environment?.WATCHBILL_HEALTH_PORT;
      expect(service(name).healthcheck?.test.at(-1)).toBe(`http://127.0.0.1:${port}/readyz`);
    }
    expect(service('api').healthcheck?.test.at(-1)).toBe(
      `http://127.0.0.1:${service('api').environment?.PORT}/readyz`,
    );
    expect(service('api').ports?.[0]).toMatch(/127\.0\.0\.1.*:4400$/);
  });

  it('nothing of ours starts before the database has its shape', () => {
    for (const name of ['scheduler', 'worker', 'api', 'slackbot']) {
      expect(service(name).depends_on?.migrate?.condition, name).toBe('service_completed_successfully');
    }
    expect(service('migrate').depends_on?.postgres?.condition).toBe('service_healthy');
  });

  it('Redis never evicts and remembers over a restart', () => {
    const command = (service('redis').command ?? []).join(' ');
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(command).toContain('--appendonly yes --appendfsync everysec');
  });

  it('gives every service settings that it can read', () => {
    for (const name of ['scheduler', 'worker', 'api']) {
      const filled = Object.entries(service(name).environment ?? {}).map(([key, value]) => [
        key,
        value.replace(/\$\{[^}]*\}/g, 'secret'),
      ]);
      const settings = readSettings(Object.fromEntries(filled) as Record<string, string>);
      expect(settings.redis).toEqual({ kind: 'server', url: 'redis://redis:6379' });
    }
  });
});

describe('infra/Dockerfile', () => {
  const lines = textOf('infra/Dockerfile').split('\n');

  it('builds in one stage and runs in another, as an ordinary user', () => {
    expect(lines.filter((line) => line.startsWith('FROM '))).toHaveLength(2);
    const user = lines.filter((line) => line.startsWith('USER ')).at(-1);
    expect(user).toBe('USER node');
  });

  it('copies only what exists', () => {
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('.env.example', () => {
  const text = textOf('.env.example');
  const given = new Map(
    [...text.matchAll(/^(?:# )?([A-Z][A-Z_]+)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
  /** Constants of our own that are named like settings. */
  const NOT_SETTINGS = ['REDIS_PORT', 'SLACK_DEFAULTS', 'SLACK_ISSUER'];
  const NAME =
    /\b((?:WATCHBILL|REDIS|SLACK|TWILIO|NTFY)_[A-Z_]+|SMTP_URL|DATABASE_URL|LOG_LEVEL|HOST|PORT)\b/g;
  const sources = readdirSync(join(ROOT, 'packages/runtime/src'))
    .filter((name) => /^(?:settings|redis-address|[a-z-]+-settings)\.ts$/.test(name))
    .map((name) => textOf(`packages/runtime/src/${name}`))
    .join('\n');
  const known = new Set(
    [...sources.matchAll(NAME)].map((match) => match[1] ?? '').filter((name) => !NOT_SETTINGS.includes(name)),
  );
  const COMPOSE_ONLY = ['POSTGRES_PASSWORD', 'WATCHBILL_BIND', 'WATCHBILL_PORT'];

  it('names every setting and no other', () => {
    const named = [...given.keys()].filter((name) => !COMPOSE_ONLY.includes(name));
    expect(named.sort()).toEqual([...known].sort());
  });

  it('docs/operating.md names every setting', () => {
    const manual = textOf('docs/operating.md');
    expect([...known].filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
  });

  it('shows the defaults: with all of them uncommented, nothing changes', () => {
    const databaseUrl = given.get('DATABASE_URL') ?? '';
    const all = Object.fromEntries([...given].filter(([name]) => !name.startsWith('REDIS_')));
    expect(readSettings(all)).toEqual(readSettings({ DATABASE_URL: databaseUrl }));
  });

  it.each(['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'])('its example of %s can be read', (way) => {
    const env = Object.fromEntries(
      [...given].filter(([name]) => name === way || !/^REDIS_(URL|SENTINELS|CLUSTER)/.test(name)),
    );
    expect(readSettings(env).redis).not.toBeNull();
  });
});
