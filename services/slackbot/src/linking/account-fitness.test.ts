import { expect, test } from 'vitest';
import { unfitFor } from './account-fitness.ts';

const amara = {
  id: 'U0AMARA',
  team_id: 'T1',
  is_email_confirmed: true,
  profile: { email: 'amara@example.com' },
};

test('a verified e-mail of the own workspace proves who somebody is', () => {
  expect(unfitFor(amara, 'T1')).toBeNull();
});

test.each([
  ['gone', { ...amara, deleted: true }],
  ['bot', { ...amara, is_bot: true }],
  ['foreign', { ...amara, team_id: 'T2' }],
  ['foreign', { ...amara, is_stranger: true }],
  ['hidden', { ...amara, profile: {} }],
  ['unconfirmed', { ...amara, is_email_confirmed: false }],
])('%s', (why, user) => {
  expect(unfitFor(user, 'T1')).toBe(why);
});
