import {
  acceptSwap,
  acknowledgePage,
  cancelOverride,
  cancelSwap,
  createOverride,
  expireSwaps,
  requestSwap,
  resolvePage,
  triggerPage,
} from '@watchbill/commands';
import { findPage } from '@watchbill/database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accepted, instantOf } from './apply-fixture.ts';
import { nextStep, role, step, twoRoles } from './page-fixture.ts';
import {
  applySlackTeam,
  CHANNEL,
  direct,
  eventually,
  link,
  openSlackWorld,
  prefer,
  type SlackWorld,
  settled,
} from './slack-fixture.ts';
import { as, stretch } from './swap-fixture.ts';

let world: SlackWorld;

beforeEach(async () => {
  world = await openSlackWorld();
});
afterEach(() => world.close());

/** Waits for a message in a place that matches, and gives its text. */
async function message(channel: string, pattern: RegExp, thread = false): Promise<string> {
  const texts = () => (thread ? world.threadsIn(channel) : world.messagesIn(channel));
  await eventually(
    () => texts().some((text) => pattern.test(text)),
    () => `${pattern} in ${channel}: ${JSON.stringify(texts())}`,
  );
  return texts().find((text) => pattern.test(text)) ?? '';
}

describe('swap requests', () => {
  const gives = [stretch('payments', '09T09', '10T09')];

  test('one person is asked by direct message, and both messages are edited to the outcome', async () => {
    await world.readyBot();
    const request = { kind: 'cover', person: 'ben', gives, to: { kind: 'person', person: 'ann' } } as const;
    const swap = accepted(await requestSwap(as(world, 'ben'), request));
    await world.fanOut();
    await message(direct('ann'), /asks you to \*cover\*/);
    await message(direct('ben'), /You asked/);
    accepted(await acceptSwap(as(world, 'ann'), { swap: swap.id, person: 'ann' }));
    await world.fanOut();
    await message(direct('ann'), /\*Done:\*/);
    await message(direct('ben'), /\*Done:\*/);
    // An edit rings no bell: the one who waits is told in the thread.
    await message(direct('ben'), /has taken it over/, true);
    expect(world.messagesIn(direct('ann'))).toHaveLength(1);
    expect(world.slack.state.messages.filter(({ channel }) => channel === direct('ann'))[0]?.edits).toBe(1);
  });

  test('many are asked in the channel, with buttons; afterwards it says who took it', async () => {
    await world.readyBot();
    await link(world);
    const request = { kind: 'cover', person: 'ben', gives, to: { kind: 'eligible' } } as const;
    const swap = accepted(await requestSwap(as(world, 'ben'), request));
    await world.fanOut();
    await message(CHANNEL, /asks somebody to \*cover\*/);
    const [post] = world.slack.state.messages.filter(({ channel }) => channel === CHANNEL);
    expect(JSON.stringify(post?.blocks)).toContain('swap_accept');
    accepted(await acceptSwap(as(world, 'cleo'), { swap: swap.id, person: 'cleo' }));
    await world.fanOut();
    await message(CHANNEL, /\*Done:\*/);
    await settled(world);
    expect(world.messagesIn(CHANNEL)).toHaveLength(1);
    expect(JSON.stringify(post?.blocks)).not.toContain('swap_accept');
  });

  test('managers are asked to approve where the team wants it', async () => {
    await applySlackTeam(world, { swaps: 'approval' });
    await world.readyBot();
    const request = { kind: 'cover', person: 'ben', gives, to: { kind: 'person', person: 'ann' } } as const;
    const swap = accepted(await requestSwap(as(world, 'ben'), request));
    accepted(await acceptSwap(as(world, 'ann'), { swap: swap.id, person: 'ann' }));
    await world.fanOut();
    expect(await message(direct('eve'), /Please approve/)).toContain('payments');
    await message(direct('ben'), /waits for a manager/);
  });
});

