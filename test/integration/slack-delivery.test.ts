import { setTimeout as sleep } from 'node:timers/promises';
import { triggerPage } from '@watchbill/commands';
import { findPage, insertSlackMessages, type NewSlackMessage } from '@watchbill/database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnService } from '../support/service-process.ts';
import { accepted } from './apply-fixture.ts';
import {
  CHANNEL,
  direct,
  eventually,
  link,
  openSlackWorld,
  SIGNING_SECRET,
  type SlackWorld,
  settled,
  TEAM,
} from './slack-fixture.ts';

let world: SlackWorld;

beforeEach(async () => {
  world = await openSlackWorld();
});
afterEach(() => world.close());

async function page(summary = 'Checkout'): Promise<string> {
  const input = { schedule: 'payments', summary, severity: 'critical' } as const;
  return accepted(await triggerPage(world.context, input)).page;
}

function posts(channel: string) {
  return world.slack.state.messages.filter((each) => each.channel === channel);
}

/** Writes messages that can wait, as many handoffs at once do. */
async function writeBulk(count: number, channel = CHANNEL): Promise<void> {
  const messages = Array.from(
    { length: count },
    (_, index): NewSlackMessage => ({
      key: `bulk.${channel}.${index}`,
      ...{ kind: 'sync_problem', subject: 'bulk', facts: { text: `bulk ${index}` }, workspace: TEAM },
      place: { channel, person: null },
      ...{ threadOf: null, urgent: false, afterMs: 0, staleMs: 60_000 },
    }),
  );
  await world.database.transaction((tx) => insertSlackMessages(tx, messages));
}

async function statusOf(id: string): Promise<string[]> {
  const detail = await findPage(world.database, id);
  return (detail?.notifications ?? []).filter(({ way }) => way === 'slack').map(({ status }) => status);
}

describe('limits of Slack', () => {
  test('a storm of 429 on what can wait does not hold a page up, and is not asked again too soon', async () => {
    await world.readyBot();
    let limited = 0;
    world.slack.faultWith((method, args) => {
      if (method !== 'chat.postMessage' || !String(args.text).startsWith('bulk') || limited >= 3) return;
      limited += 1;
      return { status: 429, headers: { 'retry-after': '2' } };
    });
    await writeBulk(3);
    await eventually(() => limited > 0);
    const startedAt = performance.now();
    await page();
    await eventually(() => posts(direct('ann')).length === 1);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await eventually(() => posts(CHANNEL).length === 3);
    const tries = world.slack
      .of('chat.postMessage')
      .filter(({ args }) => String(args.text).startsWith('bulk'));
    const refused = tries.filter(({ answer }) => answer.ok !== true);
    // After each refusal the channel rests for as long as Slack said.
    for (const { atMs } of refused) {
      const next = tries.find((each) => each.atMs > atMs);
      expect((next?.atMs ?? 0) - atMs).toBeGreaterThan(1_950);
    }
  });

  test('one message a second in a channel, and pages go before what can wait', async () => {
    await world.readyBot();
    await writeBulk(4);
    await eventually(() => posts(CHANNEL).length === 1);
    await link(world);
    await page();
    await world.fanOut();
    await eventually(() => posts(CHANNEL).length === 5);
    const order = posts(CHANNEL).map(({ text }) => (text.includes('CRITICAL') ? 'page' : 'bulk'));
    expect(order.indexOf('page')).toBeLessThan(3);
    const times = world.slack
      .of('chat.postMessage')
      .filter(({ args }) => args.channel === CHANNEL)
      .map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(950);
  });
});

describe('an unknown outcome', () => {
  test('an answer that is lost after the effect is looked up, and nothing is said twice', async () => {
    await world.readyBot();
    let lost = 0;
    world.slack.faultWith((method) => {
      if (method !== 'chat.postMessage' || lost > 0) return;
      lost += 1;
      return { hangUp: 'after' };
    });
    const id = await page();
    await eventually(async () => (await statusOf(id)).includes('sent'));
    await settled(world);
    expect(posts(direct('ann'))).toHaveLength(1);
    expect(world.slack.of('conversations.history').length).toBeGreaterThan(0);
  });

  test('one that is lost before the effect is sent again, once', async () => {
    await world.readyBot();
    let lost = 0;
    world.slack.faultWith((method) => {
      if (method !== 'chat.postMessage' || lost > 0) return;
      lost += 1;
      return { hangUp: 'before' };
    });
    const id = await page();
    await eventually(async () => (await statusOf(id)).includes('sent'));
    expect(posts(direct('ann'))).toHaveLength(1);
  });

  test('an answer that comes too late is looked up too', async () => {
    await world.readyBot();
    let slow = 0;
    world.slack.faultWith((method) => {
      if (method !== 'chat.postMessage' || slow > 0) return;
      slow += 1;
      return { delayMs: 5_500 };
    });
    const id = await page();
    await eventually(async () => (await statusOf(id)).includes('sent'));
    await settled(world);
    expect(posts(direct('ann'))).toHaveLength(1);
  });

  test('a bot that is killed between the sending and the mark leaves one message', async () => {
    const environment = {
      DATABASE_URL: world.database.connectionString,
      SLACK_API_URL: world.slack.apiUrl,
      ...{ SLACK_BOT_TOKEN: 'xoxb-test', SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_PORT: '0' },
      ...{ LOG_LEVEL: 'info', WATCHBILL_HEALTH_PORT: '0' },
    };
    const first = spawnService('slackbot', environment);
    await first.waitFor(/the token belongs to this workspace/);
    // The message stands in Slack and the bot does not know it yet.
    world.slack.faultWith((method) =>
      method === 'chat.postMessage' ? { hangUp: 'after', delayMs: 200 } : undefined,
    );
    const id = await page();
    await eventually(() => posts(direct('ann')).length === 1);
    await first.end('SIGKILL');
    world.slack.faultWith(undefined);
    const second = spawnService('slackbot', environment);
    await eventually(
      async () => (await statusOf(id)).includes('sent'),
      () => second.output().slice(-2_000),
    );
    expect(posts(direct('ann'))).toHaveLength(1);
    expect(await second.end('SIGTERM')).toMatchObject({ code: 0 });
  }, 90_000);
});

