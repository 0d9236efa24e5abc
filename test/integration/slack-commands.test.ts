import { createConnectCode, createOverride } from '@watchbill/commands';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accepted, instantOf } from './apply-fixture.ts';
import { account, CHANNEL, link } from './slack-fixture.ts';
import { type Front, openFront } from './slack-front-fixture.ts';

let front: Front;

beforeAll(async () => {
  front = await openFront({ named: ['ann', 'ben', 'cleo', 'eve'] }, ({ slack }) => {
    slack.addUser({ id: account('dev'), name: 'dev', realName: 'Dev', tz: 'Europe/London' });
  });
  front.slack.addUser({ id: 'U0NEW', name: 'new', realName: 'Nell <New>', email: 'nobody@example.com' });
  front.slack.addUser({ id: 'U0GUEST', name: 'guest', realName: 'Guest', isRestricted: true });
  front.slack.addUser({
    id: 'U0FAR',
    name: 'far',
    realName: 'Far',
    team: 'T0OTHER',
    email: 'far@example.com',
  });
  front.slack.addUser({ id: 'U0GONE', name: 'gone', realName: 'Gone & Away', deleted: true });
  front.slack.addChannel({ id: 'C0ELSE', name: 'elsewhere' });
  front.slack.addChannel({ id: 'G0SECRET', name: 'secret', isPrivate: true, bot: false });
  await link(front);
});
afterAll(async () => {
  expect(front.refused().filter((call) => !call.startsWith('conversations.info'))).toEqual([]);
  await front.close();
});

describe('who is on call', () => {
  it('answers for the channel’s schedule, only to whoever asks, within a second', async () => {
    const { ack, text, args } = await front.say('ann', '');
    expect(ack).toMatchObject({ status: 200, text: '' });
    expect(ack.tookMs).toBeLessThan(2_000);
    expect(args.response_type).toBe('ephemeral');
    expect(text).toContain('*On call now for payments*');
    expect(text).toMatch(
      /\*primary:\* <@U0ANN> until <!date\^1796634000\^[^|]*\|Mon 7 Dec 2026 09:00 Europe\/London>/,
    );
    expect(text).toMatch(/next: <@U0BEN> from/);
    // dev has no account, so that nobody is called by a mention.
    expect(text).toContain('*secondary:* *Dev*');
  });

  it('answers for another time in the reader’s zone, and for a whole day', async () => {
    front.slack.addUser({ id: account('ben'), name: 'ben', realName: 'Ben', tz: 'America/New_York' });
    const later = await front.say('ben', 'who at 2026-12-07 03:59');
    expect(later.text).toContain('<@U0ANN>');
    const then = await front.say('ben', 'who at 2026-12-07 04:00');
    expect(then.text).toMatch(/\*primary:\* <@U0BEN>/);
    const day = await front.say('cleo', 'who on 2026-12-07');
    expect(day.text).toMatch(/primary: <@U0ANN>(.|\n)*primary: <@U0BEN>/);
  });

  it('answers far beyond what is stored', async () => {
    const { text } = await front.say('ann', 'who at 2028-01-05 09:00');
    expect(text).toMatch(/\*primary:\* <@U0(ANN|BEN|CLEO)>/);
  });

  it('lists the schedules where the channel has none, unless there is only one', async () => {
    const { text } = await front.say('ann', 'who', 'C0ELSE');
    expect(text).toContain('On call now for payments');
  });

  it('suggests what may have been meant', async () => {
    expect((await front.say('ann', 'cvoer tomorrow')).text).toContain(
      'Did you mean `/oncall cover tomorrow`?',
    );
    expect((await front.say('ann', 'who paymens')).text).toContain('Did you mean `payments`?');
    expect((await front.say('ann', 'help')).text).toContain('/oncall take back');
    expect((await front.say('ann', 'who at 9')).text).toContain('9am, 9pm or 09:00');
  });
});

describe('shifts, load and me', () => {
  it('shows the coming shifts, gaps first', async () => {
    const start = instantOf('2026-12-03T09:00:00Z');
    const hole = {
      schedule: 'payments',
      role: 'secondary',
      kind: 'replace' as const,
      people: [],
      start,
      end: start + 3_600_000,
    };
    accepted(await createOverride(front.context, hole));
    const { text } = await front.say('ann', 'schedule 10');
    expect(text.indexOf(':warning: *Nobody* is on call as secondary')).toBeGreaterThan(0);
    expect(text.indexOf(':warning:')).toBeLessThan(text.indexOf('primary: <@U0ANN>'));
  });

  it('shows my shifts with their buttons, and what I carry', async () => {
    const { text, blocks } = await front.say('ann', 'me');
    expect(text).toContain('primary of payments');
    expect(text).toContain('burden-hours in 12 weeks');
    expect(blocks).toContain('shift_cover');
  });

  it('shows the burden table in words and as a table', async () => {
    const { text, blocks } = await front.say('ann', 'fairness');
    expect(text).toMatch(/Ann: \d+ hours, burden/);
    expect(blocks).toContain('```');
  });
});

