import { LIMITS } from '@watchbill/core';
import { z } from 'zod';
import { MAX_PREFERENCE_WEIGHT } from '../limits.ts';
import {
  clockTime,
  date,
  dateTime,
  days,
  endClockTime,
  holidays,
  id,
  list,
  numberWithin,
  text,
  zone,
} from './scalars.ts';

const absence = z
  .strictObject({
    from: dateTime,
    to: dateTime,
    reason: text.optional(),
  })
  .meta({
    description: 'Two dates are whole local days, both included; two date-times are a half-open stretch.',
    examples: [{ from: '2026-12-21', to: '2027-01-03', reason: 'leave' }],
  });

const workingHours = z
  .strictObject({
    days: days.optional(),
    from: clockTime.optional(),
    to: endClockTime.optional(),
  })
  .meta({
    description:
      "The person's own core hours, in their zone. Default: the days outside the weekend, 09:00 to 17:00.",
    examples: [{ days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '17:30' }],
  });

const sleep = z.strictObject({ from: clockTime, to: clockTime }).meta({
  description: 'When the person sleeps, in their zone: their night. Default: 23:00 to 07:00.',
  examples: [{ from: '22:00', to: '06:30' }],
});

const WEIGHT = `a number from -${MAX_PREFERENCE_WEIGHT} to ${MAX_PREFERENCE_WEIGHT}`;

const preference = z
  .strictObject({
    days,
    weight: z
      .number({ error: WEIGHT })
      .min(-MAX_PREFERENCE_WEIGHT, { error: WEIGHT })
      .max(MAX_PREFERENCE_WEIGHT, { error: WEIGHT })
      .meta({ description: 'Below 0: rather not. Above 0: gladly.', examples: [-2] }),
  })
  .meta({ description: 'What the person would rather have, as far as fairness allows.' });

export const personSchema = z
  .strictObject({
    id,
    name: text.optional().meta({ description: 'Name shown to people. Default: the id.' }),
    email: z
      .string({ error: 'an e-mail address' })
      .max(254, { error: 'an e-mail address' })
      .regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u, { error: 'an e-mail address' })
      .optional()
      .meta({ examples: ['amara@example.com'] }),
    timeZone: zone.optional().meta({
      description:
        'Where the person lives. Default: the zone of the first schedule that names the person, else UTC.',
      examples: ['Europe/London'],
    }),
    workingHours: workingHours.optional(),
    sleep: sleep.optional(),
    weekend: days.optional().meta({
      description:
        'Days of rest in the week, one to three. Default: those of the country of the holidays, else Saturday and Sunday.',
      examples: [['fri', 'sat']],
    }),
    holidays: holidays.optional(),
    slack: text.optional().meta({ description: 'Slack user id.', examples: ['U0AMARA'] }),
    share: numberWithin(0, 1)
      .optional()
      .meta({ description: 'Part of a full load: 0.5 is half. Default 1.', examples: [0.5] }),
    joined: date
      .optional()
      .meta({ description: 'First day; the load counts from here, or from shadowUntil.' }),
    shadowUntil: date
      .optional()
      .meta({ description: 'First day on which a newcomer stands alone; before it they only shadow.' }),
    left: date.optional().meta({ description: 'First day away for good.' }),
    unavailable: list(absence, { max: LIMITS.absencesPerPerson }).optional(),
    unavailableFeed: z
      .string({ error: 'an https:// address of a calendar' })
      .max(2000, { error: 'an https:// address of a calendar' })
      .regex(/^https:\/\/[^\s\p{Cc}]+$/u, { error: 'an https:// address of a calendar' })
      .optional()
      .meta({ description: 'Calendar (iCal) of absences.', examples: ['https://example.com/leave.ics'] }),
    prefers: list(preference, { max: LIMITS.preferencesPerPerson }).optional(),
  })
  .meta({ description: 'Somebody who can be on call.' });

export const teamSchema = z
  .strictObject({
    id,
    name: text.optional().meta({ description: 'Name shown to people. Default: the id.' }),
    members: list(id, { max: LIMITS.teamMembers }).meta({
      description: 'Ids of people.',
      examples: [['amara', 'benji']],
    }),
    managers: list(id, { max: LIMITS.teamMembers })
      .optional()
      .meta({ description: 'Ids of people who may change the schedules.' }),
    swaps: z
      .enum(['free', 'approval'], { error: 'free or approval' })
      .optional()
      .meta({
        description: 'approval: a manager approves each accepted swap before it is applied. Default free.',
        examples: ['approval'],
      }),
  })
  .meta({ description: 'The people who own schedules.' });

export type PersonModel = z.output<typeof personSchema>;
export type TeamModel = z.output<typeof teamSchema>;
