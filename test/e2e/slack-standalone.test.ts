import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServiceProcess, spawnService } from '../support/service-process.ts';
import { slackRequests } from '../support/slack-requests.ts';
import { type SlackServer, startSlackServer } from '../support/slack-server.ts';
import { inProcess } from './cli-in-process.ts';

const SECRET = 'signing-secret-of-a-test';
let state: string;
let slack: SlackServer;
let running: ServiceProcess | undefined;

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'watchbill-slack-'));
  // Run as root, the database runs as somebody else, who must be able to enter.
  chmodSync(state, 0o755);
  slack = await startSlackServer();
  slack.addUser({ id: 'U0NEW', name: 'new', realName: 'New', email: 'new@example.com', tz: 'UTC' });
  slack.addChannel({ id: 'C0PLAT', name: 'platform', members: ['U0NEW'] });
});
afterEach(async () => {
  await running?.end('SIGTERM');
  await slack.close();
  rmSync(state, { recursive: true, force: true, maxRetries: 20 });
});

async function start(environment: Record<string, string>): Promise<{ url: string; token: string }> {
  const options = { args: ['--state', state, '--port', '0'] };
  running = spawnService('standalone', environment, options);
  await running.waitFor(/Ctrl-C stops it\./);
  const [, url = ''] = await running.waitFor(/API {3}(http:\/\/[^/\s]+)/);
  const token = /^ {2}(wb_\S+)$/m.exec(running.output())?.[1] ?? '';
  return { url, token };
}

describe('npm start with Slack', () => {
  it('answers /oncall under the API, says what is missing, and stops in order', async () => {
    const { url, token } = await start({
      ...{ SLACK_BOT_TOKEN: 'xoxb-test', SLACK_SIGNING_SECRET: SECRET, SLACK_API_URL: slack.apiUrl },
    });
    expect(running?.output()).toContain('Slack /oncall, by requests to');
    const requests = slackRequests(slack, `${url}/slack/events`, SECRET);
    const ack = await requests.command('help', { user: 'U0NEW', channel: 'C0PLAT' });
    expect(ack.status).toBe(200);
    expect((await requests.post('text=help', { 'x-slack-signature': 'v0=00' })).status).toBe(401);
    const env = { WATCHBILL_URL: url, WATCHBILL_TOKEN: token };
    const checked = await inProcess(['slack', 'check'], { env });
    expect(checked.out).toContain('ok       HTTP mode');
    expect(checked.out).toContain('ok       Workspace watch (T0WATCH): the token is good.');
    expect(checked.out).toContain('missing  No channel is linked to a schedule yet');
    expect(checked.out).toMatch(/missing {2}No Slack account is known of \w+/);
    expect(checked.code).toBe(1);
    const code = await inProcess(['slack', 'code', 'nobody'], { env });
    expect(code.code).toBe(2);
    expect(await running?.end('SIGTERM')).toMatchObject({ code: 0 });
    expect(running?.output()).toMatch(/Stopped\.\n$/);
  });

  it('without tokens says in one line how to connect it', async () => {
    const { url, token } = await start({});
    expect(running?.output()).toContain('Slack not connected. Ten steps connect it: docs/slack.md');
    const env = { WATCHBILL_URL: url, WATCHBILL_TOKEN: token };
    const checked = await inProcess(['slack', 'check'], { env });
    expect(checked.out).toContain('No Slack bot runs.');
    expect(checked.code).toBe(1);
    expect(
      (await fetch(`${url}/slack/events`, { method: 'POST', headers: { connection: 'close' } })).status,
    ).toBe(404);
  });
});
