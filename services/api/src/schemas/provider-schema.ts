import { DEFAULT_MIRROR_DAYS, MAX_MIRROR_DAYS, MAX_PROVIDER_FILTERS } from '@watchbill/commands';
import { PROVIDER_KINDS } from '@watchbill/database';
import { z } from 'zod';
import { component, id, instant, line, pageSchema } from './scalars.ts';

const kind = z.enum(PROVIDER_KINDS);
const region = z.enum(['us', 'eu']);
const status = z.enum(['active', 'disabled']);
const SECRET_ERROR = { error: '10 to 200 characters without blanks' };

const secret = z
  .string()
  .min(10, SECRET_ERROR)
  .max(200, SECRET_ERROR)
  .regex(/^[A-Za-z0-9_+=-]+$/, SECRET_ERROR);
const url = z
  .string()
  .max(500, { error: 'an http:// or https:// address of at most 500 characters' })
  .regex(/^https?:\/\/[^\s\p{Cc}\p{Cs}]+$/u, { error: 'an http:// or https:// address' })
  .describe('Instead of a region: the address of its API, without a path.');
const ids = z.array(id).min(1).max(MAX_PROVIDER_FILTERS);
const email = z
  .string()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/u, { error: 'an e-mail address' });

export const provider = component(
  'Provider',
  z.object({
    id: z.string(),
    kind,
    name: z.string(),
    url: z.string(),
    schedules: z.array(z.string()).nullable(),
    policies: z.array(z.string()).nullable(),
    status,
    disabledReason: z
      .string()
      .nullable()
      .describe('`refused`: it does not take the key. `retries_exhausted`, `gone` or `by_request`.'),
    pending: z.int().describe('Deliveries that wait to be sent.'),
    oldestPendingAt: instant.nullable(),
    lastAttempt: z
      .object({
        at: instant,
        outcome: z.string(),
        statusCode: z.int().nullable(),
        error: z.string().nullable(),
      })
      .nullable(),
    createdBy: z.string(),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export const providerPage = pageSchema('ProviderPage', provider);

const filters = {
  schedules: ids.nullish().describe('Only pages of these schedules, or of `policies`.'),
  policies: ids.nullish().describe('Only pages of these policies, or of `schedules`. Neither: every page.'),
};

export const newProvider = component(
  'NewProvider',
  z
    .strictObject({
      kind,
      name: line(1, 100),
      key: secret.describe(
        'PagerDuty: the integration key of a service (Events API v2). Opsgenie: the key of an API integration.',
      ),
      region: region.optional().describe('Default: `us`.'),
      url: url.optional(),
      ...filters,
    })
    .meta({
      examples: [
        {
          kind: 'pagerduty',
          name: 'PagerDuty',
          key: 'R0UT1NGKEY00000000000000000000AB',
          policies: ['payments'],
        },
      ],
    }),
);

export const providerChange = component(
  'ProviderChange',
  z
    .strictObject({
      name: line(1, 100).optional(),
      key: secret.optional().describe('In place of the old one.'),
      status: status
        .optional()
        .describe('What waits while it is disabled is kept, and sent in order once it is active again.'),
      ...filters,
    })
    .meta({ examples: [{ status: 'active' }] }),
);

export const mirror = component(
  'Mirror',
  z.object({
    id: z.string(),
    schedule: z.string(),
    role: z.string(),
    url: z.string(),
    providerSchedule: z.string(),
    fromEmail: z.string(),
    horizonDays: z.int(),
    status,
    disabledReason: z.string().nullable(),
    mirroredAt: instant.nullable().describe('When the schedule there was last right, or was made right.'),
    found: z
      .object({
        wanted: z.int().describe('Stretches of people on call within the horizon.'),
        kept: z.int().describe('Overrides of ours that were right already.'),
        added: z.int(),
        removed: z.int(),
        foreign: z.int().describe('Overrides that others made: left alone, and never covered.'),
        unknown: z
          .array(
            z.object({
              person: z.string(),
              email: z.string().nullable(),
              reason: z.enum(['no_email', 'not_there']),
            }),
          )
          .describe('People without a user there; nothing is written for their time.'),
      })
      .nullable()
      .describe('What the last look found and did.'),
    problem: z.string().nullable().describe('What kept the last look from its work.'),
    failures: z.int(),
    nextLookAt: instant.nullable(),
    createdBy: z.string(),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export const mirrorPage = pageSchema('MirrorPage', mirror);

const horizonDays = z
  .int()
  .min(1)
  .max(MAX_MIRROR_DAYS)
  .optional()
  .describe(`How far ahead overrides are made; default ${DEFAULT_MIRROR_DAYS} days.`);
const fromEmail = email.describe('Somebody there in whose name overrides are made.');

export const newMirror = component(
  'NewMirror',
  z
    .strictObject({
      schedule: id,
      role: id.optional().describe('Default: `primary`.'),
      providerSchedule: z
        .string()
        .regex(/^[A-Z0-9]{4,40}$/, { error: 'the id of a schedule of PagerDuty, such as PABC123' }),
      token: secret.describe('A REST API key of PagerDuty that may write.'),
      fromEmail,
      region: region.optional().describe('Default: `us`.'),
      url: url.optional(),
      horizonDays,
    })
    .meta({
      examples: [
        {
          schedule: 'payments',
          providerSchedule: 'PABC123',
          token: 'u+ExampleTokenAbcdef',
          fromEmail: 'amara@example.com',
        },
      ],
    }),
);

export const mirrorChange = component(
  'MirrorChange',
  z
    .strictObject({
      token: secret.optional().describe('In place of the old one.'),
      fromEmail: fromEmail.optional(),
      horizonDays,
      status: status.optional(),
    })
    .meta({ examples: [{ status: 'active' }] }),
);
