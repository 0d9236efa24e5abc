import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** Told when somebody wants the bots to look at their rights again. */
export const SLACK_CHECK_CHANNEL = 'watchbill_slack_check';

/** One thing that a bot looked at. */
export interface SlackFinding {
  readonly ok: boolean;
  /** In plain words, with what to do where it is not well. */
  readonly message: string;
}

/** What a bot found when it looked at its own rights. */
export interface SlackReport {
  readonly findings: readonly SlackFinding[];
}

export interface SlackBotRow {
  readonly id: string;
  readonly mode: string;
  readonly startedAt: Instant;
  /** How long ago it was last heard of. */
  readonly seenAgoMs: number;
  readonly report: SlackReport | null;
  readonly reportedAt: Instant | null;
}

const SEEN = statement(
  'slack-bots.seen',
  `INSERT INTO slack_bots (id, mode) VALUES ($1, $2)
   ON CONFLICT (id) DO UPDATE SET mode = excluded.mode, seen_at = clock_timestamp()`,
);
const REPORT = statement(
  'slack-bots.report',
  `UPDATE slack_bots SET report = $2::jsonb, reported_at = clock_timestamp(), seen_at = clock_timestamp()
   WHERE id = $1`,
);
const GONE = statement('slack-bots.gone', 'DELETE FROM slack_bots WHERE id = $1');
const LIST = statement(
  'slack-bots.list',
  `SELECT id, mode, started_at AS "startedAt",
     (extract(epoch FROM clock_timestamp() - seen_at) * 1000)::float8 AS "seenAgoMs", report,
     reported_at AS "reportedAt"
   FROM slack_bots WHERE seen_at > clock_timestamp() - $1 * interval '1 millisecond' ORDER BY started_at, id LIMIT 50`,
);
const PRUNE = statement(
  'slack-bots.prune',
  `DELETE FROM slack_bots WHERE seen_at < clock_timestamp() - interval '1 day'`,
);
const ON_CALL_SOON = statement(
  'slack-bots.on_call_soon',
  `SELECT DISTINCT p.id, p.name FROM shifts s JOIN people p ON p.id = s.person
   WHERE s.status = 'active' AND s.ends_at > clock_now() AND s.starts_at < clock_now() + interval '28 days'
   ORDER BY p.name, p.id LIMIT 5000`,
);
const SYNC_PROBLEMS = statement(
  'slack-bots.sync_problems',
  `SELECT 'The user group ' || user_group AS where, problem FROM slack_user_groups WHERE problem IS NOT NULL
   UNION ALL
   SELECT 'The topic of ' || channel, topic_problem FROM slack_channels WHERE topic_problem IS NOT NULL
   ORDER BY 1 LIMIT $1`,
);
const ASK = statement('slack-bots.ask', `SELECT pg_notify('${SLACK_CHECK_CHANNEL}', '')`);

/** Says that a bot runs. */
export async function noteSlackBot(queryable: Queryable, id: string, mode: string): Promise<void> {
  await queryable.query(SEEN, [id, mode]);
}

export async function saveSlackReport(queryable: Queryable, id: string, report: SlackReport): Promise<void> {
  await queryable.query(REPORT, [id, JSON.stringify(report)]);
}

/** Says that a bot has ended in good order. */
export async function removeSlackBot(queryable: Queryable, id: string): Promise<void> {
  await queryable.query(GONE, [id]);
}

/** The bots that were heard of within `withinMs`. */
export function listSlackBots(queryable: Queryable, withinMs: number): Promise<SlackBotRow[]> {
  return queryable.query<SlackBotRow>(LIST, [withinMs]);
}

export async function pruneSlackBots(queryable: Queryable): Promise<void> {
  await queryable.query(PRUNE);
}

/** Asks every running bot to look at its rights now. */
export async function askSlackBots(queryable: Queryable): Promise<void> {
  await queryable.query(ASK);
}

/** Everybody who is on call within four weeks, by name. */
export function peopleOnCallSoon(
  queryable: Queryable,
): Promise<{ readonly id: string; readonly name: string }[]> {
  return queryable.query(ON_CALL_SOON);
}

/** What keeps user groups and topics from being what they should be; at most `limit`. */
export function slackSyncProblems(
  queryable: Queryable,
  limit: number,
): Promise<{ readonly where: string; readonly problem: string }[]> {
  return queryable.query(SYNC_PROBLEMS, [limit]);
}
