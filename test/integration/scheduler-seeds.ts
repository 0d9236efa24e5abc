import type { Database } from '@watchbill/database';

/** Stores schedules that are only names with due boundaries: nothing but time is of interest here. */
export async function seedSchedules(database: Database, ids: readonly string[]): Promise<void> {
  await database.pool.query(
    `INSERT INTO schedules (id, time_zone, revision, horizon_until, created_at, updated_at)
     SELECT id, 'UTC', 1, now() + interval '100 years', now(), now() FROM unnest($1::text[]) AS id`,
    [ids],
  );
  await database.pool.query('INSERT INTO schedule_cursors (schedule_id) SELECT unnest($1::text[])', [ids]);
}

/** Adds one handoff for each schedule and each offset (ms from now, negative for the past) and moves the cursors. */
export async function seedBoundaries(
  database: Database,
  schedules: readonly string[],
  offsetsMs: readonly number[],
): Promise<void> {
  await database.pool.query(
    `INSERT INTO boundaries (schedule_id, due_at, rank, kind, detail, revision)
     SELECT id, date_trunc('milliseconds', now() + ms * interval '1 millisecond'), 1, 'handoff.completed',
       jsonb_build_object('role', 'primary', 'outgoing', '["ann"]'::jsonb, 'incoming', '["ben"]'::jsonb), 1
     FROM unnest($1::text[]) AS id, unnest($2::int[]) AS ms`,
    [schedules, offsetsMs],
  );
  await database.pool.query(
    `UPDATE schedule_cursors AS c SET next_due_at =
       (SELECT min(due_at) FROM boundaries AS b WHERE b.schedule_id = c.schedule_id AND b.fired_at IS NULL)
     WHERE schedule_id = ANY($1::text[])`,
    [schedules],
  );
}

/** The one number of a query such as `SELECT count(*) …`. */
export async function countOf(
  database: Database,
  sql: string,
  values: readonly unknown[] = [],
): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(sql, [...values]);
  return Number(rows[0]?.count);
}
