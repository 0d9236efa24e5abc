import { z } from 'zod';

const instant = z.string().describe('ISO-8601 UTC instant with Z');
const person = z.string().describe('id of a person');

/** A page as events tell it. Its details and links are read by the API: they may be large, or secret. */
export const pageFacts = z.object({
  id: z.string(),
  number: z.int().describe('Short, for people.'),
  state: z.enum(['triggered', 'acknowledged', 'resolved']),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  urgency: z.enum(['high', 'low']),
  summary: z.string(),
  source: z.string().nullable(),
  intake: z.string().nullable(),
  dedupKey: z.string(),
  policy: z.string().nullable().describe('null: the default policy of its schedule.'),
  schedule: z.string().nullable(),
  assignedTo: person.nullable(),
  round: z.int().describe('Counts from 1; everything that triggers the page again begins another one.'),
  repeats: z.int().describe('Signals of the same key after the first.'),
  folded: z.int().describe('Other signals that the page stands for, in a storm.'),
  createdAt: instant,
  acknowledgedBy: person.nullable(),
  acknowledgedAt: instant.nullable(),
  snoozedUntil: instant.nullable(),
  resolvedBy: person.nullable(),
  resolvedAt: instant.nullable(),
});

const actor = z.object({
  person: z.string().nullable().describe('id of a person; null for a program'),
  name: z.string().describe('the name of a token, a person, an intake'),
  via: z.string().describe('`slack`, `link`, `api`, `cli`, `intake`, …'),
});

const skipped = z.array(
  z.object({
    pass: z.int(),
    step: z.int().nullable(),
    reason: z.enum(['severity', 'hours', 'nobody', 'no_way']),
  }),
);

const stepFacts = z.object({
  number: z.int().describe('Counts the steps of the page that fired.'),
  round: z.int(),
  pass: z.int(),
  kind: z.enum(['step', 'assigned', 'last_resort']),
  step: z.int().describe('Its place in the policy, from 0.'),
  told: z
    .array(z.object({ person, schedule: z.string().nullable(), role: z.string().nullable() }))
    .describe('Up to 20; the page has all.'),
  channels: z.array(z.string()).describe('Slack channels that the step names; up to 5.'),
  skipped: skipped.describe('Steps passed over on the way here; up to 20.'),
  lateMs: z.int(),
});

/** What the events of pages say. */
export const PAGE_EVENTS = {
  'page.triggered': z.object({ page: pageFacts }),
  'page.escalated': z.object({
    page: pageFacts,
    step: stepFacts,
    actor: actor.nullable().describe('who asked for it; null when its time had come'),
  }),
  'page.acknowledged': z.object({ page: pageFacts, actor }),
  'page.snoozed': z.object({ page: pageFacts, actor, until: instant }),
  'page.retriggered': z.object({
    page: pageFacts,
    reason: z.enum(['unresolved', 'snooze_ended', 'more_severe']),
  }),
  'page.reassigned': z.object({
    page: pageFacts,
    actor,
    to: z.object({ kind: z.enum(['person', 'policy', 'schedule']), id: z.string() }),
  }),
  'page.handed_over': z.object({
    page: pageFacts,
    schedule: z.string(),
    role: z.string(),
    told: z.array(person),
  }),
  'page.noted': z.object({ page: pageFacts, actor, text: z.string() }),
  'page.resolved': z.object({ page: pageFacts, actor }),
  'page.unreachable': z.object({ page: pageFacts, skipped }),
} as const;

type PageEventType = keyof typeof PAGE_EVENTS;

export const PAGE_MEANINGS: Readonly<Record<PageEventType, string>> = {
  'page.triggered': 'Something needs the attention of a human.',
  'page.escalated': 'A step of the escalation policy fired; `told` are the people who are notified by it.',
  'page.acknowledged': 'Somebody takes care of it; no further step fires.',
  'page.snoozed': 'Somebody put it off; it is triggered again at `until` (real time).',
  'page.retriggered':
    'It calls again, from the first step on: not resolved in time, a snooze that ended, or a signal that is more severe.',
  'page.reassigned': 'It was given to a person, another policy or another schedule, and calls there.',
  'page.handed_over': 'The person on call changed while it is open; those who came on call are told.',
  'page.noted': 'Somebody added a note.',
  'page.resolved': 'It is over.',
  'page.unreachable':
    'No person could be told: nobody is on call, or nobody of them has a way to be told. It is tried again every few minutes.',
};

const page: z.infer<typeof pageFacts> = {
  id: 'pag_01kb9w2x5e7h3k8m1p4r6t9v0w',
  number: 42,
  state: 'triggered',
  severity: 'critical',
  urgency: 'high',
  summary: 'Checkout answers 503',
  source: 'checkout-7',
  intake: 'int_01kb9w2x5e7h3k8m1p4r6t9v0w',
  dedupKey: 'checkout/http-503',
  policy: 'payments',
  schedule: 'payments',
  assignedTo: null,
  round: 1,
  repeats: 0,
  folded: 0,
  createdAt: '2026-11-30T09:00:00Z',
  acknowledgedBy: null,
  acknowledgedAt: null,
  snoozedUntil: null,
  resolvedBy: null,
  resolvedAt: null,
};
const acknowledged = {
  ...page,
  state: 'acknowledged',
  acknowledgedBy: 'amara',
  acknowledgedAt: '2026-11-30T09:01:10Z',
} as const;
const amara = { person: 'amara', name: 'amara', via: 'slack' };

export const PAGE_EXAMPLES: { readonly [T in PageEventType]: z.infer<(typeof PAGE_EVENTS)[T]> } = {
  'page.triggered': { page },
  'page.escalated': {
    page,
    step: {
      number: 1,
      round: 1,
      pass: 0,
      kind: 'step',
      step: 0,
      told: [{ person: 'amara', schedule: 'payments', role: 'primary' }],
      channels: [],
      skipped: [],
      lateMs: 12,
    },
    actor: null,
  },
  'page.acknowledged': { page: acknowledged, actor: amara },
  'page.snoozed': {
    page: { ...acknowledged, snoozedUntil: '2026-11-30T10:00:00Z' },
    actor: amara,
    until: '2026-11-30T10:00:00Z',
  },
  'page.retriggered': { page: { ...page, round: 2 }, reason: 'snooze_ended' },
  'page.reassigned': {
    page: { ...page, round: 2, assignedTo: 'benji' },
    actor: amara,
    to: { kind: 'person', id: 'benji' },
  },
  'page.handed_over': { page: acknowledged, schedule: 'payments', role: 'primary', told: ['benji'] },
  'page.noted': { page: acknowledged, actor: amara, text: 'The certificate has expired; renewing it.' },
  'page.resolved': {
    page: { ...acknowledged, state: 'resolved', resolvedBy: 'amara', resolvedAt: '2026-11-30T09:14:00Z' },
    actor: amara,
  },
  'page.unreachable': { page, skipped: [{ pass: 0, step: 0, reason: 'nobody' }] },
};
