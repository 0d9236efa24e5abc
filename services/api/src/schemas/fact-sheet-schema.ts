import { DAY_NAMES } from '@watchbill/core';
import { z } from 'zod';
import { component, instant, instantInput, pageSchema } from './scalars.ts';

const quarter = {
  hours: z.number(),
  nights: z.number(),
  weekends: z.number(),
  holidays: z.number(),
};

export const factSheet = component(
  'FactSheet',
  z.object({
    schedule: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    timeZone: z.string(),
    roles: z.array(z.string()),
    coveredHours: z.number().describe('Hours a week that somebody has to be on call.'),
    coreHours: z.number().describe('How many of them are core hours.'),
    nonCoreHours: z.number(),
    coreWindows: z
      .array(
        z.object({
          days: z.array(z.enum(DAY_NAMES)),
          from: z.string(),
          to: z.string(),
          timeZone: z.string(),
        }),
      )
      .describe('When the core hours are. `to` at or before `from` is on the next day.'),
    oneWeekIn: z
      .number()
      .nullable()
      .describe('A member is on call about one week in this many; null where nobody is.'),
    quarter: z
      .object(quarter)
      .nullable()
      .describe('What a member stands in a quarter of 13 weeks, in the mean.'),
    pages: z
      .object({
        perWeek: z.number(),
        outsideCorePerWeek: z.number(),
        weeks: z.int().describe('How many weeks were looked at, up to 13.'),
      })
      .nullable()
      .describe('How often pages came of late; null in the first week of a schedule.'),
    answerMinutes: z
      .number()
      .nullable()
      .describe('How soon a page has to be answered before somebody else is called.'),
    people: z
      .array(z.object({ firstName: z.string(), ...quarter }))
      .describe('What each who takes part stands in a quarter of 13 weeks, in their own local time.'),
  }),
);

const link = {
  id: z.string(),
  schedule: z.string(),
  fullNames: z.boolean().describe('False: whoever has the link sees first names only.'),
  expiresAt: instant.nullable().describe('null: until it is revoked.'),
};

export const factSheetLinkPage = pageSchema(
  'FactSheetLinkPage',
  component(
    'FactSheetLink',
    z.object({
      ...link,
      createdBy: z.string(),
      createdAt: instant,
      revokedAt: instant.nullable(),
      lastOpenedAt: instant.nullable().describe('To the minute.'),
    }),
  ),
);

export const newFactSheetLink = component(
  'NewFactSheetLink',
  z
    .strictObject({
      fullNames: z.boolean().optional().describe('Show whole names. Default: first names only.'),
      expiresAt: instantInput.optional().describe('Real time. Default: until it is revoked.'),
    })
    .meta({ examples: [{ expiresAt: '2027-01-31T00:00:00Z' }] }),
);

export const issuedFactSheetLink = component(
  'IssuedFactSheetLink',
  z.object({
    ...link,
    url: z
      .string()
      .nullable()
      .describe(
        'The secret address; with `.md` behind it the same as Markdown. Shown once: null where the answer is a replay.',
      ),
  }),
);
