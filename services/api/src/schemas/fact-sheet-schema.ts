import { z } from 'zod';
import { component } from './scalars.ts';

export const factSheet = component(
  'FactSheet',
  z.object({
    schedule: z.string(),
    name: z.string(),
    timeZone: z.string(),
    roles: z.array(z.string()),
    coveredHours: z.number().describe('Hours a week that somebody has to be on call.'),
    coreHours: z.number().describe('How many of them are core hours.'),
    nonCoreHours: z.number(),
    oneWeekIn: z
      .number()
      .nullable()
      .describe('A member is on call about one week in this many; null where nobody is.'),
    people: z
      .array(
        z.object({
          firstName: z.string(),
          hours: z.number(),
          nights: z.number(),
          weekends: z.number(),
          holidays: z.number(),
        }),
      )
      .describe('What each who takes part stands in a quarter of 13 weeks, in their own local time.'),
  }),
);
