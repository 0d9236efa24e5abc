import type { Swap, SwapKind, SwapStretch } from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageProblems, viewProblems } from '../../../../test/support/slack-limits.ts';
import { absenceView } from './absence-view.ts';
import { type Behalf, type ChangeScene, changeView, noShiftsView, personValue } from './change-view.ts';
import type { Message } from './elements.ts';
import { fairnessMessage } from './fairness-blocks.ts';
import { helpMessage } from './help-blocks.ts';
import { homeView, strangerHome } from './home-view.ts';
import { hoursView } from './hours-view.ts';
import { linkView } from './link-view.ts';
import { absenceMessage, meMessage, type OwnShift } from './me-blocks.ts';
import { type OverrideKind, overrideView } from './override-view.ts';
import { pageView } from './page-view.ts';
import { partView } from './part-view.ts';
import type { People } from './people.ts';
import { snoozeView } from './snooze-view.ts';
import { type SwapSide, swapMessage } from './swap-blocks.ts';
import { escapeText } from './text.ts';
import { loadingView } from './view-elements.ts';
import { type RoleNow, schedulesMessage, upcomingMessage, whoMessage } from './who-blocks.ts';

/** Texts that people write: long, in any script, with what means something to Slack. */
const nasty = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
  fc.string({ minLength: 1, maxLength: 200 }).map((text) => `${text}&`),
  fc.constantFrom(
    '&'.repeat(500),
    '<!channel>',
    '<@U1> & <b>',
    '😀'.repeat(250),
    '`*_~',
    '\u202Eolleh',
    'a\nb',
  ),
);
const filled = nasty.map((text) => (text.trim() === '' ? 'x' : text));
const ID_SIGNS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@-'];
const id = fc.string({ unit: fc.constantFrom(...ID_SIGNS), minLength: 1, maxLength: 64 });
const role = fc.oneof(id, fc.constant('primary'));
const zone = fc.constantFrom('Europe/London', 'America/Argentina/ComodRivadavia', 'Australia/Lord_Howe');
const instant = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 });
const span = fc
  .record({ start: instant, ms: fc.integer({ min: 60_000, max: 10 ** 9 }) })
  .map(({ start, ms }) => ({
    start,
    end: start + ms,
  }));
const many = <T>(item: fc.Arbitrary<T>, maxLength = 120): fc.Arbitrary<T[]> =>
  fc.oneof(fc.array(item, { maxLength: 4 }), fc.array(item, { minLength: maxLength, maxLength }));
const maybe = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(item, { nil: null });

const KNOWN = ['amara', 'benji', 'cleo'];
const person = fc.oneof(fc.constantFrom(...KNOWN), id);
const people: fc.Arbitrary<People> = fc
  .record({
    names: fc.array(filled, { minLength: KNOWN.length, maxLength: KNOWN.length }),
    linked: fc.boolean(),
  })
  .map(({ names, linked }) => ({
    names: new Map(KNOWN.map((known, index) => [known, names[index] ?? 'x'])),
    accounts: new Map(linked ? KNOWN.map((known, index) => [known, `U0${index}`]) : []),
  }));
const stretch: fc.Arbitrary<SwapStretch> = fc
  .tuple(id, role, person, span)
  .map(([schedule, own, standing, times]) => ({ schedule, role: own, person: standing, ...times }));
const shift: fc.Arbitrary<OwnShift> = fc
  .tuple(fc.uuid(), id, role, span)
  .map(([uuid, schedule, own, times]) => ({ id: `shf_${uuid}`, schedule, role: own, ...times }));
const swap: fc.Arbitrary<Swap> = fc.record({
  id: fc.uuid().map((uuid) => `swp_${uuid}`),
  kind: fc.constantFrom('cover', 'exchange'),
  origin: fc.constantFrom('request', 'take', 'take-back'),
  state: fc.constantFrom('open', 'accepted', 'applied', 'declined', 'cancelled', 'expired'),
  person,
  gives: many(stretch, 30).filter((list) => list.length > 0),
  takes: many(stretch, 30),
  to: fc.oneof(
    person.map((asked) => ({ kind: 'person' as const, person: asked })),
    fc.constantFrom({ kind: 'eligible' as const }, { kind: 'team' as const }),
  ),
  version: fc.nat(),
  asked: fc.array(person, { maxLength: 5 }),
  overrides: fc.constant([]),
  reason: maybe(filled),
  acceptedBy: maybe(person),
  acceptedAt: maybe(instant),
  awaiting: fc.array(id, { maxLength: 3 }),
  offers: many(fc.record({ person, gives: many(stretch, 30), takes: many(stretch, 30), at: instant }), 15),
  refusals: many(fc.record({ person, reason: maybe(filled), at: instant }), 40),
  restOf: fc.constant(null),
  startsAt: instant,
  expiresAt: instant,
  createdBy: person,
  createdAt: instant,
  closedBy: maybe(person),
  closedReason: maybe(filled),
  closedAt: maybe(instant),
});
const roleNow: fc.Arbitrary<RoleNow> = fc.record({
  role,
  people: many(fc.record({ person, until: maybe(instant) }), 30),
  next: many(fc.record({ person, since: maybe(instant) }), 30),
});
const note = fc.record({ kind: fc.constantFrom('twice', 'skipped'), wall: instant, zone, taken: instant });
const notes = many(note, 9);
const schedules = many(id, 130).filter((list) => list.length > 0);
const persons = many(fc.record({ id, name: filled }), 130);

