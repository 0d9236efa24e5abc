import {
  clockNow,
  type Database,
  type DueTopic,
  keepTopic,
  onCallRows,
  readNames,
  takeTopics,
} from '@watchbill/database';
import { zoneOf } from '../render/zone-of.ts';
import { failureOf } from '../web/slack-failure.ts';
import { RECONCILE_MS, SILENT_ROLES, type SyncOptions } from './sync-user-groups.ts';
import { onCallText, type TopicRole, withOnCall } from './topic-text.ts';

const TOPICS_AT_ONCE = 10;
const HOLD_MS = 60_000;
const BROKEN_MS = 30_000;

/** Looks after the topics that are due; resolves with how many there were. */
export async function syncTopics(options: SyncOptions): Promise<number> {
  const topics = await takeTopics(options.database, TOPICS_AT_ONCE, HOLD_MS);
  for (const topic of topics) {
    try {
      await syncTopic(options, topic);
    } catch (error) {
      await afterFailure(options, topic, error);
    }
  }
  return topics.length;
}

async function syncTopic(options: SyncOptions, topic: DueTopic): Promise<void> {
  const { database, workspaces, rests, budget, onWritten } = options;
  const { workspace, channel } = topic;
  const key = topicsKey(workspace);
  const restMs = Math.max(rests.left(key), budget.waitMs(key, 1));
  if (restMs > 0) return keepTopic(database, topic, { problem: topic.problem, nextMs: restMs });
  budget.spend(key, 1);
  const ours = await topicOf(database, topic.schedule);
  const { once } = await workspaces.clients(workspace);
  const info = await once.conversations.info({ channel });
  // Slack gives it with its entities.
  const before = withoutEntities(info.channel?.topic?.value ?? '');
  const after = withOnCall(before, ours);
  if (after !== before) {
    await once.conversations.setTopic({ channel, topic: after });
    onWritten('topic');
  }
  await keepTopic(database, topic, { problem: null, nextMs: RECONCILE_MS });
}

async function topicOf(database: Database, schedule: string): Promise<string> {
  const now = await clockNow(database);
  const rows = (await onCallRows(database, [schedule], now)).filter(
    ({ kind, role }) => kind === 'now' && !SILENT_ROLES.some((silent) => silent === role),
  );
  const names = await readNames(
    database,
    rows.map(({ person }) => person),
  );
  const order = rows[0]?.roles ?? [];
  const roles = [...new Set(rows.map(({ role }) => role))].sort(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  const standing = roles.map((role): TopicRole => {
    const own = rows.filter((row) => row.role === role);
    const until = Math.min(...own.map(({ endsAt }) => endsAt));
    return { role, names: own.map(({ person }) => names.get(person) ?? person), until };
  });
  return onCallText(standing, await zoneOf(database, schedule));
}

async function afterFailure(
  { database, rests, logger }: SyncOptions,
  topic: DueTopic,
  error: unknown,
): Promise<void> {
  const { workspace, channel } = topic;
  const failure = failureOf(error);
  logger.warn({ workspace, channel, ...failure }, 'a topic could not be looked after');
  if (failure.kind === 'rate_limited') rests.rest(topicsKey(workspace), failure.retryAfterMs);
  const problem = failure.kind === 'refused' ? failure.reason : topic.problem;
  const nextMs =
    failure.kind === 'refused'
      ? RECONCILE_MS
      : failure.kind === 'rate_limited'
        ? failure.retryAfterMs
        : BROKEN_MS;
  await keepTopic(database, topic, { problem, nextMs });
}

function topicsKey(workspace: string): string {
  return `topics ${workspace}`;
}

function withoutEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
