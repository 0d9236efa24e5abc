import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** A user group that is to be looked at. `generation` tells whether something changed meanwhile. */
export interface DueUserGroup {
  readonly workspace: string;
  readonly userGroup: string;
  readonly members: readonly string[] | null;
  /** How long ago Slack last said or took them; null for never. */
  readonly checkedAgoMs: number | null;
  readonly generation: number;
  readonly problem: string | null;
  /** Schedules whose people are in it; none: no channel names the group any more. */
  readonly schedules: readonly string[];
}

/** A channel whose topic is to be looked at. */
export interface DueTopic {
  readonly workspace: string;
  readonly channel: string;
  readonly schedule: string;
  readonly generation: number;
  readonly problem: string | null;
}

const WANT_SYNC = statement(
  'slack-sync.want',
  `WITH topics AS (
     UPDATE slack_channels SET topic_generation = topic_generation + 1, topic_due_at = clock_timestamp()
     WHERE schedule_id = ANY($1::text[]) AND topic
   )
   UPDATE slack_user_groups g SET generation = g.generation + 1, due_at = clock_timestamp()
   FROM slack_channels c
   WHERE c.schedule_id = ANY($1::text[]) AND g.workspace = c.workspace AND g.user_group = c.user_group`,
);
const WANT_GROUPS_OF = statement(
  'slack-sync.want_groups_of',
  `UPDATE slack_user_groups SET generation = generation + 1, due_at = clock_timestamp() WHERE workspace = $1`,
);
const TAKE_GROUPS = statement(
  'slack-sync.take_groups',
  `UPDATE slack_user_groups g SET due_at = clock_timestamp() + $2 * interval '1 millisecond'
   FROM (
     SELECT d.workspace, d.user_group FROM slack_user_groups d
     JOIN slack_workspaces w ON w.id = d.workspace AND w.removed_at IS NULL
     WHERE d.due_at <= clock_timestamp() ORDER BY d.due_at, d.workspace, d.user_group LIMIT $1
     FOR UPDATE OF d SKIP LOCKED
   ) due
   WHERE g.workspace = due.workspace AND g.user_group = due.user_group
   RETURNING g.workspace, g.user_group AS "userGroup", g.members, g.generation, g.problem,
     (extract(epoch FROM clock_timestamp() - g.checked_at) * 1000)::float8 AS "checkedAgoMs",
     coalesce((SELECT array_agg(DISTINCT c.schedule_id ORDER BY c.schedule_id) FROM slack_channels c
       WHERE c.workspace = g.workspace AND c.user_group = g.user_group), '{}') AS schedules`,
);
const KEEP_GROUP = statement(
  'slack-sync.keep_group',
  `UPDATE slack_user_groups SET members = coalesce($4::text[], members), problem = $5,
     checked_at = CASE WHEN $4::text[] IS NULL THEN checked_at ELSE clock_timestamp() END,
     due_at = CASE WHEN generation = $3 THEN clock_timestamp() + $6 * interval '1 millisecond'
       ELSE clock_timestamp() END
   WHERE workspace = $1 AND user_group = $2`,
);
const DROP_GROUP = statement(
  'slack-sync.drop_group',
  `DELETE FROM slack_user_groups g WHERE g.workspace = $1 AND g.user_group = $2 AND NOT EXISTS (
     SELECT FROM slack_channels c WHERE c.workspace = g.workspace AND c.user_group = g.user_group)`,
);
const TAKE_TOPICS = statement(
  'slack-sync.take_topics',
  `UPDATE slack_channels t SET topic_due_at = clock_timestamp() + $2 * interval '1 millisecond'
   FROM (
     SELECT d.workspace, d.channel FROM slack_channels d
     JOIN slack_workspaces w ON w.id = d.workspace AND w.removed_at IS NULL
     WHERE d.topic AND d.topic_due_at <= clock_timestamp() ORDER BY d.topic_due_at, d.channel LIMIT $1
     FOR UPDATE OF d SKIP LOCKED
   ) due
   WHERE t.workspace = due.workspace AND t.channel = due.channel
   RETURNING t.workspace, t.channel, t.schedule_id AS schedule, t.topic_generation AS generation,
     t.topic_problem AS problem`,
);
const KEEP_TOPIC = statement(
  'slack-sync.keep_topic',
  `UPDATE slack_channels SET topic_problem = $4,
     topic_due_at = CASE WHEN topic_generation = $3 THEN clock_timestamp() + $5 * interval '1 millisecond'
       ELSE clock_timestamp() END
   WHERE workspace = $1 AND channel = $2 AND topic`,
);
const ON_CALL = statement(
  'slack-sync.on_call',
  `SELECT DISTINCT person FROM shifts
   WHERE schedule_id = ANY($1::text[]) AND status = 'active' AND role <> ALL($2::text[])
     AND starts_at <= clock_now() AND ends_at > clock_now()
   ORDER BY person`,
);

/** Has the user groups and topics of these schedules looked at now. */
export async function wantSlackSync(queryable: Queryable, schedules: readonly string[]): Promise<void> {
  if (schedules.length > 0) await queryable.query(WANT_SYNC, [schedules]);
}

/** Has every user group of a workspace looked at now: somebody was linked. */
export async function wantUserGroupsOf(queryable: Queryable, workspace: string): Promise<void> {
  await queryable.query(WANT_GROUPS_OF, [workspace]);
}

/** Takes up to `limit` user groups that are due, for `holdMs`; then they are due again. */
export function takeUserGroups(queryable: Queryable, limit: number, holdMs: number): Promise<DueUserGroup[]> {
  return queryable.query<DueUserGroup>(TAKE_GROUPS, [limit, holdMs]);
}

/**
 * Keeps what a look at a user group found: `members` where Slack said or took them. The next look is in `nextMs`, or
 * at once where something changed meanwhile.
 */
export async function keepUserGroup(
  queryable: Queryable,
  group: Pick<DueUserGroup, 'workspace' | 'userGroup' | 'generation'>,
  found: {
    readonly members: readonly string[] | null;
    readonly problem: string | null;
    readonly nextMs: number;
  },
): Promise<void> {
  const { workspace, userGroup, generation } = group;
  const { members, problem, nextMs } = found;
  await queryable.query(KEEP_GROUP, [workspace, userGroup, generation, members, problem, nextMs]);
}

/** Forgets a user group that no channel names any more. */
export async function dropUserGroup(
  queryable: Queryable,
  group: Pick<DueUserGroup, 'workspace' | 'userGroup'>,
): Promise<void> {
  await queryable.query(DROP_GROUP, [group.workspace, group.userGroup]);
}

/** Takes up to `limit` channels whose topic is due, for `holdMs`. */
export function takeTopics(queryable: Queryable, limit: number, holdMs: number): Promise<DueTopic[]> {
  return queryable.query<DueTopic>(TAKE_TOPICS, [limit, holdMs]);
}

/** Keeps what a look at a topic found. */
export async function keepTopic(
  queryable: Queryable,
  topic: Pick<DueTopic, 'workspace' | 'channel' | 'generation'>,
  found: { readonly problem: string | null; readonly nextMs: number },
): Promise<void> {
  const { workspace, channel, generation } = topic;
  await queryable.query(KEEP_TOPIC, [workspace, channel, generation, found.problem, found.nextMs]);
}

/** Who is on call now in any of these schedules, but for some roles. */
export async function onCallOf(
  queryable: Queryable,
  schedules: readonly string[],
  exceptRoles: readonly string[],
): Promise<string[]> {
  const rows = await queryable.query<{ person: string }>(ON_CALL, [schedules, exceptRoles]);
  return rows.map((row) => row.person);
}
