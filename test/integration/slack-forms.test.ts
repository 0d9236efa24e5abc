import { requestSwap } from '@watchbill/commands';
import { findChannelLink, findPage, findSwap, pagePages, pageSwaps } from '@watchbill/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accepted, instantOf } from './apply-fixture.ts';
import { twoRoles } from './page-fixture.ts';
import { account, applySlackTeam, CHANNEL, link, TEAM } from './slack-fixture.ts';
import { type Front, openFront, valuesOf, wordsOf } from './slack-front-fixture.ts';

let front: Front;

beforeAll(async () => {
  front = await openFront({}, ({ slack }) => {
    slack.addUser({ id: 'U0NEW', name: 'new', realName: 'Nell' });
  });
  await link(front);
});
afterAll(async () => {
  // A message in a channel that we are not in has no link for us.
  expect(front.refused().filter((call) => !call.startsWith('chat.getPermalink'))).toEqual([]);
  await front.close();
});

/** The one swap that somebody has asked for and waits. */
async function waiting(person: string) {
  const swaps = await pageSwaps(front.database, { person, states: ['open'], after: '', limit: 10 });
  return swaps.filter((swap) => swap.person === person);
}

describe('finding cover', () => {
  it('asks at once where a time and a person were said', async () => {
    const { text } = await front.say('ann', 'cover 2026-12-04 @ben because dentist & <lunch>');
    expect(text).toContain('I asked <@U0BEN> to cover');
    const [swap] = await waiting('ann');
    expect(swap).toMatchObject({
      kind: 'cover',
      reason: 'dentist & <lunch>',
      to: { kind: 'person', person: 'ben' },
    });
    expect(swap?.gives).toEqual([
      {
        ...{ schedule: 'payments', role: 'primary', person: 'ann' },
        ...{ start: instantOf('2026-12-04T00:00:00Z'), end: instantOf('2026-12-05T00:00:00Z') },
      },
    ]);
    const again = await front.say('ann', 'cover 2026-12-04 @ben');
    expect(again.text).toContain('asked for already');
    expect((await front.say('ben', 'cover 2026-12-04 @ann')).text).toContain('You have no shift in');
  });

  it('opens the form at once, fills it, and ranks anew when a part is picked', async () => {
    const view = await front.formOf('ben', 'cover');
    const opened = front.slack.of('views.open').at(-1);
    expect(JSON.stringify(opened?.args.view)).toContain('One moment');
    expect(wordsOf(view)).toMatch(/Who could take it/);
    expect(wordsOf(view)).toContain('Cleo');
    const values = valuesOf(view, { from: '2026-12-08T09:00:00Z', until: '2026-12-08T17:00:00Z' });
    const pressed = { action_id: 'change_from', type: 'datetimepicker', selected_date_time: 1 };
    const ranked = await front.form(() =>
      front.requests.action(pressed, { user: account('ben'), view, values }),
    );
    const fields = valuesOf(ranked);
    const from = Object.entries(fields).find(([id]) => id.startsWith('from.'))?.[1].change_from;
    expect(from).toMatchObject({ selected_date_time: instantOf('2026-12-08T09:00:00Z') / 1000 });
  });

  it('says what is wrong at the input it is about, then takes the same form mended', async () => {
    const view = await front.formOf('ben', 'cover');
    const wrong = valuesOf(view, { from: '2026-12-10T09:00:00Z', until: '2026-12-10T08:00:00Z' });
    const errors = await front.submit('ben', view, wrong);
    const until = Object.keys(wrong).find((id) => id.startsWith('until.')) ?? '';
    expect(errors.json).toEqual({
      response_action: 'errors',
      errors: { [until]: 'The end must come after the start.' },
    });
    const outside = await front.submit('ben', view, valuesOf(view, { from: '2026-12-01T09:00:00Z' }));
    expect(JSON.stringify(outside.json)).toContain('not within the shift');
    const right = { from: '2026-12-10T09:00:00Z', until: '2026-12-10T17:00:00Z', reason: 'dentist' };
    const done = await front.submit('ben', view, valuesOf(view, right));
    expect(done.json).toMatchObject({ response_action: 'update' });
    expect(done.text).toMatch(/I asked (<@U0\w+>(, | and )?)+ to cover/);
    expect(done.tookMs).toBeLessThan(2_500);
    // The same submission delivered again is done once.
    const again = await front.submit('ben', view, valuesOf(view, right));
    expect(again.json).toMatchObject({ response_action: 'update' });
    expect(await waiting('ben')).toHaveLength(1);
  });

  it('answers in time with a promise where the work takes longer, and keeps it', async () => {
    const view = await front.formOf('cleo', 'cover');
    const blocker = await front.database.pool.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE watchbill.swaps IN ACCESS EXCLUSIVE MODE');
    const submitted = front.submit('cleo', view, valuesOf(view));
    const ack = await submitted;
    expect(ack.tookMs).toBeLessThan(3_000);
    expect(ack.json).toMatchObject({ response_action: 'update' });
    expect(ack.text).toContain('One moment');
    const before = front.slack.of('views.update').length;
    await blocker.query('COMMIT');
    blocker.release();
    await front.slack.waitUntil(() => front.slack.of('views.update').length > before);
    expect(wordsOf(view)).toContain('I asked');
    expect(await waiting('cleo')).toHaveLength(1);
  });

  it('opens nothing useful for somebody without shifts, and says so', async () => {
    const view = await front.formOf('eve', 'cover');
    expect(wordsOf(view)).toContain('no coming shift');
    expect(view.view.submit).toBeUndefined();
  });

  it('shows also those who cannot, with the reason', async () => {
    const { text } = await front.say('dev', 'off 2026-12-09 leave');
    expect(text).toContain('You are on call then');
    const view = await front.formOf('ben', 'cover 2026-12-09');
    expect(wordsOf(view)).toMatch(/Could not:.*Dev/);
  });
});

