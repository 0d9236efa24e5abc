import { DAY_MS, HOUR_MS, parseInstant } from '@watchbill/core';
import {
  channelsOfSchedules,
  insertSlackMessages,
  mergeSlackMessageFacts,
  wantSlackMessages,
} from '@watchbill/database';
import type { MessageKind } from '../message-kinds.ts';
import { type FollowContext, type Followed, toChannel } from './follow-event.ts';

const SHIFT_POST: MessageKind = 'shift_post';
const GAP_NOTICE: MessageKind = 'gap_notice';
/** A handoff that long ago is no news any more. */
const LATEST_POST_MS = 6 * HOUR_MS;
/** Roles that hand over together are told together. */
const TOGETHER_MS = 1_500;

/** Who handed over to whom at an instant, by role. */
export interface Handover {
  readonly at: number;
  readonly roles: readonly {
    readonly role: string;
    readonly outgoing: readonly string[];
    readonly incoming: readonly string[];
  }[];
}

/** Each role has a key of its own, so that facts of several events come together in one row. */
const ROLE_KEY = 'role.';

/** Reads the facts of a post. */
export function readHandover(facts: Readonly<Record<string, unknown>>): Handover {
  const roles = Object.entries(facts).flatMap(([key, value]) => {
    if (!key.startsWith(ROLE_KEY)) return [];
    const change = value as { readonly outgoing: readonly string[]; readonly incoming: readonly string[] };
    return [{ role: key.slice(ROLE_KEY.length), ...change }];
  });
  return { at: Number(facts.at), roles: roles.sort((a, b) => (a.role < b.role ? -1 : 1)) };
}

/** A post in the channels of the schedule: who leaves, who comes. All roles of one instant make one post. */
export async function followHandoff(at: FollowContext, event: Followed<'handoff.completed'>): Promise<void> {
  const { tx, now } = at;
  if (now - event.occurredAt > LATEST_POST_MS) return;
  const { schedule, role, outgoing, incoming } = event.data;
  const links = (await channelsOfSchedules(tx, [schedule])).filter(({ settings }) => settings.shiftPosts);
  const facts = { at: event.occurredAt, [`${ROLE_KEY}${role}`]: { outgoing, incoming } };
  for (const link of links) {
    const key = `shift_post.${schedule}.${event.occurredAt}.${link.workspace}.${link.channel}`;
    const message = { key, kind: SHIFT_POST, subject: schedule, facts, urgent: false };
    const post = toChannel(link, { ...message, afterMs: TOGETHER_MS, staleMs: LATEST_POST_MS });
    const written = await insertSlackMessages(tx, [post]);
    if (written.length === 0) await mergeSlackMessageFacts(tx, key, facts);
  }
}

/** Tells the channels at once of hours without anybody that begin before the next morning's notice would tell. */
export async function followGap(
  at: FollowContext,
  event: Followed<'coverage.gap_found' | 'coverage.gap_closed'>,
): Promise<void> {
  const { tx, now } = at;
  const { gap } = event.data;
  await wantSlackMessages(tx, [gap.id], [GAP_NOTICE]);
  const start = parseInstant(gap.start) ?? now;
  if (event.type === 'coverage.gap_closed' || start - now > DAY_MS) return;
  const links = (await channelsOfSchedules(tx, [gap.schedule])).filter(({ settings }) => settings.shiftPosts);
  await insertSlackMessages(
    tx,
    links.map((link) =>
      toChannel(link, {
        ...{ key: `gap.${gap.id}.${link.workspace}.${link.channel}`, kind: GAP_NOTICE, subject: gap.id },
        ...{ facts: { gap }, urgent: false },
      }),
    ),
  );
}