describe('who is who', () => {
  it('tells strangers how to connect, and answers what anybody may ask', async () => {
    const ask = (user: string, text: string, channel = CHANNEL) =>
      front.hear(() => front.requests.command(text, { user, channel }));
    expect((await ask('U0NEW', 'me')).text).toContain('/oncall connect');
    expect((await ask('U0NEW', 'who')).text).toContain('On call now');
    expect((await ask('U0NEW', 'connect')).text).toContain('Ask a manager for a code');
    expect((await ask('U0FAR', 'me')).text).toContain('another workspace');
    expect((await ask('U0FAR', 'connect')).text).toContain('another workspace');
    expect((await ask('U0GUEST', 'who')).text).toContain('On call now for payments');
    expect((await ask('U0GUEST', 'who payments', 'C0ELSE')).text).toContain('As a guest');
    expect((await ask('U0GUEST', 'connect')).text).toContain('shows me no e-mail');
  });

  it('connects by the verified e-mail, and undoes it', async () => {
    expect((await front.say('dev', 'me')).text).toContain('I do not know you yet');
    expect((await front.say('dev', 'connect')).text).toContain('shows me no e-mail');
    const user = { id: account('dev'), name: 'dev', realName: 'Dev', email: 'Dev@Example.com' };
    front.slack.addUser(user);
    expect((await front.say('dev', 'connect')).text).toContain('You are connected as *Dev*');
    expect((await front.say('dev', 'connect')).text).toContain('already');
    expect((await front.say('dev', 'me')).text).toContain('Your coming shifts');
    expect((await front.say('dev', 'disconnect')).text).toContain('not connected any more');
    expect((await front.say('dev', 'me')).text).toContain('I do not know you yet');
  });

  it('connects by a code where the e-mail is hidden', async () => {
    const code = accepted(await createConnectCode(front.context, { person: 'dev' })).code ?? '';
    const say = (text: string) => front.hear(() => front.requests.command(text, { user: 'U0GUEST' }));
    expect((await say('connect WRONG-CODE')).text).toContain('not good');
    expect((await say(`connect ${code.toLowerCase()}`)).text).toContain('You are connected as *Dev*');
    expect((await say('disconnect')).text).toContain('not connected');
  });

  it('names nobody whose account is deactivated or unknown', async () => {
    const gone = await front.say('ann', 'cover tomorrow <@U0GONE|gone>');
    expect(gone.text).toContain('Gone &amp; Away is deactivated');
    expect((await front.say('ann', 'cover tomorrow <@U0NEW>')).text).toContain(
      'I do not know who <@U0NEW> is',
    );
    expect((await front.say('ann', 'cover tomorrow @benn')).text).toContain('Did you mean `ben`?');
  });
});

describe('channels', () => {
  it('ties a channel, shows what it posts, and unties it', async () => {
    const { text, blocks } = await front.say('ann', 'link payments', 'C0ELSE');
    expect(text).toContain('tied to *payments*');
    expect(blocks).toContain('link_settings');
    expect((await front.say('ann', 'unlink', 'C0ELSE')).text).toContain('not tied to *payments* any more');
    expect((await front.say('ann', 'unlink', 'C0ELSE')).text).toContain('not linked');
  });

  it('says what to do in a private channel, and in a direct message', async () => {
    expect((await front.say('ann', 'link payments', 'G0SECRET')).text).toContain('/invite @Watchbill');
    expect((await front.say('ann', 'link payments', 'D0ANN')).text).toContain('direct message');
    expect((await front.say('ann', 'who', 'G0SECRET')).text).toContain('On call now for payments');
  });
});

describe('what Slack does to requests', () => {
  it('refuses a request that is not signed by Slack', async () => {
    const body = 'command=%2Foncall&text=who&user_id=U0ANN&team_id=T0WATCH';
    const before = front.slack.calls.length;
    const forged = {
      'x-slack-signature': 'v0=0000',
      'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)),
    };
    expect((await front.requests.post(body, forged)).status).toBe(401);
    expect((await front.requests.post(body, { 'x-slack-request-timestamp': '1' })).status).toBe(401);
    expect(front.slack.calls.length).toBe(before);
  });

  it('takes a command that is delivered twice up once', async () => {
    const trigger = front.slack.trigger();
    const send = () =>
      front.requests.command('off 2026-12-10', { user: account('cleo'), channel: CHANNEL, trigger });
    const first = await front.hear(send);
    expect(first.text).toContain('You are away');
    const before = front.slack.calls.length;
    await Promise.all([send(), send()]);
    await front.say('cleo', 'help');
    const { rows } = await front.database.pool.query(`SELECT 1 FROM absences WHERE person = 'cleo'`);
    expect(rows).toHaveLength(1);
    expect(front.slack.calls.slice(before).filter(({ method }) => method === 'response_url')).toHaveLength(1);
  });

  it('answers, with a number to look for, when something of ours is broken', async () => {
    await front.database.pool.query('ALTER TABLE watchbill.schedules RENAME TO schedules_away');
    const { text } = await front.say('ann', 'who');
    await front.database.pool.query('ALTER TABLE watchbill.schedules_away RENAME TO schedules');
    expect(text).toMatch(/Something went wrong on my side.*`[0-9a-f]{8}`/);
  });

  it('reads times by the stored zone when Slack does not tell profiles', async () => {
    front.slack.addUser({ id: 'U0EVE', name: 'eve', realName: 'Eve', tz: 'Europe/London' });
    front.slack.faultWith((method) => (method === 'users.info' ? { status: 500 } : undefined));
    const { ack, text } = await front.say('eve', 'who at 2026-12-07 09:00');
    front.slack.faultWith(undefined);
    expect(ack.tookMs).toBeLessThan(2_000);
    expect(text).toMatch(/\*primary:\* <@U0BEN>/);
    front.slack.forget();
  });
});
