import { createOverride, enterAbsence, expireSwaps, requestSwap, triggerPage } from '@watchbill/commands';
import type { Swap, SwapAudience } from '@watchbill/core';
import { findSwap, readPage } from '@watchbill/database';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { viewProblems } from '../support/slack-limits.ts';
import { accepted, instantOf } from './apply-fixture.ts';
import { account, applySlackTeam, CHANNEL, eventually, link } from './slack-fixture.ts';
import { type Front, openFront, type Said, valuesOf, wordsOf } from './slack-front-fixture.ts';

let front: Front;

beforeAll(async () => {
  front = await openFront({}, ({ slack }) => {
    slack.addUser({ id: 'U0NEW', name: 'new', realName: 'Nell' });
  });
  await link(front);
});
afterEach(() => {
  expect(front.refused()).toEqual([]);
});
afterAll(() => front.close());

/** A request for an hour of ann's week, each time another one. */
let hours = 0;
async function ask(to: SwapAudience = { kind: 'eligible' }): Promise<string> {
  hours += 1;
  const start = instantOf('2026-12-02T00:00:00Z') + hours * 3_600_000;
  const gives = [{ schedule: 'payments', role: 'primary', start, end: start + 3_600_000 }];
  const input = { kind: 'cover' as const, person: 'ann', gives, to };
  return accepted(await requestSwap({ ...front.context, caller: { person: 'ann' }, actor: 'ann' }, input)).id;
}

/** Presses at the same moment and waits for all answers, in the order of the people. */
async function together(people: readonly string[], id: string, value: string): Promise<string[]> {
  const before = front.slack.of('response_url').length;
  const acks = await Promise.all(people.map((person) => front.press(person, id, value)));
  expect(acks.map(({ status }) => status)).toEqual(people.map(() => 200));
  await front.slack.waitUntil(() => front.slack.of('response_url').length >= before + people.length);
  return front.slack
    .of('response_url')
    .slice(before)
    .map(({ args }) => String(args.text));
}

function press(person: string, id: string, value: string): Promise<Said> {
  return front.hear(() => front.press(person, id, value));
}

describe('a request that shifts change hands', () => {
  it('goes to the first of two who accept at once; the other hears kindly who it was', async () => {
    const swap = await ask();
    const answers = await together(['ben', 'cleo'], 'swap_accept', swap);
    const won = answers.filter((text) => text.startsWith('Thank you, it is yours now'));
    const lost = answers.filter((text) => /(Ben|Cleo) was faster/.test(text));
    expect([won.length, lost.length]).toEqual([1, 1]);
    expect(lost[0]).toMatch(/Now it stands so: \*Done:\* <@U0(BEN|CLEO)> covers for <@U0ANN>/);
    const after = await findSwap(front.database, swap);
    expect(after?.state).toBe('applied');
    const { rows } = await front.database.pool.query(
      `SELECT count(*)::int AS count FROM overrides WHERE cancelled_at IS NULL AND created_by IN ('ben', 'cleo')`,
    );
    expect(rows[0]?.count).toBe(1);
  });

  it('answers stale buttons with what has happened instead', async () => {
    const swap = await ask({ kind: 'person', person: 'ben' });
    expect((await press('ben', 'swap_decline', swap)).text).toContain('You said no, and they know');
    expect((await press('ben', 'swap_accept', swap)).text).toMatch(
      /was declined(.|\n)*Now it stands so: \*Declined/,
    );
    expect((await press('ann', 'swap_cancel', swap)).text).toContain('Now it stands so');
  });

  it('is not for everybody', async () => {
    const swap = await ask({ kind: 'person', person: 'ben' });
    expect((await press('cleo', 'swap_accept', swap)).text).toContain('asked of Ben alone');
    expect((await press('ann', 'swap_accept', swap)).text).toContain('Nobody swaps with themselves');
    expect((await press('cleo', 'swap_cancel', swap)).text).toContain(
      'Only the person themselves or a manager',
    );
    const nobody = await front.hear(() =>
      front.requests.action(
        { action_id: 'swap_accept', value: swap },
        { user: 'U0NEW', message: { ts: '1.1' } },
      ),
    );
    expect(nobody.text).toContain('/oncall connect');
    expect((await press('ann', 'swap_cancel', swap)).text).toContain('Taken back');
  });

  it('is done once when Slack delivers the click twice', async () => {
    const swap = await ask();
    const trigger = front.slack.trigger();
    const from = { user: account('ben'), channel: CHANNEL, message: { ts: '1.1' }, trigger };
    const send = () => front.requests.action({ action_id: 'swap_accept', value: swap }, from);
    const first = await front.hear(send);
    expect(first.text).toContain('it is yours now');
    const before = front.slack.of('response_url').length;
    await Promise.all([send(), send()]);
    await front.say('ben', 'help');
    expect(front.slack.of('response_url')).toHaveLength(before + 1);
  });

  it('waits for a manager where the team wants that, and only for one', async () => {
    await applySlackTeam(front, { swaps: 'approval' });
    const swap = await ask();
    expect((await press('cleo', 'swap_accept', swap)).text).toContain('A manager has to approve it');
    expect((await press('ben', 'swap_accept', swap)).text).toContain('Cleo was faster');
    expect((await press('cleo', 'swap_approve', swap)).text).toContain('Only a manager');
    expect((await press('eve', 'swap_approve', swap)).text).toContain('Approved. It is done');
    expect((await press('eve', 'swap_refuse', swap)).text).toContain('Now it stands so: *Done:*');
    const second = await ask();
    await press('cleo', 'swap_accept', second);
    expect((await press('eve', 'swap_refuse', second)).text).toContain('Refused');
    await applySlackTeam(front, { swaps: 'free' });
  });
});

