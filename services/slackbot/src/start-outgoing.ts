import {
  type Database,
  listen,
  SLACK_CHANNEL,
  SLACK_CHECK_CHANNEL,
  STREAM_CHANNEL,
  wantSlackSync,
} from '@watchbill/database';
import { type Logger, type Loop, type Settings, startLoop } from '@watchbill/runtime';
import { startReporter } from './check/report-rights.ts';
import { waitMs } from './connection/socket-connection.ts';
import { streamFollower } from './follow/stream-follower.ts';
import { linkPeople } from './linking/link-people.ts';
import { notifyBySlack, settleByMessage } from './notify/slack-notifier.ts';
import { renderMessage } from './render/render-message.ts';
import { createChannelNames } from './send/find-channel.ts';
import { type MessageSender, startMessageSender } from './send/message-sender.ts';
import { createRests } from './send/rests.ts';
import type { SlackbotMetrics } from './slackbot-metrics.ts';
import { createCallBudget } from './sync/call-budget.ts';
import { syncTopics } from './sync/sync-topics.ts';
import { syncUserGroups } from './sync/sync-user-groups.ts';
import { writeGapNotices } from './timed/gap-notices.ts';
import { writeSwapReminders } from './timed/swap-reminders.ts';
import { failureOf } from './web/slack-failure.ts';
import type { Workspaces } from './workspaces/workspaces.ts';

const TIMED_EVERY_MS = 20_000;
const SYNC_EVERY_MS = 2_000;
const RENEW_EVERY_MS = 60_000;
/** How often it is asked whose the token is, once that is known: it may be another app's by now. */
const IDENTIFY_EVERY_MS = 10 * 60_000;

export interface OutgoingOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly settings: Pick<Settings, 'slack' | 'startingSoonMinutes'>;
  readonly workspaces: Workspaces;
  readonly figures: SlackbotMetrics;
  /** What is wrong with the connection, in plain words. */
  readonly connection: () => readonly string[];
}

/** Starts everything that the bot does of itself: what it says, and what it keeps in order in Slack. */
export function startOutgoing(options: OutgoingOptions): { close(): Promise<void> } {
  const { database, logger, settings, workspaces, figures, connection } = options;
  const rests = createRests();
  const names = createChannelNames();
  const sender = startSender(options, { rests, names });
  const start = (name: string, run: () => Promise<number>): Loop => startLoop({ name, logger, run });
  const onWritten = (what: 'user_group' | 'topic'): void => figures.synced(what);
  const sync = { database, workspaces, rests, budget: createCallBudget(), logger, onWritten };
  // Told by the database at once; the stream of events tells it again, a little later and for certain.
  const touched = new Set<string>();
  const syncing = start('slack sync', async () => {
    const schedules = [...touched];
    touched.clear();
    await wantSlackSync(database, schedules);
    const done = (await syncUserGroups(sync)) + (await syncTopics(sync));
    return done > 0 ? 0 : SYNC_EVERY_MS;
  });
  const notifier = { database, workspaces, names, logger, onWritten: sender.wake };
  const notifying = start('slack notifications', () => notifyBySlack(notifier));
  const onFollowed = (events: number): void => {
    figures.followed(events);
    if (events === 0) return;
    sender.wake();
    syncing.wake();
  };
  const reading = { database, logger, reminderMinutes: settings.startingSoonMinutes, onFollowed };
  const following = (['people', 'schedules'] as const).map((lane) =>
    start(`slack stream of ${lane}`, streamFollower(reading, lane)),
  );
  const reporter = startReporter({ database, workspaces, logger, settings: settings.slack, connection });
  const notices = new Map<string, string>();
  const linking = start('slack linking', () => linkPeople({ database, workspaces, rests, logger }));
  const renewing = start('slack tokens', async () => {
    await workspaces.renewTokens();
    return RENEW_EVERY_MS;
  });
  const timed = start('slack timed', async () => {
    await writeGapNotices(database, notices);
    await writeSwapReminders(database);
    return TIMED_EVERY_MS;
  });
  const onKnown = (): void => [linking, reporter].forEach(wake);
  const identifying = start('slack identity', identify(options, onKnown));
  const syncOf = (schedule: string): void => {
    touched.add(schedule);
    syncing.wake();
  };
  const wakes = {
    stream: { wake: () => following.forEach(wake) },
    notifications: notifying,
    check: reporter,
    schedules: { wake: syncOf },
  };
  const listener = listenFor(database, wakes);
  return {
    close: async () => {
      const loops = [identifying, ...following, notifying, syncing, linking, timed, renewing];
      await Promise.all([listener.close(), reporter.close(), ...loops.map((loop) => loop.close())]);
      await sender.close();
    },
  };
}

function wake(loop: Pick<Loop, 'wake'>): void {
  loop.wake();
}

/** Asks whose the token is; where Slack does not say, again after a wait that grows to a minute. */
function identify({ workspaces, logger }: OutgoingOptions, onKnown: () => void): () => Promise<number> {
  let failures = 0;
  return async () => {
    await workspaces.reseal();
    try {
      await workspaces.identify();
    } catch (error) {
      failures += 1;
      const pauseMs = waitMs(failures, Math.random());
      logger.warn({ ...failureOf(error), failures, pauseMs }, 'Slack does not say whose the token is');
      return pauseMs;
    }
    failures = 0;
    onKnown();
    return IDENTIFY_EVERY_MS;
  };
}

function startSender(
  { database, logger, workspaces, figures }: OutgoingOptions,
  parts: {
    readonly rests: ReturnType<typeof createRests>;
    readonly names: ReturnType<typeof createChannelNames>;
  },
): MessageSender {
  return startMessageSender({
    ...{ ...parts, database, logger, clients: workspaces.clients },
    render: (message) => renderMessage(database, message),
    onDelivered: (message, delivered) => {
      figures.delivered(message.kind, delivered.kind);
      settleByMessage(database, message, delivered).catch((error: Error) => {
        logger.warn({ err: error, message: message.id }, 'a notification is settled later');
      });
    },
  });
}

interface Wakeable {
  wake(payload: string): void;
}

/** Told with the id of each schedule whose shifts have changed. */
const SCHEDULE_CHANNEL = 'watchbill_schedule';

/** What the database tells of cuts the pauses short; after a break nobody knows what was told meanwhile. */
function listenFor(
  database: Database,
  told: Readonly<Record<'stream' | 'notifications' | 'check' | 'schedules', Wakeable>>,
) {
  const { stream, notifications, check, schedules } = told;
  const wakes: Readonly<Record<string, Wakeable>> = {
    [STREAM_CHANNEL]: stream,
    [SLACK_CHANNEL]: notifications,
    [SLACK_CHECK_CHANNEL]: check,
    [SCHEDULE_CHANNEL]: schedules,
  };
  return listen({
    connectionString: database.connectionString,
    channels: Object.keys(wakes),
    onNotify: (channel, payload) => wakes[channel]?.wake(payload),
    onState: (connected) => {
      if (!connected) return;
      stream.wake('');
      notifications.wake('');
    },
  });
}
