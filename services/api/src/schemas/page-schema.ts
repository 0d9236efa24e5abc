import { PAGE_LIMITS } from '@watchbill/commands';
import { PAGE_STATES, SEVERITIES } from '@watchbill/core';
import { NOTIFICATION_STATUSES } from '@watchbill/database';
import { z } from 'zod';
import { component, id, instant, instantInput, pageSchema } from './scalars.ts';

const PAGE_REF = 'the id of a page (pag_…) or its number';

/** How a page is named in an address: by its id or its number. */
export const pageRef = z
  .string()
  .regex(/^(?:pag_[0-9a-z]{26}|\d{1,15})$/, { error: PAGE_REF })
  .meta({ description: `${PAGE_REF}.`, examples: ['42'] });

const actor = component(
  'PageActor',
  z.object({
    at: instant,
    person: z.string().nullable().describe('null for a program.'),
    actor: z.string().describe('The name of the token, the person or the intake.'),
    via: z.string().describe('`slack`, `link`, `sms`, `api`, `cli`, `intake`, …'),
  }),
);

const link = z.object({ href: z.string(), text: z.string().optional() });

const pageFields = {
  id: z.string(),
  number: z.int(),
  state: z.enum(PAGE_STATES),
  severity: z.enum(SEVERITIES),
  urgency: z.enum(['high', 'low']),
  summary: z.string(),
  source: z.string().nullable(),
  details: z.unknown().describe('As the sender gave it.'),
  links: z.array(link),
  intake: z.string().nullable(),
  dedupKey: z.string(),
  policy: z.string().nullable().describe('null: the default policy of its schedule.'),
  schedule: z.string().nullable(),
  assignedTo: z.string().nullable().describe('The person to whom it was given.'),
  folds: z.boolean().describe('Stands for the signals of a storm.'),
  repeats: z.int().describe('Signals of the same key after the first.'),
  folded: z.int().describe('Other signals that it stands for.'),
  lastTriggeredAt: instant,
  round: z.int(),
  fired: z.int().describe('The number of the last step that fired.'),
  nextStepAt: instant.nullable().describe('Real time, as all instants of pages.'),
  snoozedUntil: instant.nullable(),
  retriggerAt: instant.nullable().describe('When it calls again unless it is resolved by then.'),
  createdBy: z.string(),
  createdAt: instant,
  acknowledged: actor.nullable(),
  resolved: actor.nullable(),
};

export const page = component('Page', z.object(pageFields));
export const pageOfPages = pageSchema('PagePage', page);

const target = component(
  'PageTarget',
  z
    .object({
      kind: z.enum(['schedule', 'person', 'slackChannel', 'webhook']),
      schedule: z.string().optional(),
      role: z.string().optional(),
      person: z.string().optional(),
      channel: z.string().optional(),
      url: z.string().optional().describe('Only the host: the rest may be a secret.'),
    })
    .meta({ description: 'Whom or what a step tells.' }),
);

const told = z.object({
  person: z.string(),
  schedule: z.string().nullable(),
  role: z.string().nullable(),
});

const step = component(
  'PageStep',
  z.object({
    number: z.int(),
    round: z.int(),
    pass: z.int(),
    kind: z.enum(['step', 'assigned', 'last_resort']),
    step: z.int().describe('Its place in the policy, from 0.'),
    firedAt: instant,
    lateMs: z.int(),
    told: z.array(told),
    targets: z.array(target),
    skipped: z.array(
      z.object({
        pass: z.int(),
        step: z.int().nullable(),
        reason: z.enum(['severity', 'hours', 'nobody', 'no_way']),
      }),
    ),
  }),
);

const notification = component(
  'PageNotification',
  z.object({
    id: z.string(),
    number: z.int().nullable().describe('Of the step; null for a handover.'),
    round: z.int(),
    reason: z.enum(['step', 'handover']),
    person: z.string().nullable(),
    target: target.nullable(),
    way: z.string().nullable().describe('null: the person has none.'),
    urgency: z.enum(['high', 'low']),
    status: z.enum(NOTIFICATION_STATUSES),
    dueAt: instant,
    attempts: z.int(),
    outcome: z.string().nullable(),
    error: z.string().nullable(),
    sentAt: instant.nullable(),
    finishedAt: instant.nullable(),
  }),
);

