import { linkChannel, unlinkChannel } from '@watchbill/commands';
import type { SlackChannelLink } from '@watchbill/database';
import { actions, button, type Message, message, section } from '../../blocks/elements.ts';
import { escapeText, listed } from '../../blocks/text.ts';
import { failureOf } from '../../web/slack-failure.ts';
import { openForm } from '../desk/open-form.ts';
import { refusal, said } from '../desk/refusals.ts';
import { commandContext, type KnownVisit, type Visit } from '../desk/visit.ts';
import { LINK_TITLE, linkForm } from '../forms/link-form.ts';

/** Ties the channel to the schedule that was named; without one opens its settings. */
export async function answerLink(visit: KnownVisit, schedule: string | null): Promise<Message | null> {
  const { channel, workspace } = visit;
  if (channel === null) return said('Type this in the channel that is to be tied to a schedule.');
  if (schedule === null)
    return openForm(visit, { title: LINK_TITLE, fill: () => linkForm(visit, { channel, schedule }) });
  const unfit = await whyUnfit(visit, channel);
  if (unfit !== null) return said(unfit);
  const result = await linkChannel(commandContext(visit), { workspace, channel, schedule });
  return result.ok ? linked(result.value) : refusal(result.error);
}

/** Why we could not post in a channel, and what to do about it; null where we can, or Slack does not tell. */
export async function whyUnfit({ client, desk }: Visit, channel: string): Promise<string | null> {
  if (channel.startsWith('D')) {
    return 'This is a direct message. Type `/oncall link` in the channel that is to be tied to a schedule.';
  }
  try {
    const { channel: found } = await client.conversations.info({ channel });
    if (found?.is_archived === true) return 'This channel is archived. Take one that is in use.';
    if (found?.is_mpim === true) return 'This is a group message. Make a channel of it first.';
    if (found?.is_private === true && found.is_member !== true) return invite();
    return null;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'refused' && failure.reason === 'channel_not_found') return invite();
    desk.deps.logger.info({ channel, reason: failure }, 'channel not looked at');
    return null;
  }
}

function invite(): string {
  return 'This channel is private and I am not in it, so I could not post here. Type `/invite @Watchbill`, then the same again.';
}

/** What a channel shows from now on. */
export function linked({ schedule, settings }: SlackChannelLink): Message {
  const { shiftPosts, pages, topic, userGroup } = settings;
  const shown = [
    ...(shiftPosts ? ['handoffs and gaps'] : []),
    ...(pages ? ['pages'] : []),
    ...(topic ? ['who is on call, in the topic'] : []),
    ...(userGroup === null ? [] : [`the user group <!subteam^${userGroup}>`]),
  ];
  const text = `This channel is tied to *${escapeText(schedule)}*. It shows ${shown.length === 0 ? 'nothing by itself' : listed(shown)}. \`/oncall\` answers for that schedule here.`;
  const settingsButton = button({ id: 'link_settings', text: 'Settings', value: schedule });
  return message(text, [section(text), actions([settingsButton])]);
}

export async function answerUnlink(visit: KnownVisit): Promise<Message> {
  const { channel, workspace } = visit;
  if (channel === null) return said('Type this in the channel that is to be untied.');
  const result = await unlinkChannel(commandContext(visit), { workspace, channel });
  if (!result.ok) return refusal(result.error);
  return said(
    `This channel is not tied to *${escapeText(result.value.schedule)}* any more. Nothing is posted here.`,
  );
}
