import { DAY_NAMES, makePerson, type PersonDraft } from '@watchbill/core';
import { isoInstant, type PersonSummaryRow } from '@watchbill/database';

/** A person as an answer, with the hours in which they work by their own clock. */
export function personJson({ definition, ...row }: PersonSummaryRow) {
  return { ...row, ...hoursOf(definition as PersonDraft), updatedAt: isoInstant(row.updatedAt) };
}

function hoursOf(draft: PersonDraft) {
  // The dates of holidays are not looked at here, only whose they are: the weekend follows from the place.
  const made = makePerson(draft, { holidayCalendar: (id) => ({ id, source: 'unread', dates: [] }) });
  if (!made.ok) throw new Error(`the person ${draft.id} is stored, and not valid`);
  const { workingHours, sleep, holidays } = made.value;
  const { days, fromMinute, toMinute } = workingHours;
  return {
    workingHours: {
      days: days.map((day) => DAY_NAMES[day - 1] ?? 'mon'),
      from: clockOf(fromMinute),
      to: clockOf(toMinute),
    },
    sleep: { from: clockOf(sleep.fromMinute), to: clockOf(sleep.toMinute) },
    holidays: holidays?.id ?? null,
  };
}

function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
