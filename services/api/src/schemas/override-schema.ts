import { z } from 'zod';
import { component, id, instant, instantInput, line, pageSchema } from './scalars.ts';

const MAX_PEOPLE = 50;

export const override = component(
  'Override',
  z.object({
    id: z.string(),
    schedule: z.string(),
    origin: z.enum(['file', 'api']),
    role: z.string(),
    kind: z.enum(['replace', 'add', 'remove']),
    people: z.array(z.string()).describe('Empty with `replace`: nobody.'),
    replaces: z.string().nullable(),
    start: instant,
    end: instant,
    reason: z.string().nullable(),
    createdBy: z.string(),
    createdAt: instant,
    cancelledAt: instant.nullable(),
  }),
);
export const overridePage = pageSchema('OverridePage', override);

export const newOverride = component(
  'NewOverride',
  z
    .strictObject({
      kind: z
        .enum(['replace', 'add', 'remove'])
        .describe(
          '`replace`: people take the place of `replaces`, or of everybody in the role; `add`: as well; `remove`: off.',
        ),
      people: z.array(id).max(MAX_PEOPLE).describe('On call together. Empty with `replace`: nobody.'),
      replaces: id.optional(),
      role: id.optional().describe('Default: the first role of the schedule.'),
      start: instantInput,
      end: instantInput,
      reason: line(1, 500).optional(),
    })
    .meta({
      examples: [
        {
          kind: 'replace',
          people: ['benji'],
          replaces: 'amara',
          start: '2026-12-25T00:00:00Z',
          end: '2026-12-26T00:00:00Z',
          reason: 'Christmas',
        },
      ],
    }),
);