describe('requests that run out', () => {
  const gives = [stretch('payments', '09T09', '10T09')];
  const request = { kind: 'cover', person: 'ben', gives } as const;

  test('remind those who can answer a day and two hours before, and tell the requester at the end', async () => {
    accepted(await requestSwap(as(world, 'ben'), { ...request, to: { kind: 'person', person: 'ann' } }));
    const first = await world.readyBot();
    await world.database.pool.query('UPDATE slack_stream SET position = 0');
    await world.fanOut();
    await message(direct('ann'), /asks you to \*cover\*/);
    await first.close();
    await world.at('2026-12-08T09:30:00Z');
    const second = world.bot();
    await message(direct('ann'), /Still open/, true);
    await settled(world);
    await second.close();
    await world.at('2026-12-09T07:30:00Z');
    world.bot();
    await eventually(
      () => world.threadsIn(direct('ann')).filter((text) => /Still open/.test(text)).length === 2,
    );
    await world.at('2026-12-09T09:00:01Z');
    await expireSwaps(world.context);
    await world.fanOut();
    await message(direct('ann'), /\*Expired\.\*/);
    await message(direct('ben'), /Nobody took it in time/, true);
  });

  test('that are over before the bot reads of them ask nobody', async () => {
    await (await world.readyBot()).close();
    await link(world);
    const swap = accepted(await requestSwap(as(world, 'ben'), { ...request, to: { kind: 'eligible' } }));
    accepted(await cancelSwap(as(world, 'ben'), { swap: swap.id }));
    const paged = { schedule: 'payments', summary: 'over', severity: 'critical' } as const;
    const { page } = accepted(await triggerPage(world.context, paged));
    accepted(await resolvePage(as(world, 'ann'), { page, by: 'ann', via: 'api' }));
    await world.fanOut();
    world.bot();
    await settled(world);
    expect(world.messagesIn(CHANNEL)).toEqual([]);
    expect(world.messagesIn(direct('ann'))).toEqual([]);
  });
});

describe('shifts', () => {
  test('a handoff is told once in the channel, with all roles, until when, and what is open', async () => {
    await world.readyBot();
    await link(world);
    await world.passTo('2026-12-07T09:00:01Z');
    const post = await message(CHANNEL, /Handoff of payments/);
    expect(post).toContain('<@U0BEN> is on call until');
    expect(post).toContain('after Ann');
    expect(post).toContain('No open pages');
    await settled(world);
    expect(world.messagesIn(CHANNEL)).toHaveLength(1);
  });

  test('a channel that wants no posts gets none', async () => {
    await world.readyBot();
    await link(world, { shiftPosts: false });
    await world.passTo('2026-12-07T09:00:01Z');
    await settled(world);
    expect(world.messagesIn(CHANNEL)).toEqual([]);
  });

  test('people are reminded before a shift as they chose, and not when they chose nothing', async () => {
    await world.readyBot();
    await prefer(world, { person: 'dev', reminderMinutes: [], shiftChanges: true });
    await prefer(world, { person: 'ben', reminderMinutes: [1440], shiftChanges: true });
    await world.passTo('2026-12-06T09:00:01Z');
    expect(await message(direct('ben'), /You are on call as \*primary of payments\*/)).toContain('1 d');
    await world.passTo('2026-12-07T08:45:01Z');
    await settled(world);
    expect(world.messagesIn(direct('ben'))).toHaveLength(1);
    expect(world.messagesIn(direct('dev'))).toEqual([]);
  });

  test('a reminder that comes too late is not sent', async () => {
    await world.passTo('2026-12-06T08:00:00Z');
    await world.readyBot();
    await world.at('2026-12-07T09:00:01Z');
    await world.passTo('2026-12-07T09:00:01Z');
    await settled(world);
    expect(world.messagesIn(direct('ben'))).toEqual([]);
  });

  test('a moved shift is told to both, many changes in one message', async () => {
    await world.readyBot();
    for (const day of ['09', '10', '11']) {
      accepted(
        await createOverride(world.context, {
          schedule: 'payments',
          ...{ role: 'primary', kind: 'replace', people: ['ann'], replaces: 'ben' },
          start: instantOf(`2026-12-${day}T10:00:00Z`),
          end: instantOf(`2026-12-${day}T12:00:00Z`),
        }),
      );
    }
    await world.fanOut();
    await eventually(async () => {
      const { rowCount } = await world.database.pool.query(
        `UPDATE slack_messages SET next_attempt_at = clock_timestamp() WHERE kind = 'shift_moved' AND status = 'pending'`,
      );
      return (rowCount ?? 0) >= 2;
    });
    const told = await message(direct('ann'), /of your shifts have changed/);
    expect(told.match(/New: primary of payments/g)).toHaveLength(3);
    await message(direct('ben'), /of your shifts have changed/);
    await settled(world);
    expect(world.messagesIn(direct('ann'))).toHaveLength(1);
    expect(world.messagesIn(direct('ben'))).toHaveLength(1);
  });

  test('the first file and the next weeks of it are no news to anybody', async () => {
    await world.readyBot();
    await world.passTo('2026-12-02T09:00:00Z');
    await settled(world);
    const { rows } = await world.database.pool.query(`SELECT FROM slack_messages WHERE kind = 'shift_moved'`);
    expect(rows).toEqual([]);
  });
});