describe('what comes too late', () => {
  it('is answered with what has become of the shift, and changes nothing', async () => {
    const swap = await ask({ kind: 'person', person: 'ben' });
    const { gives } = (await findSwap(front.database, swap)) as Swap;
    const [{ start, end } = { start: 0, end: 0 }] = gives;
    // A manager puts somebody else on call there before ben answers.
    const change = {
      schedule: 'payments',
      kind: 'replace',
      people: ['cleo'],
      replaces: 'ann',
      start,
      end,
    } as const;
    accepted(await createOverride(front.context, change));
    expect((await press('ben', 'swap_accept', swap)).text).toMatch(/changed(.|\n)*Now it stands so/);
    expect((await findSwap(front.database, swap))?.state).toBe('open');
    await front.database.pool.query(`UPDATE swaps SET expires_at = clock_now() WHERE id = $1`, [swap]);
    expect((await press('ben', 'swap_accept', swap)).text).toMatch(/begun|expired|over/i);
    await expireSwaps(front.context);
    expect((await press('ben', 'swap_accept', swap)).text).toContain('*Expired.*');
    expect((await press('ann', 'swap_cancel', swap)).text).toContain('*Expired.*');
  });

  it('or cannot be is refused in plain words: times that are over, and oneself', async () => {
    expect((await front.say('ann', 'cover yesterday @ben')).text).toContain('You have no shift in');
    expect((await front.say('ann', 'cover 2026-12-05 @ann')).text).toContain('Nobody swaps with themselves');
    const off = (await front.say('ann', 'off yesterday')).text;
    expect(off).toContain('past');
    expect(off).not.toMatch(/\d{4}-\d{2}-\d{2}T/);
  });
});

