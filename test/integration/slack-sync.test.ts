import {
  createConnectCode,
  linkChannel,
  linkPerson,
  redeemConnectCode,
  unlinkChannel,
  unlinkPerson,
} from '@watchbill/commands';
import {
  claimOnce,
  findLinkedPerson,
  findSlackPreferences,
  slackPlacesOf,
  slackUserOf,
} from '@watchbill/database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accepted, PEOPLE, refusalOf } from './apply-fixture.ts';
import { twoRoles } from './page-fixture.ts';
import {
  account,
  applySlackTeam,
  CHANNEL,
  eventually,
  link,
  openSlackWorld,
  prefer,
  type SlackWorld,
  TEAM,
} from './slack-fixture.ts';
import { as } from './swap-fixture.ts';

let world: SlackWorld;

beforeEach(async () => {
  world = await openSlackWorld();
});
afterEach(() => world.close());

function members(): string[] {
  return [...(world.slack.state.groups.get('S0PAY')?.users ?? [])].sort();
}

async function groupBecomes(people: readonly string[]): Promise<void> {
  const wanted = people.map(account).sort().join();
  await eventually(
    () => members().join() === wanted,
    () => `it is ${members().join()}`,
  );
}

/** Lets the slow comparison be due now. */
async function reconcile(): Promise<void> {
  await world.database.pool.query(
    `UPDATE slack_user_groups SET due_at = clock_timestamp(), checked_at = clock_timestamp() - interval '1 hour'`,
  );
  await world.database.pool.query(`UPDATE slack_channels SET topic_due_at = clock_timestamp() WHERE topic`);
}

/** Waits until everything that was due was looked at. */
async function looked(): Promise<void> {
  await eventually(async () => {
    const { rows } = await world.database.pool.query(
      `SELECT FROM slack_user_groups WHERE due_at <= clock_timestamp() + interval '61 seconds'
       UNION ALL SELECT FROM slack_channels WHERE topic AND topic_due_at <= clock_timestamp() + interval '61 seconds'`,
    );
    return rows.length === 0;
  });
}

const updates = () => world.slack.of('usergroups.users.update');

describe('user groups', () => {
  test('follow who is on call at once after a handoff, and are written only when they differ', async () => {
    await world.readyBot();
    await link(world, { userGroup: 'S0PAY' });
    await groupBecomes(['ann', 'dev']);
    await looked();
    expect(updates()).toHaveLength(1);
    await world.passTo('2026-12-07T09:00:01Z');
    await groupBecomes(['ben', 'dev']);
    await looked();
    expect(updates()).toHaveLength(2);
    await reconcile();
    await looked();
    expect(updates()).toHaveLength(2);
  });

  test('are put right again when somebody changed them by hand', async () => {
    await world.readyBot();
    await link(world, { userGroup: 'S0PAY' });
    await groupBecomes(['ann', 'dev']);
    await looked();
    const group = world.slack.state.groups.get('S0PAY');
    if (group !== undefined) group.users = [account('cleo')];
    await reconcile();
    await groupBecomes(['ann', 'dev']);
  });

  test('that schedules share have the people of all of them', async () => {
    const risk = { ...twoRoles('risk'), rotations: [{ ...twoRoles('risk').rotations[1], roster: ['eve'] }] };
    await applySlackTeam(world, { schedules: [twoRoles('payments'), risk as never] });
    await world.readyBot();
    await link(world, { userGroup: 'S0PAY' });
    const settings = { userGroup: 'S0PAY' };
    world.slack.addChannel({ id: 'C0RISK', name: 'risk' });
    accepted(
      await linkChannel(world.context, { workspace: TEAM, channel: 'C0RISK', schedule: 'risk', settings }),
    );
    await groupBecomes(['ann', 'dev', 'eve']);
    accepted(await unlinkChannel(world.context, { workspace: TEAM, channel: 'C0RISK' }));
    await groupBecomes(['ann', 'dev']);
  });

  test('leave out and name who was deactivated, and take in everybody else', async () => {
    const ann = world.slack.state.users.get(account('ann'));
    if (ann !== undefined) world.slack.addUser({ ...ann, deleted: true });
    await world.readyBot();
    await link(world, { userGroup: 'S0PAY' });
    await groupBecomes(['dev']);
    await eventually(() => world.messagesIn(CHANNEL).some((text) => text.includes('Ann')));
    const told = world.messagesIn(CHANNEL).filter((text) => text.includes('deactivated'));
    await reconcile();
    await looked();
    expect(world.messagesIn(CHANNEL).filter((text) => text.includes('deactivated'))).toEqual(told);
  });

  test('are never emptied: where nobody is on call they stay as they were, and the channel is told', async () => {
    await world.at('2026-11-30T08:00:00Z');
    await world.readyBot();
    const { rows } = await world.database.pool.query(
      `SELECT FROM shifts WHERE status = 'active' AND starts_at <= clock_now() AND ends_at > clock_now()`,
    );
    expect(rows).toEqual([]);
    await link(world, { userGroup: 'S0PAY' });
    await eventually(() => world.messagesIn(CHANNEL).some((text) => text.includes('Nobody is on call now')));
    expect(members()).toEqual([account('eve')]);
    expect(updates()).toEqual([]);
  });

  test('that Slack does not let us change are said in plain words, once', async () => {
    world.slack.faultWith((method) =>
      method === 'usergroups.users.update' ? { body: { ok: false, error: 'permission_denied' } } : undefined,
    );
    await world.readyBot();
    await link(world, { userGroup: 'S0PAY' });
    await eventually(() => world.messagesIn(CHANNEL).some((text) => text.includes('an owner must')));
    await looked();
    await reconcile();
    await looked();
    expect(world.messagesIn(CHANNEL)).toHaveLength(1);
  });

  test('are put right once somebody is linked', async () => {
    await applySlackTeam(world, { named: ['dev'] });
    const user = world.slack.state.users.get(account('ann'));
    if (user !== undefined) world.slack.state.users.delete(account('ann'));
    await world.readyBot();
    await link(world, { userGroup: 'S0PAY' });
    await groupBecomes(['dev']);
    await looked();
    if (user !== undefined) world.slack.addUser(user);
    const slackUser = account('ann');
    accepted(await linkPerson(world.context, { workspace: TEAM, slackUser, person: 'ann' }));
    await groupBecomes(['ann', 'dev']);
  });
});

