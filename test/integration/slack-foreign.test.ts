import { WebClient } from '@slack/web-api';
import { acceptSwap, acknowledgePage, linkChannel, requestSwap, triggerPage } from '@watchbill/commands';
import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { accepted, PEOPLE } from './apply-fixture.ts';
import { applySlackTeam, eventually, openSlackWorld, type SlackWorld } from './slack-fixture.ts';
import { as, stretch } from './swap-fixture.ts';

// What the bot sends, against a stand-in of Slack's Web API that others wrote: it knows nothing of ours.
const TOKEN = 'xoxb-foreign';
let emulator: Emulator;
let world: SlackWorld;
let reader: WebClient;
let workspace: string;
let channel: string;

beforeAll(async () => {
  const port = await freePort();
  emulator = await createEmulator({
    service: 'slack',
    port,
    seed: {
      slack: {
        team: { name: 'Acme', domain: 'acme' },
        users: [...PEOPLE, 'watchbill'].map((id) => {
          return { name: id, real_name: id, email: `${id}@example.com` };
        }),
        channels: [{ name: 'payments' }],
      },
      tokens: { [TOKEN]: { login: 'watchbill', scopes: [] } },
    },
  });
  const apiUrl = `http://127.0.0.1:${port}/api/`;
  reader = new WebClient(TOKEN, { slackApiUrl: apiUrl, retryConfig: { retries: 0 } });
  world = await openSlackWorld();
  // Nobody's account stands in the configuration: the bot finds them by their e-mail.
  await applySlackTeam(world, { named: [] });
  const { channels = [] } = await reader.conversations.list({});
  channel = channels.find(({ name }) => name === 'payments')?.id ?? '';
  await reader.conversations.join({ channel });
  workspace = (await reader.auth.test()).team_id ?? '';
  world.bot({ apiUrl, botToken: TOKEN });
  await eventually(async () => {
    const { rows } = await world.database.pool.query(
      `SELECT count(*)::int AS count FROM slack_people WHERE workspace = $1`,
      [workspace],
    );
    return rows[0].count === PEOPLE.length;
  });
  accepted(await linkChannel(world.context, { workspace, channel, schedule: 'payments', settings: {} }));
});
afterAll(async () => {
  await world?.close();
  await emulator?.close();
});

interface Seen {
  readonly ts: string;
  readonly text: string;
  readonly edited: boolean;
  readonly blocks: string;
}

async function seenIn(place: string): Promise<readonly Seen[]> {
  const { messages = [] } = await reader.conversations.history({ channel: place });
  return messages.map((message) => ({
    ...{ ts: message.ts ?? '', text: message.text ?? '', blocks: JSON.stringify(message.blocks ?? []) },
    edited: 'edited' in message,
  }));
}

async function threadOf(place: string, ts: string): Promise<string> {
  const { messages = [] } = await reader.conversations.replies({ channel: place, ts });
  return messages
    .slice(1)
    .map(({ text }) => text)
    .join('\n');
}

async function directOf(person: string): Promise<string> {
  const { user } = await reader.users.lookupByEmail({ email: `${person}@example.com` });
  const opened = await reader.conversations.open({ users: user?.id ?? '' });
  return opened.channel?.id ?? '';
}

async function message(place: string, pattern: RegExp): Promise<Seen> {
  let found: Seen | undefined;
  await eventually(
    async () => {
      found = (await seenIn(place)).find(({ text }) => pattern.test(text));
      return found !== undefined;
    },
    () => `${pattern} in ${place}`,
  );
  return found as Seen;
}

test('a swap is asked by direct message, edited to its outcome there, told in its thread and in the channel', async () => {
  const gives = [stretch('payments', '09T09', '10T09')];
  const request = { kind: 'cover', person: 'ben', gives, to: { kind: 'person', person: 'ann' } } as const;
  const swap = accepted(await requestSwap(as(world, 'ben'), request));
  await world.fanOut();
  const [ann, ben] = [await directOf('ann'), await directOf('ben')];
  const asked = await message(ann, /asks you to \*cover\*/);
  expect(asked.blocks).toContain('swap_accept');
  const own = await message(ben, /You asked <@U\w+> to \*cover\* for you/);
  accepted(await acceptSwap(as(world, 'ann'), { swap: swap.id, person: 'ann' }));
  await world.fanOut();
  const done = await message(ann, /\*Done:\*/);
  expect(done).toMatchObject({ ts: asked.ts, edited: true });
  expect(done.blocks).not.toContain('swap_accept');
  await eventually(async () => (await threadOf(ben, own.ts)).includes('has taken it over'));
  await message(channel, /\*Done:\* <@U\w+> covers for <@U\w+>/);
});

test('a page calls by direct message, stands in the channel with its history as a thread, and is edited in place', async () => {
  const input = { schedule: 'payments', summary: 'db <down> & out', severity: 'critical' as const };
  const { page } = accepted(await triggerPage(world.context, input));
  await world.fanOut();
  const post = await message(channel, /db &lt;down&gt; &amp; out/);
  expect(post.blocks).toContain('page_acknowledge');
  accepted(await acknowledgePage(as(world, 'ann'), { page, by: 'ann', via: 'slack' }));
  await world.fanOut();
  await eventually(async () => {
    const now = (await seenIn(channel)).find(({ ts }) => ts === post.ts);
    return now?.edited === true && !now.blocks.includes('page_acknowledge');
  });
  await eventually(async () => /^Acknowledged/m.test(await threadOf(channel, post.ts)));
});