describe('exchanging', () => {
  it('offers the other’s shifts, and asks for one of them', async () => {
    const view = await front.formOf('cleo', 'swap with @ben');
    const take = (
      view.view.blocks as { block_id?: string; element?: { options?: { value: string }[] } }[]
    ).find(({ block_id }) => block_id?.startsWith('take.'));
    const theirs = take?.element?.options?.[1]?.value;
    expect(theirs).toMatch(/^shf_/);
    const values = { take: theirs, from: '2026-12-16T09:00:00Z', until: '2026-12-17T09:00:00Z' };
    const done = await front.submit('cleo', view, valuesOf(view, values));
    // cleo has the whole of that week in an open request already: the bot says so at the shift.
    expect(done.json).toMatchObject({ response_action: 'errors' });
    const [open] = await waiting('cleo');
    await front.press('cleo', 'swap_cancel', open?.id ?? '');
    await front.slack.waitUntil(() =>
      front.slack.of('response_url').some(({ args }) => String(args.text).includes('Taken back')),
    );
    const after = await front.submit('cleo', view, valuesOf(view, values));
    expect(after.text).toContain('to exchange');
    const [swap] = await waiting('cleo');
    expect(swap?.takes).toMatchObject([{ person: 'ben', schedule: 'payments', role: 'primary' }]);
  });

  it('lets somebody who was asked offer a part, and the requester take it', async () => {
    await front.say('ann', 'cover 2026-12-03 @cleo');
    const swaps = await waiting('ann');
    const swap = swaps.find(({ to }) => to.kind === 'person' && to.person === 'cleo');
    const view = await front.form(() => front.press('cleo', 'swap_part', swap?.id ?? ''));
    const wrong = await front.submit('cleo', view, valuesOf(view, { from: '2026-12-02T09:00:00Z' }));
    expect(JSON.stringify(wrong.json)).toContain('Only a part');
    const part = { from: '2026-12-03T09:00:00Z', until: '2026-12-03T17:00:00Z' };
    const done = await front.submit('cleo', view, valuesOf(view, part));
    expect(done.text).toContain('Your offer is made');
    const value = JSON.stringify({ swap: swap?.id, person: 'cleo' });
    const { text } = await front.hear(() => front.press('ann', 'swap_offer_accept', value));
    expect(text).toContain('You took the offer');
    const { text: late } = await front.hear(() => front.press('ann', 'swap_offer_decline', value));
    expect(late).toContain('has taken it already');
  });
});

