import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServiceProcess, spawnService } from '../support/service-process.ts';
import { createTestDatabase } from '../support/test-database.ts';

let state: string;
const started: ServiceProcess[] = [];

function start(args: readonly string[] = [], environment: Record<string, string> = {}): ServiceProcess {
  const process = spawnService('standalone', environment, {
    args: ['--state', state, '--port', '0', ...args],
  });
  started.push(process);
  return process;
}

async function ready(process: ServiceProcess): Promise<string> {
  await process.waitFor(/Ctrl-C stops it\./);
  const [, url = ''] = await process.waitFor(/API {3}(http:\S+)\/openapi\.json/);
  return url;
}

function tokenOf(process: ServiceProcess): string | undefined {
  return /^ {2}(wb_\S+)$/m.exec(process.output())?.[1];
}

async function get(url: string, token?: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = {
    connection: 'close',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const answer = await fetch(url, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

function postgresPid(): number | undefined {
  const file = join(state, 'postgres', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'watchbill-standalone-'));
  // Run as root, the database runs as somebody else, who must be able to enter.
  chmodSync(state, 0o755);
});

afterEach(async () => {
  for (const process of started.splice(0)) await process.end('SIGKILL');
  const left = postgresPid();
  if (left !== undefined) process.kill(left, 'SIGQUIT');
  rmSync(state, { recursive: true, force: true, maxRetries: 20 });
});

describe('npm start', () => {
  it('shows who is on call on an empty machine, answers, refuses a second one, stops and starts again', async () => {
    const first = start();
    const url = await ready(first);
    expect(first.output()).toMatch(/The database was empty: examples\/follow-the-sun\.yaml is applied\./);
    expect(first.output()).toMatch(
      /platform: on call now, \w{3} \d\d \w{3} \d\d:\d\d \(UTC\)\n {2}primary {2}\w+ \w+ +until/,
    );
    expect(first.output()).toMatch(/next handoffs \(UTC\)\n {2}.*→/);
    const token = tokenOf(first);
    expect(token).toBeDefined();
    expect((await get(`${url}/readyz`)).status).toBe(200);
    const onCall = await get(`${url}/v1/on-call?schedule=platform`, token);
    expect(onCall.status).toBe(200);
    expect(JSON.stringify(onCall.body)).toContain('primary');
    expect((await get(`${url}/v1/on-call?schedule=platform`)).status).toBe(401);

    const second = start();
    expect(await second.exited).toMatchObject({ code: 1 });
    expect(second.output()).toContain(`already runs on ${state} (process ${first.pid}, ${url})`);

    expect(await first.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(first.output()).toMatch(/Stopping…\nStopped\.\n$/);
    expect(postgresPid()).toBeUndefined();

    const again = start();
    const newUrl = await ready(again);
    expect(tokenOf(again)).toBeUndefined();
    expect(again.output()).not.toContain('was empty');
    expect((await get(`${newUrl}/v1/on-call?schedule=platform`, token)).body).toBeDefined();
    expect(await again.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('goes on after kill -9, with the database that was left running', async () => {
    const first = start();
    await ready(first);
    const token = tokenOf(first);
    await first.end('SIGKILL');
    const left = postgresPid();
    expect(left).toBeDefined();

    const second = start();
    const url = await ready(second);
    expect(second.output()).toContain('still running');
    expect(postgresPid()).toBe(left);
    expect((await get(`${url}/v1/on-call?schedule=platform`, token)).status).toBe(200);
    expect(await second.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(postgresPid()).toBeUndefined();
  });

  it('leaves nothing behind when Ctrl-C comes while it starts', async () => {
    const process = start();
    await process.waitFor(/Starting PostgreSQL/);
    expect(await process.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(postgresPid()).toBeUndefined();
    expect(existsSync(join(state, 'instance.json'))).toBe(false);
  });
});

describe('npm start -- --clock', () => {
  it('shows a handoff and signed webhooks at once, and never touches the real database', async () => {
    const fast = start(['--clock', '600x']);
    await ready(fast);
    await fast.waitFor(/\(UTC\) {2}platform {2}primary: \w+ \w+ → \w+ \w+\n/);
    await fast.waitFor(/webhook shift\.started \w+ \w+: signature valid/);
    await fast.waitFor(/webhook shift\.ended \w+ \w+: signature valid/);
    expect(fast.output()).not.toContain('SIGNATURE WRONG');
    expect(await fast.end('SIGINT')).toEqual({ code: 0, signal: null });

    const real = start();
    await ready(real);
    expect(real.output()).toContain('The database was empty');
    expect(await real.end('SIGINT')).toEqual({ code: 0, signal: null });
  });
});

describe('with a server of your own', () => {
  it('uses DATABASE_URL and starts no PostgreSQL', async () => {
    const database = await createTestDatabase({ empty: true });
    const process = start([], { DATABASE_URL: database.connectionString });
    const url = await ready(process);
    expect((await get(`${url}/readyz`)).status).toBe(200);
    expect(existsSync(join(state, 'postgres'))).toBe(false);
    expect(await process.end('SIGINT')).toEqual({ code: 0, signal: null });
    await database.drop();
  });

  it('says what is wrong, without the password, when the database is not there', async () => {
    const process = start([], { DATABASE_URL: 'postgres://ana:hunter2@127.0.0.1:1/none' });
    expect(await process.exited).toMatchObject({ code: 1 });
    expect(process.output()).toMatch(/could not start.*database cannot be used.*ECONNREFUSED/s);
    expect(process.output()).not.toContain('hunter2');
  });

  it('names every wrong setting and exits with 2', async () => {
    const process = start([], { DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud', WATCHBILL_LOCK_MS: '1' });
    expect(await process.exited).toMatchObject({ code: 2 });
    for (const name of ['DATABASE_URL', 'LOG_LEVEL', 'WATCHBILL_LOCK_MS'])
      expect(process.output()).toContain(name);
  });
});