/** Every message the front can send, each from its own arbitrary scene. */
const MESSAGES: Readonly<Record<string, fc.Arbitrary<Message>>> = {
  who: fc
    .record({ schedule: id, zone, at: maybe(instant), roles: many(roleNow, 25), people, notes })
    .map(whoMessage),
  upcoming: fc
    .record({
      ...{ schedule: id, zone, from: instant, to: instant, more: fc.nat(900), people, notes },
      shifts: many(fc.record({ role, person: maybe(person), start: instant, end: instant }), 100),
      gaps: many(fc.record({ role, person: fc.constant(null), start: instant, end: instant }), 100),
    })
    .map(upcomingMessage),
  schedules: fc
    .record({ said: filled.map(escapeText), schedules: many(id, 100), more: fc.boolean() })
    .map(schedulesMessage),
  me: fc
    .record({
      ...{
        zone,
        shifts: many(shift, 10),
        more: fc.nat(99),
        evenMore: fc.boolean(),
        asked: many(swap, 8),
        own: many(swap, 8),
      },
      ...{ loadWeeks: fc.nat(52), people },
      loads: many(
        fc.record({
          schedule: id,
          level: fc.double(),
          least: fc.double(),
          most: fc.double(),
          people: fc.nat(99),
        }),
        9,
      ),
    })
    .map(meMessage),
  absence: fc
    .record({
      ...{
        said: filled.map(escapeText),
        zone,
        hit: many(shift, 10),
        more: fc.nat(9),
        replanned: many(id, 20),
      },
      notes: fc.constant([]),
    })
    .map(absenceMessage),
  fairness: fc
    .record({
      ...{ schedule: id, zone, from: instant, to: instant, variationPercent: fc.double(), people },
      rows: many(
        fc.record({
          ...{
            person: id,
            hours: fc.double({ min: 0, max: 1e6 }),
            level: maybe(fc.double({ min: 0, max: 1e6 })),
          },
          ...{ deviation: fc.double({ min: -1e6, max: 1e6 }), carried: fc.double() },
        }),
        90,
      ),
    })
    .map(fairnessMessage),
  help: fc.constantFrom(helpMessage(), helpMessage('cover'), helpMessage(null, 'What?')),
  swap: fc
    .tuple(
      swap,
      people,
      zone,
      fc.constantFrom<SwapSide>('asked', 'requester', 'asker', 'approver', 'channel'),
    )
    .map(([own, all, where, side]) => swapMessage({ swap: own, people: all, zone: where }, side)),
};

const behalf: fc.Arbitrary<Behalf | null> = maybe(fc.record({ whose: maybe(id), people: persons }));
const changeScene: fc.Arbitrary<ChangeScene> = fc
  .record({
    kind: fc.constantFrom('cover' as const, 'exchange' as const),
    zone,
    behalf,
    shifts: many(shift, 130).filter((list) => list.length > 0),
    part: span,
    candidates: many(
      fc.record({ person, name: filled, eligible: fc.boolean(), reasons: many(filled, 6) }),
      120,
    ),
    toFirst: fc.boolean(),
    theirs: many(shift, 130),
    reason: nasty,
  })
  .map(({ toFirst, ...scene }) => {
    const first = scene.candidates.find(({ eligible }) => eligible);
    const to = toFirst && first !== undefined ? personValue(first.person) : 'eligible';
    return { ...scene, chosen: scene.shifts[0] as OwnShift, to };
  });

