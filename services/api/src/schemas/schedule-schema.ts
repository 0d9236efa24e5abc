import { DAY_NAMES } from '@watchbill/core';
import { z } from 'zod';
import { component, flag, instant, instantInput, pageSchema } from './scalars.ts';

export const scheduleSummary = component(
  'ScheduleSummary',
  z.object({
    id: z.string(),
    team: z.string().nullable(),
    timeZone: z.string(),
    revision: z.int().describe('Grows with every change; the ETag of the schedule.'),
    horizonUntil: instant.nullable().describe('Shifts that start before this are stored and have events.'),
    retiredAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  }),
);

export const schedulePage = pageSchema('SchedulePage', scheduleSummary);

export const scheduleDetail = component(
  'Schedule',
  z.object({
    ...scheduleSummary.shape,
    effectiveAt: instant.describe('From when on this definition holds. The past stays as it was.'),
    definition: z.looseObject({ id: z.string() }).describe('As in watchbill.yaml, as JSON.'),
  }),
);

export const shiftCounts = z.object({ scheduled: z.int(), changed: z.int(), cancelled: z.int() });

const load = z.object({
  hours: z.number(),
  shifts: z.int(),
  nights: z.int().describe('Local nights, 23:00 to 07:00, of which at least a part is on call.'),
  weekendShifts: z.int(),
});
export const personChange = z.object({
  person: z.string(),
  before: load,
  after: load,
  change: load.describe('After minus before.'),
});

export const appliedConfiguration = component(
  'AppliedConfiguration',
  z.object({
    dryRun: z.boolean().describe('True: nothing was stored; this is what would change.'),
    revision: z.int().describe('Revision of the whole configuration; of a dry run, the one it would get.'),
    unchanged: z.boolean(),
    schedules: z.array(
      z.object({ id: z.string(), revision: z.int(), changed: z.boolean(), shifts: shiftCounts }),
    ),
    changesByPerson: z
      .array(personChange)
      .describe('Everybody whose shifts change within the horizon, by id.'),
  }),
);

/** How a configuration is applied. */
export const applyQuery = {
  dryRun: flag.optional().describe('Only say what would change.'),
  effectiveAt: instantInput
    .optional()
    .describe('From when on changed schedules mean what is sent: up to 366 days ahead. Default: now.'),
};

export const gap = component(
  'Gap',
  z.object({
    id: z.string(),
    schedule: z.string(),
    role: z.string(),
    start: instant,
    end: instant,
    foundAt: instant,
    closedAt: instant.nullable(),
  }),
);
export const gapPage = pageSchema('GapPage', gap);

export const storedShift = component(
  'Shift',
  z.object({
    id: z.string(),
    schedule: z.string(),
    role: z.string(),
    person: z.string(),
    rotation: z.string().nullable(),
    override: z.string().nullable(),
    start: instant,
    end: instant,
    status: z.enum(['active', 'cancelled']),
  }),
);
export const shiftPage = pageSchema('ShiftPage', storedShift);

export const person = component(
  'Person',
  z.object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    timeZone: z.string(),
    workingHours: z
      .object({ days: z.array(z.enum(DAY_NAMES)), from: z.string(), to: z.string() })
      .describe('By the own clock. `to` at or before `from` is on the next day.'),
    sleep: z
      .object({ from: z.string(), to: z.string() })
      .describe('When they sleep, by their own clock: their night.'),
    holidays: z
      .string()
      .nullable()
      .describe('Whose public holidays count: `GB-ENG`, or a calendar of the file.'),
    updatedAt: instant,
  }),
);
export const personPage = pageSchema('PersonPage', person);
