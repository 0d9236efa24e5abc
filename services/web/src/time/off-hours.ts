import { DAY_NUMBERS, type HoursWindow, type Interval, windowsIn } from '@watchbill/core';
import type { Person } from '../api/shapes.ts';

/** The time of a stretch that lies outside the working hours of a person, by their own clock. */
export function offHoursOf(person: Person | undefined, span: Interval): readonly Interval[] {
  if (person === undefined || span.start >= span.end) return [];
  const { days, from, to } = person.workingHours;
  const window: HoursWindow = {
    ...{ days: days.map((day) => DAY_NUMBERS[day]), timeZone: person.timeZone, holidays: null },
    ...{ fromMinute: minuteOf(from), toMinute: minuteOf(to) },
  };
  const off: Interval[] = [];
  let at = span.start;
  for (const { start, end } of windowsIn([window], span)) {
    if (start > at) off.push({ start: at, end: start });
    at = end;
  }
  if (at < span.end) off.push({ start: at, end: span.end });
  return off;
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