const VIEWS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  change: changeScene.map(changeView),
  noShifts: fc.tuple(fc.constantFrom<SwapKind>('cover', 'exchange'), behalf).map((of) => noShiftsView(...of)),
  part: fc.record({ swap, people, zone, own: many(shift, 120) }).map(partView),
  override: fc
    .record({
      ...{ schedules, zone, roles: many(role, 20).filter((list) => list.length > 0), people: persons },
      ...{
        role: maybe(role),
        kind: fc.constantFrom<OverrideKind>('replace', 'add', 'remove'),
        person: maybe(id),
        replaces: maybe(id),
        start: maybe(instant),
        end: maybe(instant),
      },
      reason: nasty,
    })
    .map((scene) => overrideView({ ...scene, schedule: scene.schedules[0] ?? '' })),
  absence: fc
    .record({
      ...{
        zone,
        fromOn: maybe(fc.constant('2026-12-21')),
        untilOn: maybe(fc.constant('2026-12-21')),
        reason: nasty,
      },
      ...{ fromTime: maybe(fc.constant('09:00')), untilTime: maybe(fc.constant('23:59')) },
    })
    .map(absenceView),
  page: fc
    .record({
      ...{ schedules, told: maybe(filled.map(escapeText)), summary: nasty, chosen: fc.boolean() },
      severity: fc.constantFrom('critical', 'error', 'warning', 'info'),
      link: maybe(fc.constant('https://slack.example/archives/C1/p1?a=1&b=2')),
    })
    .map(({ chosen, ...scene }) =>
      pageView({ ...scene, schedule: chosen ? (scene.schedules[0] ?? null) : null }),
    ),
  snooze: fc.record({ id, number: fc.nat(), summary: filled }).map(snoozeView),
  link: fc
    .record({
      ...{ channel: fc.constant('C0MAIN'), schedules, shiftPosts: fc.boolean(), pages: fc.boolean() },
      ...{ topic: fc.boolean(), userGroup: maybe(fc.constant('S0ONE')) },
      groups: maybe(many(fc.record({ id: fc.uuid(), handle: filled }), 120)),
    })
    .map((scene) => linkView({ ...scene, schedule: scene.schedules[0] ?? '' })),
  hours: fc
    .record({ zone, days: fc.subarray(['mon', 'tue', 'sun'] as const), slackZone: maybe(zone) })
    .map((scene) => hoursView({ ...scene, from: '09:00', to: '17:00' })),
  loading: fc.constant(loadingView('One moment')),
  stranger: filled.map((text) => strangerHome(escapeText(text))),
  home: fc
    .record({
      ...{ name: filled, zone, hours: filled, people, now: instant, moreShifts: fc.nat(99) },
      schedules: many(fc.record({ schedule: id, zone, roles: many(roleNow, 9) }), 12),
      shifts: many(shift, 20),
      ...{ asked: many(swap, 9), approvals: many(swap, 9), own: many(swap, 9) },
      pages: many(
        fc.record({
          ...{ id: fc.uuid(), number: fc.nat(), summary: filled, createdAt: instant },
          state: fc.constantFrom('triggered' as const, 'acknowledged' as const),
        }),
        9,
      ),
      absences: many(
        fc.record({ id: fc.uuid(), start: instant, end: instant, reason: maybe(filled), own: fc.boolean() }),
        20,
      ),
    })
    .map((scene) => homeView({ ...scene, pages: scene.pages.map((page, number) => ({ ...page, number })) })),
};

describe('what the bot sends keeps to Slack’s limits', () => {
  it.each(Object.entries(MESSAGES))('the message %s', (_, messages) => {
    fc.assert(
      fc.property(messages, (sent) => {
        expect(messageProblems(sent)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it.each(Object.entries(VIEWS))('the view %s', (_, views) => {
    fc.assert(
      fc.property(views, (view) => {
        expect(viewProblems(view)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('finds what Slack would refuse', () => {
    const long = { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } };
    expect(messageProblems({ text: 'a', blocks: [long] })).toHaveLength(1);
    expect(messageProblems({ text: '', blocks: [] })).toHaveLength(1);
    expect(messageProblems({ text: 'a < b & c', blocks: [] })).toHaveLength(2);
    const press = { type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'Cancel' } };
    const twice = { type: 'actions', elements: [press, { ...press, action_id: 'b' }] };
    expect(messageProblems({ text: 'a', blocks: [twice] })).toEqual([
      'two buttons "Cancel" that sound alike: Cancel',
    ]);
    expect(
      viewProblems({ type: 'modal', title: { type: 'plain_text', text: 'x'.repeat(25) }, blocks: [] }),
    ).toHaveLength(1);
  });
});