describe('topics', () => {
  test('say who is on call, beside what people wrote there, and are written only when they differ', async () => {
    const channel = world.slack.state.channels.get(CHANNEL);
    if (channel !== undefined) channel.topic = 'Runbooks: wiki';
    await world.readyBot();
    await link(world, { topic: true });
    await eventually(() => channel?.topic.includes('On call: Ann (primary), Dev (secondary)') === true);
    expect(channel?.topic).toMatch(
      /^Runbooks: wiki \| On call: .* until Mon 7 Dec 2026 09:00 Europe\/London$/,
    );
    await looked();
    await reconcile();
    await looked();
    expect(world.slack.of('conversations.setTopic')).toHaveLength(1);
    await world.passTo('2026-12-07T09:00:01Z');
    await eventually(() => channel?.topic.includes('On call: Ben') === true);
    expect(channel?.topic).not.toContain('Ann');
  });
});

describe('who is who', () => {
  test('the configuration, a link, and nobody', async () => {
    const { database, context } = world;
    await applySlackTeam(world, { named: ['ann'] });
    expect(await findLinkedPerson(database, { workspace: TEAM, slackUser: account('ann') })).toBe('ann');
    expect(await findLinkedPerson(database, { workspace: TEAM, slackUser: account('ben') })).toBeNull();
    accepted(await linkPerson(context, { workspace: TEAM, slackUser: 'U0OTHER', person: 'ann' }));
    expect(await slackUserOf(database, { workspace: TEAM, person: 'ann' })).toBe('U0OTHER');
    // Whoever has the account of the file is not taken for her as well.
    expect(await findLinkedPerson(database, { workspace: TEAM, slackUser: account('ann') })).toBeNull();
    accepted(await linkPerson(context, { workspace: TEAM, slackUser: 'U0OTHER', person: 'ben' }));
    expect(await findLinkedPerson(database, { workspace: TEAM, slackUser: 'U0OTHER' })).toBe('ben');
    expect(await slackUserOf(database, { workspace: TEAM, person: 'ann' })).toBe(account('ann'));
    accepted(await unlinkPerson(context, { workspace: TEAM, slackUser: 'U0OTHER' }));
    expect(refusalOf(await unlinkPerson(context, { workspace: TEAM, slackUser: 'U0OTHER' })).code).toBe(
      'not_found',
    );
    expect(
      refusalOf(await linkPerson(context, { workspace: TEAM, slackUser: 'U1', person: 'zoe' })).code,
    ).toBe('not_found');
  });

  test('everybody is linked by their verified e-mail, and nobody by one of another workspace', async () => {
    await applySlackTeam(world, { named: [] });
    const [ben, cleo] = ['ben', 'cleo'].map((id) => world.slack.state.users.get(account(id)));
    if (ben !== undefined) world.slack.addUser({ ...ben, team: 'T0OTHER' });
    if (cleo !== undefined) world.slack.addUser({ ...cleo, deleted: true });
    await world.readyBot();
    await eventually(async () => (await slackPlacesOf(world.database, PEOPLE)).size === 3);
    const places = await slackPlacesOf(world.database, PEOPLE);
    expect([...places.keys()].sort()).toEqual(['ann', 'dev', 'eve']);
    const asked = world.slack.of('users.lookupByEmail').length;
    world.bot();
    await eventually(() => world.slack.of('auth.test').length >= 2);
    expect(world.slack.of('users.lookupByEmail').length).toBe(asked);
  });

  test('a code links once, soon, and cannot be guessed', async () => {
    const { context } = world;
    await applySlackTeam(world, { named: [] });
    const { code } = accepted(await createConnectCode(as(world, 'ann'), { person: 'ann' }));
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    expect(refusalOf(await createConnectCode(as(world, 'ben'), { person: 'ann' })).code).toBe('forbidden');
    const from = { workspace: TEAM, slackUser: 'U0NEW' };
    const typed = ` ${code?.toLowerCase().replace('-', ' ')} `;
    expect(accepted(await redeemConnectCode(context, { ...from, code: typed })).person).toBe('ann');
    expect(refusalOf(await redeemConnectCode(context, { ...from, code: code ?? '' })).reason).toBe(
      'slack/no-such-code',
    );
    const { rows } = await world.database.pool.query(`SELECT hash FROM slack_connect_codes`);
    expect(rows).toEqual([]);
    const late = accepted(await createConnectCode(context, { person: 'ben' })).code ?? '';
    await world.database.pool.query(`UPDATE slack_connect_codes SET expires_at = clock_timestamp()`);
    expect(refusalOf(await redeemConnectCode(context, { ...from, code: late })).code).toBe('not_found');
    const good = accepted(await createConnectCode(context, { person: 'cleo' })).code ?? '';
    const guesser = { workspace: TEAM, slackUser: 'U0GUESS' };
    for (let guess = 0; guess < 5; guess += 1) {
      await redeemConnectCode(context, { ...guesser, code: `AAAA-AAA${guess}` });
    }
    expect(refusalOf(await redeemConnectCode(context, { ...guesser, code: good })).code).toBe('limit');
  });

  test('preferences are kept within bounds and by the person themselves', async () => {
    const input = { person: 'ann', reminderMinutes: [15, 60, 15], shiftChanges: false };
    await prefer(world, input);
    expect(await findSlackPreferences(world.database, 'ann')).toEqual({
      reminderMinutes: [60, 15],
      shiftChanges: false,
    });
    expect(await findSlackPreferences(world.database, 'ben')).toEqual({
      reminderMinutes: null,
      shiftChanges: true,
    });
  });
});

