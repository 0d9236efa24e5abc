import { formatInstant, parseInstant } from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOncall } from './parse-oncall.ts';
import { VERB_NAMES } from './verbs.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Monday 23 November 2026, 12:00 in London. */
const NOW = parseInstant('2026-11-23T12:00:00Z') ?? 0;
const VOCABULARY: Vocabulary = {
  now: NOW,
  realNow: NOW,
  zone: 'Europe/London',
  schedules: ['payments', 'search', 'data-platform'],
};

/** What was understood, instants as text; or the sentence. */
function understood(text: string): unknown {
  const parsed = parseOncall(text, VOCABULARY);
  if (!parsed.ok) return parsed.said;
  return JSON.parse(
    JSON.stringify(parsed.wish, (key, value: unknown) => {
      const isTime = ['at', 'start', 'end', 'until'].includes(key) && typeof value === 'number';
      if (['notes', 'zoned', 'zone', 'dayBehind'].includes(key)) return undefined;
      return isTime ? formatInstant(value as number) : value;
    }),
  );
}

describe('parseOncall', () => {
  it.each([
    ['', { do: 'who', schedule: null, at: null }],
    ['who', { do: 'who', schedule: null, at: null }],
    ['who is on call', { do: 'who', schedule: null, at: null }],
    ['payments', { do: 'who', schedule: 'payments', at: null }],
    ['who Payments?', { do: 'who', schedule: 'payments', at: null }],
    ['who at tomorrow 9am', { do: 'who', schedule: null, at: { at: '2026-11-24T09:00:00Z', named: 'both' } }],
    [
      'who search at 18:00',
      { do: 'who', schedule: 'search', at: { at: '2026-11-23T18:00:00Z', named: 'clock' } },
    ],
    [
      'who on fri for search',
      { do: 'who', schedule: 'search', at: { at: '2026-11-27T00:00:00Z', named: 'day' } },
    ],
    ['tomorrow 9am', { do: 'who', schedule: null, at: { at: '2026-11-24T09:00:00Z', named: 'both' } }],
    ['me', { do: 'me' }],
    ['schedule', { do: 'schedule', schedule: null, days: null }],
    ['schedule 14', { do: 'schedule', schedule: null, days: 14 }],
    ['schedule search next 2 weeks', { do: 'schedule', schedule: 'search', days: 14 }],
    ['take back', { do: 'take-back' }],
    ['takeback', { do: 'take-back' }],
    ['ack', { do: 'ack', page: null }],
    ['resolve #42', { do: 'resolve', page: '42' }],
    ['escalate page 42', { do: 'escalate', page: '42' }],
    ['snooze', { do: 'snooze', page: null, until: null }],
    ['snooze 30m', { do: 'snooze', page: null, until: '2026-11-23T12:30:00Z' }],
    ['snooze #42 for 2 hours', { do: 'snooze', page: '42', until: '2026-11-23T14:00:00Z' }],
    ['snooze until 18:00', { do: 'snooze', page: null, until: '2026-11-23T18:00:00Z' }],
    ['snooze 42 30m', { do: 'snooze', page: '42', until: '2026-11-23T12:30:00Z' }],
    ['link payments', { do: 'link', schedule: 'payments' }],
    ['link to schedule search', { do: 'link', schedule: 'search' }],
    ['unlink', { do: 'unlink' }],
    ['fairness', { do: 'fairness', schedule: null }],
    ['connect ABCD-2345', { do: 'connect', code: 'ABCD-2345' }],
    ['connect', { do: 'connect', code: null }],
    ['help cover', { do: 'help', about: 'cover' }],
    [
      'page payments: the <https://db.example|db> is down & out',
      {
        ...{ do: 'page', schedule: 'payments' },
        message: 'the https://db.example is down & out',
      },
    ],
    ['page <@U1|amara> cannot log in', { do: 'page', schedule: null, message: '@amara cannot log in' }],
    ['page', { do: 'page', schedule: null, message: '' }],
  ])('understands "%s"', (text, expected) => {
    expect(understood(text)).toEqual(expected);
  });

  const amara = { kind: 'mention', slackUser: 'U0AMARA' };
  const benji = { kind: 'mention', slackUser: 'U0BENJI' };
  const tomorrow = { start: '2026-11-24T00:00:00Z', end: '2026-11-25T00:00:00Z', wholeDays: true };
  it.each([
    ['cover', { do: 'cover', span: null, whose: null, to: null, reason: '' }],
    ['cover tomorrow', { do: 'cover', span: tomorrow, whose: null, to: null, reason: '' }],
    ['cover my shift tomorrow', { do: 'cover', span: tomorrow, whose: null, to: null, reason: '' }],
    ['cover for me tomorrow', { do: 'cover', span: tomorrow, whose: null, to: null, reason: '' }],
    [
      'cover <@U0BENJI|benji> tomorrow because dentist',
      { do: 'cover', span: tomorrow, whose: null, to: benji, reason: 'dentist' },
    ],
    [
      'cover tomorrow by <@U0BENJI|Benji O> dentist at 9',
      { do: 'cover', span: tomorrow, whose: null, to: benji, reason: 'dentist at 9' },
    ],
    [
      'cover tomorrow anyone',
      { do: 'cover', span: tomorrow, whose: null, to: { kind: 'eligible' }, reason: '' },
    ],
    [
      'swap tomorrow with @benji',
      { do: 'swap', span: tomorrow, whose: null, to: { kind: 'name', name: 'benji' }, reason: '' },
    ],
    ['swap', { do: 'swap', span: null, whose: null, to: null, reason: '' }],
    ['take <@U0BENJI>', { do: 'take', person: benji, until: null }],
    ['take over <@U0BENJI> until 18:00', { do: 'take', person: benji, until: '2026-11-23T18:00:00Z' }],
    [
      'take benji for 2h',
      { do: 'take', person: { kind: 'name', name: 'benji' }, until: '2026-11-23T14:00:00Z' },
    ],
    ['take until 18:00', { do: 'take', person: null, until: '2026-11-23T18:00:00Z' }],
    [
      'override <@U0BENJI> from tomorrow 09:00 to 17:00 replacing <@U0AMARA> as secondary because training',
      {
        ...{ do: 'override', kind: 'replace', schedule: null, person: benji },
        ...{ replaces: amara, role: 'secondary', reason: 'training' },
        span: { start: '2026-11-24T09:00:00Z', end: '2026-11-24T17:00:00Z', wholeDays: false },
      },
    ],
    [
      'override <@U0BENJI> for <@U0AMARA> tomorrow',
      {
        ...{ do: 'override', kind: 'replace', schedule: null, person: benji, replaces: amara },
        ...{ role: null, span: tomorrow, reason: '' },
      },
    ],
    [
      'override payments add <@U0BENJI> tomorrow as secondary',
      {
        ...{ do: 'override', kind: 'add', schedule: 'payments', person: benji, replaces: null },
        ...{ role: 'secondary', span: tomorrow, reason: '' },
      },
    ],
    [
      'override remove <@U0AMARA> tomorrow ill',
      {
        ...{ do: 'override', kind: 'remove', schedule: null, person: amara, replaces: null },
        ...{ role: null, span: tomorrow, reason: 'ill' },
      },
    ],
    [
      'cover for <@U0AMARA> tomorrow <@U0BENJI> because dentist',
      { do: 'cover', span: tomorrow, whose: amara, to: benji, reason: 'dentist' },
    ],
    [
      'cover <@U0AMARA> tomorrow <@U0BENJI>',
      { do: 'cover', span: tomorrow, whose: amara, to: benji, reason: '' },
    ],
    [
      "cover <@U0AMARA>'s shift tomorrow anyone",
      { do: 'cover', span: tomorrow, whose: amara, to: { kind: 'eligible' }, reason: '' },
    ],
    [
      'cover <@U0AMARA> tomorrow anyone',
      { do: 'cover', span: tomorrow, whose: amara, to: { kind: 'eligible' }, reason: '' },
    ],
    [
      'cover mon 30 nov <@U0BENJI> because dentist',
      {
        ...{ do: 'cover', whose: null, to: benji, reason: 'dentist' },
        span: { start: '2026-11-30T00:00:00Z', end: '2026-12-01T00:00:00Z', wholeDays: true },
      },
    ],
    [
      'off from mon, 28 dec to sun 3 jan',
      {
        ...{ do: 'off', reason: '' },
        span: { start: '2026-12-28T00:00:00Z', end: '2027-01-04T00:00:00Z', wholeDays: true },
      },
    ],
    [
      'swap tomorrow with <@U0BENJI> for <@U0AMARA>',
      { do: 'swap', span: tomorrow, whose: amara, to: benji, reason: '' },
    ],
    [
      'override',
      {
        ...{ do: 'override', kind: 'replace', schedule: null, person: null },
        ...{ span: null, replaces: null, role: null, reason: '' },
      },
    ],
    ['off tomorrow', { do: 'off', span: tomorrow, reason: '' }],
    ['off sick tomorrow', { do: 'off', span: tomorrow, reason: 'sick' }],
    ['sick tomorrow', { do: 'off', span: tomorrow, reason: 'sick' }],
    ['vacation tomorrow: skiing', { do: 'off', span: tomorrow, reason: 'skiing' }],
    [
      'off from tomorrow to tomorrow family &amp; friends',
      { do: 'off', span: tomorrow, reason: 'family & friends' },
    ],
    ['off dentist', { do: 'off', span: null, reason: 'dentist' }],
    ['off', { do: 'off', span: null, reason: '' }],
  ])('understands the change "%s"', (text, expected) => {
    expect(understood(text)).toEqual(expected);
  });

  it.each([
    ['cvoer tomorrow', 'I do not know "cvoer". Did you mean `/oncall cover tomorrow`?'],
    ['paymnets', 'I do not know "paymnets". Did you mean `/oncall payments`?'],
    ['who paymnts', 'There is no schedule "paymnts". Did you mean `payments`?'],
    ['xyzzyplugh', /^I do not know "xyzzyplugh"\. Here/],
    ['`rm` -rf', /^I do not know "'rm'"/],
    ['who at blue', /cannot read the time "blue"/],
    ['who at 9', /morning or in the evening/],
    ['schedule 400', /1 to 92 days/],
    ['ack everything', /no number of a page/],
    ['snooze 42', /snooze 42m.*snooze #42 30m/],
    ['take benji tomorrow', /from now on/],
    ['cover tomorrow 9am', /Until when/],
    ['cover <@U1> <@U2> <@U3> tomorrow', /one person.*cover for @amara tomorrow @benji/],
    ['swap for @amara for @benji', /one person/],
    ['cover dentist <@U1> tomorrow', /reason last/],
    ['cover tue 30 nov <@U1>', /another day of the week/],
    ['cover tuesday, 2026-11-30 <@U1>', /2026-11-30 is no tuesday/],
    ['override <@U1> from tue 14:00 to tue 12:00', /ends before it starts/],
    ['off from 5 jan to 3 jan', /ends before it starts/],
    ['schedule 9999', /1 to 92 days/],
    ['schedule -3', /1 to 92 days/],
    ['override <@U1> <@U2> tomorrow', /one person who takes over/],
    ['override add <@U1> replacing <@U2> tomorrow', /takes a place/],
    ['link nowhere', /no schedule "nowhere"/],
    ['constructor', /^I do not know "constructor"/],
  ])('says what is wrong with "%s"', (text, expected) => {
    if (typeof expected === 'string') expect(understood(text)).toBe(expected);
    else expect(understood(text)).toMatch(expected);
  });

  it('never throws, whatever is typed', () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...VERB_NAMES,
        'payments',
        '<@U0BENJI|b c>',
        '<#C1|x>',
        '<!here>',
        '`',
        '&lt;',
        ':',
        'because',
      ),
      fc.constantFrom(
        'from',
        'to',
        'until',
        'for',
        'tomorrow',
        '9am',
        '9',
        '2026-12-21',
        '#42',
        'as',
        'replacing',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 9 }), (words) => {
        const parsed = parseOncall(words.join(' '), VOCABULARY);
        return parsed.ok || parsed.said.length > 0;
      }),
      { numRuns: 3_000 },
    );
  });

  it('is quick with a very long text', () => {
    const text = `page payments ${'very '.repeat(800)}long`;
    const parsed = parseOncall(text, VOCABULARY);
    expect(parsed.ok && parsed.wish.do === 'page' && parsed.wish.message.endsWith('long')).toBe(true);
  });
});
