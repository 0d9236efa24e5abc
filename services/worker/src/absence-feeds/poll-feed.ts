import { syncFeedAbsences } from '@watchbill/commands';
import {
  clockNow,
  type Database,
  forgetAbsenceFeed,
  type LeasedFeed,
  type PolledFeed,
  recordFeedPoll,
} from '@watchbill/database';
import type { FeedFetcher } from './feed-fetcher.ts';
import type { ReadCalendar } from './read-in-thread.ts';

export interface FeedPolling {
  readonly database: Database;
  readonly fetcher: FeedFetcher;
  readonly read: ReadCalendar;
  /** Between two polls that go well. */
  readonly pollMs: number;
  readonly signal: AbortSignal;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** What a poll came to. */
export interface PollEnd {
  readonly outcome: string;
  readonly detail: string | null;
  readonly entered: number;
  readonly cancelled: number;
}

interface Ending extends PollEnd {
  readonly failed: boolean;
  readonly version: PolledFeed['version'];
  readonly retryAfterMs: number | null;
}

/** The longest pause after failures. */
export const LONGEST_PAUSE_MS = 24 * 3_600_000;
/** Of a pause, more or less. */
const JITTER = 0.1;
/** However often a server says that nothing has changed, time goes on, and with it the window of repeating events. */
const WHOLE_AFTER_MS = 24 * 3_600_000;
const ACTOR = 'feed';

const WHY_REFUSED: Readonly<Record<string, string>> = {
  not_a_calendar: 'The answer does not begin with BEGIN:VCALENDAR.',
  cut_off: 'The calendar does not end with END:VCALENDAR.',
  too_many_events: 'The calendar has more events than are read.',
  unreadable: 'No event of the calendar can be read.',
  too_costly: 'Reading the calendar takes too much time or memory.',
};

/** Polls one feed whose lease this process has, and keeps what came of it. After a failure nothing is taken back. */
export async function pollFeed(polling: FeedPolling, feed: LeasedFeed): Promise<PollEnd> {
  const { database, pollMs } = polling;
  if (feed.url === null) return dropFeed(database, feed);
  const asked = await askAndWrite(polling, { ...feed, url: feed.url });
  const { failed, version, retryAfterMs, ...end } = asked;
  const failures = failed ? feed.failures + 1 : 0;
  await recordFeedPoll(database, {
    person: feed.person,
    leaseToken: feed.leaseToken,
    outcome: end.outcome,
    detail: end.detail,
    failures,
    nextPollMs: pauseAfter(failures, { pollMs, retryAfterMs, random: polling.random }),
    version,
  });
  return end;
}

/**
 * The pause before the next poll: doubled with each failure in a row, up to a day, and never shorter than what the
 * server asks for, within a day. A tenth more or less, so that calendars of one server are not all asked at once.
 */
export function pauseAfter(
  failures: number,
  by: { readonly pollMs: number; readonly retryAfterMs: number | null; readonly random: () => number },
): number {
  const { pollMs, retryAfterMs, random } = by;
  const pause = Math.max(pollMs, Math.min(LONGEST_PAUSE_MS, pollMs * 2 ** failures));
  const wanted = Math.min(LONGEST_PAUSE_MS, retryAfterMs ?? 0);
  return Math.round(Math.max(wanted, pause * (1 - JITTER + 2 * JITTER * random())));
}

const NOTHING = {
  ...{ detail: null, entered: 0, cancelled: 0 },
  ...{ failed: false, version: null, retryAfterMs: null },
} as const;

async function dropFeed(database: Database, feed: LeasedFeed): Promise<PollEnd> {
  const { detail, entered, cancelled } = await write(database, { person: feed.person, absences: [] });
  await forgetAbsenceFeed(database, feed);
  return { outcome: 'address_gone', detail, entered, cancelled };
}

async function askAndWrite(
  { database, fetcher, read, signal }: FeedPolling,
  feed: LeasedFeed & { readonly url: string },
): Promise<Ending> {
  const known = feed.readAgoMs !== null && feed.readAgoMs < WHOLE_AFTER_MS;
  const version = known
    ? { etag: feed.etag, lastModified: feed.lastModified }
    : { etag: null, lastModified: null };
  const answer = await fetcher.fetch({ url: feed.url, ...version }, signal);
  if (answer.kind === 'failed') {
    return { ...failure(answer.outcome, answer.detail), retryAfterMs: answer.retryAfterMs };
  }
  if (answer.kind === 'unchanged') {
    return { ...NOTHING, outcome: 'unchanged' };
  }
  const now = await clockNow(database);
  const task = { bytes: answer.bytes, timeZone: feed.timeZone, now };
  const reading = await read(task).catch(() => ({ ok: false, outcome: 'unreadable' }) as const);
  if (!reading.ok) return failure(reading.outcome, WHY_REFUSED[reading.outcome] ?? null);
  const end = await write(database, { person: feed.person, absences: reading.absences });
  if (end.failed) return end;
  const detail = reading.skipped === 0 ? null : `${reading.skipped} events could not be read.`;
  const { etag, lastModified } = answer;
  return { ...end, detail, version: { etag, lastModified } };
}

async function write(database: Database, input: Parameters<typeof syncFeedAbsences>[1]): Promise<Ending> {
  const result = await syncFeedAbsences({ database, actor: ACTOR }, input);
  if (!result.ok) return failure('refused', result.error.message);
  const { entered, cancelled } = result.value;
  return { ...NOTHING, outcome: 'read', entered, cancelled };
}

function failure(outcome: string, detail: string | null): Ending {
  return { ...NOTHING, outcome, detail, failed: true };
}
