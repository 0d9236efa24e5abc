import { type Database, slackMessageFigures, slackStreamLag } from '@watchbill/database';
import type { Metrics } from '@watchbill/runtime';

/** What the bot counts. */
export interface SlackbotMetrics {
  followed(events: number): void;
  delivered(kind: string, outcome: string): void;
  synced(what: string): void;
}

const LANES = ['urgent', 'bulk'] as const;

export function createSlackbotMetrics(metrics: Metrics, database: Database): SlackbotMetrics {
  const events = metrics.counter({
    name: 'watchbill_slack_events_total',
    help: 'Events of the stream that the bot has read',
  });
  const messages = metrics.counter({
    name: 'watchbill_slack_messages_total',
    help: 'Messages to Slack that were looked after, by kind and by what became of them',
    labels: ['kind', 'outcome'],
  });
  const syncs = metrics.counter({
    name: 'watchbill_slack_syncs_total',
    help: 'User groups and topics that were written',
    labels: ['what'],
  });
  metrics.addSource(async () => {
    const waiting = new Map((await slackMessageFigures(database)).map((row) => [row.urgent, row]));
    const of = (lane: (typeof LANES)[number]) => waiting.get(lane === 'urgent');
    return `${[
      '# HELP watchbill_slack_messages_waiting Messages to Slack that are due',
      '# TYPE watchbill_slack_messages_waiting gauge',
      ...LANES.map((lane) => `watchbill_slack_messages_waiting{lane="${lane}"} ${of(lane)?.waiting ?? 0}`),
      '# HELP watchbill_slack_messages_oldest_seconds Since when the oldest of them is due',
      '# TYPE watchbill_slack_messages_oldest_seconds gauge',
      ...LANES.map(
        (lane) => `watchbill_slack_messages_oldest_seconds{lane="${lane}"} ${of(lane)?.oldestSeconds ?? 0}`,
      ),
      '# HELP watchbill_slack_stream_lag_events Events that the bot has not read yet',
      '# TYPE watchbill_slack_stream_lag_events gauge',
      `watchbill_slack_stream_lag_events ${await slackStreamLag(database)}`,
    ].join('\n')}\n`;
  });
  return {
    followed: (count) => events.inc(count),
    delivered: (kind, outcome) => messages.inc({ kind, outcome }),
    synced: (what) => syncs.inc({ what }),
  };
}
