import { DAY_MS, type Instant } from '@watchbill/core';
import type { NewSlackMessage, PositionedEventRow, SlackChannelLink, Transaction } from '@watchbill/database';
import { type EventData, type EventType, parseEventData } from '@watchbill/events';

/** An event of the stream with its facts read. */
export type FollowedEvent = {
  [T in EventType]: {
    readonly id: string;
    readonly type: T;
    readonly occurredAt: Instant;
    readonly publishedAt: Instant;
    readonly data: EventData<T>;
  };
}[EventType];

/** The event of one type. */
export type Followed<T extends EventType> = Extract<FollowedEvent, { readonly type: T }>;

/** What handling an event may use. Everything happens in the transaction that also moves the cursor. */
export interface FollowContext {
  readonly tx: Transaction;
  /** By the schedules' clock. */
  readonly now: Instant;
  /** Minutes before a shift at which people are reminded unless they chose otherwise. */
  readonly reminderMinutes: readonly number[];
}

/** Reads the facts of an event. Throws when they are not what its type says. */
export function readEvent(row: PositionedEventRow): FollowedEvent {
  const type = row.type as EventType;
  const { id, occurredAt, publishedAt } = row;
  return { id, type, occurredAt, publishedAt, data: parseEventData(type, row.data) } as FollowedEvent;
}

/** A message to a channel of a schedule. */
export function toChannel(
  link: Pick<SlackChannelLink, 'workspace' | 'channel'>,
  message: Pick<NewSlackMessage, 'key' | 'kind' | 'subject' | 'facts' | 'urgent'> & Partial<NewSlackMessage>,
): NewSlackMessage {
  return {
    ...{ threadOf: null, afterMs: 0, staleMs: DAY_MS },
    ...message,
    workspace: link.workspace,
    place: { channel: link.channel, person: null },
  };
}

/** A direct message to a person, in the workspace where they are reached. */
export function toPerson(
  to: { readonly workspace: string; readonly person: string },
  message: Pick<NewSlackMessage, 'key' | 'kind' | 'subject' | 'facts' | 'urgent'> & Partial<NewSlackMessage>,
): NewSlackMessage {
  return {
    ...{ threadOf: null, afterMs: 0, staleMs: DAY_MS },
    ...message,
    workspace: to.workspace,
    place: { channel: null, person: to.person },
  };
}
