import { DAY_MS, type Instant } from '@watchbill/core';
import {
  clockNow,
  type Database,
  eventsAfter,
  pageSchedules,
  setClock,
  shiftsWithin,
} from '@watchbill/database';
import { nextHandoffs } from '../screen/next-handoffs.ts';

/** The show begins this long, in real time, before the next handoff. */
const BEFORE_HANDOFF_MS = 15_000;
const LOOK_AHEAD_MS = 14 * DAY_MS;
const MAX_SHIFTS = 500;
const MAX_SCHEDULES = 50;

/**
 * Lets the clock of the demonstration's database run, from shortly before the next handoff. What happened while
 * nothing ran did not happen there: time goes on from the newest event, never from before it.
 */
export async function startFastClock(database: Database, factor: number): Promise<void> {
  const from = (await newestEventAt(database)) ?? (await clockNow(database));
  const handoffAt = await nextHandoffAt(database, from);
  const leadMs = BEFORE_HANDOFF_MS * factor;
  await setClock(database, {
    factor,
    start: Math.max(from, handoffAt === undefined ? from : handoffAt - leadMs),
  });
}

async function newestEventAt(database: Database): Promise<Instant | undefined> {
  const filter = { type: null, schedule: null, limit: 1 };
  const { head } = await eventsAfter(database, { after: 0, ...filter });
  if (head === 0) return undefined;
  const { events } = await eventsAfter(database, { after: head - 1, ...filter });
  return events[0]?.publishedAt;
}

async function nextHandoffAt(database: Database, from: Instant): Promise<Instant | undefined> {
  const to = from + LOOK_AHEAD_MS;
  const found: Instant[] = [];
  for (const { id } of await pageSchedules(database, { after: '', limit: MAX_SCHEDULES, retired: false })) {
    const shifts = await shiftsWithin(database, { schedule: id, from, to, limit: MAX_SHIFTS });
    const [next] = nextHandoffs(shifts, { from, to });
    if (next !== undefined) found.push(next.at);
  }
  return found.length === 0 ? undefined : Math.min(...found);
}