describe('what an older version sent', () => {
  it('is answered at once, and nothing is done', async () => {
    expect((await press('ben', 'button_of_old', 'x')).text).toContain('older version');
    const view = await front.formOf('eve', 'off');
    const old = { ...view, view: { ...view.view, callback_id: 'form_of_old' } };
    const done = await front.submit('eve', old, valuesOf(view));
    expect(done.text).toContain('older version');
    expect(done.tookMs).toBeLessThan(2_500);
  });

  it('is no harm when Slack takes no more just now: a form says so, and the home tab comes later', async () => {
    let limited = 1;
    front.slack.faultWith((method) => {
      if (method === 'views.open') return { status: 429, headers: { 'retry-after': '1' } };
      if (method !== 'views.publish' || limited === 0) return;
      limited -= 1;
      return { status: 429, headers: { 'retry-after': '1' } };
    });
    const { text } = await front.hear(() => front.requests.command('off', { user: account('eve') }));
    expect(text).toContain('try again in a moment');
    const event = { type: 'app_home_opened', user: account('cleo'), channel: 'D1', tab: 'home' };
    await front.requests.event(event);
    await front.slack.waitUntil(() => front.slack.state.homes.has(account('cleo')));
    front.slack.faultWith(undefined);
    front.slack.forget();
  });
});

describe('taking over', () => {
  it('is done at once, and given back', async () => {
    expect((await front.say('ben', 'take @ann until 18:00')).text).toMatch(
      /You are on call now as primary of payments instead of <@U0ANN>, until .*Tue 1 Dec 2026 18:00/,
    );
    expect((await front.say('cleo', 'who')).text).toContain('*primary:* <@U0BEN>');
    const late = JSON.stringify({ schedule: 'payments', role: 'primary', from: 'ann', until: null });
    expect((await press('cleo', 'take_over', late)).text).toMatch(
      /Ann is not on call(.|\n)*On call as primary is <@U0BEN>/,
    );
    expect((await front.say('cleo', 'take back')).text).toContain('Nobody has taken');
    expect((await front.say('ann', 'take back')).text).toContain('You are on call again for payments');
    expect((await front.say('cleo', 'who')).text).toContain('*primary:* <@U0ANN>');
    expect((await front.say('ben', 'take @ben')).text).toContain('That is you');
    expect((await front.say('ben', 'take @eve')).text).toContain('is not on call now');
  });

  it('asks whose where nobody is named', async () => {
    const choice = await front.say('cleo', 'take');
    expect(choice.text).toContain('Whose running shift do you take over?');
    const value = /"value":"(\{\\"schedule\\":\\"payments\\",\\"role\\":\\"primary[^}]*\})"/.exec(
      choice.blocks,
    )?.[1];
    const { text } = await press('cleo', 'take_over', JSON.parse(`"${value}"`) as string);
    expect(text).toContain('instead of <@U0ANN>');
    expect((await front.say('cleo', 'take back')).text).toContain('<@U0ANN> is on call again');
  });
});

describe('pages', () => {
  it('belong to the first of two who acknowledge at once', async () => {
    const input = { schedule: 'payments', summary: 'db <down> & out', severity: 'critical' as const };
    const { page } = accepted(await triggerPage(front.context, input));
    const answers = await together(['ann', 'ben'], 'page_acknowledge', page);
    expect(answers.filter((text) => text.includes('is yours'))).toHaveLength(1);
    expect(answers.filter((text) => /<@U0(ANN|BEN)> acknowledged page \d+ already/.test(text))).toHaveLength(
      1,
    );
    const escalations = await together(['ann', 'ben'], 'page_escalate', page);
    expect(escalations.filter((text) => text.includes('calls the next ones now'))).toHaveLength(1);
    expect((await press('ann', 'page_resolve', page)).text).toContain('is resolved');
    expect((await press('ben', 'page_acknowledge', page)).text).toContain('<@U0ANN> resolved page');
    const view = await front.form(() => front.press('ben', 'page_snooze', page));
    expect(wordsOf(view)).toContain('resolved already');
    expect((await press('ben', 'page_resolve', 'pag_gone')).text).toContain('not there any more');
    expect((await readPage(front.database, page))?.place.state).toBe('resolved');
  });
});

