import type { Instant } from '@watchbill/core';
import { DAY_MS } from '@watchbill/core';
import ICAL from 'ical.js';
import { BadInput } from '../input/bad-input.ts';
import { CALENDAR_MAX_EVENTS } from './calendar-text.ts';
import type { InstantOf } from './calendar-zones.ts';
import type { CalendarEvent, CalendarTime, Skipped } from './read-event.ts';
import { Unreadable } from './read-event.ts';

/** One stretch of time that the calendar gives to the people its summary names. */
export interface Occurrence {
  readonly start: Instant;
  readonly end: Instant;
  readonly summary: string;
  readonly line: number;
}

export interface Expanded {
  /** Sorted by start, end, then place in the file. */
  readonly occurrences: readonly Occurrence[];
  readonly skipped: readonly Skipped[];
  readonly repeatingEvents: number;
  /** Repeating events that go on after the bound. */
  readonly cutSeries: number;
}

/** One repeating event gives at most this many turns. */
const MAX_OCCURRENCES = 10_000;
/** A rule is tried at most this many times, so that one that never meets its bound still ends. */
const MAX_STEPS = 100_000;

interface Series {
  readonly occurrences: Occurrence[];
  readonly cut: boolean;
}

/**
 * Turns events into stretches of time: repeating events up to `untilAt`, without the dates they except,
 * with the events that stand for one of their dates in its place; cancelled and unusable ones are skipped.
 */
export function expandEvents(
  events: readonly CalendarEvent[],
  instantOf: InstantOf,
  untilAt: Instant,
): Expanded {
  const skipped: Skipped[] = [];
  const occurrences: Occurrence[] = [];
  const kept = newestOf(events, skipped);
  const replaced = replacedStarts(kept, instantOf);
  let repeatingEvents = 0;
  let cutSeries = 0;
  for (const event of kept) {
    if (event.cancelled) {
      skipped.push({ line: event.line, summary: event.summary, reason: 'it is cancelled' });
      continue;
    }
    try {
      const series = expandOne(event, { instantOf, untilAt, replaced });
      if (isRepeating(event)) repeatingEvents += 1;
      if (series.cut) cutSeries += 1;
      for (const occurrence of series.occurrences) occurrences.push(occurrence);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      skipped.push({ line: event.line, summary: event.summary, reason: error.message });
    }
    if (occurrences.length > CALENDAR_MAX_EVENTS) {
      const limit = CALENDAR_MAX_EVENTS.toLocaleString('en-GB');
      throw new BadInput(`the calendar gives more than ${limit} turns. Use --until to read less of it.`);
    }
  }
  occurrences.sort((a, b) => a.start - b.start || a.end - b.end || a.line - b.line);
  return { occurrences, skipped, repeatingEvents, cutSeries };
}

function isRepeating(event: CalendarEvent): boolean {
  return event.rules.length > 0 || event.extraStarts.length > 0;
}

function identityOf(event: CalendarEvent): string {
  const place = event.standsFor === null ? '' : `${event.standsFor.zone} ${event.standsFor.wallMs}`;
  return `${event.uid} ${place}`;
}

/** Of several revisions of one event the one with the highest SEQUENCE; untidy files keep the old ones too. */
function newestOf(events: readonly CalendarEvent[], skipped: Skipped[]): CalendarEvent[] {
  const newest = new Map<string, number>();
  for (const event of events) {
    const identity = identityOf(event);
    newest.set(identity, Math.max(newest.get(identity) ?? event.sequence, event.sequence));
  }
  const cancelledSeries = new Set(
    events.filter((event) => event.cancelled && event.standsFor === null).map((event) => event.uid),
  );
  return events.filter((event) => {
    const { line, summary } = event;
    if (event.uid === null) return true;
    if (event.sequence < (newest.get(identityOf(event)) ?? 0)) {
      skipped.push({ line, summary, reason: 'a newer revision of it is in the file (SEQUENCE)' });
      return false;
    }
    if (event.standsFor !== null && cancelledSeries.has(event.uid)) {
      skipped.push({ line, summary, reason: 'its series is cancelled' });
      return false;
    }
    return true;
  });
}

/** Per UID, the starts of occurrences that another event stands for. */
function replacedStarts(events: readonly CalendarEvent[], instantOf: InstantOf): Map<string, Set<Instant>> {
  const replaced = new Map<string, Set<Instant>>();
  for (const { uid, standsFor } of events) {
    if (uid === null || standsFor === null) continue;
    const starts = replaced.get(uid) ?? new Set();
    starts.add(safeInstant(standsFor, instantOf));
    replaced.set(uid, starts);
  }
  return replaced;
}

