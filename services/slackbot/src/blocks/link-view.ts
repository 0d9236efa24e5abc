import type { KnownBlock, ModalView } from '@slack/types';
import { context, option } from './elements.ts';
import { checkboxes, input, menu, modal } from './view-elements.ts';

export const LINK_VIEW = 'link_submit';
export const NO_GROUP = 'none';

export interface LinkScene {
  readonly channel: string;
  readonly schedules: readonly string[];
  readonly schedule: string;
  readonly shiftPosts: boolean;
  readonly pages: boolean;
  readonly topic: boolean;
  readonly userGroup: string | null;
  /** Null where Slack does not tell them. */
  readonly groups: readonly { readonly id: string; readonly handle: string }[] | null;
}

/** The modal that ties a channel to a schedule and says what is shown there. */
export function linkView(scene: LinkScene): ModalView {
  const { channel, schedules, schedule, groups, userGroup } = scene;
  const shown = [
    option('Posts at each handoff, and gaps', 'shiftPosts'),
    option('Pages', 'pages'),
    option('Who is on call, in the topic', 'topic'),
  ];
  const chosen = (['shiftPosts', 'pages', 'topic'] as const).filter((key) => scene[key]);
  const blocks: KnownBlock[] = [
    input(
      { id: 'schedule', label: 'Schedule' },
      menu(
        schedules.map((id) => option(id, id)),
        schedule,
      ),
    ),
    input({ id: 'shown', label: 'What is shown in this channel', optional: true }, checkboxes(shown, chosen)),
    ...groupBlocks(groups, userGroup),
  ];
  return modal({
    callback: LINK_VIEW,
    title: 'Channel settings',
    submit: 'Save',
    blocks,
    state: { channel },
  });
}

function groupBlocks(groups: LinkScene['groups'], userGroup: string | null): KnownBlock[] {
  if (groups === null)
    return [context('User groups cannot be read in this workspace, so none is offered here.')];
  if (groups.length === 0) return [context('This workspace has no user groups.')];
  const options = groups.map(({ id, handle }) => option(`@${handle}`, id));
  // The chosen one first: a workspace may have more groups than a menu can hold.
  const first = options.filter(({ value }) => value === userGroup);
  return [
    input(
      { id: 'group', label: 'User group that follows who is on call', hint: 'Managers of the team only.' },
      menu([option('None', NO_GROUP), ...first, ...options], userGroup ?? NO_GROUP),
    ),
  ];
}