describe('outages', () => {
  test('a bot that starts while Slack is away says everything once it is back', async () => {
    world.slack.faultWith(() => ({ hangUp: 'before' }));
    const bot = world.bot();
    await page('while away');
    await sleep(300);
    expect(world.slack.state.messages).toEqual([]);
    expect(await bot.check.check()).toEqual([]);
    world.slack.faultWith(undefined);
    await eventually(() => posts(direct('ann')).length === 1);
  });

  test('a revoked token gives nothing up: it is said with the next good one', async () => {
    await world.readyBot();
    world.slack.faultWith(() => ({ body: { ok: false, error: 'token_revoked' } }));
    const id = await page();
    await eventually(() => world.slack.calls.some(({ answer }) => answer.error === 'token_revoked'));
    await sleep(200);
    expect(await statusOf(id)).toEqual(['pending']);
    world.slack.faultWith(undefined);
    await eventually(async () => (await statusOf(id)).includes('sent'));
  });

  test('what cannot be sent is given up with a reason, and the page knows', async () => {
    await world.readyBot();
    world.slack.faultWith((method) =>
      method === 'chat.postMessage' ? { body: { ok: false, error: 'messages_tab_disabled' } } : undefined,
    );
    const id = await page();
    await eventually(async () => (await statusOf(id)).includes('failed'));
    const detail = await findPage(world.database, id);
    expect(detail?.notifications.find(({ way }) => way === 'slack')?.outcome).toBe('messages_tab_disabled');
  });

  test('a fault in the blocks keeps no page back: it is said as text', async () => {
    await world.readyBot();
    world.slack.faultWith((method, args) =>
      method === 'chat.postMessage' && Array.isArray(args.blocks) && args.blocks.length > 0
        ? { body: { ok: false, error: 'invalid_blocks' } }
        : undefined,
    );
    await page('plain');
    await eventually(() => posts(direct('ann')).some(({ text }) => text.includes('plain')));
  });
});

describe('many at once, twice, and out of order', () => {
  test('two bots share a storm of pages and say each one once', async () => {
    await world.readyBot();
    world.bot();
    const ids = await Promise.all(Array.from({ length: 6 }, (_, index) => page(`page ${index}`)));
    await eventually(async () =>
      (await Promise.all(ids.map(statusOf))).flat().every((status) => status === 'sent'),
    );
    await settled(world);
    const said = posts(direct('ann')).map(({ text }) => /page \d$/m.exec(text)?.[0] ?? text);
    expect(new Set(said).size).toBe(posts(direct('ann')).length);
    expect(posts(direct('ann'))).toHaveLength(6);
  });

  test('events that are read a second time say nothing again', async () => {
    await world.readyBot();
    await link(world);
    await world.passTo('2026-12-07T09:00:01Z');
    await eventually(() => posts(CHANNEL).length === 1);
    await settled(world);
    await world.database.pool.query('UPDATE slack_stream SET position = 0');
    world.bot();
    await eventually(async () => {
      const { rows } = await world.database.pool.query('SELECT FROM slack_stream WHERE position > 0');
      return rows.length === 2;
    });
    await settled(world);
    expect(posts(CHANNEL).filter(({ text }) => text.includes('2026 09:00'))).toHaveLength(1);
    expect(posts(direct('ben')).filter(({ text }) => text.includes('1 d'))).toHaveLength(0);
  });

  test('an event that cannot be read is passed over, and the next ones are told', async () => {
    await world.readyBot();
    await link(world);
    await world.database.pool.query(
      `INSERT INTO events (id, key, type, schedule_id, occurred_at, published_at, data)
       VALUES ('evt_bad', 'bad', 'handoff.completed', 'payments', clock_now(), clock_now(), '{}')`,
    );
    await world.fanOut();
    await world.passTo('2026-12-07T09:00:01Z');
    await eventually(() => posts(CHANNEL).some(({ text }) => text.includes('Handoff of payments')));
  });
});
