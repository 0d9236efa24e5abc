import type { App, MessageShortcut } from '@slack/bolt';
import { plainText } from '../../words/tokens.ts';
import { attend } from '../desk/attend.ts';
import { openForm } from '../desk/open-form.ts';
import { said, strangerText } from '../desk/refusals.ts';
import { type Desk, mayPage, type Visit } from '../desk/visit.ts';
import { PAGE_TITLE, pageForm } from '../forms/page-form.ts';
import { meantSchedule } from '../reads/schedules.ts';

/** The callback id of the message shortcut, as the manifests name it. */
export const PAGE_SHORTCUT = 'page_on_call';

/** "Page the on-call" on a message: its text and its link come along. */
export function listenToPageShortcut(app: App, desk: Desk): void {
  app.shortcut<MessageShortcut>({ type: 'message_action', callback_id: PAGE_SHORTCUT }, async (args) => {
    const { ack, body, client, context, respond } = args;
    await ack();
    const channel = body.channel.id;
    const request = {
      ...{ key: `slack.shortcut.${body.trigger_id}`, client, channel, trigger: body.trigger_id },
      ...{ workspace: context.teamId ?? body.team?.id ?? '', slackUser: body.user.id, respond },
    };
    const { ts } = body.message;
    const text = wordsOf(body.message);
    await attend(desk, request, async (visit) => {
      if (!mayPage(visit)) return said(strangerText(visit));
      return openForm(visit, {
        title: PAGE_TITLE,
        fill: async () => {
          const meant = await meantSchedule(visit, null);
          const schedule = meant.ok ? meant.schedule.id : null;
          const link = ts === undefined ? null : await linkTo(visit, { channel, ts });
          return pageForm(visit, { schedule, summary: plainText(text), severity: 'critical', link });
        },
      });
    });
  });
}

/** Nested blocks of a bot's message are looked through this deep. */
const DEPTH = 6;

/** What a message says: alerts of bots often have no text of their own, but blocks and attachments that have. */
export function wordsOf(message: Readonly<Record<string, unknown>>): string {
  const { text, blocks, attachments } = message;
  if (typeof text === 'string' && text.trim() !== '') return text;
  const attached = (Array.isArray(attachments) ? attachments : []).flatMap(
    (each: Record<string, unknown>) => {
      const lines = [each.title, each.text].filter((line) => typeof line === 'string' && line !== '');
      return lines.length > 0 ? lines : textsIn(each.blocks).concat(String(each.fallback ?? ''));
    },
  );
  return [...textsIn(blocks), ...attached].join('\n').trim();
}

function textsIn(value: unknown, depth = DEPTH): string[] {
  if (depth === 0 || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(each, depth - 1));
  const { text, fields, elements, type } = value as Readonly<Record<string, unknown>>;
  if (type === 'button') return [];
  const own = typeof text === 'string' ? [text] : textsIn(text, depth - 1);
  return [...own, ...textsIn(fields, depth - 1), ...textsIn(elements, depth - 1)];
}

/** The address of a message; null where Slack does not tell it, as in a channel that we are not in. */
async function linkTo(
  { client }: Visit,
  at: { readonly channel: string; readonly ts: string },
): Promise<string | null> {
  try {
    const { permalink } = await client.chat.getPermalink({ channel: at.channel, message_ts: at.ts });
    return permalink ?? null;
  } catch {
    // A page without a link is worth more than no page.
    return null;
  }
}
