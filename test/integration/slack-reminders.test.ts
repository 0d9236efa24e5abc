import { findSlackPreferences } from '@watchbill/database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { account } from './slack-fixture.ts';
import { type Front, openFront, valuesOf } from './slack-front-fixture.ts';

let front: Front;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

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
