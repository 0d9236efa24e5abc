import {
  acknowledgePage,
  changeProvider,
  createIntake,
  createProvider,
  deleteProvider,
  notePage,
  prune,
  reassignPage,
  resolvePage,
  snoozePage,
} from '@watchbill/commands';
import { findProvider, newId } from '@watchbill/database';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ProviderServer, startProviderServer } from '../support/provider-server.ts';
import { accepted, type World } from './apply-fixture.ts';
import { applyPolicies, openPageWorld, policyOf, role, step, trigger } from './page-fixture.ts';
import {
  eventsOf,
  fanOut,
  forwardedTo,
  letRetriesBeDue,
  openWays,
  providerAt,
  pump,
  RULES,
  takeTurns,
  type Ways,
} from './provider-fixture.ts';

let world: World;
let ways: Ways;
let server: ProviderServer;

beforeAll(async () => {
  world = await openPageWorld();
  await applyPolicies(world, [policyOf('night', [step([role('support')])])]);
  ways = openWays(world.database);
});
afterAll(async () => {
  await ways.close();
  await world.close();
});
beforeEach(async () => {
  server = await startProviderServer();
});
afterEach(async () => {
  await world.database.pool.query(`UPDATE endpoints SET status = 'disabled'`);
  await server.close();
});

const by = { by: 'ann', via: 'slack' } as const;
const acknowledge = async (page: string) => accepted(await acknowledgePage(world.context, { page, ...by }));
const resolve = async (page: string) => accepted(await resolvePage(world.context, { page, ...by }));

