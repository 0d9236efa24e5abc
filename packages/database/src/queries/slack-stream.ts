import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** Told whenever events get their place in the stream. */
export const STREAM_CHANNEL = 'watchbill_stream';

/** `people`: swaps and pages, which somebody waits for. `schedules`: everything else that is told in Slack. */
export type SlackStreamLane = 'people' | 'schedules';

/** The first bot of an installation begins with what happens from then on. */
const START = statement(
  'slack-stream.start',
  `INSERT INTO slack_stream (lane, position)
   SELECT lane, position FROM stream_head, unnest(ARRAY['people', 'schedules']) AS lane
   ON CONFLICT (lane) DO NOTHING`,
);
const TAKE = statement(
  'slack-stream.take',
  'SELECT position FROM slack_stream WHERE lane = $1 FOR UPDATE SKIP LOCKED',
);
const MOVE = statement('slack-stream.move', 'UPDATE slack_stream SET position = $2 WHERE lane = $1');
const LAG = statement(
  'slack-stream.lag',
  'SELECT max(h.position - s.position) AS events FROM stream_head h, slack_stream s',
);
/** What a change took away from people or moved, by the events that were written at its instant. */
const REPLACED = statement(
  'slack-stream.replaced',
  `SELECT coalesce(data->'before', data->'shift')->>'role' AS role,
     (coalesce(data->'before', data->'shift')->>'start')::timestamptz AS start,
     (coalesce(data->'before', data->'shift')->>'end')::timestamptz AS "end"
   FROM events WHERE schedule_id = $1 AND published_at = $2::timestamptz
     AND type IN ('shift.cancelled', 'shift.changed')`,
);

/** Begins at the end of the stream where no bot has read yet. */
export async function startSlackStream(queryable: Queryable): Promise<void> {
  await queryable.query(START);
}

/** How far a lane of the stream was read, in the hands of this transaction; null while another bot reads. */
export async function takeSlackStream(tx: Transaction, lane: SlackStreamLane): Promise<number | null> {
  const [row] = await tx.query<{ position: number }>(TAKE, [lane]);
  return row?.position ?? null;
}

export async function moveSlackStream(
  tx: Transaction,
  lane: SlackStreamLane,
  position: number,
): Promise<void> {
  await tx.query(MOVE, [lane, position]);
}

/** How many events have their place and were not read, in the lane that is behind most. */
export async function slackStreamLag(queryable: Queryable): Promise<number> {
  const [row] = await queryable.query<{ events: number | null }>(LAG);
  return row?.events ?? 0;
}

/** The stretches of a schedule that the change of an instant took away or moved, as they were before it. */
export function replacedStretches(
  queryable: Queryable,
  change: { readonly schedule: string; readonly publishedAt: Instant },
): Promise<{ readonly role: string; readonly start: Instant; readonly end: Instant }[]> {
  return queryable.query(REPLACED, [change.schedule, toTimestamp(change.publishedAt)]);
}
