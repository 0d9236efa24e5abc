import { randomBytes } from 'node:crypto';
import {
  type CreateMirrorInput,
  cancelOverride,
  changeMirror,
  createMirror,
  createOverride,
  deleteMirror,
} from '@watchbill/commands';
import { DAY_MS, HOUR_MS } from '@watchbill/core';
import { findMirror, type MirrorRow } from '@watchbill/database';
import { createLogger, type SealKeys } from '@watchbill/runtime';
import { startMirrorPoller } from '@watchbill/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ProviderServer, type StoodOverride, startProviderServer } from '../support/provider-server.ts';
import { accepted, instantOf, type World } from './apply-fixture.ts';
import { openPageWorld } from './page-fixture.ts';
import { eventsOf, fanOut, KEYS, NETWORK, RULES } from './provider-fixture.ts';

/** The clock of the schedules stands here: in the first week, which is ann's. */
const NOW = instantOf('2026-12-02T12:00:00Z');
const ANN = 'PANN001';
const BEN = 'PBEN001';

let world: World;
let server: ProviderServer;
let mirror: string;

beforeAll(async () => {
  world = await openPageWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  server = await startProviderServer();
  server.clock = () => NOW;
  await world.at(NOW);
  server.users.set(ANN, 'ann@example.com').set(BEN, 'Ben@Example.com').set('PNOT', 'not-ann@example.com');
});
afterEach(async () => {
  await deleteMirror(world.context, { mirror });
  await server.close();
});

async function make(input: Partial<CreateMirrorInput> = {}): Promise<string> {
  const base = { schedule: 'support', role: 'primary', providerSchedule: 'PSCHED1', token: server.key };
  const more = { fromEmail: 'boss@example.com', url: server.url };
  mirror = accepted(await createMirror(world.context, { ...base, ...more, ...input }, RULES)).mirror.id;
  return mirror;
}

const read = async () => (await findMirror(world.database, mirror)) as MirrorRow;

