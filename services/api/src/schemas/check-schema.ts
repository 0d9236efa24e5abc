import { type PackChoice, RULE_PACKS, readPackChoices } from '@watchbill/core';
import { z } from 'zod';
import { component, instant, instantInput } from './scalars.ts';

/** As far as shifts are stored; so long, everybody's turn comes. */
export const CHECK_WEEKS = { default: 26, most: 104 } as const;
const PACKS = RULE_PACKS.map(({ id }) => id).join(', ');

const rulesInput = z
  .string()
  .max(400)
  .transform((text, context): readonly PackChoice[] => {
    const read = readPackChoices(text);
    if (read.ok) return read.value;
    context.addIssue({ code: 'custom', message: read.message });
    return z.NEVER;
  })
  .meta({ examples: ['goodPractice,nl=error'] });

export const checkQuery = z.strictObject({
  from: instantInput.optional().describe('Default: now.'),
  weeks: z.coerce
    .number()
    .int()
    .min(1)
    .max(CHECK_WEEKS.most)
    .optional()
    .describe(`How far taking part and rule packs look ahead. Default: ${CHECK_WEEKS.default}.`),
  rules: rulesInput
    .optional()
    .describe(`Rule packs beside those of the schedule, with commas: ${PACKS}. \`nl=error\` makes errors.`),
});

const warning = z.object({
  code: z.string().describe('Stable, such as `coverage/gap` or `practice/nl/free-blocks`.'),
  level: z.enum(['warning', 'error']),
  schedule: z.string().nullable(),
  role: z.string().nullable(),
  person: z.string().nullable(),
  at: instant.nullable().describe('When it first happens; null where it is about all of the time.'),
  message: z.string(),
  stretches: z
    .array(z.object({ start: instant, end: instant }))
    .describe('Where it happens, at most 200 times; empty where it is about no hours of its own.'),
});

const participation = z.object({
  person: z.string(),
  coreHours: z.number(),
  nonCoreHours: z.number(),
  missing: z
    .array(
      z.object({
        part: z.enum(['core', 'non-core']),
        reason: z.enum([
          'in-no-rotation',
          'not-there',
          'newcomer',
          'no-such-hours',
          'given-away',
          'hidden',
          'not-planned',
          'no-turn',
        ]),
      }),
    )
    .describe('Parts of the week in which others stand and this person does not, and why.'),
});

export const scheduleCheck = component(
  'ScheduleCheck',
  z.object({
    schedule: z.string(),
    from: instant,
    weeks: z.int(),
    packs: z.array(z.object({ id: z.string(), title: z.string(), note: z.string().nullable() })),
    warnings: z.array(warning),
    participation: z
      .array(
        z.object({
          team: z.string().nullable(),
          schedules: z.array(z.string()),
          people: z.array(participation),
        }),
      )
      .describe('How everybody of the team takes part; empty while a schedule of it waits for its plan.'),
    notes: z.array(z.string()).describe('Rules that could not be looked at, and why.'),
  }),
);
