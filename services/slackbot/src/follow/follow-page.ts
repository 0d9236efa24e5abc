import { DAY_MS, schedulesOf } from '@watchbill/core';
import {
  channelsOfSchedules,
  insertSlackMessages,
  readPage,
  slackMessagesAbout,
  wantSlackMessages,
} from '@watchbill/database';
import type { MessageKind } from '../message-kinds.ts';
import { type FollowContext, type FollowedEvent, toChannel } from './follow-event.ts';

const PAGE: MessageKind = 'page';
const PAGE_LOG: MessageKind = 'page_log';

export type PageEvent = Extract<FollowedEvent, { readonly type: `page.${string}` }>;

/**
 * Messages about a page: one in each channel that is linked to a schedule of its policy, edited at every change, with
 * what happens in its thread. Direct messages and the channels that a step names come from its notifications.
 */
export async function followPage(at: FollowContext, event: PageEvent): Promise<void> {
  const { tx } = at;
  const { id } = event.data.page;
  await wantSlackMessages(tx, [id], [PAGE]);
  if (event.type === 'page.triggered') await tellChannels(at, id);
  else await logToThreads(at, event);
}

async function tellChannels({ tx }: FollowContext, id: string): Promise<void> {
  const page = await readPage(tx, id);
  if (page === null || page.place.state === 'resolved') return;
  const schedules = page.schedule === null ? schedulesOf(page.escalation) : [page.schedule];
  const links = (await channelsOfSchedules(tx, schedules)).filter(({ settings }) => settings.pages);
  await insertSlackMessages(
    tx,
    links.map((link) =>
      toChannel(link, {
        ...{ key: pageChannelKey(id, link), kind: PAGE, subject: id, facts: {}, urgent: true },
      }),
    ),
  );
}

async function logToThreads({ tx }: FollowContext, event: PageEvent): Promise<void> {
  const { id } = event.data.page;
  const messages = await slackMessagesAbout(tx, id, [PAGE]);
  await insertSlackMessages(
    tx,
    messages.flatMap(({ key, workspace, channel, person }) =>
      channel === null || person !== null
        ? []
        : [
            toChannel(
              { workspace, channel },
              {
                ...{ key: `page.${id}.log.${event.id}.${workspace}.${channel}`, kind: PAGE_LOG, subject: id },
                ...{ facts: { event }, urgent: false, threadOf: key, staleMs: DAY_MS },
              },
            ),
          ],
    ),
  );
}

/** The message about a page in a channel: there is one, whoever wants it there. */
export function pageChannelKey(
  page: string,
  at: { readonly workspace: string; readonly channel: string },
): string {
  return `page.${page}.channel.${at.workspace}.${at.channel}`;
}
