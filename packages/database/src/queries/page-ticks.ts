import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** Both clocks at one moment: real time, by which pages go, and the schedules', by which somebody is on call. */
export interface PageMoment {
  readonly now: Instant;
  readonly scheduled: Instant;
}

/** What the ticker of pages needs to know before it sleeps; all in ms of real time. */
export interface PagesDue {
  /** Until the next page or notification is to be woken; 0 when one is, null when there is none. */
  readonly inMs: number | null;
  /** How long the oldest step that is due has waited; 0 when none is. */
  readonly overdueMs: number;
}

/** Who is on call in one role. */
export interface RoleOnCall {
  readonly schedule: string;
  readonly role: string;
  readonly person: string;
}

const MOMENT = statement(
  'page_ticks.moment',
  `SELECT date_trunc('milliseconds', clock_timestamp()) AS now, clock_now() AS scheduled`,
);
const DUE = statement(
  'page_ticks.due',
  `SELECT greatest(0, ceil(extract(epoch FROM least(p.wake_at, n.wake_at) - clock_timestamp()) * 1000))
       ::double precision AS "inMs",
     greatest(0, coalesce(extract(epoch FROM clock_timestamp() - p.due_at) * 1000, 0))::double precision AS "overdueMs"
   FROM (SELECT min(wake_at) AS wake_at, min(due_at) AS due_at FROM pages WHERE wake_at IS NOT NULL) AS p,
     (SELECT min(wake_at) AS wake_at FROM notifications
      WHERE wake_at IS NOT NULL AND (leased_until IS NULL OR leased_until <= clock_timestamp())) AS n`,
);
/** gen_random_uuid: a wake-up is never the same as an earlier one. */
const WAKE_PAGES = statement(
  'page_ticks.wake_pages',
  `WITH due AS (
     SELECT id FROM pages WHERE wake_at <= (SELECT clock_timestamp())
     ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED
   ), moved AS (
     UPDATE pages AS p SET wake_at = clock_timestamp() + $2 * interval '1 millisecond'
     FROM due WHERE p.id = due.id RETURNING p.id
   ), told AS (
     INSERT INTO outbox (key, queue, name, payload)
     SELECT 'pages.' || gen_random_uuid(), 'pages', 'pages.due', jsonb_build_object('pages', jsonb_agg(id))
     FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / $3::int AS part FROM moved) AS parted
     GROUP BY part
   )
   SELECT count(*)::int AS woken FROM moved`,
);
const WAKE_NOTIFICATIONS = statement(
  'page_ticks.wake_notifications',
  `WITH due AS (
     SELECT id FROM notifications
     WHERE wake_at <= (SELECT clock_timestamp()) AND (leased_until IS NULL OR leased_until <= (SELECT clock_timestamp()))
     ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED
   ), moved AS (
     UPDATE notifications AS n SET wake_at = clock_timestamp() + $2 * interval '1 millisecond'
     FROM due WHERE n.id = due.id RETURNING n.id, n.way
   ), told AS (
     INSERT INTO outbox (key, queue, name, payload)
     SELECT 'notifications.' || gen_random_uuid(), 'notifications', 'notifications.due',
       jsonb_build_object('notifications', jsonb_agg(id))
     FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / $3::int AS part FROM moved WHERE way <> 'slack') AS parted
     GROUP BY part
   )
   SELECT count(*)::int AS woken FROM moved`,
);
const ON_CALL = statement(
  'page_ticks.on_call',
  `SELECT s.schedule_id AS schedule, s.role, s.person FROM shifts s
   WHERE s.schedule_id = ANY($1::text[]) AND s.status = 'active'
     AND tstzrange(s.starts_at, s.ends_at) @> $2::timestamptz
   ORDER BY s.schedule_id, s.role, s.seat, s.person`,
);
/** Whoever is on call in a role that an open page follows and was told of nothing in its round. */
const NEWCOMERS = statement(
  'page_ticks.newcomers',
  `SELECT DISTINCT p.id FROM pages p
   JOIN page_roles r ON r.page_id = p.id
   JOIN shifts s ON s.schedule_id = r.schedule_id AND s.role = r.role AND s.status = 'active'
     AND tstzrange(s.starts_at, s.ends_at) @> (SELECT clock_now())
   WHERE p.state <> 'resolved' AND ($1::text[] IS NULL OR r.schedule_id = ANY($1::text[]))
     AND NOT EXISTS (SELECT FROM notifications n
       WHERE n.page_id = p.id AND n.round = p.round AND n.person = s.person)
     AND (NOT r.one OR NOT EXISTS (SELECT FROM notifications n JOIN shifts t ON t.person = n.person
       WHERE n.page_id = p.id AND n.round = p.round AND t.schedule_id = r.schedule_id AND t.role = r.role
         AND t.status = 'active' AND tstzrange(t.starts_at, t.ends_at) @> (SELECT clock_now())))
   ORDER BY p.id LIMIT $2`,
);
const TICKED = statement(
  'page_ticks.ticked',
  `INSERT INTO scheduler_tick (ticked_at) VALUES (clock_timestamp())
   ON CONFLICT (only_row) DO UPDATE SET ticked_at = excluded.ticked_at`,
);
const TICK_AGE = statement(
  'page_ticks.tick_age',
  `SELECT (SELECT (extract(epoch FROM clock_timestamp() - ticked_at) * 1000)::double precision FROM scheduler_tick)
     AS "tickAgeMs",
     (SELECT greatest(0, coalesce(extract(epoch FROM clock_timestamp() - min(due_at)) * 1000, 0))::double precision
      FROM pages WHERE wake_at IS NOT NULL) AS "overdueMs"`,
);

