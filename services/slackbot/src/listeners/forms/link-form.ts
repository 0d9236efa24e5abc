import type { ModalView } from '@slack/types';
import { DEFAULT_CHANNEL_SETTINGS } from '@watchbill/commands';
import { activeScheduleIds, findChannelLink } from '@watchbill/database';
import { section } from '../../blocks/elements.ts';
import { linkView } from '../../blocks/link-view.ts';
import { MENU_OPTIONS, outcomeView } from '../../blocks/view-elements.ts';
import { failureOf } from '../../web/slack-failure.ts';
import type { Visit } from '../desk/visit.ts';

export const LINK_TITLE = 'Channel settings';

/** The modal of a channel's settings, as they are now. */
export async function linkForm(
  visit: Visit,
  wish: { readonly channel: string; readonly schedule: string | null },
): Promise<ModalView> {
  const { database } = visit.desk.deps;
  const { channel } = wish;
  const link = await findChannelLink(database, { workspace: visit.workspace, channel });
  const all = await activeScheduleIds(database, MENU_OPTIONS);
  const schedule = wish.schedule ?? link?.schedule ?? all[0];
  if (schedule === undefined) {
    return outcomeView(LINK_TITLE, [section('There are no schedules yet: apply a `watchbill.yaml` first.')]);
  }
  const schedules = all.includes(schedule) ? all : [schedule, ...all.slice(0, MENU_OPTIONS - 1)];
  const settings = link?.settings ?? DEFAULT_CHANNEL_SETTINGS;
  return linkView({ channel, schedules, schedule, ...settings, groups: await userGroups(visit) });
}

/** The user groups in use; null where Slack does not let us see them. */
async function userGroups({ client, desk }: Visit): Promise<{ id: string; handle: string }[] | null> {
  try {
    const { usergroups = [] } = await client.usergroups.list();
    return usergroups.flatMap(({ id, handle, date_delete: deleted }) =>
      id === undefined || handle === undefined || (deleted ?? 0) > 0 ? [] : [{ id, handle }],
    );
  } catch (error) {
    desk.deps.logger.info({ reason: failureOf(error) }, 'user groups not read');
    return null;
  }
}
