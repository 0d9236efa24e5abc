import type { Instant } from '@watchbill/core';
import type { FeedAbsenceRow } from '@watchbill/database';

/** A stretch that a calendar holds, `[start, end)`; the key names it there and does not change with its end. */
export interface FeedAbsence {
  readonly key: string;
  readonly start: Instant;
  readonly end: Instant;
}

export interface FeedDifference<Row> {
  readonly entered: readonly FeedAbsence[];
  readonly cancelled: readonly Row[];
}

/**
 * What is to be entered and what cancelled, so that `stored`, which has not ended, becomes what the calendar holds.
 * What the calendar holds that has ended by `now` is passed over; what it has since prolonged is entered again.
 */
export function diffFeedAbsences<Row extends Pick<FeedAbsenceRow, 'feedKey' | 'startsAt' | 'endsAt'>>(
  stored: readonly Row[],
  held: readonly FeedAbsence[],
  now: Instant,
): FeedDifference<Row> {
  const wanted = new Map<string, FeedAbsence>();
  for (const absence of held) {
    const live = absence.end > now && absence.start < absence.end;
    if (live && !wanted.has(absence.key)) wanted.set(absence.key, absence);
  }
  const cancelled: Row[] = [];
  for (const row of stored) {
    const same = wanted.get(row.feedKey);
    if (same !== undefined && same.start === row.startsAt && same.end === row.endsAt) {
      wanted.delete(row.feedKey);
    } else cancelled.push(row);
  }
  return { entered: [...wanted.values()], cancelled };
}