describe('the home tab', () => {
  const home = (person: string) => front.slack.state.homes.get(account(person));
  async function opens(person: string, id?: string): Promise<void> {
    const before = front.slack.of('views.publish').length;
    await front.requests.event(
      { type: 'app_home_opened', user: account(person), channel: 'D1', tab: 'home' },
      id,
    );
    await front.slack.waitUntil(() => front.slack.of('views.publish').length > before);
  }
  const words = (person: string) => JSON.stringify(home(person)?.view.blocks);
  async function published(act: () => Promise<unknown>): Promise<void> {
    const before = front.slack.of('views.publish').length;
    await act();
    await front.slack.waitUntil(() => front.slack.of('views.publish').length > before);
  }

  it('shows what concerns its reader, within Slack’s limits', async () => {
    const input = { schedule: 'payments', summary: 'checkout is down', severity: 'critical' as const };
    accepted(await triggerPage(front.context, input));
    const swap = await ask();
    await opens('ben');
    expect(viewProblems(home('ben')?.view ?? {})).toEqual([]);
    expect(words('ben')).toContain('asks for cover');
    expect(words('ben')).toContain(swap);
    expect(words('ben')).toContain('primary of payments');
    expect(words('ben')).toContain('mon, tue, wed, thu, fri 09:00–17:00 Europe/London');
    await opens('ann');
    expect(words('ann')).toContain('checkout is down');
    expect(words('ann')).toContain('Your request for primary of payments');
  });

  it('is published when it is opened, and after what its reader does; once for each event', async () => {
    await opens('cleo', 'Ev0CLEO');
    const before = front.slack.of('views.publish').length;
    await front.requests.event(
      { type: 'app_home_opened', user: account('cleo'), channel: 'D1', tab: 'home' },
      'Ev0CLEO',
    );
    await front.requests.event({
      type: 'app_home_opened',
      user: account('dev'),
      channel: 'D1',
      tab: 'messages',
    });
    await front.say('cleo', 'who');
    expect(front.slack.of('views.publish')).toHaveLength(before);
    await front.say('cleo', 'off 2027-02-10 skiing');
    await eventually(() => words('cleo').includes('skiing'));
    await front.say('eve', 'off 2027-02-10');
    expect(home('eve')).toBeUndefined();
  });

  it('cancels an absence, and says so where it cannot', async () => {
    const id = /"action_id":"home_cancel_absence"[^}]*},"value":"(abs_\w+)"/.exec(words('cleo'))?.[1] ?? '';
    await front.press('cleo', 'home_cancel_absence', id, home('cleo'));
    await eventually(() => !words('cleo').includes('skiing'));
    const before = front.slack.of('views.open').length;
    await front.press('cleo', 'home_cancel_absence', 'abs_none', home('cleo'));
    await front.slack.waitUntil(() => front.slack.of('views.open').length > before);
    expect(JSON.stringify(front.slack.of('views.open').at(-1)?.args.view)).toContain('no absence');
  });

  it('changes its reader’s zone and hours', async () => {
    const view = await front.form(() => front.press('cleo', 'home_hours', 'hours', home('cleo')));
    const wrong = await front.submit('cleo', view, valuesOf(view, { zone: 'Europe/Berln' }));
    expect(wrong.json).toEqual({
      response_action: 'errors',
      errors: { zone: 'That is no IANA time zone. Did you mean Europe/Berlin?' },
    });
    const none = await front.submit('cleo', view, valuesOf(view, { days: [] }));
    expect(none.json).toMatchObject({ errors: { days: 'Pick at least one day.' } });
    const values = valuesOf(view, {
      zone: 'America/New_York',
      days: ['mon', 'sat'],
      from: '10:00',
      to: '18:30',
    });
    expect((await front.submit('cleo', view, values)).text).toContain('Kept: America/New_York');
    await eventually(() => words('cleo').includes('mon, sat 10:00–18:30 America/New_York'));
    const { rows } = await front.database.pool.query(
      `SELECT time_zone, definition FROM people WHERE id = 'cleo'`,
    );
    expect(rows[0]).toMatchObject({
      time_zone: 'America/New_York',
      definition: { workingHours: { from: '10:00' } },
    });
  });

  it('connects strangers, and opens forms for shifts, time off and pages', async () => {
    const before = front.slack.of('views.publish').length;
    await front.requests.event({ type: 'app_home_opened', user: 'U0NEW', channel: 'D1', tab: 'home' });
    await front.slack.waitUntil(() => front.slack.of('views.publish').length > before);
    const stranger = front.slack.state.homes.get('U0NEW');
    if (stranger === undefined) throw new Error('no home tab');
    expect(JSON.stringify(stranger.view)).toContain('home_connect');
    const opened = front.slack.of('views.open').length;
    await front.requests.action(
      { action_id: 'home_connect', value: 'connect' },
      { user: 'U0NEW', view: stranger },
    );
    await front.slack.waitUntil(() => front.slack.of('views.open').length > opened);
    expect(JSON.stringify(front.slack.of('views.open').at(-1)?.args.view)).toContain('no e-mail');
    const off = await front.form(() => front.press('ben', 'home_absence', 'off', home('ben')));
    expect(wordsOf(off)).toContain('First day');
    const page = await front.form(() => front.press('ben', 'home_page', 'page', home('ben')));
    expect(wordsOf(page)).toContain('This pages');
    const value = JSON.stringify({ schedule: 'payments', role: 'primary', start: 1, end: 2 });
    const cover = await front.form(() => front.press('ben', 'shift_cover', value, home('ben')));
    expect(wordsOf(cover)).toContain('Whom do you ask?');
    await published(() => front.press('ben', 'home_refresh', 'refresh', home('ben')));
  });

  it('lets an absence’s form ask for cover on top of itself', async () => {
    const view = await front.formOf('ben', 'off');
    const done = await front.submit(
      'ben',
      view,
      valuesOf(view, { from_on: '2026-12-09', until_on: '2026-12-09' }),
    );
    const shown = (done.json as { view: { blocks: readonly { elements?: readonly { value: string }[] }[] } })
      .view;
    const value = shown.blocks
      .flatMap(({ elements = [] }) => elements)
      .find((each) => each.value?.startsWith('{'))?.value;
    const pushed = await front.form(() => front.press('ben', 'shift_cover', value ?? '', view));
    expect(front.slack.of('views.push')).toHaveLength(1);
    expect(pushed.previousId).toBe(view.id);
    expect(wordsOf(pushed)).toContain('Which shift?');
  });
});

