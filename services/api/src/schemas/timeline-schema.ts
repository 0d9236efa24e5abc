import { z } from 'zod';
import { component, id, instant, instantInput } from './scalars.ts';

/** The longest window of one timeline, in days: two years and a leap day. */
export const MAX_TIMELINE_DAYS = 732;

const source = {
  rotation: z.string().nullable().describe('The rotation it comes from; null if it comes from an override.'),
  override: z.string().nullable().describe('The override it comes from; null if it comes from a rotation.'),
};

const timelineShift = z.object({
  start: instant,
  end: instant,
  person: z.string(),
  role: z.string(),
  ...source,
});
const timelineGap = z.object({ start: instant, end: instant, role: z.string() });

export const timeline = component(
  'Timeline',
  z
    .object({
      schedule: z.string(),
      from: instant,
      to: instant,
      shifts: z.array(timelineShift).describe('Sorted by start, role, person; clipped to the window.'),
      gaps: z.array(timelineGap).describe('Hours to be covered in which the role has nobody.'),
    })
    .meta({
      description: 'Who is on call over a window, half-open: [from, to).',
      examples: [
        {
          schedule: 'payments',
          from: '2026-11-30T00:00:00Z',
          to: '2026-12-07T00:00:00Z',
          shifts: [
            {
              start: '2026-11-30T09:00:00Z',
              end: '2026-12-07T00:00:00Z',
              person: 'amara',
              role: 'primary',
              rotation: 'weekdays',
              override: null,
            },
          ],
          gaps: [{ start: '2026-11-30T00:00:00Z', end: '2026-11-30T09:00:00Z', role: 'primary' }],
        },
      ],
    }),
);

export const windowQuery = z.strictObject({
  from: instantInput.describe('Start of the window, included.'),
  to: instantInput.describe(
    `End of the window, not included; at most ${MAX_TIMELINE_DAYS} days after \`from\`.`,
  ),
});

export type TimelineAnswer = z.output<typeof timeline>;

const onCallSeat = z.object({
  role: z.string(),
  person: z.string(),
  since: instant.nullable(),
  until: instant.nullable(),
  ...source,
});

export const onCall = component(
  'OnCall',
  z
    .object({
      at: instant,
      schedules: z.array(
        z.object({
          schedule: z.string(),
          onCall: z
            .array(onCallSeat)
            .describe('In the order of the roles, then by person. A role with nobody has no entry.'),
          next: z.array(onCallSeat).describe('Per role, who comes on call next and is not on call now.'),
        }),
      ),
      nextCursor: z
        .string()
        .nullable()
        .optional()
        .describe('Without `schedule`: the cursor of the next page, or null.'),
    })
    .meta({
      description:
        'Who is on call at an instant. At the very instant of a handoff it is the incoming person.',
    }),
);

export const onCallQuery = z.strictObject({
  schedule: id.optional().describe('One schedule. Without it: all of them, in pages.'),
  at: instantInput.optional().describe('Default: now, by the clock of the database.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .optional()
    .describe('Schedules a page, when no schedule is named.'),
  cursor: z.string().min(1).max(600).optional(),
});