describe('gaps', () => {
  const vacant = (start: string, end: string) =>
    createOverride(world.context, {
      schedule: 'payments',
      ...{ role: 'primary', kind: 'remove', people: ['ann'] },
      start: instantOf(start),
      end: instantOf(end),
    });
  const covered = () =>
    applySlackTeam(world, { schedules: [{ ...twoRoles('payments'), coverage: 'always' }] });

  test('one that begins soon is told at once, and edited when it is closed', async () => {
    await covered();
    await world.readyBot();
    await link(world);
    const { id } = accepted(await vacant('2026-12-01T18:00:00Z', '2026-12-01T20:00:00Z'));
    await world.fanOut();
    await message(CHANNEL, /Nobody is on call/);
    accepted(await cancelOverride(world.context, { schedule: 'payments', override: id }));
    await world.fanOut();
    await message(CHANNEL, /Covered again/);
  });

  test('one that is further away is told at nine in the morning of its zone, once', async () => {
    await covered();
    accepted(await vacant('2026-12-04T18:00:00Z', '2026-12-04T20:00:00Z'));
    await link(world);
    await world.at('2026-12-02T08:59:00Z');
    await world.readyBot();
    await settled(world);
    expect(world.messagesIn(CHANNEL)).toEqual([]);
    await world.at('2026-12-02T09:00:00Z');
    world.bot();
    await message(CHANNEL, /Nobody is on call/);
    world.bot();
    await settled(world);
    expect(world.messagesIn(CHANNEL)).toHaveLength(1);
  });
});

describe('pages', () => {
  const policy = {
    id: 'pay',
    name: 'pay',
    steps: [
      step([role('payments')]),
      step([role('payments', 'secondary'), { kind: 'slackChannel', channel: '#payments' }]),
    ],
    ...{ repeat: 0, lastResort: [], retriggerAfterMs: null },
  };

  test('wakes by direct message in one hop, stands in the channel, and is edited in place', async () => {
    await world.readyBot();
    await link(world);
    const { page } = accepted(
      await triggerPage(world.context, {
        schedule: 'payments',
        summary: 'Checkout <503>',
        severity: 'critical',
      }),
    );
    // Before any worker has given an event its place.
    expect(await message(direct('ann'), /CRITICAL/)).toContain('Checkout &lt;503&gt;');
    await world.fanOut();
    await message(CHANNEL, /Nobody has acknowledged/);
    accepted(await acknowledgePage(as(world, 'ann'), { page, by: 'ann', via: 'slack' }));
    await world.fanOut();
    await message(direct('ann'), /takes care of it/);
    await message(CHANNEL, /takes care of it/);
    await message(CHANNEL, /^Acknowledged\./, true);
    accepted(await resolvePage(as(world, 'ann'), { page, by: 'ann', via: 'slack' }));
    await world.fanOut();
    await message(CHANNEL, /\*Resolved\*/);
    const detail = await findPage(world.database, page);
    const slack = detail?.notifications.filter(({ way }) => way === 'slack');
    expect(slack?.map(({ status, outcome }) => [status, outcome])).toEqual([['sent', 'delivered']]);
    expect(slack?.[0]?.receipt).toMatch(/^D0ANN\/\d+\.\d+$/);
    expect(world.messagesIn(direct('ann'))).toHaveLength(1);
  });

  test('a step that names the channel calls there once more instead of a second message', async () => {
    await applySlackTeam(world, { policies: [policy] });
    await world.readyBot();
    await link(world);
    const { page } = accepted(
      await triggerPage(world.context, { policy: 'pay', summary: 'Checkout', severity: 'critical' }),
    );
    await world.fanOut();
    await message(CHANNEL, /Nobody has acknowledged/);
    await nextStep(world, page);
    await world.fanOut();
    await message(direct('dev'), /CRITICAL/);
    await message(CHANNEL, /Still nobody takes care/, true);
    await message(CHANNEL, /^Step 2: told/, true);
    await settled(world);
    expect(world.messagesIn(CHANNEL)).toHaveLength(1);
    const detail = await findPage(world.database, page);
    expect(detail?.notifications.every(({ way, status }) => way !== 'slack' || status === 'sent')).toBe(true);
  });

  test('who has no account is told so to the page, and somebody who took care of it wakes nobody', async () => {
    await applySlackTeam(world, { named: ['ben'] });
    const { page } = accepted(
      await triggerPage(world.context, { schedule: 'payments', summary: 'Checkout', severity: 'critical' }),
    );
    accepted(await acknowledgePage(as(world, 'ben'), { page, by: 'ben', via: 'slack' }));
    await world.readyBot();
    await settled(world);
    expect(world.messagesIn(direct('ann'))).toEqual([]);
  });
});
