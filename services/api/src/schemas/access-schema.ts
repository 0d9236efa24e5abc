import { SCOPES } from '@watchbill/commands';
import { z } from 'zod';
import { component, id, instant, instantInput, line, pageSchema } from './scalars.ts';

const scope = z.enum(SCOPES);

const tokenShape = {
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdBy: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable().describe('To within a minute.'),
  revokedAt: instant.nullable(),
};

export const token = component('Token', z.object(tokenShape));
export const tokenPage = pageSchema('TokenPage', token);

export const newToken = component(
  'NewToken',
  z
    .strictObject({
      name: line(1, 100).describe('Who or what uses it.'),
      scopes: z.array(scope).min(1).max(SCOPES.length).describe('At most what your own token may do.'),
      expiresAt: instantInput.optional(),
    })
    .meta({ examples: [{ name: 'status page', scopes: ['schedules:read'] }] }),
);

export const issuedToken = component(
  'IssuedToken',
  z.object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    expiresAt: instant.nullable(),
    token: z.string().nullable().describe('`wb_…`. Shown once: null where the answer is a replay.'),
  }),
);

export const feed = component(
  'Feed',
  z.object({
    id: z.string(),
    schedule: z.string().nullable(),
    person: z.string().nullable(),
    createdBy: z.string(),
    createdAt: instant,
    revokedAt: instant.nullable(),
  }),
);
export const feedPage = pageSchema('FeedPage', feed);

export const newFeed = component(
  'NewFeed',
  z
    .strictObject({ schedule: id.optional(), person: id.optional() })
    .refine((feed) => (feed.schedule === undefined) !== (feed.person === undefined), {
      error: 'Name either a schedule or a person.',
    })
    .meta({
      oneOf: [{ required: ['schedule'] }, { required: ['person'] }],
      examples: [{ schedule: 'payments' }],
    }),
);

export const issuedFeed = component(
  'IssuedFeed',
  z.object({
    id: z.string(),
    schedule: z.string().nullable(),
    person: z.string().nullable(),
    url: z.string().nullable().describe('The secret address. Shown once: null where the answer is a replay.'),
  }),
);