describe('overrides', () => {
  it('are for managers, in words and in the form', async () => {
    const said = 'override @dev from 2026-12-24 09:00 to 2026-12-24 17:00 as primary because party';
    expect((await front.say('ann', said)).text).toContain('for the managers of its team');
    const { text } = await front.say('eve', said);
    expect(text).toContain('<@U0DEV> is on call as primary of payments');
    const refused = await front.formOf('ann', 'override');
    expect(wordsOf(refused)).toContain('for the managers of its team');
    const view = await front.formOf('eve', 'override @ben as secondary replacing @dev');
    const picked = Object.fromEntries(
      Object.entries(valuesOf(view)).map(([id, field]) => [id.split('.')[0], JSON.stringify(field)]),
    );
    expect(picked.schedule).toContain('"value":"payments"');
    expect(picked.role).toContain('"value":"secondary"');
    expect(picked.person).toContain('"value":"p:ben"');
    expect(picked.replaces).toContain('"value":"p:dev"');
  });

  it('are put on by the form, and its mistakes stand at their inputs', async () => {
    const view = await front.formOf('eve', 'override');
    const wrong = await front.submit(
      'eve',
      view,
      valuesOf(view, { person: 'p:ben', from: '2026-11-01T09:00:00Z', until: '2026-11-02T09:00:00Z' }),
    );
    expect(wrong.json).toEqual({
      response_action: 'errors',
      errors: { 'role.payments': 'Pick the role.' },
    });
    const past = { person: 'p:ben', from: '2026-11-01T09:00:00Z', until: '2026-11-02T09:00:00Z' };
    const late = await front.submit('eve', view, valuesOf(view, { ...past, role: 'primary' }));
    expect(JSON.stringify(late.json)).toMatch(/"until\.payments":"It would have ended/);
    const times = { from: '2026-12-28T09:00:00Z', until: '2026-12-28T17:00:00Z' };
    const done = await front.submit(
      'eve',
      view,
      valuesOf(view, { role: 'primary', person: 'p:ben', replaces: 'p:cleo', ...times }),
    );
    expect(done.text).toContain('instead of');
    const { rows } = await front.database.pool.query(
      `SELECT people, replaces, created_by FROM overrides WHERE starts_at = '2026-12-28T09:00:00Z'`,
    );
    expect(rows).toEqual([{ people: ['ben'], replaces: 'cleo', created_by: 'eve' }]);
  });

  it('ask for the role where there are several, but not where only one can be meant', async () => {
    const asked = await front.formOf('eve', 'override @ben from 2026-12-29 09:00 to 2026-12-29 17:00');
    const role = Object.entries(valuesOf(asked)).find(([id]) => id.startsWith('role.'))?.[1];
    expect(role).toEqual({ value: { type: 'static_select', selected_option: null } });
    expect(JSON.stringify(valuesOf(asked))).toContain('"value":"p:ben"');
    const { text } = await front.say('eve', 'override @ann tomorrow replacing @dev because ill');
    expect(text).toContain('<@U0ANN> is on call as secondary of payments instead of <@U0DEV>');
    // ann is primary by the rotation and secondary by the override: that is two, so the form asks.
    const both = await front.formOf('eve', 'override payments remove @ann tomorrow');
    expect(wordsOf(both)).toContain('Who is taken off');
  });

  it('put somebody beside the others, or take somebody off, in words and in the form', async () => {
    const when = 'from 2026-12-30 09:00 to 2026-12-30 17:00';
    const added = await front.say('eve', `override add @ben as secondary ${when}`);
    expect(added.text).toContain('<@U0BEN> is on call as secondary of payments as well');
    const off = await front.say('eve', `override remove @ben as secondary ${when}`);
    expect(off.text).toContain('<@U0BEN> is not on call as secondary of payments');
    const view = await front.formOf('eve', 'override add @cleo as secondary');
    expect(Object.keys(valuesOf(view)).some((id) => id.startsWith('replaces'))).toBe(false);
    const times = { from: '2026-12-31T09:00:00Z', until: '2026-12-31T17:00:00Z' };
    const picked = {
      action_id: 'override_kind',
      type: 'static_select',
      selected_option: { value: 'remove' },
    };
    const values = valuesOf(view, { kind: 'remove', ...times });
    const again = await front.form(() =>
      front.requests.action(picked, { user: account('eve'), view, values }),
    );
    expect(wordsOf(again)).toContain('Who is taken off');
    const nobody = await front.submit('eve', again, valuesOf(again, { person: 'p:dev' }));
    expect(nobody.text).toContain('<@U0DEV> is not on call as secondary of payments');
    const { rows } = await front.database.pool.query(
      `SELECT kind, people FROM overrides WHERE starts_at IN ('2026-12-30T09:00:00Z', '2026-12-31T09:00:00Z')
       ORDER BY starts_at, created_at`,
    );
    expect(rows).toEqual([
      { kind: 'add', people: ['ben'] },
      { kind: 'remove', people: ['ben'] },
      { kind: 'remove', people: ['dev'] },
    ]);
  });
});

describe('absences', () => {
  it('are entered by words, and show the shifts they hit with ways to find cover', async () => {
    const { text, blocks } = await front.say('ann', 'off from 2027-01-12 to 2027-01-13 family');
    expect(text).toMatch(/You are away .*Tue 12 Jan 2027 00:00.*Thu 14 Jan 2027 00:00/);
    expect(blocks).toContain('shift_cover');
    const value = /"action_id":"shift_cover"[^}]*},"value":"((?:[^"\\]|\\.)*)"/.exec(blocks)?.[1];
    const view = await front.form(() =>
      front.press('ann', 'shift_cover', JSON.parse(`"${value}"`) as string),
    );
    expect(wordsOf(view)).toContain('Whom do you ask?');
  });

  it('are entered by the form in the zone that it names, whole days or parts', async () => {
    front.slack.addUser({ id: 'U0DEV', name: 'dev', realName: 'Dev', tz: 'Asia/Kolkata' });
    await new Promise((resolve) => setTimeout(resolve, 0));
    const view = await front.formOf('eve', 'off');
    const wrong = await front.submit(
      'eve',
      view,
      valuesOf(view, { from_on: '2027-01-05', until_on: '2027-01-04' }),
    );
    expect(wrong.json).toEqual({
      response_action: 'errors',
      errors: { until_on: 'The end must come after the start.' },
    });
    const times = {
      from_on: '2027-01-05',
      from_time: '12:00',
      until_on: '2027-01-05',
      until_time: '18:00',
      reason: 'hospital',
    };
    const done = await front.submit('eve', view, valuesOf(view, times));
    expect(done.text).toContain('You are not on call then');
    const { rows } = await front.database.pool.query(
      `SELECT starts_at, ends_at, reason FROM absences WHERE person = 'eve'`,
    );
    expect(rows).toEqual([
      {
        starts_at: instantOf('2027-01-05T12:00:00Z'),
        ends_at: instantOf('2027-01-05T18:00:00Z'),
        reason: 'hospital',
      },
    ]);
  });
});

