import { DAY_MS, type Instant, parseInstant } from '@watchbill/core';
import {
  DEFAULT_SLACK_PREFERENCES,
  insertSlackMessages,
  openSlackMessage,
  readSlackPreferences,
  replacesShift,
  setSlackMessageFacts,
  slackPlacesOf,
  wantSlackMessages,
} from '@watchbill/database';
import type { EventFacts } from '@watchbill/events';
import type { MessageKind } from '../message-kinds.ts';
import { type FollowContext, type Followed, toPerson } from './follow-event.ts';

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

/** Tells people by direct message which of their shifts to come have moved; what happens together is told together. */
export async function followShiftChange(
  at: FollowContext,
  event: Followed<'shift.scheduled' | 'shift.changed' | 'shift.cancelled'>,
): Promise<void> {
  const { tx, now } = at;
  const { shift } = event.data;
  if (event.type !== 'shift.scheduled') await wantSlackMessages(tx, [shift.id], [REMINDER]);
  const move = moveOf(event);
  const ends = [move.before, move.after].map((facts) => (facts === null ? 0 : instantOf(facts.end)));
  // Both sides of a swap have heard of it where they agreed on it.
  if (Math.max(...ends) <= now || event.data.reason === 'swap') return;
  if (event.type === 'shift.scheduled' && !(await isNews(at, event))) return;
  const chosen = (await readSlackPreferences(tx, [shift.person])).get(shift.person);
  if (!(chosen ?? DEFAULT_SLACK_PREFERENCES).shiftChanges) return;
  const place = (await slackPlacesOf(tx, [shift.person])).get(shift.person);
  if (place === undefined) return;
  const about = { subject: shift.person, kind: SHIFT_MOVED, workspace: place.workspace };
  const open = await openSlackMessage(tx, about);
  if (open !== null) {
    const facts = withMove(open.facts as unknown as ShiftMovedFacts, shift.id, move);
    if (await setSlackMessageFacts(tx, open.key, { ...facts })) return;
  }
  await insertSlackMessages(tx, [
    toPerson(
      { workspace: place.workspace, person: shift.person },
      {
        ...{ key: `shift_moved.${shift.person}.${event.id}`, kind: SHIFT_MOVED, subject: shift.person },
        ...{ facts: { moves: { [shift.id]: move }, more: 0 } satisfies ShiftMovedFacts, urgent: false },
        ...{ afterMs: COLLECT_MS, staleMs: 2 * DAY_MS },
      },
    ),
  ]);
}

/**
 * Whether a new shift is a change for its person, and not just the next stretch of a schedule that goes on: it comes
 * from a plan made again or from an override, or takes the place of another shift.
 */
async function isNews({ tx }: FollowContext, event: Followed<'shift.scheduled'>): Promise<boolean> {
  const { shift, reason } = event.data;
  if (reason !== undefined || shift.override !== null) return true;
  const { schedule, role } = shift;
  const extent = { start: instantOf(shift.start), end: instantOf(shift.end) };
  return replacesShift(tx, { schedule, role, publishedAt: event.publishedAt, ...extent });
}

function moveOf(event: Followed<'shift.scheduled' | 'shift.changed' | 'shift.cancelled'>): ShiftMove {
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
