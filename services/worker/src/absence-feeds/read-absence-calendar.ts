import { createHash } from 'node:crypto';
import type { FeedAbsence } from '@watchbill/commands';
import { DAY_MS, type Instant } from '@watchbill/core';
import ICAL from 'ical.js';
import { cutFeed } from './cut-feed.ts';
import { feedZones, type InstantOf } from './feed-zones.ts';
import { type FeedEvent, type FeedTime, readFeedEvent, UnreadableEventError } from './read-feed-event.ts';

export interface CalendarTask {
  readonly bytes: Uint8Array;
  /** The person's zone: of dates, and of times without a zone. */
  readonly timeZone: string;
  readonly now: Instant;
}

export type CalendarReading =
  | {
      readonly ok: true;
      readonly absences: readonly FeedAbsence[];
      /** Events that could not be read. */
      readonly skipped: number;
    }
  | {
      readonly ok: false;
      readonly outcome: 'not_a_calendar' | 'cut_off' | 'too_many_events' | 'unreadable';
    };

/** Occurrences are taken that touch the time from so long before now… */
export const WINDOW_BEFORE_MS = 30 * DAY_MS;
/** …to so long after it. */
export const WINDOW_AFTER_MS = 400 * DAY_MS;
/** All repeating events together give at most this many. */
const MAX_OCCURRENCES = 5_000;
/** All rules of a calendar together are tried at most this many times. */
const MAX_STEPS = 200_000;

interface Expansion {
  readonly instantOf: InstantOf;
  readonly from: Instant;
  readonly until: Instant;
  /** Per UID, the starts of occurrences that another event stands for. */
  readonly replaced: ReadonlyMap<string, ReadonlySet<Instant>>;
  readonly steps: { left: number };
}

/**
 * The stretches in which somebody is away by their calendar. An event that cannot be read is left out; where none can
 * be, or the limits do not hold, the whole is refused. A malicious rule can keep it busy for ever: run it in a thread
 * that somebody ends.
 */
export function readAbsenceCalendar({ bytes, timeZone, now }: CalendarTask): CalendarReading {
  const cut = cutFeed(bytes);
  if (!cut.ok) return cut;
  const events: FeedEvent[] = [];
  let skipped = 0;
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch {
      // Not only our own refusals: ical.js throws errors of every kind for rules that make no sense.
      skipped += 1;
    }
  };
  for (const lines of cut.value.events) attempt(() => events.push(readFeedEvent(lines)));
  const kept = newestOf(events);
  const instantOf = feedZones(cut.value.zones, timeZone);
  const replaced = new Map<string, Set<Instant>>();
  for (const { uid, standsFor } of kept) {
    if (standsFor === null) continue;
    attempt(() => replaced.set(uid, (replaced.get(uid) ?? new Set()).add(instantOf(standsFor))));
  }
  const from = now - WINDOW_BEFORE_MS;
  const expansion = { instantOf, from, until: now + WINDOW_AFTER_MS, replaced, steps: { left: MAX_STEPS } };
  const absences: FeedAbsence[] = [];
  for (const event of kept) {
    if (event.counts) attempt(() => absences.push(...occurrencesOf(event, expansion)));
    if (absences.length > MAX_OCCURRENCES) return { ok: false, outcome: 'too_many_events' };
  }
  const noneRead = skipped > 0 && skipped >= cut.value.events.length;
  return noneRead ? { ok: false, outcome: 'unreadable' } : { ok: true, absences, skipped };
}

/** Of several revisions of one event the newest; and nothing of a series that is cancelled as a whole. */
function newestOf(events: readonly FeedEvent[]): FeedEvent[] {
  const newest = new Map<string, FeedEvent>();
  for (const [index, event] of events.entries()) {
    const place = event.standsFor === null ? '' : `${event.standsFor.zone} ${event.standsFor.wallMs}`;
    const identity = event.uid === '' ? String(index) : `${event.uid}\n${place}`;
    const other = newest.get(identity);
    if (other === undefined || other.sequence <= event.sequence) newest.set(identity, event);
  }
  const kept = [...newest.values()];
  const dropped = new Set(
    kept.filter((event) => !event.counts && event.standsFor === null).map(({ uid }) => uid),
  );
  return kept.filter((event) => event.uid === '' || event.standsFor === null || !dropped.has(event.uid));
}