describe('a page', () => {
  it('is an incident of PagerDuty for its whole life, told once each', async () => {
    const provider = await providerAt(world, server);
    const { page } = await trigger(world, {
      ...{ source: 'checkout-7', dedupKey: 'checkout/503', severity: 'error' },
      ...{ details: { code: 503 }, links: [{ href: 'https://runbook.example/503', text: 'Runbook' }] },
    });
    await pump(world, ways);
    await acknowledge(page);
    accepted(await notePage(world.context, { page, ...by, text: 'Looking' }));
    await pump(world, ways);
    await resolve(page);
    await pump(world, ways);
    await pump(world, ways);

    expect(server.incidents).toMatchObject([
      { key: page, status: 'resolved', log: ['trigger: Checkout is down', 'acknowledge', 'resolve'] },
    ]);
    expect(server.calls.map(({ answered }) => answered)).toEqual([202, 202, 202]);
    expect(server.calls[0]?.body).toMatchObject({
      ...{ routing_key: server.key, event_action: 'trigger', dedup_key: page, client: 'Watchbill' },
      client_url: `https://watchbill.example/pages/${page}`,
      links: [
        { href: `https://watchbill.example/pages/${page}` },
        { href: 'https://runbook.example/503', text: 'Runbook' },
      ],
      payload: {
        ...{ summary: 'Checkout is down', source: 'checkout-7', severity: 'error', group: 'support' },
        custom_details: { key: 'checkout/503', details: { code: 503 }, urgency: 'high' },
      },
    });
    expect(await findProvider(world.database, provider.id)).toMatchObject({
      ...{
        status: 'active',
        pending: 0,
        lastAttempt: { outcome: 'delivered', statusCode: 202, error: null },
      },
    });
  });

  it('is an alert of Opsgenie, with its notes and snoozes', async () => {
    await providerAt(world, server, { kind: 'opsgenie' });
    const { page } = await trigger(world, { summary: `${'Disk '.repeat(60)}full`, details: { free: 0 } });
    accepted(await notePage(world.context, { page, ...by, text: 'Deleting logs' }));
    await acknowledge(page);
    accepted(await snoozePage(world.context, { page, ...by, until: Date.now() + 3_600_000 }));
    await resolve(page);
    await pump(world, ways);
    const [incident] = server.incidents;
    expect(incident).toMatchObject({ key: page, status: 'resolved' });
    expect(incident?.log.map((line) => line.split(':')[0])).toEqual([
      ...['trigger', 'notes', 'acknowledge', 'snooze', 'close'],
    ]);
    expect(incident?.log.slice(0, 2)).toEqual([
      expect.stringMatching(/^trigger: P1 Disk .*…$/),
      'notes: Deleting logs',
    ]);
    expect(server.calls.every(({ answered }) => answered === 202)).toBe(true);
    expect(server.calls[0]?.body.description).toContain('"free": 0');
  });

  it('that is over before anything got through is told in order, from the start', async () => {
    const provider = await providerAt(world, server);
    server.faultWith(() => ({ status: 503 }));
    const { page } = await trigger(world);
    await pump(world, ways);
    await acknowledge(page);
    await resolve(page);
    await pump(world, ways);
    expect(server.calls).toHaveLength(1);
    server.faultWith(() => undefined);
    await letRetriesBeDue(world);
    await takeTurns(world, ways);
    expect(server.incidents).toMatchObject([
      { key: page, status: 'resolved', log: ['trigger: Checkout is down', 'acknowledge', 'resolve'] },
    ]);
    expect((await forwardedTo(world, provider.id)).map(({ type, outcomes }) => [type, ...outcomes])).toEqual([
      ['page.triggered', 'status_5xx', 'delivered'],
      ['page.acknowledged', 'delivered'],
      ['page.resolved', 'delivered'],
    ]);
  });

  it('is one incident, though nobody knows here that it got through there', async () => {
    for (const kind of ['pagerduty', 'opsgenie'] as const) {
      const provider = await providerAt(world, server, { kind });
      const { page } = await trigger(world);
      let broken = true;
      server.faultWith(() => (broken ? { status: 0, hangUp: true } : undefined));
      await pump(world, ways);
      broken = false;
      await letRetriesBeDue(world);
      await takeTurns(world, ways);
      await resolve(page);
      await pump(world, ways);
      const mine = server.incidents.filter(({ key }) => key === page);
      expect(mine).toHaveLength(1);
      expect(mine[0]?.status).toBe('resolved');
      expect(mine[0]?.log.filter((line) => line.startsWith('trigger'))).toHaveLength(2);
      accepted(await deleteProvider(world.context, { provider: provider.id }));
    }
  });

  it('stays away as long as 429 asks', async () => {
    const provider = await providerAt(world, server);
    server.faultWith(() => ({ status: 429, headers: { 'retry-after': '900' } }));
    await trigger(world);
    await pump(world, ways);
    const [delivery] = await forwardedTo(world, provider.id);
    expect(delivery).toMatchObject({ status: 'pending', outcomes: ['status_4xx'] });
    expect(delivery?.nextInMs).toBeGreaterThan(880_000);
  });

  it('keeps its order under pressure, whatever breaks, and no incident is doubled or left open', async () => {
    await providerAt(world, server);
    const pages: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      pages.push((await trigger(world, { dedupKey: `pressure-${index}` })).page);
    }
    let count = 0;
    server.faultWith(() => {
      count += 1;
      if (count % 3 === 0) return { status: 500 };
      return count % 5 === 0 ? { status: 0, hangUp: true } : undefined;
    });
    const work = async () => {
      await letRetriesBeDue(world);
      // Three workers come at once; a lane is only ever in the hands of one.
      await Promise.all([
        fanOut(world),
        takeTurns(world, ways),
        takeTurns(world, ways),
        takeTurns(world, ways),
      ]);
    };
    await Promise.all([work(), ...pages.slice(0, 6).map(acknowledge)]);
    await Promise.all([work(), ...pages.map(resolve)]);
    for (let round = 0; round < 40 && server.incidents.filter(isOver).length < pages.length; round += 1) {
      await work();
    }
    expect(server.incidents.map(({ key }) => key).sort()).toEqual([...pages].sort());
    for (const { key, status, log } of server.incidents) {
      expect(status).toBe('resolved');
      const acted = log.map((line) => line.split(':')[0]).filter((word, at, all) => word !== all[at - 1]);
      const acknowledged = pages.indexOf(key) < 6 ? ['acknowledge'] : [];
      expect(acted).toEqual(['trigger', ...acknowledged, 'resolve']);
    }
  });
});

const isOver = ({ status }: { readonly status: string }) => status === 'resolved';

