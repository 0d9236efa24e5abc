import { MAX_OLD_KEY_VALID_MS } from '@watchbill/commands';
import { SEVERITIES } from '@watchbill/core';
import { INTAKE_KINDS } from '@watchbill/database';
import { z } from 'zod';
import { component, id, instant, line, pageSchema } from './scalars.ts';

const MAX_RATE_PER_MINUTE = 12_000;
const MAX_WORDS = 30;
const MAX_TOPICS = 50;
const TEXT_LIMIT = 1_000;

const severity = z.enum(SEVERITIES);
const path = line(1, TEXT_LIMIT);
const words = z.array(line(1, 60)).min(1).max(MAX_WORDS);

const mapping = component(
  'IntakeMapping',
  z.strictObject({
    each: path.optional().describe('A path to a list of things that are each a signal.'),
    summary: path.describe('A path, or a text with `{$.paths}` in it.'),
    dedupKey: path.optional().describe('What names the trouble: its page stays one, and is resolved by it.'),
    severity: path.optional(),
    source: path.optional(),
    link: path.optional(),
    details: path.optional().describe('Default: all of it.'),
    action: path.optional().describe('Leads to the word that says what happened. Default: all are triggers.'),
    actions: z
      .strictObject({
        trigger: words.optional(),
        acknowledge: words.optional(),
        resolve: words.optional(),
        ignore: words.optional(),
      })
      .optional()
      .describe('What the words mean. Default: those that most programs say.'),
    severities: z
      .strictObject({
        critical: words.optional(),
        error: words.optional(),
        warning: words.optional(),
        info: words.optional(),
      })
      .optional(),
  }),
);

export const intakeSettings = component(
  'IntakeSettings',
  z.strictObject({
    ratePerMinute: z
      .int()
      .min(1)
      .max(MAX_RATE_PER_MINUTE)
      .optional()
      .describe('Requests that it takes in a minute, in each process. Default: 1,200.'),
    severity: severity.optional().describe('Of signals that do not say how bad it is. Default: error.'),
    by: z.enum(['group', 'alert']).optional().describe('Alertmanager, Grafana: what has a page of its own.'),
    severityLabel: line(1, 100).optional().describe('Alertmanager, Grafana. Default: severity.'),
    mapping: mapping.optional().describe('Generic, and SNS: where the parts of a page stand.'),
    topics: z.array(line(1, 300)).min(1).max(MAX_TOPICS).optional().describe('SNS: only these are heard.'),
    insufficientData: z.enum(['ignore', 'trigger']).optional().describe('SNS: alarms without data.'),
  }),
);

const intakeShape = {
  id: z.string(),
  name: z.string(),
  kind: z.enum(INTAKE_KINDS),
  policy: z.string().nullable(),
  schedule: z.string().nullable(),
  settings: intakeSettings,
  signed: z.boolean().describe('Whether what is sent must be signed.'),
  status: z.enum(['active', 'disabled']),
  keys: z.int().describe('How many keys are valid now.'),
  createdBy: z.string(),
  createdAt: instant,
  updatedAt: instant,
  lastUsedAt: instant.nullable().describe('To within a minute.'),
};

export const intake = component('Intake', z.object(intakeShape));
export const intakePage = pageSchema('IntakePage', intake);

const secret = z
  .string()
  .min(8)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, { error: 'a secret of 8 to 200 visible ASCII characters' });

export const newIntake = component(
  'NewIntake',
  z
    .strictObject({
      name: line(1, 100).describe('What sends to it.'),
      kind: z.enum(INTAKE_KINDS),
      policy: id.optional().describe('The escalation policy of its pages. Name this or a schedule.'),
      schedule: id.optional().describe('The schedule whose people its pages call.'),
      settings: intakeSettings.optional(),
      signingSecret: secret.optional().describe('Sentry: the client secret with which it signs.'),
    })
    .meta({ examples: [{ name: 'Prometheus', kind: 'alertmanager', schedule: 'payments' }] }),
);

export const intakeChange = component(
  'IntakeChange',
  z
    .strictObject({
      name: line(1, 100).optional(),
      policy: id.optional(),
      schedule: id.optional(),
      settings: intakeSettings.optional().describe('All of them: they replace the ones before.'),
      signingSecret: secret.nullable().optional(),
      status: z.enum(['active', 'disabled']).optional(),
    })
    .meta({ examples: [{ status: 'disabled' }] }),
);

export const issuedIntake = component(
  'IssuedIntake',
  z.object({
    intake,
    key: z.string().nullable().describe('Secret. Shown once: null where the answer is a replay.'),
    url: z.string().nullable().describe('Where to send to. For all but the clones the key is in it.'),
  }),
);

export const keyRotation = component(
  'KeyRotation',
  z
    .strictObject({
      oldKeyValidMs: z
        .int()
        .min(0)
        .max(MAX_OLD_KEY_VALID_MS)
        .optional()
        .describe('How long the keys before go on working; default one day, 0 for one that leaked.'),
    })
    .meta({ examples: [{ oldKeyValidMs: 3_600_000 }] }),
);

const link = z.object({ href: z.string(), text: z.string().optional() });

export const acceptedSignals = component(
  'AcceptedSignals',
  z.object({
    status: z.enum(['accepted', 'ignored']),
    signals: z.array(
      z.object({
        action: z.enum(['trigger', 'acknowledge', 'resolve']),
        dedupKey: z.string(),
        outcome: z
          .enum(['triggered', 'repeated', 'folded', 'acknowledged', 'resolved', 'none'])
          .describe('`none`: no page of this key is open.'),
        page: z.string().nullable(),
      }),
    ),
    ignored: z.string().nullable().describe('Why a request that is fine asks for nothing.'),
  }),
);

export const intakeTrial = component(
  'IntakeTrial',
  z
    .strictObject({
      sample: z.unknown().describe('What the sender would send.'),
      settings: intakeSettings.optional().describe('To try before they are stored. Default: its own.'),
      resource: line(1, 60).optional().describe('Sentry: what the header Sentry-Hook-Resource would say.'),
    })
    .meta({ examples: [{ sample: { summary: 'Disk is full', severity: 'critical' } }] }),
);

export const trialResult = component(
  'IntakeTrialResult',
  z.object({
    signals: z.array(
      z.object({
        action: z.enum(['trigger', 'acknowledge', 'resolve']),
        dedupKey: z.string().nullable().describe('null: made up when the page is triggered.'),
        effect: z
          .enum(['opens', 'counts', 'acknowledges', 'resolves', 'nothing'])
          .describe('What it would do now. `nothing`: no page of its key is open.'),
        page: z.string().nullable().describe('The open page of its key.'),
        summary: z.string().nullable(),
        severity: severity.nullable(),
        source: z.string().nullable(),
        details: z.unknown(),
        links: z.array(link),
      }),
    ),
    ignored: z.string().nullable(),
    errors: z.array(z.string()).describe('Why it would be refused.'),
  }),
);

export const intakeChangeEvent = component(
  'IntakeChangeEvent',
  z.object({
    id: z.string(),
    summary: z.string(),
    source: z.string().nullable(),
    details: z.unknown(),
    links: z.array(link),
    happenedAt: instant,
    createdAt: instant,
  }),
);
export const intakeChangeEventPage = pageSchema('IntakeChangeEventPage', intakeChangeEvent);

export const intakeFetches = component(
  'IntakeFetches',
  z.object({
    data: z.array(
      z.object({
        kind: z.enum(['certificate', 'confirmation']),
        outcome: z.string().nullable().describe('null: not tried yet.'),
        detail: z.string().nullable(),
        attempts: z.int(),
      }),
    ),
  }),
);