describe('pages', () => {
  it('ask once more, say who would be told, and page', async () => {
    const view = await front.formOf('cleo', 'page payments checkout answers 500 &amp; worse');
    expect(wordsOf(view)).toContain('<@U0ANN> (primary of payments)');
    expect(wordsOf(view)).toContain('checkout answers 500 & worse');
    const empty = await front.submit('cleo', view, valuesOf(view, { summary: ' ' }));
    expect(empty.json).toEqual({ response_action: 'errors', errors: { summary: 'Say what is wrong.' } });
    const done = await front.submit('cleo', view, valuesOf(view, { severity: 'error' }));
    expect(done.text).toContain('calls the on-call of payments now');
    const [page] = await pagePages(front.database, { limit: 1 });
    expect(page).toMatchObject({
      summary: 'checkout answers 500 & worse',
      severity: 'error',
      schedule: 'payments',
    });
    await front.submit('cleo', view, valuesOf(view, { severity: 'error' }));
    expect(await pagePages(front.database, { limit: 10 })).toHaveLength(1);
  });

  it('come from a message as well, with its words and its link', async () => {
    const ts = '1700000000.000777';
    front.slack.state.messages.push({
      ...{ channel: CHANNEL, ts, user: 'U0CLEO', text: 'db is slow', blocks: [], threadTs: null },
      ...{ metadata: undefined, edits: 0, deleted: false },
    });
    const message = { ts, text: 'the <https://db.example|db> is slow', user: 'U0CLEO' };
    const view = await front.form(() =>
      front.requests.shortcut('page_on_call', { user: account('ben'), channel: CHANNEL, message }),
    );
    expect(wordsOf(view)).toContain('the https://db.example is slow');
    const done = await front.submit('ben', view, valuesOf(view));
    expect(done.text).toContain('calls the on-call');
    const [page] = await pagePages(front.database, { limit: 1 });
    expect(page?.links[0]?.href).toContain(`/archives/${CHANNEL}/p1700000000000777`);
  });

  it('are acknowledged, escalated, snoozed and resolved, by words', async () => {
    const [page] = await pagePages(front.database, { limit: 1 });
    const number = String(page?.number);
    expect((await front.say('ann', `ack ${number}`)).text).toContain('is yours');
    expect((await front.say('ben', `ack ${number}`)).text).toContain('<@U0ANN> acknowledged page');
    expect((await front.say('ben', `escalate ${number}`)).text).toContain('calls the next ones');
    expect((await front.say('ann', `snooze #${number} 20m`)).text).toContain('leaves everybody alone until');
    expect((await front.say('ann', 'snooze 999 20m')).text).toContain('There is no page 999');
    expect((await front.say('ann', `resolve ${number}`)).text).toContain('is resolved');
    expect((await front.say('ben', `resolve ${number}`)).text).toContain('<@U0ANN> resolved page');
    expect((await front.say('ben', `escalate ${number}`)).text).toContain('is over');
  });

  it('are found by the channel where no number is said, and chosen where several are open', async () => {
    const { text } = await front.say('ann', 'ack');
    expect(text).toContain('is yours');
    const view = await front.formOf('cleo', 'page payments and another one');
    await front.submit('cleo', view, valuesOf(view));
    const dm = await front.say('eve', 'resolve', 'D0EVE');
    expect(dm.text).toMatch(/no open page here/);
  });

  it('are snoozed by the form', async () => {
    const [page] = await pagePages(front.database, { states: ['triggered'], limit: 1 });
    const view = await front.form(() => front.press('ann', 'page_snooze', page?.id ?? ''));
    const done = await front.submit('ann', view, valuesOf(view, { minutes: '60' }));
    expect(done.text).toContain('leaves everybody alone until');
    const after = await findPage(front.database, page?.id ?? '');
    const minutes = ((after?.place.snoozedUntil ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(55);
    expect(minutes).toBeLessThan(61);
  });
});

describe('settings', () => {
  it('of a channel are shown as they are, and kept', async () => {
    const view = await front.formOf('eve', 'link');
    expect(wordsOf(view)).toContain('@payments-oncall');
    const done = await front.submit(
      'eve',
      view,
      valuesOf(view, { shown: ['pages', 'topic'], group: 'S0PAY' }),
    );
    expect(done.text).toContain('tied to *payments*');
    const kept = await findChannelLink(front.database, { workspace: TEAM, channel: CHANNEL });
    expect(kept?.settings).toEqual({ shiftPosts: false, pages: true, topic: true, userGroup: 'S0PAY' });
    const other = await front.formOf('ann', 'link');
    const refused = await front.submit('ann', other, valuesOf(other, { group: 'none' }));
    expect(refused.json).toMatchObject({ response_action: 'errors' });
    expect(refused.text).toContain('Only a manager');
  });

  it('keep the form that was opened when a swap has ended meanwhile', async () => {
    const start = instantOf('2027-01-12T09:00:00Z');
    const gives = [{ schedule: 'payments', role: 'primary', start, end: start + 3_600_000 }];
    const { person } = (await whoStands(start)) ?? { person: '' };
    const input = { kind: 'cover' as const, person, gives, to: { kind: 'team' as const } };
    const swap = accepted(await requestSwap(front.context, input));
    await front.hear(() => front.press(person, 'swap_cancel', swap.id));
    const taker = person === 'ben' ? 'cleo' : 'ben';
    const view = await front.form(() => front.press(taker, 'swap_part', swap.id));
    expect(wordsOf(view)).toContain('Taken back');
    expect((await findSwap(front.database, swap.id))?.state).toBe('cancelled');
  });
});

describe('pages of people whom nobody knows', () => {
  it('may be raised by everybody of the workspace, but not by guests', async () => {
    front.slack.addUser({ id: 'U0GUEST', name: 'guest', realName: 'Guest', isUltraRestricted: true });
    const message = { ts: '1700000000.000778', text: 'help', user: 'U0CLEO' };
    const ask = (user: string) =>
      front.requests.shortcut('page_on_call', { user, channel: CHANNEL, message });
    expect((await front.hear(() => ask('U0GUEST'))).text).toContain('guests cannot page anybody');
    const view = await front.form(() => ask('U0NEW'));
    const done = await front.requests.submit(view, valuesOf(view, { summary: 'I see 500' }), {
      user: 'U0NEW',
    });
    expect(done.text).toContain('calls the on-call');
    const [page] = await pagePages(front.database, { limit: 1 });
    expect(page).toMatchObject({ source: 'Slack, Nell', createdBy: 'slack U0NEW' });
    expect((await front.hear(() => front.requests.command('ack', { user: 'U0NEW' }))).text).toContain(
      'connect',
    );
  });

  it('wake nobody by a guess: where no schedule is known, whoever pages chooses', async () => {
    await applySlackTeam(front, { schedules: [twoRoles('payments'), twoRoles('search')] });
    front.slack.addChannel({ id: 'C0LOOSE', name: 'loose' });
    const view = await front.form(() =>
      front.requests.command('page it is down', { user: account('cleo'), channel: 'C0LOOSE' }),
    );
    expect(valuesOf(view).schedule).toEqual({
      page_schedule: { type: 'static_select', selected_option: null },
    });
    expect(wordsOf(view)).not.toContain('This pages');
    const picked = {
      action_id: 'page_schedule',
      type: 'static_select',
      selected_option: { value: 'search' },
    };
    const values = valuesOf(view, { schedule: 'search' });
    const chosen = await front.form(() =>
      front.requests.action(picked, { user: account('cleo'), view, values }),
    );
    expect(wordsOf(chosen)).toContain('primary of search');
    expect(JSON.stringify(valuesOf(chosen))).toContain('it is down');
    const who = await front.say('cleo', 'who', 'C0LOOSE');
    expect(who.text).toMatch(/not tied to a schedule(.|\n)*`payments` · `search`/);
  });
});

async function whoStands(at: number): Promise<{ person: string } | undefined> {
  const { rows } = await front.database.pool.query<{ person: string }>(
    `SELECT person FROM shifts WHERE status = 'active' AND role = 'primary'
     AND starts_at <= to_timestamp($1 / 1000.0) AND ends_at > to_timestamp($1 / 1000.0)`,
    [at],
  );
  return rows[0];
}
