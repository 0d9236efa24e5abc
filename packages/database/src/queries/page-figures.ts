import type { PageState, Urgency } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** What there is to know of pages at a glance; times in seconds of real time. */
export interface PageFigures {
  readonly open: readonly { readonly state: PageState; readonly urgency: Urgency; readonly count: number }[];
  /** How long the oldest notification that is due has waited; 0 when none does. */
  readonly oldestNotification: number;
  /** From a page to its first notification that was handed over; of the pages of the last day. */
  readonly notify: Quantiles;
  /** From a page to its first acknowledgement; of the pages of the last day. */
  readonly acknowledge: Quantiles;
}

/** Null when there is nothing to measure. */
export interface Quantiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

/** Pages that are looked at for the quantiles, the newest first. */
const PAGES_MEASURED = 10_000;

const OPEN = statement(
  'page_figures.open',
  `SELECT state, urgency, count(*)::int AS count FROM pages WHERE state <> 'resolved' GROUP BY state, urgency`,
);
const OLDEST = statement(
  'page_figures.oldest',
  `SELECT greatest(0, coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0))::double precision AS seconds
   FROM notifications WHERE status = 'pending' AND due_at <= clock_timestamp()`,
);
const QUANTILES = (seconds: string) => `SELECT count(seconds)::int AS count,
     percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS p50,
     percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) AS p90,
     percentile_cont(0.99) WITHIN GROUP (ORDER BY seconds) AS p99
   FROM (SELECT (${seconds})::double precision AS seconds FROM (
     SELECT id, created_at, first_acknowledged_at FROM pages
     WHERE created_at > clock_timestamp() - interval '1 day' ORDER BY created_at DESC LIMIT $1) AS p) AS measured`;
const NOTIFY = statement(
  'page_figures.notify',
  QUANTILES(
    `SELECT extract(epoch FROM min(n.sent_at) - p.created_at) FROM notifications n WHERE n.page_id = p.id`,
  ),
);
const ACKNOWLEDGE = statement(
  'page_figures.acknowledge',
  QUANTILES('extract(epoch FROM p.first_acknowledged_at - p.created_at)'),
);

const NOTHING: Quantiles = { count: 0, p50: null, p90: null, p99: null };

export async function pageFigures(queryable: Queryable): Promise<PageFigures> {
  const open = await queryable.query<PageFigures['open'][number]>(OPEN);
  const [oldest] = await queryable.query<{ seconds: number }>(OLDEST);
  const [notify = NOTHING] = await queryable.query<Quantiles>(NOTIFY, [PAGES_MEASURED]);
  const [acknowledge = NOTHING] = await queryable.query<Quantiles>(ACKNOWLEDGE, [PAGES_MEASURED]);
  return { open, oldestNotification: oldest?.seconds ?? 0, notify, acknowledge };
}
