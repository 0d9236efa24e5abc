import { planAhead, readMeanings, versionsOf } from '@watchbill/commands';
import type { Timeline } from '@watchbill/core';
import { type Instant, nextOnCall, onCallAt, type WhoEntry } from '@watchbill/core';
import { gapsWithin, type Queryable, type ScheduleSummaryRow, shiftsWithin } from '@watchbill/database';
import { ApiError } from '../http/problem.ts';
import { joinTimeline, type TimelineParts } from './stored-timeline.ts';

/** The most shifts in one answer. */
export const MAX_TIMELINE_SHIFTS = 20_000;

export interface TimelineWindow {
  readonly from: Instant;
  readonly to: Instant;
}

/** Who is on call in a window: as stored up to the horizon, as the schedule would resolve beyond it. */
export async function readTimeline(
  queryable: Queryable,
  row: ScheduleSummaryRow,
  { from, to }: TimelineWindow,
): Promise<Timeline> {
  const schedule = row.id;
  const shifts = await shiftsWithin(queryable, { schedule, from, to, limit: MAX_TIMELINE_SHIFTS + 1 });
  refuseTooMany(shifts.length);
  const gaps = await gapsWithin(queryable, { schedule, from, to });
  const planned = await plannedPart(queryable, row, { from, to });
  const timeline = joinTimeline({ schedule, from, to, stored: { shifts, gaps }, planned });
  refuseTooMany(timeline.shifts.length);
  return timeline;
}

function refuseTooMany(count: number): void {
  if (count <= MAX_TIMELINE_SHIFTS) return;
  throw new ApiError(
    422,
    'limit/timeline-shifts',
    `The window holds more than ${MAX_TIMELINE_SHIFTS} shifts. Ask for a shorter one.`,
  );
}

async function plannedPart(
  queryable: Queryable,
  row: ScheduleSummaryRow,
  { from, to }: TimelineWindow,
): Promise<TimelineParts['planned']> {
  if (row.retiredAt !== null || row.horizonUntil === null || to <= row.horizonUntil) return null;
  const start = Math.max(from, row.horizonUntil);
  const meaning = (await readMeanings(queryable, [row.id], start)).get(row.id);
  if (meaning === undefined) return null;
  return { start, ...withinLimits(() => planAhead(versionsOf(meaning, start), { start, end: to })) };
}

/** Who is on call, and next, at an instant beyond the horizon. */
export async function resolvedEntry(queryable: Queryable, schedule: string, at: Instant): Promise<WhoEntry> {
  const meaning = (await readMeanings(queryable, [schedule], at)).get(schedule);
  const version = meaning === undefined ? undefined : versionsOf(meaning, at)[0];
  if (version === undefined || version.effectiveAt > at) return { schedule, onCall: [], next: [] };
  return withinLimits(() => ({
    schedule,
    onCall: onCallAt(version.schedule, at),
    next: nextOnCall(version.schedule, at),
  }));
}

/** The resolver throws a RangeError for a window with too many turns: that is for whoever asked to mend. */
function withinLimits<T>(resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ApiError(422, 'limit/timeline', `${error.message}. Ask for a shorter window or a nearer time.`);
  }
}