describe('a provider', () => {
  it.each([
    ['pagerduty', 400],
    ['opsgenie', 401],
  ] as const)(
    '%s that does not take the key is switched off, told of, and goes on with another key',
    async (kind, statusCode) => {
      const provider = await providerAt(world, server, { kind, key: 'wrong-key-wrong-key' });
      const { page } = await trigger(world);
      await resolve(page);
      await pump(world, ways);
      await pump(world, ways);
      expect(server.calls).toHaveLength(1);
      expect(await findProvider(world.database, provider.id)).toMatchObject({
        ...{ status: 'disabled', disabledReason: 'refused', pending: 2, lastAttempt: { statusCode } },
      });
      expect((await eventsOf(world, 'delivery.endpoint_disabled')).at(-1)).toMatchObject({
        ...{ endpoint: provider.id, reason: 'refused' },
      });
      const change = { provider: provider.id, key: server.key, status: 'active' } as const;
      accepted(await changeProvider(world.context, change, RULES));
      await takeTurns(world, ways);
      expect(server.incidents).toMatchObject([{ key: page, status: 'resolved' }]);
    },
  );

  it('that does not take one event gets the others, and its owner is told', async () => {
    const provider = await providerAt(world, server);
    server.faultWith(({ body }) =>
      body.event_action === 'trigger' ? { status: 400, body: '{"errors":["payload is odd"]}' } : undefined,
    );
    const { page } = await trigger(world);
    await resolve(page);
    await pump(world, ways);
    expect((await forwardedTo(world, provider.id)).map(({ status }) => status)).toEqual([
      'failed',
      'succeeded',
    ]);
    expect((await eventsOf(world, 'delivery.dropped')).at(-1)).toMatchObject({
      endpoint: provider.id,
      event: { type: 'page.triggered' },
      ...{ outcome: 'status_4xx', statusCode: 400, answer: expect.stringContaining('payload is odd') },
    });
    expect(await findProvider(world.database, provider.id)).toMatchObject({ status: 'active' });
  });

  it('hears only of its schedules and policies, and of a page to its end, whoever has it', async () => {
    await providerAt(world, server, { policies: ['night'] });
    const { page: other } = await trigger(world, { schedule: 'support' });
    const { page } = await trigger(world, { policy: 'night' });
    const to = { schedule: 'support' };
    accepted(await reassignPage(world.context, { page, ...by, to }));
    await resolve(page);
    await resolve(other);
    await pump(world, ways);
    expect(server.incidents).toMatchObject([{ key: page, status: 'resolved' }]);
  });

  it('gets no page twice round: neither by our own intake’s key, nor by a page that came back', async () => {
    const intake = accepted(
      await createIntake(world.context, { name: 'PD', kind: 'pagerduty', schedule: 'support' }),
    );
    const own = await createProvider(
      world.context,
      { kind: 'pagerduty', name: 'Loop', key: intake.key ?? '', url: server.url },
      RULES,
    );
    expect(own).toMatchObject({ ok: false, error: { reason: 'provider/own-intake' } });

    await providerAt(world, server);
    const { page } = await trigger(world);
    await pump(world, ways);
    // Another server took it in, forwarded it, and it comes back under the name that we gave it.
    await trigger(world, { intake: intake.intake.id, dedupKey: page });
    await pump(world, ways);
    expect(server.incidents.map(({ key }) => key)).toEqual([page]);
    // One that began elsewhere keeps its name, so that whoever began it knows it again.
    const foreign = newId('pag');
    await trigger(world, { intake: intake.intake.id, dedupKey: foreign });
    await pump(world, ways);
    expect(server.incidents.map(({ key }) => key)).toEqual([page, foreign]);
  });

  it('is not called at a private address that nobody allowed', async () => {
    const provider = await providerAt(world, server);
    const closed = openWays(world.database, { timeoutMs: 10_000, allowedNetworks: [] });
    await trigger(world);
    await pump(world, closed);
    await closed.close();
    expect(server.calls).toEqual([]);
    expect(await forwardedTo(world, provider.id)).toMatchObject([
      { status: 'pending', outcomes: ['blocked_address'] },
    ]);
  });

  it('keeps its key to itself, and nothing when it is deleted', async () => {
    const provider = await providerAt(world, server);
    const { page } = await trigger(world);
    await pump(world, ways);
    await resolve(page);
    await fanOut(world);
    accepted(await deleteProvider(world.context, { provider: provider.id }));
    await takeTurns(world, ways);
    expect(server.incidents).toMatchObject([{ key: page, status: 'triggered' }]);
    expect((await forwardedTo(world, provider.id)).map(({ status }) => status)).toEqual([
      'succeeded',
      'cancelled',
    ]);
    expect(await findProvider(world.database, provider.id)).toBeNull();
    const tables = ['providers', 'endpoints', 'audit_log', 'deliveries', 'attempts', 'events', 'outbox'];
    for (const table of tables) {
      const { rows } = await world.database.pool.query(`SELECT t::text AS row FROM ${table} t`);
      expect(rows.filter(({ row }: { row: string }) => row.includes(server.key))).toEqual([]);
    }
  });

  it('leaves no lanes behind of pages that were over long ago', async () => {
    const provider = await providerAt(world, server);
    const { page: open } = await trigger(world);
    const { page } = await trigger(world, { dedupKey: 'long-ago' });
    await resolve(page);
    await pump(world, ways);
    const lanes = async () => {
      const { rows } = await world.database.pool.query(
        'SELECT lane FROM delivery_lanes WHERE endpoint_id = $1 ORDER BY lane',
        [provider.id],
      );
      return rows.map(({ lane }: { lane: string }) => lane);
    };
    expect(await lanes()).toEqual([open, page].sort());
    await world.database.pool.query(
      `UPDATE pages SET resolved_at = resolved_at - interval '2 days' WHERE id = $1`,
      [page],
    );
    await prune(world.database, { eventRetentionMs: 400 * 86_400_000 });
    expect(await lanes()).toEqual([open]);
  });
});