const logLine = component(
  'PageLogLine',
  z.object({
    at: instant,
    kind: z.string(),
    person: z.string().nullable(),
    actor: z.string().nullable(),
    via: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  }),
);

const policyStep = z.object({
  targets: z.array(target),
  waitMs: z.int(),
  severities: z.array(z.enum(SEVERITIES)).nullable(),
  hours: z.object({ kind: z.enum(['core', 'non-core']), schedule: z.string() }).nullable(),
  roundRobin: z.boolean(),
});

export const pageDetail = component(
  'PageDetail',
  z.object({
    ...pageFields,
    escalation: z
      .object({
        id: z.string(),
        name: z.string(),
        steps: z.array(policyStep),
        repeat: z.int(),
        lastResort: z.array(target),
        retriggerAfterMs: z.int().nullable(),
      })
      .describe('The policy as it was when the page was triggered.'),
    steps: z.array(step).describe('The steps that fired.'),
    notifications: z.array(notification),
    log: z.array(logLine),
  }),
);

const text = (max: number) => z.string().min(1).max(max);

export const newPage = component(
  'NewPage',
  z
    .strictObject({
      summary: text(PAGE_LIMITS.summaryLength),
      severity: z.enum(SEVERITIES).default('critical'),
      policy: id.optional().describe('An escalation policy; either this or `schedule`.'),
      schedule: id
        .optional()
        .describe('Its policy, or the default one: its roles and the managers of its team.'),
      dedupKey: text(PAGE_LIMITS.dedupKeyLength)
        .optional()
        .describe('One page is open for a key; a second signal of it only counts.'),
      source: text(PAGE_LIMITS.sourceLength).optional(),
      details: z
        .unknown()
        .optional()
        .describe(`Any JSON, up to ${PAGE_LIMITS.detailsBytes / 1_024} KB.`),
      links: z
        .array(
          z.strictObject({
            href: text(PAGE_LIMITS.linkHrefLength),
            text: text(PAGE_LIMITS.linkTextLength).optional(),
          }),
        )
        .max(PAGE_LIMITS.links)
        .optional(),
    })
    .meta({ examples: [{ summary: 'Checkout answers 503', severity: 'critical', schedule: 'payments' }] }),
);

export const triggered = component(
  'TriggeredPage',
  z.object({
    page: z.string(),
    number: z.int(),
    outcome: z
      .enum(['triggered', 'repeated', 'folded'])
      .describe('`repeated`: counted by the open page of the key. `folded`: counted by the page of a storm.'),
    dedupKey: z.string(),
  }),
);

const who = {
  person: id.optional().describe('Who does it, where a program acts for somebody.'),
  via: z.enum(['api', 'cli']).optional().describe('Default `api`.'),
};

export const pageAct = component('PageAct', z.strictObject(who));
export const pageEscalation = component(
  'PageEscalation',
  z.strictObject({
    ...who,
    fired: z
      .int()
      .min(0)
      .optional()
      .describe('The last step that you have seen; when another one fired since, nothing is done.'),
  }),
);
export const pageSnooze = component(
  'PageSnooze',
  z
    .strictObject({
      ...who,
      until: instantInput.optional().describe('Real time; either this or `minutes`.'),
      minutes: z
        .int()
        .min(1)
        .max(PAGE_LIMITS.snoozeMs / 60_000)
        .optional(),
    })
    .meta({ examples: [{ minutes: 60 }] }),
);
export const pageReassignment = component(
  'PageReassignment',
  z
    .strictObject({
      ...who,
      to: z.union([
        z.strictObject({ person: id }),
        z.strictObject({ policy: id }),
        z.strictObject({ schedule: id }),
      ]),
    })
    .meta({ examples: [{ to: { person: 'benji' } }] }),
);
export const pageNote = component('PageNote', z.strictObject({ ...who, text: text(PAGE_LIMITS.noteLength) }));

export const acted = component(
  'ActedPage',
  z.object({
    acted: z.boolean().describe('False when it was done already: the page says by whom, and when.'),
    page,
  }),
);
