import { DAY_MS, formatDate, HOUR_MS, type Instant, localDay, toWall } from '@watchbill/core';
import {
  clockNow,
  type Database,
  findScheduleSummary,
  gapsWithin,
  insertSlackMessages,
  pageChannelLinks,
  type SlackChannelLink,
} from '@watchbill/database';
import { toChannel } from '../follow/follow-event.ts';
import type { MessageKind } from '../message-kinds.ts';
import { NOTICE_MS } from '../render/render-gap-notice.ts';

const GAP_NOTICE: MessageKind = 'gap_notice';
/** The wall time of the notice, in the schedule's zone. */
const NOTICE_AT_MS = 9 * HOUR_MS;
/** After an outage it still comes until then; later it waits for the next morning. */
const NOTICE_UNTIL_MS = 12 * HOUR_MS;
const LINKS_READ = 500;

/** The local date for which a notice is due at an instant, or null when it is not the hour for it. */
export function noticeDay(now: Instant, zone: string): string | null {
  const day = localDay(now, zone);
  const wall = toWall(now, zone) - day * DAY_MS;
  return wall >= NOTICE_AT_MS && wall < NOTICE_UNTIL_MS ? formatDate(day) : null;
}

/**
 * Tells each channel, once a morning in its schedule's zone, of the gaps of the coming week; not where there are none.
 * `done` remembers in memory what was looked at, and the key of each message whatever happens.
 */
export async function writeGapNotices(database: Database, done: Map<string, string>): Promise<void> {
  const now = await clockNow(database);
  let after = { workspace: '', channel: '' };
  for (;;) {
    const links = await pageChannelLinks(database, after, LINKS_READ);
    for (const link of links) {
      if (link.settings.shiftPosts) await noticeFor(database, link, { now, done });
    }
    const last = links.at(-1);
    if (last === undefined || links.length < LINKS_READ) return;
    after = last;
  }
}

async function noticeFor(
  database: Database,
  link: SlackChannelLink,
  { now, done }: { readonly now: Instant; readonly done: Map<string, string> },
): Promise<void> {
  const { schedule, workspace, channel } = link;
  const summary = await findScheduleSummary(database, schedule);
  if (summary === null || summary.retiredAt !== null) return;
  const day = noticeDay(now, summary.timeZone);
  const place = `${workspace}.${channel}`;
  if (day === null || done.get(place) === day) return;
  const gaps = await gapsWithin(database, { schedule, from: now, to: now + NOTICE_MS });
  if (gaps.length > 0) {
    const key = `gaps.${schedule}.${day}.${place}`;
    const message = { key, kind: GAP_NOTICE, subject: schedule, facts: {}, urgent: false };
    await database.transaction((tx) =>
      insertSlackMessages(tx, [toChannel(link, { ...message, staleMs: NOTICE_UNTIL_MS - NOTICE_AT_MS })]),
    );
  }
  done.set(place, day);
}
