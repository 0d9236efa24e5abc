import type { FeedRow, FeedShiftRow } from '@watchbill/database';
import ical, { ICalCalendarMethod, ICalEventStatus, ICalEventTransparency } from 'ical-generator';

/** How often a calendar is asked to look again, in seconds. */
const REFRESH_SECONDS = 15 * 60;

/**
 * A calendar of stored shifts. Each keeps its UID for life; SEQUENCE counts its changes; a cancelled one stays, as
 * cancelled, so that it also goes away where it was copied. Times are UTC. Equal shifts give equal bytes.
 */
export function calendarText(
  feed: Pick<FeedRow, 'schedule' | 'person'>,
  shifts: readonly FeedShiftRow[],
): string {
  const name = feed.schedule === null ? `On call: ${feed.person ?? ''}` : `On call: ${feed.schedule}`;
  const calendar = ical({
    name,
    prodId: { company: 'Watchbill', product: 'Watchbill', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: REFRESH_SECONDS,
  });
  for (const shift of shifts) {
    const person = shift.personName ?? shift.person;
    calendar.createEvent({
      id: `${shift.id}@watchbill`,
      start: new Date(shift.startsAt),
      end: new Date(shift.endsAt),
      summary: feed.schedule === null ? `${shift.schedule}: ${shift.role}` : `${person} (${shift.role})`,
      description: `${person} is ${shift.role} on call for ${shift.schedule}.`,
      sequence: shift.sequence,
      status: shift.status === 'cancelled' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      transparency: ICalEventTransparency.TRANSPARENT,
      stamp: new Date(shift.updatedAt),
      created: new Date(shift.createdAt),
      lastModified: new Date(shift.updatedAt),
    });
  }
  return calendar.toString();
}
