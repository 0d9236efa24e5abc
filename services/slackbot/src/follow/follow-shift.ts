import { DAY_MS, type Instant, parseInstant } from '@watchbill/core';
import {
  DEFAULT_SLACK_PREFERENCES,
  insertSlackMessages,
  openSlackMessage,
  readSlackPreferences,
  replacedStretches,
  setSlackMessageFacts,
  slackPlacesOf,
  wantSlackMessages,
} from '@watchbill/database';
import type { EventFacts } from '@watchbill/events';
import type { MessageKind } from '../message-kinds.ts';
import { type FollowContext, type Followed, type FollowedEvent, toPerson } from './follow-event.ts';

const REMINDER: MessageKind = 'reminder';
const SHIFT_MOVED: MessageKind = 'shift_moved';
/** How long changes are collected before they are told, in real time: a plan changes many shifts at once. */
export const COLLECT_MS = 45_000;
/** What is told of one person at once; of more there is only the number. */
export const MOST_CHANGES = 200;

type ShiftFacts = EventFacts<'shift.started'>['shift'];

/** What became of one shift: as it was before the first change, and as it is after the last. */
export interface ShiftMove {
  readonly before: ShiftFacts | null;
  readonly after: ShiftFacts | null;
}

/** The moves of one message, by the id of the shift, and how many did not fit. */
export interface ShiftMovedFacts {
  readonly moves: Readonly<Record<string, ShiftMove>>;
  readonly more: number;
}

/** Reminds the person of a shift by direct message, at the lead times they chose. */
export async function followStartingSoon(
  at: FollowContext,
  event: Followed<'shift.starting_soon'>,
): Promise<void> {
  const { tx, now } = at;
  const { shift, leadMinutes } = event.data;
  if (instantOf(shift.start) <= now) return;
  const chosen = (await readSlackPreferences(tx, [shift.person])).get(shift.person);
  const wanted = chosen?.reminderMinutes ?? at.reminderMinutes;
  const place = (await slackPlacesOf(tx, [shift.person])).get(shift.person);
  if (place === undefined || !wanted.includes(leadMinutes)) return;
  await insertSlackMessages(tx, [
    toPerson(
      { workspace: place.workspace, person: shift.person },
      {
        ...{ key: `reminder.${shift.id}.${leadMinutes}.${shift.start}`, kind: REMINDER, subject: shift.id },
        // Hundreds may be due on a Monday at nine: no page waits behind them.
        ...{ facts: { shift, leadMinutes }, urgent: false, staleMs: 2 * DAY_MS },
      },
    ),
  ]);
}

/** A change of a shift, as the stream tells it. */
export type ShiftChange = Followed<'shift.scheduled' | 'shift.changed' | 'shift.cancelled'>;

export function isShiftChange(event: FollowedEvent): event is ShiftChange {
  return ['shift.scheduled', 'shift.changed', 'shift.cancelled'].includes(event.type);
}

/**
 * Tells people by direct message which of their shifts to come have moved; what happens together is told together. A
 * configuration that is applied moves thousands at once, so they are looked at together as well.
 */
export async function followShiftChanges(at: FollowContext, events: readonly ShiftChange[]): Promise<void> {
  const { tx, now } = at;
  const moved = events.filter(({ type }) => type !== 'shift.scheduled').map(({ data }) => data.shift.id);
  if (moved.length > 0) await wantSlackMessages(tx, [...new Set(moved)], [REMINDER]);
  const news = await newsOf(
    at,
    events.filter((event) => isAhead(event, now) && event.data.reason !== 'swap'),
  );
  const people = [...new Set(news.map(({ data }) => data.shift.person))];
  if (people.length === 0) return;
  const chosen = await readSlackPreferences(tx, people);
  const places = await slackPlacesOf(tx, people);
  for (const person of people) {
    const place = places.get(person);
    if (place === undefined || !(chosen.get(person) ?? DEFAULT_SLACK_PREFERENCES).shiftChanges) continue;
    const own = news.filter(({ data }) => data.shift.person === person);
    await tellMoves(at, { workspace: place.workspace, person }, own);
  }
}

function isAhead(event: ShiftChange, now: Instant): boolean {
  const { before, after } = moveOf(event);
  return [before, after].some((facts) => facts !== null && instantOf(facts.end) > now);
}

/** Puts moves into the message that collects them, or begins one. */
async function tellMoves(
  { tx }: FollowContext,
  to: { readonly workspace: string; readonly person: string },
  events: readonly ShiftChange[],
): Promise<void> {
  const [first] = events;
  if (first === undefined) return;
  const fold = (facts: ShiftMovedFacts): ShiftMovedFacts =>
    events.reduce((all, event) => withMove(all, event.data.shift.id, moveOf(event)), facts);
  const open = await openSlackMessage(tx, {
    ...{ subject: to.person, kind: SHIFT_MOVED, workspace: to.workspace },
  });
  if (open !== null) {
    const facts = fold(open.facts as unknown as ShiftMovedFacts);
    if (await setSlackMessageFacts(tx, open.key, { ...facts })) return;
  }
  await insertSlackMessages(tx, [
    toPerson(to, {
      ...{ key: `shift_moved.${to.person}.${first.id}`, kind: SHIFT_MOVED, subject: to.person },
      ...{ facts: { ...fold({ moves: {}, more: 0 }) }, urgent: false },
      ...{ afterMs: COLLECT_MS, staleMs: 2 * DAY_MS },
    }),
  ]);
}

/**
 * Those that are a change for their person. A new shift is not where it is just the next stretch of a schedule that
 * goes on: it must come from a plan made again or from an override, or take the place of another shift.
 */
async function newsOf({ tx }: FollowContext, events: readonly ShiftChange[]): Promise<ShiftChange[]> {
  const replaced = new Map<string, ReturnType<typeof replacedStretches>>();
  const news: ShiftChange[] = [];
  for (const event of events) {
    const { shift, reason } = event.data;
    if (event.type !== 'shift.scheduled' || reason !== undefined || shift.override !== null) {
      news.push(event);
      continue;
    }
    const { schedule, role } = shift;
    const { publishedAt } = event;
    const key = `${publishedAt} ${schedule}`;
    const asked = replaced.get(key) ?? replacedStretches(tx, { schedule, publishedAt });
    replaced.set(key, asked);
    const [start, end] = [instantOf(shift.start), instantOf(shift.end)];
    if ((await asked).some((each) => each.role === role && each.start < end && each.end > start))
      news.push(event);
  }
  return news;
}

function moveOf(event: ShiftChange): ShiftMove {
  switch (event.type) {
    case 'shift.scheduled':
      return { before: null, after: event.data.shift };
    case 'shift.changed':
      return { before: event.data.before, after: event.data.shift };
    case 'shift.cancelled':
      return { before: event.data.shift, after: null };
  }
}

/** The first `before` and the last `after` of each shift. */
export function withMove(facts: ShiftMovedFacts, shift: string, move: ShiftMove): ShiftMovedFacts {
  const known = facts.moves[shift];
  if (known === undefined && Object.keys(facts.moves).length >= MOST_CHANGES) {
    return { ...facts, more: facts.more + 1 };
  }
  const before = known === undefined ? move.before : known.before;
  return { ...facts, moves: { ...facts.moves, [shift]: { before, after: move.after } } };
}

function instantOf(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`"${text}" is no instant`);
  return instant;
}
