import {
  countChannelLinks,
  deleteChannelLink,
  findChannelLink,
  findScheduleSummary,
  type SlackChannelLink,
  type SlackChannelSettings,
  saveChannelLink,
} from '@watchbill/database';
import { refuseUnlessManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';

/** How many channels may be linked. */
export const MAX_SLACK_CHANNELS = 5_000;

const USER_GROUP = /^S[A-Z0-9]{2,30}$/;
const CHANNEL = /^[CGD][A-Z0-9]{2,30}$/;

/** What a channel shows unless its settings say otherwise. */
export const DEFAULT_CHANNEL_SETTINGS: SlackChannelSettings = {
  shiftPosts: true,
  pages: true,
  userGroup: null,
  topic: false,
};

export interface LinkChannelInput {
  readonly workspace: string;
  /** A channel id, `C…`. */
  readonly channel: string;
  readonly schedule: string;
  /** What is left out stays as it is, or has its default in a new link. */
  readonly settings?: Partial<SlackChannelSettings> | undefined;
}

/**
 * Ties a channel to a schedule, or changes what it shows. The user group and the topic follow at once. Only managers
 * of the schedule's team may name a user group or let the topic be written, and only they may untie such a channel.
 */
export function linkChannel(
  context: CommandContext,
  input: LinkChannelInput,
): Promise<CommandResult<SlackChannelLink>> {
  return runCommand(context, { name: 'linkChannel', input }, async (tx) => {
    const { workspace, channel, schedule } = input;
    if (!CHANNEL.test(channel)) {
      return refuse('invalid', 'slack/channel', { message: 'Name a channel by its id, such as C0PAYMENTS.' });
    }
    const summary = await findScheduleSummary(tx, schedule);
    if (summary === null || summary.retiredAt !== null) {
      return refuse('not_found', 'schedule/not-found', { message: `There is no schedule "${schedule}".` });
    }
    const before = await findChannelLink(tx, { workspace, channel });
    const settings = { ...DEFAULT_CHANNEL_SETTINGS, ...before?.settings, ...input.settings };
    if (settings.userGroup !== null && !USER_GROUP.test(settings.userGroup)) {
      return refuse('invalid', 'slack/user-group', {
        message: 'Name a user group by its id, such as S0ONCALL, or by its @name.',
      });
    }
    const refused = await refuseForeignSync(context, tx, { before, after: { schedule, settings } });
    if (refused !== null) return refused;
    if (before === null && (await countChannelLinks(tx)) >= MAX_SLACK_CHANNELS) {
      return refuse('limit', 'limit/slack-channels', {
        message: `At most ${MAX_SLACK_CHANNELS} channels can be linked. Unlink some first.`,
      });
    }
    const link = { workspace, channel, schedule, settings };
    await saveChannelLink(tx, link, context.actor);
    return done(link);
  });
}

/** Unties a channel from its schedule. Its user group and topic stay as they are. */
export function unlinkChannel(
  context: CommandContext,
  input: { readonly workspace: string; readonly channel: string },
): Promise<CommandResult<SlackChannelLink>> {
  return runCommand(context, { name: 'unlinkChannel', input }, async (tx) => {
    const before = await findChannelLink(tx, input);
    if (before === null) {
      return refuse('not_found', 'slack/channel-not-linked', {
        message: 'This channel is not linked to a schedule.',
      });
    }
    const refused = await refuseForeignSync(context, tx, { before, after: null });
    if (refused !== null) return refused;
    await deleteChannelLink(tx, input);
    return done(before);
  });
}

type Tie = Pick<SlackChannelLink, 'schedule' | 'settings'>;

/** A user group wakes people and a topic is seen by all, so that only managers change what writes them. */
async function refuseForeignSync(
  { caller }: CommandContext,
  tx: Parameters<typeof refuseUnlessManager>[0],
  change: { readonly before: Tie | null; readonly after: Tie | null },
) {
  if (caller === undefined) return null;
  const { before, after } = change;
  const same =
    before?.schedule === after?.schedule &&
    before?.settings.userGroup === after?.settings.userGroup &&
    before?.settings.topic === after?.settings.topic;
  for (const tie of same ? [] : [before, after]) {
    if (tie === null || (tie.settings.userGroup === null && !tie.settings.topic)) continue;
    const refused = await refuseUnlessManager(tx, caller, tie.schedule);
    if (refused !== null) return refused;
  }
  return null;
}
