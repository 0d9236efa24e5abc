import type { HolidayCalendar, Instant, ScheduleDraft } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** What a schedule means from `effectiveAt` on: its definition without overrides, and the holidays it names. */
export interface RevisionRow {
  readonly schedule: string;
  readonly revision: number;
  readonly effectiveAt: Instant;
  readonly definition: ScheduleDraft;
  readonly holidays: readonly HolidayCalendar[];
}

const LOCK = statement('revisions.lock', 'LOCK TABLE configuration_revisions IN SHARE ROW EXCLUSIVE MODE');
const LAST = statement(
  'revisions.last',
  'SELECT coalesce(max(revision), 0) AS revision FROM configuration_revisions',
);
const ADD_CONFIGURATION = statement(
  'revisions.add-configuration',
  `INSERT INTO configuration_revisions (revision, source, applied_by, applied_at)
   VALUES ($1, $2, $3, $4::timestamptz)`,
);
const ADD = statement(
  'revisions.add',
  `INSERT INTO schedule_revisions
     (schedule_id, revision, configuration_revision, effective_at, definition, holidays)
   SELECT schedule_id, revision, $6, effective_at, definition, holidays
   FROM unnest($1::text[], $2::int[], $3::timestamptz[], $4::jsonb[], $5::jsonb[])
     AS row (schedule_id, revision, effective_at, definition, holidays)`,
);
const FROM = statement(
  'revisions.from',
  `SELECT r.schedule_id AS schedule, r.revision, r.effective_at AS "effectiveAt", r.definition, r.holidays
   FROM schedule_revisions r
   WHERE r.schedule_id = ANY($1::text[])
     AND (r.effective_at > $2::timestamptz OR r.revision = (
       SELECT max(o.revision) FROM schedule_revisions o
       WHERE o.schedule_id = r.schedule_id AND o.effective_at <= $2::timestamptz))
   ORDER BY r.schedule_id, r.revision`,
);

/** Lets one configuration be applied at a time, until the end of the transaction. Readers do not wait. */
export async function lockConfiguration(tx: Transaction): Promise<void> {
  await tx.query(LOCK);
}

/** The number of the newest applied configuration; 0 when there is none. */
export async function lastConfigurationRevision(queryable: Queryable): Promise<number> {
  const [row] = await queryable.query<{ revision: number }>(LAST);
  return row?.revision ?? 0;
}

export async function addConfigurationRevision(
  tx: Transaction,
  row: {
    readonly revision: number;
    readonly source: string;
    readonly appliedBy: string;
    readonly appliedAt: Instant;
  },
): Promise<void> {
  await tx.query(ADD_CONFIGURATION, [row.revision, row.source, row.appliedBy, toTimestamp(row.appliedAt)]);
}

export async function addRevisions(
  tx: Transaction,
  rows: readonly RevisionRow[],
  configurationRevision: number,
): Promise<void> {
  if (rows.length === 0) return;
  const values = columns(rows, [
    (row) => row.schedule,
    (row) => row.revision,
    (row) => toTimestamp(row.effectiveAt),
    (row) => JSON.stringify(row.definition),
    (row) => JSON.stringify(row.holidays),
  ]);
  await tx.query(ADD, [...values, configurationRevision]);
}

/** The revision in force at an instant and all that take effect later, in the order they were made. */
export function revisionsFrom(
  queryable: Queryable,
  ids: readonly string[],
  at: Instant,
): Promise<RevisionRow[]> {
  return queryable.query<RevisionRow>(FROM, [ids, toTimestamp(at)]);
}
