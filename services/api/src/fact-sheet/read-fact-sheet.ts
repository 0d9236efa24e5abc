import { loadSchedule, readFairness, receiverOfSchedule } from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import { DAY_MS, type ExpectedPages, expectedPages, type FactSheet, factSheetOf } from '@watchbill/core';
import {
  type Database,
  findScheduleDetail,
  pageTimes,
  readPeople,
  type ScheduleDetailRow,
} from '@watchbill/database';
import { ApiError } from '../http/problem.ts';
import type { ServerClock } from '../on-call/server-clock.ts';

/** A quarter ahead, what whoever joins now can expect; and a quarter back, for how often pages came. */
const QUARTER_MS = 13 * 7 * DAY_MS;
/** More pages than these are not looked at. */
const MAX_PAGES = 20_000;

export interface NamedFactSheet extends FactSheet {
  readonly name: string;
  readonly description: string | null;
}

export interface FactSheetSource {
  readonly database: Database;
  readonly clock: ServerClock;
}

/** The fact sheet of a schedule by its shifts of the next quarter; null for one that is unknown or retired. */
export async function readFactSheet(
  { database, clock }: FactSheetSource,
  id: string,
): Promise<NamedFactSheet | null> {
  const row = await findScheduleDetail(database, id);
  const schedule = await loadSchedule(database, id);
  if (row === null || schedule === null) return null;
  const from = clock.now();
  const window = { start: from, end: from + QUARTER_MS };
  const stood = await withinLimits(() =>
    readFairness(database, { schedule: id, from, to: window.end }, { holidayCalendar }),
  );
  if (stood === null) return null;
  const people = await readPeople(
    database,
    stood.people.map(({ person }) => person),
  );
  const names = new Map(people.map((person) => [person.id, person.name]));
  const receiver = await receiverOfSchedule(database, id);
  const sheet = factSheetOf({
    ...{ schedule, window, names, stood: stood.people },
    pages: await pagesOf(database, row, schedule),
    answerMs: receiver.ok ? (receiver.value.escalation.steps[0]?.waitMs ?? null) : null,
  });
  const { name = id, description } = row.definition as {
    readonly name?: string;
    readonly description?: string;
  };
  return { ...sheet, name, description: description?.trim() || null };
}

/** How often pages came of late, by the machine's clock: pages live in real time. */
async function pagesOf(
  database: Database,
  row: ScheduleDetailRow,
  schedule: Parameters<typeof expectedPages>[0],
): Promise<ExpectedPages | null> {
  const end = Date.now();
  const start = Math.max(end - QUARTER_MS, row.createdAt);
  if (start >= end) return null;
  const times = await pageTimes(database, row.id, { since: start, limit: MAX_PAGES });
  return expectedPages(schedule, { start, end }, times);
}

/** What is too large is for whoever asked to mend. */
async function withinLimits<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ApiError(422, 'limit/plan', error.message);
  }
}