function occurrencesOf(event: FeedEvent, expansion: Expansion): FeedAbsence[] {
  const { instantOf, from, until } = expansion;
  const isSeries = event.standsFor === null && event.rules.length + event.extraStarts.length > 0;
  const starts = isSeries ? seriesStarts(event, expansion) : [event.start];
  const found: FeedAbsence[] = [];
  for (const time of starts) {
    const start = instantOf(time);
    const end = endAt(event, time, instantOf);
    if (end < start) throw new UnreadableEventError('it ends before it starts');
    if (end > from && start < until && end > start) found.push({ key: keyOf(event.uid, start), start, end });
  }
  return found;
}

/** The starts of a repeating event, without the dates it excepts and those that other events stand for. */
function seriesStarts(event: FeedEvent, expansion: Expansion): FeedTime[] {
  const { instantOf, until } = expansion;
  const taken = expansion.replaced.get(event.uid) ?? new Set();
  const excepted = new Set(event.exceptStarts.map((time) => (time.isDate ? dayOf(time) : instantOf(time))));
  const starts = new Map<Instant, FeedTime>();
  const fromRules = event.rules.flatMap((rule) => ruleStarts(rule, event, expansion));
  const all = [...(event.rules.length === 0 ? [event.start] : fromRules), ...event.extraStarts];
  for (const time of all) {
    const start = instantOf(time);
    const out = start >= until || taken.has(start) || excepted.has(start) || excepted.has(dayOf(time));
    if (!out) starts.set(start, time);
  }
  return [...starts.values()];
}

/** The starts a rule gives, by the clock of the event's zone, up to its own end or the end of the window. */
function ruleStarts(rule: ICAL.Recur, event: FeedEvent, { instantOf, until, steps }: Expansion): FeedTime[] {
  const endless = rule.clone();
  const isOver = endOfRule(rule, instantOf);
  // The end is judged here: ical.js would compare an end in UTC with a time in another zone.
  (endless as { until: unknown }).until = null;
  const first = ICAL.Time.fromDateTimeString(new Date(event.start.wallMs).toISOString().slice(0, 19));
  const iterator = endless.iterator(first);
  const starts: FeedTime[] = [];
  for (; steps.left > 0; steps.left -= 1) {
    const next = iterator.next() as ICAL.Time | null | undefined;
    if (next === null || next === undefined) return starts;
    const time = { ...event.start, wallMs: Date.parse(`${next.toString().slice(0, 19)}Z`) };
    if (Number.isNaN(time.wallMs)) throw new UnreadableEventError('its rule of repetition leads nowhere');
    if (isOver(time) || instantOf(time) >= until) return starts;
    starts.push(time);
  }
  throw new UnreadableEventError('the rules of repetition are too long to follow');
}

function endOfRule(rule: ICAL.Recur, instantOf: InstantOf): (time: FeedTime) => boolean {
  const text = rule.until?.toString() ?? null;
  if (text === null) return () => false;
  if (text.length === 10) return (time) => dayOf(time) > text;
  const untilMs = Date.parse(`${text.slice(0, 19)}Z`);
  return text.endsWith('Z') ? (time) => instantOf(time) > untilMs : (time) => time.wallMs > untilMs;
}

function dayOf(time: FeedTime): string {
  return new Date(time.wallMs).toISOString().slice(0, 10);
}

/** The end keeps the clock of the event: whole days stay whole days when the clocks change in between. */
function endAt({ start, end }: FeedEvent, time: FeedTime, instantOf: InstantOf): Instant {
  if ('days' in end) return instantOf({ ...time, wallMs: time.wallMs + end.days * DAY_MS }) + end.exactMs;
  if (end.zone === start.zone) return instantOf({ ...end, wallMs: end.wallMs + time.wallMs - start.wallMs });
  return instantOf(end) + instantOf(time) - instantOf(start);
}

function keyOf(uid: string, start: Instant): string {
  return createHash('sha256').update(`${uid}\n${start}`).digest('hex');
}
