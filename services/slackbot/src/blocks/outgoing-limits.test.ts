import type { PageStepRow } from '@watchbill/database';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageProblems } from '../../../../test/support/slack-limits.ts';
import type { Message } from './elements.ts';
import { gapMessage } from './gap-blocks.ts';
import { type PageScene, pageAgainMessage, pageMessage } from './page-blocks.ts';
import { pageLogMessage } from './page-log-blocks.ts';
import { reminderMessage, shiftMovedMessage } from './reminder-blocks.ts';
import { shiftPostMessage } from './shift-post-blocks.ts';
import { swapNoteMessage } from './swap-note-blocks.ts';

/** What people, programs and configurations put into a message: long, in any script, with signs of Slack's own. */
const nasty = fc.oneof(
  fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
  fc.constantFrom('&'.repeat(1_000), '<!channel> <@U1>', '😀'.repeat(400), '|>|<http://x|y>', '\n\n', '*_~`'),
);
const id = fc.oneof(fc.constantFrom('amara', 'benji'), fc.constant('a'.repeat(64)));
const zone = fc.constantFrom('Europe/London', 'America/Argentina/ComodRivadavia');
const instant = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 });
const people = fc.record({ name: nasty, linked: fc.boolean() }).map(({ name, linked }) => ({
  names: new Map([['amara', name]]),
  accounts: new Map(linked ? [['amara', 'U0AMARA']] : []),
}));
const many = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.oneof(fc.array(item, { maxLength: 3 }), fc.array(item, { minLength: 60, maxLength: 60 }));
const maybe = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(item, { nil: null });
const stretch = fc.record({
  schedule: id,
  role: id,
  start: instant,
  ms: fc.integer({ min: 1, max: 10 ** 9 }),
});
const shift = stretch.map(({ ms, ...rest }) => ({ ...rest, end: rest.start + ms }));

function holds(message: Message): void {
  expect(messageProblems({ ...message })).toEqual([]);
  expect(message.text.length).toBeGreaterThan(0);
  expect(JSON.stringify(message)).not.toContain('<!channel>');
}

const step: fc.Arbitrary<PageStepRow> = fc.record({
  ...{
    number: fc.nat(99),
    round: fc.nat(9),
    pass: fc.nat(9),
    step: fc.nat(9),
    lateMs: fc.nat(),
    firedAt: instant,
  },
  kind: fc.constantFrom('step', 'assigned', 'last_resort'),
  told: many(fc.record({ person: id, schedule: maybe(id), role: maybe(id) })),
  targets: many(fc.record({ kind: fc.constant('slackChannel' as const), channel: nasty })),
  skipped: fc.constant([]),
});
const actor = fc.record({
  at: instant,
  person: maybe(id),
  actor: nasty,
  via: fc.constantFrom('slack', 'api'),
});
const scene = fc
  .record({
    ...{ summary: nasty, source: maybe(nasty), steps: many(step), people, zone, at: instant },
    state: fc.constantFrom('triggered', 'acknowledged', 'resolved'),
    phase: fc.constantFrom('stepping', 'seeking', 'ended'),
    links: many(fc.record({ href: fc.oneof(nasty, fc.webUrl()), text: nasty })),
    ...{
      acknowledged: maybe(actor),
      resolved: maybe(actor),
      snoozedUntil: maybe(instant),
      stepAt: maybe(instant),
    },
    severity: fc.constantFrom('critical', 'error', 'warning', 'info'),
  })
  .map((made) => {
    const { people: named, zone: shown, state, phase, snoozedUntil, stepAt, at, ...rest } = made;
    const place = { state, phase, snoozedUntil, stepAt, retriggerAt: at };
    const page = {
      ...rest,
      place,
      id: 'pag_1',
      number: 7,
      repeats: 3,
      folded: 2,
      createdAt: at,
      notifications: [],
    };
    return { page, people: named, zone: shown } as unknown as PageScene;
  });

describe('what the bot says by itself holds to Slack’s limits', () => {
  it('pages', () => {
    fc.assert(
      fc.property(scene, (made) => {
        holds(pageMessage(made));
        holds(pageAgainMessage(made));
      }),
    );
  });

  it('the log of a page', () => {
    const told = fc.array(fc.record({ person: id, schedule: maybe(id), role: maybe(id) }), { maxLength: 20 });
    const event = fc.oneof(
      fc.record({ told, channels: fc.array(nasty, { maxLength: 5 }) }).map((facts) => ({
        type: 'page.escalated',
        data: { step: { number: 1, ...facts }, actor: null },
      })),
      fc.tuple(nasty, nasty, maybe(id)).map(([text, name, person]) => ({
        type: 'page.noted',
        data: { text, actor: { person, name, via: 'slack' } },
      })),
      fc.array(id, { minLength: 1, maxLength: 50 }).map((comers) => ({
        type: 'page.handed_over',
        data: { schedule: 'payments', role: 'primary', told: comers },
      })),
    );
    fc.assert(
      fc.property(event, people, zone, (made, named, shown) => {
        holds(pageLogMessage(made as never, { people: named, zone: shown }));
      }),
    );
  });

  it('handoffs', () => {
    const role = fc.record({
      ...{ role: id, outgoing: fc.array(id, { minLength: 1, maxLength: 40 }), until: maybe(instant) },
      incoming: fc.array(id, { minLength: 1, maxLength: 40 }),
    });
    const page = fc.record({ number: fc.nat(), summary: nasty, state: fc.constant('triggered') });
    const pages = fc.array(page, { maxLength: 5 });
    const post = fc.record({
      schedule: id,
      at: instant,
      roles: many(role),
      pages,
      openPages: fc.nat(99),
      people,
      zone,
    });
    fc.assert(fc.property(post, (made) => holds(shiftPostMessage(made))));
  });

  it('reminders and moved shifts', () => {
    const reminder = fc.record({ shift, leadMinutes: fc.nat(40_320), stands: fc.boolean(), zone });
    fc.assert(fc.property(reminder, (made) => holds(reminderMessage(made))));
    const moves = many(fc.record({ before: maybe(shift), after: maybe(shift) }));
    fc.assert(
      fc.property(moves, fc.nat(500), zone, (list, more, shown) =>
        holds(shiftMovedMessage({ moves: list, more, zoneOf: () => shown })),
      ),
    );
  });

  it('gaps', () => {
    const gaps = many(shift);
    fc.assert(
      fc.property(id, gaps, fc.boolean(), (schedule, list, open) =>
        holds(gapMessage({ schedule, gaps: list, open, zone: 'Europe/London' })),
      ),
    );
  });

  it('a word beside a swap', () => {
    const what = fc.constantFrom(
      'offered',
      'taken',
      'declined',
      'cancelled',
      'expired',
      'waits',
      'unreachable',
      'soon',
    );
    fc.assert(
      fc.property(what, maybe(id), maybe(id), people, (word, about, whose, named) =>
        holds(swapNoteMessage({ what: word, about, whose, people: named })),
      ),
    );
  });
});

describe('what a page says', () => {
  it('says for each state who did what and what can be done', () => {
    fc.assert(
      fc.property(scene, (made) => {
        const { blocks, text } = pageMessage(made);
        const shown = JSON.stringify(blocks);
        const { state } = made.page.place;
        expect(shown.includes('page_acknowledge')).toBe(state === 'triggered');
        expect(shown.includes('page_resolve')).toBe(state !== 'resolved');
        if (state === 'triggered') expect(text).toContain('Nobody has acknowledged it yet');
        if (state === 'resolved') expect(text).toContain('*Resolved*');
      }),
    );
  });
});