describe('when Slack is slow or away', () => {
  it('says so when a form could not be opened in time, and leaves one alone that was closed', async () => {
    const late = front.requests.command('cover', {
      user: account('ben'),
      channel: CHANNEL,
      trigger: 'trigger.old',
    });
    const said = await front.hear(() => late);
    expect(said.text).toContain('three seconds only');
    front.slack.faultWith((method) =>
      method === 'views.update' ? { body: { ok: false, error: 'not_found' } } : undefined,
    );
    await front.requests.command('cover', { user: account('ben'), channel: CHANNEL });
    await eventually(() => front.slack.of('views.update').at(-1)?.answer.error === 'not_found');
    front.slack.faultWith(undefined);
    front.slack.forget();
  });

  it('keeps what was done although the answer could not be delivered', async () => {
    front.slack.faultWith((method) => (method === 'response_url' ? { hangUp: 'before' } : undefined));
    const before = front.slack.of('response_url').length;
    const ack = await front.requests.command('off 2027-03-01 away', {
      user: account('dev'),
      channel: CHANNEL,
    });
    expect(ack.status).toBe(200);
    await front.slack.waitUntil(() => front.slack.of('response_url').length > before);
    front.slack.faultWith(undefined);
    const { rows } = await front.database.pool.query(`SELECT 1 FROM absences WHERE person = 'dev'`);
    expect(rows).toHaveLength(1);
    const again = await enterAbsence(front.context, {
      ...{ person: 'dev', start: instantOf('2027-03-02T00:00:00Z'), end: instantOf('2027-03-03T00:00:00Z') },
    });
    expect(again.ok).toBe(true);
    expect((await front.say('dev', 'who')).text).toContain('On call now');
    front.slack.forget();
  });
});