/** Has it looked at once, and waits until that is over. */
async function look(network = NETWORK, keys: SealKeys = KEYS): Promise<MirrorRow> {
  await world.database.pool.query(
    `UPDATE mirrors SET due_at = clock_timestamp(), lease_token = NULL, leased_until = NULL WHERE id = $1`,
    [mirror],
  );
  const logger = createLogger({ logLevel: 'silent' }, 'test');
  const poller = startMirrorPoller({ database: world.database, logger, network, keys });
  const before = Date.now();
  try {
    for (;;) {
      const row = await read();
      if (row.status === 'disabled' || (row.nextLookAt ?? 0) > before + 1_000) return row;
      if (Date.now() - before > 20_000) throw new Error(`no look: ${JSON.stringify(row)}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  } finally {
    await poller.close();
  }
}

const writes = () => server.calls.filter(({ method }) => method !== 'GET');
const line = (overrides: readonly StoodOverride[] = server.overrides) =>
  overrides
    .toSorted((a, b) => a.start - b.start)
    .map(({ user, start, end }) => `${user} ${iso(start)} ${iso(end)}`);
const iso = (instant: number) => new Date(instant).toISOString().slice(5, 19);

const LINE = [
  `${ANN} 12-02T12:00:05 12-07T09:00:00`,
  `${BEN} 12-07T09:00:00 12-14T09:00:00`,
  // Cleo, from the 14th, is nobody there.
];

describe('a mirror', () => {
  it('shows who is on call, names who is unknown, and writes nothing the second time', async () => {
    await make();
    const first = await look();
    expect(line()).toEqual(LINE);
    expect(first).toMatchObject({
      ...{ problem: null, failures: 0, status: 'active' },
      found: { wanted: 2, added: 2, removed: 0, unknown: [{ person: 'cleo', reason: 'not_there' }] },
    });
    expect(writes()).toHaveLength(1);
    const second = await look();
    expect(second.found).toMatchObject({ wanted: 2, kept: 2, added: 0, removed: 0 });
    expect(writes()).toHaveLength(1);
    server.users.set('PCLEO01', 'cleo@example.com');
    expect((await look()).found).toMatchObject({ kept: 2, added: 1, removed: 0, unknown: [] });
    expect(line().at(-1)).toBe('PCLEO01 12-14T09:00:00 12-21T09:00:00');
  });

  it('follows a change at once, by what changes alone', async () => {
    await make();
    await look();
    const { start, end } = { start: NOW + 2 * DAY_MS, end: NOW + 2 * DAY_MS + 6 * HOUR_MS };
    const { id: override } = accepted(
      await createOverride(world.context, {
        ...{ schedule: 'support', kind: 'replace', role: 'primary', people: ['ben'] },
        ...{ replaces: null, start, end, reason: null },
      }),
    );
    await fanOut(world);
    expect((await read()).nextLookAt).toBeLessThan(Date.now() + 2_000);
    expect((await look()).found).toMatchObject({ kept: 1, added: 3, removed: 1 });
    expect(line()).toEqual([
      // What has begun there ends when it is taken away; what is right goes on some seconds later.
      `${ANN} 12-02T12:00:05 12-04T12:00:00`,
      `${BEN} 12-04T12:00:00 12-04T18:00:00`,
      `${ANN} 12-04T18:00:00 12-07T09:00:00`,
      LINE[1],
    ]);
    accepted(await cancelOverride(world.context, { schedule: 'support', override }));
    await fanOut(world);
    expect((await look()).found).toMatchObject({ kept: 3, added: 1, removed: 1 });
  });

  it('leaves alone what people made by hand, and comes back where they take it away', async () => {
    const byHand = { id: 'QHAND', user: 'PNOT', start: NOW + 3 * HOUR_MS, end: NOW + 8 * HOUR_MS };
    server.overrides.push(byHand);
    await make({ role: 'secondary' });
    server.users.set('PDEV', 'dev@example.com');
    expect((await look()).found).toMatchObject({ foreign: 1, added: 2 });
    expect(line().slice(0, 3)).toEqual([
      'PDEV 12-02T12:00:05 12-02T15:00:00',
      'PNOT 12-02T15:00:00 12-02T20:00:00',
      expect.stringMatching(/^PDEV 12-02T20:00:00/),
    ]);
    server.overrides.splice(server.overrides.indexOf(byHand), 1);
    expect((await look()).found).toMatchObject({ foreign: 0, kept: 2, added: 1, removed: 0 });
    // One of ours that somebody deletes there is made again.
    server.overrides.splice(0, 1);
    expect((await look()).found).toMatchObject({ kept: 2, added: 1 });
  });

  it('knows its own again though the answer was lost, and where no ids are told', async () => {
    await make();
    server.hidesIds = true;
    server.faultWith(({ method }) => (method === 'POST' ? { status: 0, hangUp: true } : undefined));
    expect(await look()).toMatchObject({
      status: 'active',
      failures: 1,
      problem: expect.stringMatching(/reset/),
    });
    server.faultWith(() => undefined);
    expect((await look()).found).toMatchObject({ kept: 2, added: 0, foreign: 0 });
    expect(line()).toEqual(LINE);
    accepted(await changeMirror(world.context, { mirror, horizonDays: 2 }, RULES));
    expect((await look()).found).toMatchObject({ wanted: 1, kept: 1, removed: 1, foreign: 0 });
    expect(line()).toEqual(LINE.slice(0, 1));
  });

  it('waits while PagerDuty has too much, or is ill', async () => {
    await make();
    server.faultWith(() => ({ status: 429, headers: { 'ratelimit-reset': '300' } }));
    const busy = await look();
    expect(busy.problem).toMatch(/answered 429/);
    expect(busy.nextLookAt).toBeGreaterThan(Date.now() + 280_000);
    server.faultWith(() => ({ status: 500, body: '<html>' }));
    expect(await look()).toMatchObject({ problem: expect.stringMatching(/answered 500/), failures: 2 });
    server.faultWith(() => undefined);
    expect(await look()).toMatchObject({ problem: null, failures: 0 });
    expect(line()).toEqual(LINE);
  });

  it('is switched off where its key is refused, or there is no such schedule, and its owner is told', async () => {
    await make({ token: 'wrong-token-wrong' });
    expect(await look()).toMatchObject({
      status: 'disabled',
      disabledReason: 'refused',
      problem: expect.stringMatching(/401/),
    });
    expect((await eventsOf(world, 'delivery.endpoint_disabled')).at(-1)).toMatchObject({
      ...{ endpoint: mirror, reason: 'refused' },
    });
    accepted(await changeMirror(world.context, { mirror, token: server.key, status: 'active' }, RULES));
    expect(await look()).toMatchObject({ status: 'active', problem: null });
    accepted(await deleteMirror(world.context, { mirror }));
    await make({ providerSchedule: 'PGONE99' });
    expect(await look()).toMatchObject({ status: 'disabled', problem: expect.stringMatching(/404/) });
  });

  it('goes on with a new key for secrets, once it was started with both', async () => {
    await make();
    const key = randomBytes(32);
    expect(await look(NETWORK, [key, ...KEYS])).toMatchObject({ status: 'active', problem: null });
    expect(await look(NETWORK, [key])).toMatchObject({ status: 'active', problem: null });
    expect(await look(NETWORK, KEYS)).toMatchObject({
      ...{ status: 'disabled', problem: expect.stringMatching(/WATCHBILL_SECRET_KEY/) },
    });
  });

  it('calls no private address that nobody allowed, and keeps its token to itself', async () => {
    await make();
    const row = await look({ timeoutMs: 10_000, allowedNetworks: [] });
    expect(row.problem).toMatch(/blocked_address/);
    expect(server.calls).toEqual([]);
    for (const table of ['mirrors', 'audit_log', 'events']) {
      const { rows } = await world.database.pool.query(`SELECT t::text AS row FROM ${table} t`);
      expect(rows.filter(({ row: text }: { row: string }) => text.includes(server.key))).toEqual([]);
    }
    const other = { schedule: 'support', role: 'primary', providerSchedule: 'PSCHED1', token: server.key };
    const twice = await createMirror(
      world.context,
      { ...other, fromEmail: 'boss@example.com', url: server.url },
      RULES,
    );
    expect(twice).toMatchObject({ ok: false, error: { reason: 'mirror/taken' } });
  });
});