function safeInstant(time: CalendarTime, instantOf: InstantOf): Instant {
  try {
    return instantOf(time);
  } catch (error) {
    if (error instanceof Unreadable) return Number.NaN;
    throw error;
  }
}

interface Context {
  readonly instantOf: InstantOf;
  readonly untilAt: Instant;
  readonly replaced: ReadonlyMap<string, ReadonlySet<Instant>>;
}

function expandOne(event: CalendarEvent, context: Context): Series {
  if (!isRepeating(event)) return { occurrences: [occurrenceAt(event, event.start, context)], cut: false };
  const replaced = (event.uid === null ? undefined : context.replaced.get(event.uid)) ?? new Set();
  const excepted = new Set(event.exceptStarts.map((time) => exceptKey(time, context)));
  const starts = new Map<Instant, CalendarTime>();
  let cut = false;
  const take = (time: CalendarTime): void => {
    const start = context.instantOf(time);
    if (start >= context.untilAt) cut = true;
    else if (!replaced.has(start) && !excepted.has(start) && !excepted.has(dateKey(time)))
      starts.set(start, time);
  };
  if (event.rules.length === 0) take(event.start);
  for (const rule of event.rules) {
    for (const time of ruleStarts(rule, event, context)) take(time);
  }
  for (const time of event.extraStarts) take(time);
  if (starts.size > MAX_OCCURRENCES) throw new Unreadable(`it repeats more than ${MAX_OCCURRENCES} times`);
  return { occurrences: [...starts.values()].map((time) => occurrenceAt(event, time, context)), cut };
}

/** An EXDATE that is a date takes out every occurrence of a series that starts on it, as many exporters mean. */
function exceptKey(time: CalendarTime, context: Context): Instant | string {
  return time.isDate ? dateKey(time) : context.instantOf(time);
}

function dateKey(time: CalendarTime): string {
  return new Date(time.wallMs).toISOString().slice(0, 10);
}

/** The starts a rule gives, by the clock of the event's zone, up to its own end or just past the bound. */
function ruleStarts(rule: ICAL.Recur, event: CalendarEvent, context: Context): CalendarTime[] {
  const endless = rule.clone();
  const isPast = pastUntil(rule, context);
  // The end is judged here: ical.js would compare an end in UTC with a time in another zone.
  (endless as { until: unknown }).until = null;
  const iterator = endless.iterator(ICAL.Time.fromDateTimeString(wallText(event.start.wallMs)));
  const starts: CalendarTime[] = [];
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const next = iterator.next() as ICAL.Time | null;
    if (next === null || next === undefined) return starts;
    const time = { ...event.start, wallMs: Date.parse(`${next.toString()}Z`) };
    if (isPast(time)) return starts;
    starts.push(time);
    if (starts.length > MAX_OCCURRENCES)
      throw new Unreadable(`it repeats more than ${MAX_OCCURRENCES} times`);
    if (context.instantOf(time) >= context.untilAt) return starts;
  }
  throw new Unreadable('its rule of repetition leads nowhere');
}

function pastUntil(rule: ICAL.Recur, context: Context): (time: CalendarTime) => boolean {
  const until = rule.until as ICAL.Time | null | undefined;
  if (until === null || until === undefined) return () => false;
  if (until.isDate) {
    const lastDate = until.toString().slice(0, 10);
    return (time) => dateKey(time) > lastDate;
  }
  const untilMs = Date.parse(`${until.toString().replace(/Z$/, '')}Z`);
  if (until.toString().endsWith('Z')) return (time) => context.instantOf(time) > untilMs;
  return (time) => time.wallMs > untilMs;
}

function wallText(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 19);
}

/**
 * One occurrence. Its end keeps the clock of the event: a week from Monday 09:00 ends on Monday 09:00 also
 * when the clocks change in between. Hours and minutes of a DURATION are real time.
 */
function occurrenceAt(event: CalendarEvent, time: CalendarTime, context: Context): Occurrence {
  const start = context.instantOf(time);
  const end = endAt(event, time, context);
  if (end <= start) throw new Unreadable(end === start ? 'it has no length' : 'it ends before it starts');
  return { start, end, summary: event.summary, line: event.line };
}

function endAt(event: CalendarEvent, time: CalendarTime, { instantOf }: Context): Instant {
  const { end } = event;
  if (end.kind === 'lasts') {
    return instantOf({ ...time, wallMs: time.wallMs + end.days * DAY_MS }) + end.exactMs;
  }
  if (end.time.zone === event.start.zone) {
    return instantOf({ ...end.time, wallMs: end.time.wallMs + time.wallMs - event.start.wallMs });
  }
  return instantOf(end.time) + instantOf(time) - instantOf(event.start);
}
