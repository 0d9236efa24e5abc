import { MAX_OLD_SECRET_VALID_MS } from '@watchbill/commands';
import { MAX_EVENT_PATTERNS } from '@watchbill/events';
import { z } from 'zod';
import { component, id, instant, line, pageSchema } from './scalars.ts';

const MAX_SCHEDULES = 200;

const url = z
  .string()
  .max(2000, { error: 'an http:// or https:// address of at most 2000 characters' })
  .regex(/^https?:\/\/[^\s\p{Cc}\p{Cs}]+$/u, { error: 'an http:// or https:// address' });

const eventTypes = z
  .array(
    z.string().regex(/^(?:\*|[a-z_]{1,30}\.(?:\*|[a-z_]{1,40}))$/, {
      error: 'a type such as shift.started, a family such as shift.*, or *',
    }),
  )
  .min(1)
  .max(MAX_EVENT_PATTERNS)
  .describe('Types, families such as `shift.*`, or `*`.');

const schedules = z
  .array(id)
  .min(1)
  .max(MAX_SCHEDULES)
  .describe('Only events of these schedules. Default: of all.');

export const endpoint = component(
  'Endpoint',
  z.object({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    eventTypes: z.array(z.string()),
    schedules: z.array(z.string()).nullable(),
    status: z.enum(['active', 'disabled']),
    disabledReason: z.string().nullable(),
    createdBy: z.string(),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export const endpointPage = pageSchema('EndpointPage', endpoint);

export const newEndpoint = component(
  'NewEndpoint',
  z
    .strictObject({
      url,
      description: line(0, 200).optional(),
      eventTypes: eventTypes.optional().describe('Default: `*`.'),
      schedules: schedules.optional(),
    })
    .meta({ examples: [{ url: 'https://example.com/hooks/watchbill', eventTypes: ['shift.*'] }] }),
);

export const endpointChange = component(
  'EndpointChange',
  z
    .strictObject({
      status: z
        .enum(['active', 'disabled'])
        .describe('What is pending while it is disabled is kept, and sent in order once it is active again.'),
    })
    .meta({ examples: [{ status: 'disabled' }] }),
);

export const secretRotation = component(
  'SecretRotation',
  z
    .strictObject({
      oldSecretValidMs: z
        .int()
        .min(0)
        .max(MAX_OLD_SECRET_VALID_MS)
        .optional()
        .describe(
          'How long the old secret goes on signing beside the new one; default one day, 0 for one that leaked.',
        ),
    })
    .meta({ examples: [{ oldSecretValidMs: 3_600_000 }] }),
);

export const endpointSecret = component(
  'EndpointSecret',
  z.object({
    endpoint,
    secret: z
      .string()
      .nullable()
      .describe('`whsec_…`, for checking signatures. Shown once: null where the answer is a replay.'),
  }),
);

const deliveryShape = {
  id: z.string(),
  endpoint: z.string(),
  event: z.object({ id: z.string(), type: z.string(), schedule: z.string().nullable() }),
  status: z.enum(['pending', 'succeeded', 'failed', 'cancelled']),
  attempts: z.int(),
  nextAttemptAt: instant.nullable(),
  replayOf: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
};

export const delivery = component('Delivery', z.object(deliveryShape));
export const deliveryPage = pageSchema('DeliveryPage', delivery);

export const deliveryDetail = component(
  'DeliveryDetail',
  z.object({
    ...deliveryShape,
    tries: z
      .array(
        z.object({
          number: z.int(),
          startedAt: instant,
          durationMs: z.int(),
          outcome: z.string(),
          statusCode: z.int().nullable(),
          responseExcerpt: z.string().nullable(),
          error: z.string().nullable(),
        }),
      )
      .describe('Every attempt, oldest first.'),
  }),
);

export const replayed = component(
  'Replay',
  z.object({ delivery: z.string().describe('The id of the new delivery.'), replayOf: z.string() }),
);
