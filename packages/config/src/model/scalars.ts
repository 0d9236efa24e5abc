import { LIMITS } from '@watchbill/core';
import { z } from 'zod';

/*
 * The message of every check below is the plain phrase of what is expected ("a time such as …");
 * the reader of the issues adds what was found and where.
 */

const ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
// No control characters, lone surrogates or marks that turn the direction of text: all of them can forge a log line.
const LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]+$/u;
const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const CLOCK_TO_24 = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;
const DATE_OR_TIME =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DURATION = /^(?:\d{1,4}[smhd])+$/;

/** A string that fits `pattern`; `expected` is the phrase shown when it does not. */
function line(pattern: RegExp, expected: string) {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}

const ID_PHRASE = 'an id of letters, digits and . _ @ -, at most 64, such as amara';

export const id = line(ID, ID_PHRASE);
export const text = line(LINE, 'one line of text, at most 200 characters').max(200, {
  error: 'one line of text, at most 200 characters',
});
export const zone = line(/^[A-Za-z0-9_+/-]{1,64}$/, 'an IANA time zone such as Europe/London').meta({
  description: 'IANA time zone.',
  examples: ['Europe/London', 'America/Los_Angeles', 'UTC'],
});
export const clockTime = line(CLOCK, 'a time of day in quotes such as "09:00"').meta({
  description: 'Time of day, 24-hour clock, in quotes.',
  examples: ['09:00'],
});
export const endClockTime = line(
  CLOCK_TO_24,
  'a time of day in quotes such as "17:30", at most "24:00"',
).meta({
  description: 'Time of day, 24-hour clock, in quotes; "24:00" is the end of the day.',
  examples: ['17:30', '24:00'],
});
export const date = line(DATE, 'a date such as 2026-12-21').meta({
  description: 'A local date.',
  examples: ['2026-12-21'],
});
export const dateTime = line(
  DATE_OR_TIME,
  'a local date-time such as 2026-11-30T09:00, or one with an offset or Z',
).meta({
  description:
    'Local wall time in the zone of the thing it belongs to; with an offset or Z it is an instant.',
  examples: ['2026-11-30T09:00', '2026-11-30T09:00:00Z'],
});
export const duration = line(DURATION, 'a duration such as 30s, 5m, 1h or 1h30m').meta({
  description: 'A duration: numbers with s, m, h or d.',
  examples: ['5m', '1h30m'],
});

/** A whole number within bounds. */
export function whole(min: number, max: number) {
  const expected = `a whole number from ${min} to ${max}`;
  return z.int({ error: expected }).min(min, { error: expected }).max(max, { error: expected });
}

/** A number within bounds; `above` leaves the lower bound itself out. */
export function numberWithin(above: number, max: number) {
  const expected = `a number above ${above} and at most ${max}`;
  return z.number({ error: expected }).gt(above, { error: expected }).max(max, { error: expected });
}

/** A list of `min` to `max` items. */
export function list<T extends z.ZodType>(item: T, { min = 0, max }: { min?: number; max: number }) {
  const expected = min > 0 ? `a list of ${min} to ${max} items` : `a list of at most ${max} items`;
  return z.array(item, { error: expected }).min(min, { error: expected }).max(max, { error: expected });
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type WeekdayName = (typeof WEEKDAYS)[number];

const DAY_PHRASE = `a day: ${WEEKDAYS.join(', ')}`;

export const days = list(z.enum(WEEKDAYS, { error: DAY_PHRASE }), { min: 1, max: 7 })
  .refine((names) => new Set(names).size === names.length, { error: 'each day once' })
  .meta({
    description: 'Days of the week on which the window starts.',
    examples: [['mon', 'tue', 'wed', 'thu', 'fri']],
    uniqueItems: true,
  });

const HOLIDAYS_PHRASE = 'a place such as GB-ENG, DE or US-CA, or a list of dates';

export const holidays = z
  .union(
    [
      line(/^[A-Za-z]{2}(?:-[A-Za-z0-9]{1,8}){0,2}$/, HOLIDAYS_PHRASE),
      list(date, { max: LIMITS.datesPerHolidays }),
    ],
    { error: HOLIDAYS_PHRASE },
  )
  .meta({
    description: 'Public holidays: a country or region (ISO 3166), or a list of dates.',
    examples: ['GB-ENG', ['2026-12-25', '2026-12-26']],
  });

/** People on one place: one id, several together, or nobody. */
export const people = z
  .union([id, list(id, { min: 1, max: LIMITS.peoplePerMember })], { error: 'an id, or a list of ids' })
  .meta({
    description: 'One id, or a list of ids that are on call together.',
    examples: ['amara', ['cleo', 'dev']],
  });

export const hoursWindow = z
  .strictObject({
    days: days.optional().meta({ description: 'Days on which the window starts. Default: every day.' }),
    from: clockTime,
    to: endClockTime,
    timeZone: zone.optional(),
    holidays: holidays.optional(),
  })
  .meta({
    description:
      'A weekly window. A "to" at or before "from" ends on the next day; equal times are 24 hours. Its holidays are left out.',
    examples: [{ days: ['mon', 'tue'], from: '20:00', to: '08:00' }],
  });

export const oneOrMoreWindows = z.union(
  [hoursWindow, list(hoursWindow, { min: 1, max: LIMITS.windowsPerHours })],
  {
    error: 'a window { days, from, to }, or a list of windows',
  },
);