export async function pageMoment(queryable: Queryable): Promise<PageMoment> {
  const [row] = await queryable.query<PageMoment>(MOMENT);
  if (row === undefined) throw new Error('the database told no time');
  return row;
}

/** When the ticker of pages has to look again. */
export async function pagesDue(queryable: Queryable): Promise<PagesDue> {
  const [row] = await queryable.query<PagesDue>(DUE);
  return row ?? { inMs: null, overdueMs: 0 };
}

/** Writes wake-ups for pages that are due, or whose last wake-up had no effect, `perJob` of them in each. */
export async function wakePages(
  queryable: Queryable,
  limit: number,
  plan: { readonly wakeAgainMs: number; readonly perJob: number },
): Promise<number> {
  const [row] = await queryable.query<{ woken: number }>(WAKE_PAGES, [limit, plan.wakeAgainMs, plan.perJob]);
  return row?.woken ?? 0;
}

/**
 * Writes wake-ups for notifications that are due, or whose last wake-up had no effect. Those of Slack are not woken:
 * the Slack bot looks for them itself.
 */
export async function wakeNotifications(
  queryable: Queryable,
  limit: number,
  plan: { readonly wakeAgainMs: number; readonly perJob: number },
): Promise<number> {
  const values = [limit, plan.wakeAgainMs, plan.perJob];
  const [row] = await queryable.query<{ woken: number }>(WAKE_NOTIFICATIONS, values);
  return row?.woken ?? 0;
}

/** Who is on call in schedules at an instant of their clock, by role, as the stored shifts say. */
export function rolesOnCall(
  queryable: Queryable,
  schedules: readonly string[],
  at: Instant,
): Promise<RoleOnCall[]> {
  if (schedules.length === 0) return Promise.resolve([]);
  return queryable.query<RoleOnCall>(ON_CALL, [schedules, toTimestamp(at)]);
}

/** Open pages that somebody who is on call by now has not heard of: of these schedules, or of all (null). */
export async function pagesWithNewcomers(
  queryable: Queryable,
  schedules: readonly string[] | null,
  limit: number,
): Promise<string[]> {
  const rows = await queryable.query<{ id: string }>(NEWCOMERS, [schedules, limit]);
  return rows.map((row) => row.id);
}

/** Notes that a scheduler has looked for what is due. */
export async function noteTick(queryable: Queryable): Promise<void> {
  await queryable.query(TICKED);
}

/** How long ago a scheduler looked for what is due (null: never), and how long the oldest due step waits. */
export async function tickAge(
  queryable: Queryable,
): Promise<{ readonly tickAgeMs: number | null; readonly overdueMs: number }> {
  const [row] = await queryable.query<{ tickAgeMs: number | null; overdueMs: number }>(TICK_AGE);
  return row ?? { tickAgeMs: null, overdueMs: 0 };
}
