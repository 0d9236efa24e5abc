import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { findSlackWorkspace } from '@watchbill/database';
import type { Slackbot } from '@watchbill/slackbot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signature, slackRequests } from '../support/slack-requests.ts';
import { type SlackSocketServer, startSlackSocket } from '../support/slack-socket.ts';
import {
  account,
  eventually,
  openSlackWorld,
  SIGNING_SECRET,
  type SlackWorld,
  TEAM,
} from './slack-fixture.ts';

let world: SlackWorld;
let server: Server | undefined;

beforeEach(async () => {
  world = await openSlackWorld();
});
afterEach(async () => {
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  server = undefined;
  await world.close();
});

/** Lets the bot's handler listen, as the API server or the bot's own process does. */
async function serve(bot: Slackbot): Promise<string> {
  if (bot.httpHandler === null) throw new Error('the bot takes no requests');
  server = createServer(bot.httpHandler);
  server.keepAliveTimeout = 1;
  server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => server?.once('listening', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

describe('HTTP mode', () => {
  test('answers signed requests, also the first one before Slack has said whose the token is', async () => {
    world.slack.faultWith((method) => (method === 'auth.test' ? { hangUp: 'before' } : undefined));
    const url = await serve(world.bot());
    const requests = slackRequests(world.slack, `${url}/slack/events`, SIGNING_SECRET);
    const answer = await requests.command('help', { user: account('ann'), channel: 'C0PAY' });
    expect(answer.status).toBe(200);
  });

  test('refuses what is not signed, too old, or not for Slack', async () => {
    const url = await serve(await world.readyBot());
    const body = new URLSearchParams({ command: '/oncall', text: 'help', team_id: TEAM }).toString();
    const post = (path: string, headers: Record<string, string>) =>
      fetch(`${url}${path}`, {
        ...{ method: 'POST', body },
        headers: { 'content-type': 'application/x-www-form-urlencoded', connection: 'close', ...headers },
      });
    expect((await post('/slack/events', {})).status).toBe(401);
    expect((await post('/slack/events', signature('another secret', body))).status).toBe(401);
    const hourAgo = Math.floor(Date.now() / 1_000) - 3_600;
    expect((await post('/slack/events', signature(SIGNING_SECRET, body, hourAgo))).status).toBe(401);
    expect((await post('/slack/other', signature(SIGNING_SECRET, body))).status).toBe(404);
    expect((await fetch(`${url}/slack/install`, { headers: { connection: 'close' } })).status).toBe(404);
  });

  test('forgets a workspace that throws the app out', async () => {
    const url = await serve(await world.readyBot());
    const requests = slackRequests(world.slack, `${url}/slack/events`, SIGNING_SECRET);
    expect((await requests.event({ type: 'app_uninstalled' })).status).toBe(200);
    await eventually(async () => (await findSlackWorkspace(world.database, TEAM)) === null);
  });
});

describe('Socket Mode', () => {
  let socket: SlackSocketServer;

  beforeEach(async () => {
    socket = await startSlackSocket();
    allow();
  });
  afterEach(() => socket.close());

  const allow = (): void =>
    world.slack.faultWith((method) =>
      method === 'apps.connections.open' ? { body: { ok: true, url: socket.url } } : undefined,
    );
  const start = (): Slackbot => world.bot({ mode: 'socket', appToken: 'xapp-test', signingSecret: null });
  const command = (id: string) => ({
    type: 'slash_commands',
    envelope_id: id,
    accepts_response_payload: true,
    payload: {
      ...{ command: '/oncall', text: 'help', user_id: account('ann'), channel_id: 'C0PAY', team_id: TEAM },
      ...{ trigger_id: world.slack.trigger(), response_url: world.slack.responseUrl(), user_name: 'ann' },
    },
  });
  const isConnected = async (bot: Slackbot): Promise<boolean> => (await bot.check.check()).length === 0;

  test('asks the configured Slack for its address, takes commands, and ends in good order', async () => {
    const bot = start();
    await eventually(() => isConnected(bot));
    const opened = world.slack.of('apps.connections.open')[0];
    expect(opened?.token).toBe('xapp-test');
    socket.send(command('E1'));
    await eventually(() => socket.acks.some(({ envelope_id: id }) => id === 'E1'));
    await bot.close();
    await eventually(() => socket.standing() === 0);
    expect(bot.httpHandler).toBeNull();
  });

  test('connects again when the line is cut, when Slack asks for it, and after a refusal', async () => {
    const bot = start();
    await eventually(() => isConnected(bot));
    socket.cut();
    await eventually(() => socket.opened() === 2);
    await eventually(() => isConnected(bot));
    socket.send({ type: 'disconnect', reason: 'refresh_requested' });
    await eventually(() => socket.opened() === 3);
    await eventually(() => isConnected(bot));
    let refused = 0;
    world.slack.faultWith((method) => {
      if (method !== 'apps.connections.open') return;
      refused += 1;
      if (refused === 1) return { body: { ok: false, error: 'invalid_auth' } };
      return refused === 2 ? { hangUp: 'before' } : { body: { ok: true, url: socket.url } };
    });
    socket.cut();
    await eventually(() => refused >= 1);
    await eventually(async () => (await bot.check.check()).length > 0 || refused > 2);
    await eventually(() => socket.opened() === 4);
    await eventually(() => isConnected(bot));
    socket.send(command('E9'));
    await eventually(() => socket.acks.some(({ envelope_id: id }) => id === 'E9'));
  });

  test('starts while Slack is away, says so, and connects when it is back', async () => {
    world.slack.faultWith(() => ({ hangUp: 'before' }));
    const bot = start();
    await eventually(async () => (await bot.check.check()).join().includes('not connected'));
    allow();
    await eventually(() => isConnected(bot));
  });

  test('stops while it is still connecting', async () => {
    socket.greet(false);
    const bot = start();
    await eventually(() => socket.standing() === 1);
    await bot.close();
    await eventually(() => socket.standing() === 0);
  });
});

describe('installations by OAuth', () => {
  const [one, two] = [randomBytes(32), randomBytes(32)];
  const oauth = { clientId: '1.2', clientSecret: 'c', stateSecret: 's', workspaces: ['T0ACME'] };

  /** Walks the way of somebody who installs the app; gives the page they see at the end. */
  async function install(url: string, team: string, more: object = {}): Promise<Response> {
    world.slack.faultWith((method) => {
      if (method !== 'oauth.v2.access') return;
      const bot = {
        access_token: 'xoxb-acme',
        bot_user_id: 'U0BOT',
        scope: 'chat:write,commands',
        token_type: 'bot',
      };
      const body = {
        ok: true,
        ...bot,
        app_id: 'A0',
        team: { id: team, name: 'Acme' },
        authed_user: { id: 'U1' },
      };
      return { body: { ...body, enterprise: null, is_enterprise_install: false, ...more } };
    });
    const page = await fetch(`${url}/slack/install`, { headers: { connection: 'close' } });
    const html = await page.text();
    const address = new URL(
      /href="(http[^"]+authorize[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '',
    );
    expect(address.pathname).toBe('/oauth/v2/authorize');
    expect(address.searchParams.get('scope')).toContain('usergroups:write');
    expect(address.searchParams.get('redirect_uri')).toBe('https://watchbill.example/slack/oauth_redirect');
    const back = new URLSearchParams({ code: 'c', state: address.searchParams.get('state') ?? '' });
    return fetch(`${url}/slack/oauth_redirect?${back}`, {
      headers: { cookie: (page.headers.get('set-cookie') ?? '').split(';')[0] ?? '', connection: 'close' },
    });
  }

  const start = (keys: readonly Uint8Array[]): Slackbot =>
    world.bot({ botToken: null, oauth }, { secretKeys: keys });

  test('keep the token encrypted, and a new key takes the place of the old one', async () => {
    const first = start([one]);
    const url = await serve(first);
    expect((await install(url, 'T0ACME')).status).toBe(200);
    const stored = await findSlackWorkspace(world.database, 'T0ACME');
    expect(stored).toMatchObject({ name: 'Acme', origin: 'oauth', scopes: ['chat:write', 'commands'] });
    expect(stored?.sealed).not.toContain('xoxb');
    const dump = await world.database.pool.query(
      'SELECT slack_workspaces::text AS row FROM slack_workspaces',
    );
    expect(JSON.stringify(dump.rows)).not.toContain('xoxb-acme');
    await first.close();
    start([two, one]);
    await eventually(async () => {
      const now = await findSlackWorkspace(world.database, 'T0ACME');
      return now?.sealed !== stored?.sealed;
    });
    // The report asks Slack with the token that was opened with the new key.
    world.slack.forget();
    start([two]);
    await eventually(() => world.slack.of('auth.test').some(({ token }) => token === 'xoxb-acme'));
  });

  test('are refused for a workspace that is not named, and without the state of the browser', async () => {
    const url = await serve(start([one]));
    const refused = await install(url, 'T0EVIL');
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('The workspace T0EVIL is not one that this server works for.'),
    ]);
    expect(await findSlackWorkspace(world.database, 'T0EVIL')).toBeNull();
    const forged = await fetch(`${url}/slack/oauth_redirect?code=c&state=forged`, {
      headers: { connection: 'close' },
    });
    expect([forged.status, await forged.text()]).toEqual([
      400,
      expect.stringContaining('Begin again at /slack/install'),
    ]);
  });

  test('are refused for a whole organisation', async () => {
    const url = await serve(start([one]));
    const organisation = {
      team: null,
      enterprise: { id: 'E0ORG', name: 'Org' },
      is_enterprise_install: true,
    };
    expect((await install(url, 'T0ACME', organisation)).status).toBe(403);
    expect(await findSlackWorkspace(world.database, 'T0ACME')).toBeNull();
  });

  describe('whose tokens run out', () => {
    const rotating = { refresh_token: 'xoxe-1-first', expires_in: 43_200 };
    const runsOutIn = (interval: string) =>
      world.database.pool.query(
        `UPDATE slack_workspaces SET token_expires_at = clock_timestamp() + $1::interval, renewing_until = NULL`,
        [interval],
      );
    const renewals = () =>
      world.slack.of('oauth.v2.access').filter(({ args }) => args.grant_type === 'refresh_token');
    /** Answers a renewal with the next pair, after a while. */
    const renews = (answer: () => object, delayMs = 300) =>
      world.slack.faultWith((method, args) => {
        if (method !== 'oauth.v2.access' || args.grant_type !== 'refresh_token') return;
        return { body: { ok: true, ...answer() }, delayMs };
      });

    test('are renewed by one bot of several before they do, and kept encrypted', async () => {
      const first = start([one]);
      expect((await install(await serve(first), 'T0ACME', rotating)).status).toBe(200);
      const stored = await findSlackWorkspace(world.database, 'T0ACME');
      expect((stored?.tokenExpiresAt ?? 0) - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
      expect(stored?.sealed).not.toContain('xox');
      await first.close();
      renews(() => ({ access_token: 'xoxb-second', refresh_token: 'xoxe-1-second', expires_in: 43_200 }));
      await runsOutIn('90 minutes');
      for (let each = 0; each < 3; each += 1) start([one]);
      await eventually(async () => {
        const now = await findSlackWorkspace(world.database, 'T0ACME');
        return (now?.tokenExpiresAt ?? 0) - Date.now() > 11 * 3_600_000;
      });
      expect(renewals().map(({ args }) => [args.refresh_token, args.client_id, args.client_secret])).toEqual([
        ['xoxe-1-first', '1.2', 'c'],
      ]);
      const dump = await world.database.pool.query(
        'SELECT slack_workspaces::text AS row FROM slack_workspaces',
      );
      expect(JSON.stringify(dump.rows)).not.toMatch(/xoxb|xoxe/);
      // The next one is got with the refresh token that came with this one, by whoever needs it at once.
      await runsOutIn('-1 second');
      world.slack.forget();
      start([one]);
      await eventually(() => world.slack.of('auth.test').some(({ token }) => token === 'xoxb-second'));
      expect(renewals().map(({ args }) => args.refresh_token)).toEqual(['xoxe-1-second']);
    });

    test('stay as they are while Slack is away or refuses, and a new installation wins over a renewal', async () => {
      const bot = start([one]);
      const url = await serve(bot);
      expect((await install(url, 'T0ACME', rotating)).status).toBe(200);
      await bot.close();
      await runsOutIn('90 minutes');
      const before = await findSlackWorkspace(world.database, 'T0ACME');
      renews(() => ({ ok: false, error: 'invalid_refresh_token' }), 0);
      const refused = start([one]);
      await eventually(() => renewals().length === 1);
      await refused.close();
      expect((await findSlackWorkspace(world.database, 'T0ACME'))?.sealed).toBe(before?.sealed);
      const { rows } = await world.database.pool.query(
        `SELECT renewing_until - clock_timestamp() > interval '9 minutes' AS rests FROM slack_workspaces`,
      );
      expect(rows).toEqual([{ rests: true }]);
      await runsOutIn('90 minutes');
      // While Slack thinks about the renewal, somebody installs the app again.
      let installed = false;
      world.slack.faultWith((method, args) => {
        if (method !== 'oauth.v2.access' || args.grant_type !== 'refresh_token') return;
        world.database.pool
          .query(`UPDATE slack_workspaces SET sealed = 'v1.new', token_expires_at = now() + interval '1 day'`)
          .then(() => {
            installed = true;
          });
        return {
          body: { ok: true, access_token: 'xoxb-late', refresh_token: 'x', expires_in: 9 },
          delayMs: 500,
        };
      });
      const last = start([one]);
      await eventually(() => renewals().length === 2 && installed);
      await last.close();
      expect((await findSlackWorkspace(world.database, 'T0ACME'))?.sealed).toBe('v1.new');
    });
  });
});
