import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';

/** What a linked channel shows. */
export interface SlackChannelSettings {
  /** A post at each handoff, and the notice of gaps. */
  readonly shiftPosts: boolean;
  /** The pages of the schedule. */
  readonly pages: boolean;
  /** The user group (`S…`) that follows who is on call; null for none. */
  readonly userGroup: string | null;
  /** Whether the channel's topic says who is on call. */
  readonly topic: boolean;
}

/** A channel of a schedule. */
export interface SlackChannelLink {
  readonly workspace: string;
  readonly channel: string;
  readonly schedule: string;
  readonly settings: SlackChannelSettings;
}

interface Row extends SlackChannelSettings {
  readonly workspace: string;
  readonly channel: string;
  readonly schedule: string;
}

const COLUMNS = `c.workspace, c.channel, c.schedule_id AS schedule, c.shift_posts AS "shiftPosts", c.pages,
  c.user_group AS "userGroup", c.topic`;

const FIND = statement(
  'slack-channels.find',
  `SELECT ${COLUMNS} FROM slack_channels c WHERE c.workspace = $1 AND c.channel = $2`,
);
const OF_SCHEDULES = statement(
  'slack-channels.of_schedules',
  `SELECT ${COLUMNS} FROM slack_channels c JOIN slack_workspaces w ON w.id = c.workspace
   WHERE c.schedule_id = ANY($1::text[]) AND w.removed_at IS NULL ORDER BY c.linked_at, c.channel`,
);
const ALL = statement(
  'slack-channels.all',
  `SELECT ${COLUMNS} FROM slack_channels c JOIN slack_workspaces w ON w.id = c.workspace
   WHERE w.removed_at IS NULL AND (c.workspace, c.channel) > ($1, $2) ORDER BY c.workspace, c.channel LIMIT $3`,
);
const OF_GROUP = statement(
  'slack-channels.of_group',
  `SELECT ${COLUMNS} FROM slack_channels c WHERE c.workspace = $1 AND c.user_group = $2 ORDER BY c.channel`,
);
const COUNT = statement('slack-channels.count', 'SELECT count(*)::integer AS count FROM slack_channels');
const SAVE = statement(
  'slack-channels.save',
  `INSERT INTO slack_channels AS c (workspace, channel, schedule_id, shift_posts, pages, user_group, topic, linked_by,
     topic_due_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $7 THEN clock_timestamp() END)
   ON CONFLICT (workspace, channel) DO UPDATE SET schedule_id = excluded.schedule_id,
     shift_posts = excluded.shift_posts, pages = excluded.pages, user_group = excluded.user_group,
     topic = excluded.topic, linked_by = excluded.linked_by, linked_at = excluded.linked_at,
     topic_generation = c.topic_generation + 1, topic_due_at = excluded.topic_due_at, topic_problem = NULL`,
);
const WANT_GROUP = statement(
  'slack-channels.want_group',
  `INSERT INTO slack_user_groups AS g (workspace, user_group)
   SELECT $1, wanted.id FROM unnest($2::text[]) AS wanted (id) WHERE wanted.id IS NOT NULL ORDER BY wanted.id
   ON CONFLICT (workspace, user_group) DO UPDATE SET generation = g.generation + 1, due_at = clock_timestamp()`,
);
const DROP = statement(
  'slack-channels.drop',
  `DELETE FROM slack_channels AS c WHERE c.workspace = $1 AND c.channel = $2 RETURNING ${COLUMNS}`,
);

/** The schedule of a channel and what is shown there; null for a channel that is not linked. */
export async function findChannelLink(
  queryable: Queryable,
  at: { readonly workspace: string; readonly channel: string },
): Promise<SlackChannelLink | null> {
  const [row] = await queryable.query<Row>(FIND, [at.workspace, at.channel]);
  return row === undefined ? null : linkOf(row);
}

/** The channels of these schedules, in workspaces that still have the app. */
export async function channelsOfSchedules(
  queryable: Queryable,
  schedules: readonly string[],
): Promise<SlackChannelLink[]> {
  return (await queryable.query<Row>(OF_SCHEDULES, [schedules])).map(linkOf);
}

/** All linked channels after a place, in the order of workspace and channel. */
export async function pageChannelLinks(
  queryable: Queryable,
  after: { readonly workspace: string; readonly channel: string },
  limit: number,
): Promise<SlackChannelLink[]> {
  return (await queryable.query<Row>(ALL, [after.workspace, after.channel, limit])).map(linkOf);
}

/** The channels that share a user group. */
export async function channelsOfGroup(
  queryable: Queryable,
  group: { readonly workspace: string; readonly userGroup: string },
): Promise<SlackChannelLink[]> {
  return (await queryable.query<Row>(OF_GROUP, [group.workspace, group.userGroup])).map(linkOf);
}

export async function countChannelLinks(queryable: Queryable): Promise<number> {
  const [row] = await queryable.query<{ count: number }>(COUNT);
  return row?.count ?? 0;
}

/** Links a channel, or changes its link, and has its user group and its topic looked at. */
export async function saveChannelLink(
  tx: Transaction,
  link: SlackChannelLink,
  linkedBy: string,
): Promise<void> {
  const { workspace, channel, schedule, settings } = link;
  const before = await findChannelLink(tx, link);
  const { shiftPosts, pages, userGroup, topic } = settings;
  await tx.query(SAVE, [workspace, channel, schedule, shiftPosts, pages, userGroup, topic, linkedBy]);
  await wantGroups(tx, workspace, [userGroup, before?.settings.userGroup ?? null]);
}

/** Takes the link of a channel away; null when there was none. */
export async function deleteChannelLink(
  tx: Transaction,
  at: { readonly workspace: string; readonly channel: string },
): Promise<SlackChannelLink | null> {
  const [row] = await tx.query<Row>(DROP, [at.workspace, at.channel]);
  if (row === undefined) return null;
  await wantGroups(tx, row.workspace, [row.userGroup]);
  return linkOf(row);
}

async function wantGroups(
  tx: Transaction,
  workspace: string,
  groups: readonly (string | null)[],
): Promise<void> {
  const named = [...new Set(groups.filter((group) => group !== null))];
  if (named.length > 0) await tx.query(WANT_GROUP, [workspace, named]);
}

function linkOf({ workspace, channel, schedule, ...settings }: Row): SlackChannelLink {
  return { workspace, channel, schedule, settings };
}
