import { z } from 'zod';
import { component, instant, instantInput, line, pageSchema } from './scalars.ts';

export const absence = component(
  'Absence',
  z.object({
    id: z.string(),
    person: z.string(),
    start: instant,
    end: instant,
    reason: z.string().nullable(),
    origin: z.enum(['api', 'feed', 'file']),
    createdBy: z.string(),
    createdAt: instant,
    cancelledAt: instant.nullable(),
  }),
);
export const absencePage = pageSchema('AbsencePage', absence);

export const absenceFeed = component(
  'AbsenceFeed',
  z.object({
    person: z.string(),
    polledAt: instant.nullable().describe('When it was last asked, in real time; null: not yet.'),
    readAt: instant.nullable().describe('When it was last read whole, and not only found unchanged.'),
    nextPollAt: instant.nullable(),
    outcome: z
      .string()
      .nullable()
      .describe('`read`, `unchanged`, or what went wrong; what the calendar gave before stays then.'),
    detail: z.string().nullable(),
    failures: z.int().describe('In a row, since the last time it went well.'),
  }),
);

export const newAbsence = component(
  'NewAbsence',
  z
    .strictObject({
      start: instantInput,
      end: instantInput,
      reason: line(1, 500).optional().describe('Kept here only; no event tells it.'),
    })
    .meta({
      examples: [{ start: '2026-12-21T00:00:00Z', end: '2027-01-04T00:00:00Z', reason: 'leave' }],
    }),
);
