import { EVENT_TYPES } from '@watchbill/events';
import { z } from 'zod';
import { component, id, instant } from './scalars.ts';

export const MAX_EVENTS = 500;

const event = component(
  'Event',
  z.object({
    position: z.int().describe('Place in the stream; grows by one with each event.'),
    id: z.string(),
    type: z.enum(EVENT_TYPES),
    schedule: z.string().nullable(),
    occurredAt: instant.describe('When it was due.'),
    publishedAt: instant.describe('When it was written; later than due after downtime.'),
    data: z.looseObject({}).describe('The same facts as in the webhook.'),
  }),
);

export const eventPage = component(
  'EventPage',
  z.object({
    data: z.array(event),
    next: z
      .int()
      .describe('Send it as `after` for what comes next, also when `data` is empty. Keep it in your store.'),
    more: z.boolean().describe('Whether there is more to read right now.'),
  }),
);

const TYPE = /^(?:\*|[a-z_]{1,30}\.(?:\*|[a-z_]{1,40}))$/;

export const eventQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe('Events after this position. Begin with 0 and go on with `next`.'),
  limit: z.coerce.number().int().min(1).max(MAX_EVENTS).default(100),
  type: z
    .string()
    .regex(TYPE, { error: 'a type such as shift.started, a family such as shift.*, or *' })
    .optional()
    .describe('One type, or a family such as `shift.*`.'),
  schedule: id.optional(),
});
