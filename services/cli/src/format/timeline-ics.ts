import type { Instant, Schedule, Timeline } from '@watchbill/core';
import { formatInstant, wholeShifts } from '@watchbill/core';
import ical from 'ical-generator';

/** What an iCalendar file needs besides the timeline. */
export interface CalendarReading {
  readonly schedule: Schedule;
  readonly nameOf: (person: string) => string;
  readonly now: Instant;
}

/**
 * The shifts that touch a timeline's window as iCalendar events, whole: the same shift has the same UID and the
 * same times whatever window is asked for, so that reading the file in twice changes nothing.
 */
export function timelineIcs(timeline: Timeline, { schedule, nameOf, now }: CalendarReading): string {
  const calendar = ical({
    name: schedule.id,
    prodId: { company: 'watchbill', product: 'watchbill', language: 'EN' },
    timezone: null,
  });
  calendar.x('X-WR-TIMEZONE', schedule.timeZone);
  for (const shift of wholeShifts(schedule, { start: timeline.from, end: timeline.to })) {
    calendar.createEvent({
      id: `${schedule.id}/${shift.role}/${shift.seat}/${formatInstant(shift.start)}@watchbill`,
      stamp: new Date(now),
      start: new Date(shift.start),
      end: new Date(shift.end),
      summary: `${nameOf(shift.person)} (${shift.role})`,
      description: `On call for ${schedule.id} as ${shift.role}: ${shift.person}`,
    });
  }
  return `${calendar.toString().trimEnd()}\r\n`;
}