describe('channels', () => {
  test('anybody may link one, only managers give it a user group or a topic', async () => {
    const input = { workspace: TEAM, channel: CHANNEL, schedule: 'payments' };
    accepted(await linkChannel(as(world, 'ben'), input));
    const synced = { ...input, settings: { userGroup: 'S0PAY' } };
    expect(refusalOf(await linkChannel(as(world, 'ben'), synced)).reason).toBe('access/managers-only');
    accepted(await linkChannel(as(world, 'eve'), synced));
    expect(refusalOf(await unlinkChannel(as(world, 'ben'), input)).reason).toBe('access/managers-only');
    const quiet = { ...input, settings: { shiftPosts: false } };
    expect(accepted(await linkChannel(as(world, 'ben'), quiet)).settings.userGroup).toBe('S0PAY');
    for (const wrong of [
      { ...input, channel: '#payments' },
      { ...input, schedule: 'nowhere' },
      { ...input, settings: { userGroup: '@oncall' } },
    ]) {
      expect(refusalOf(await linkChannel(world.context, wrong)).code).toMatch(/invalid|not_found/);
    }
  });
});

describe('claimOnce', () => {
  test('is true for one of many at once, and for one more when its time is over', async () => {
    const claim = () => claimOnce(world.database, { key: 'event.Ev1', forMs: 60_000 });
    const won = await Promise.all(Array.from({ length: 20 }, claim));
    expect(won.filter(Boolean)).toHaveLength(1);
    await world.database.pool.query(`UPDATE slack_claims SET expires_at = clock_timestamp()`);
    expect((await Promise.all([claim(), claim()])).filter(Boolean)).toHaveLength(1);
  });
});
