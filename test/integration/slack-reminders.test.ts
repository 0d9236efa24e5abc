import { findSlackPreferences, pageSwaps } from '@watchbill/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, direct, eventually, link } from './slack-fixture.ts';
import { type Front, openFront, valuesOf, wordsOf } from './slack-front-fixture.ts';

let front: Front;

beforeAll(async () => {
  front = await openFront();
  await link(front);
});
afterAll(() => front.close());

/** The requests that somebody has made, or that were made for them, and that wait. */
async function waiting(person: string) {
  const swaps = await pageSwaps(front.database, { person, states: ['open'], after: '', limit: 10 });
  return swaps.filter((swap) => swap.person === person);
}

it('the home tab lets everybody choose their reminders, and shows what they chose', async () => {
  const opened = { type: 'app_home_opened', user: account('ben'), channel: 'D0BEN', tab: 'home' };
  await front.requests.event(opened);
  await front.slack.waitUntil((calls) => calls.some(({ method }) => method === 'views.publish'));
  const home = front.slack.state.homes.get(account('ben'));
  if (home === undefined) throw new Error('no home tab');
  const form = () => front.form(() => front.press('ben', 'home_reminders', 'reminders', home));
  const first = await form();
  const kept = await front.submit('ben', first, valuesOf(first, { leads: ['1440'], told: [] }));
  expect(kept.text).toContain('I remind you 1 d before a shift, and do not tell you when one moves');
  expect(await findSlackPreferences(front.database, 'ben')).toEqual({
    reminderMinutes: [1440],
    shiftChanges: false,
  });
  const second = await form();
  expect(JSON.stringify(second.view)).toContain(
    '"initial_options":[{"text":{"type":"plain_text","text":"1 d before"',
  );
  await front.submit('ben', second, valuesOf(second, { leads: ['1440', '15'], told: ['moves'] }));
  // As the settings say, also when those change.
  expect(await findSlackPreferences(front.database, 'ben')).toEqual({
    reminderMinutes: null,
    shiftChanges: true,
  });
});

describe('asking for somebody else', () => {
  it('is for managers: the words act at once, and everybody hears who asked', async () => {
    const said = 'cover for @ben 2026-12-09 @ann because he is ill';
    expect((await front.say('ann', said)).text).toContain('Only a manager can ask for somebody else');
    const { text } = await front.say('eve', said);
    expect(text).toContain('I asked <@U0ANN> to cover for <@U0BEN>');
    const swap = (await waiting('ben')).find(({ createdBy }) => createdBy === 'eve');
    expect(swap).toMatchObject({ person: 'ben', createdBy: 'eve', to: { kind: 'person', person: 'ann' } });
    await front.fanOut();
    const all = () => ['ann', 'ben', 'eve'].map((each) => front.messagesIn(direct(each)).join(' '));
    await eventually(() => all().every((texts) => texts.includes('he is ill')));
    const [ann, ben, eve] = all();
    expect(ben).toContain('<@U0EVE> asked <@U0ANN> to *cover* for you.');
    expect(eve).toContain('You asked <@U0ANN> to *cover* for <@U0BEN>.');
    expect(ann).toContain('Eve asked in the name of Ben');
    const refused = await front.hear(() => front.press('ann', 'swap_decline', swap?.id ?? ''));
    expect(refused.text).toContain('You said no');
    await front.fanOut();
    const notes = (person: string) => front.threadsIn(direct(person)).join(' ');
    await eventually(() => /said no/.test(notes('ben')) && /said no/.test(notes('eve')));
    expect(notes('ben')).toContain('You still stand your shift');
    expect(notes('eve')).toContain('<@U0BEN> still stands the shift');
  });

  it('can be begun by the manager without a shift who names one person alone', async () => {
    const view = await front.formOf('eve', 'cover @ben');
    expect(wordsOf(view)).toContain('For whom?');
    expect(JSON.parse(String(view.view.private_metadata))).toMatchObject({ whose: 'ben' });
  });

  it('is a menu of the form that only managers see, and another pick shows their shifts', async () => {
    expect(wordsOf(await front.formOf('ben', 'cover'))).not.toContain('For whom?');
    const mine = await front.formOf('eve', 'cover');
    expect(wordsOf(mine)).toContain('You have no coming shift');
    const picked = {
      ...{ action_id: 'change_whose', type: 'static_select' },
      selected_option: { value: 'p:ben' },
    };
    const view = await front.form(() =>
      front.requests.action(picked, { user: account('eve'), view: mine, values: {} }),
    );
    const times = { from: '2026-12-09T09:00:00Z', until: '2026-12-09T12:00:00Z' };
    const done = await front.submit('eve', view, valuesOf(view, { to: 'p:cleo', ...times }));
    expect(done.text).toContain('I asked <@U0CLEO> to cover for <@U0BEN>');
    const made = (await waiting('ben')).find(({ createdBy }) => createdBy === 'eve');
    expect(made).toMatchObject({ person: 'ben', createdBy: 'eve' });
    const { text } = await front.hear(() => front.press('eve', 'swap_cancel', made?.id ?? ''));
    expect(text).toContain('Taken back. The shift stays with whom it was');
  });

  it('is refused to those who forge the form, at its input', async () => {
    const view = await front.formOf('ann', 'cover');
    const forged = { ...view, view: { ...view.view, private_metadata: '{"kind":"cover","whose":"ben"}' } };
    const own = await front.submit('ann', forged, valuesOf(view));
    expect(own.json).toMatchObject({ response_action: 'errors' });
    expect(JSON.stringify(own.json)).toContain('This shift has changed meanwhile');
  });
});
