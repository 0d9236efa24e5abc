import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A stretch in which a person cannot be on call, as entered. */
export interface AbsenceRow {
  readonly id: string;
  readonly person: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly reason: string | null;
  readonly origin: 'api' | 'feed' | 'file';
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly cancelledAt: Instant | null;
}

const COLUMNS = `id, person, starts_at AS "startsAt", ends_at AS "endsAt", reason, origin,
  created_by AS "createdBy", created_at AS "createdAt", cancelled_at AS "cancelledAt"`;

const ADD = statement(
  'absences.add',
  `INSERT INTO absences (id, person, starts_at, ends_at, reason, origin, created_by, created_at)
   VALUES ($1, $2, $3::timestamptz, $4::timestamptz, $5, $6, $7, $8::timestamptz)`,
);
const FIND = statement('absences.find', `SELECT ${COLUMNS} FROM absences WHERE person = $1 AND id = $2`);
const HOLD = statement(
  'absences.hold',
  `SELECT ${COLUMNS} FROM absences WHERE person = $1 AND id = $2 FOR UPDATE`,
);
const CANCEL = statement(
  'absences.cancel',
  'UPDATE absences SET cancelled_at = $2::timestamptz WHERE id = $1',
);
const LIVE = statement(
  'absences.live',
  `SELECT ${COLUMNS} FROM absences
   WHERE person = ANY($1::text[]) AND cancelled_at IS NULL AND ends_at > $2::timestamptz
   ORDER BY person, starts_at, id`,
);
const COUNT = statement(
  'absences.count',
  `SELECT count(*) AS count FROM absences
   WHERE person = $1 AND cancelled_at IS NULL AND ends_at > $2::timestamptz`,
);
const PAGE = statement(
  'absences.page',
  `SELECT ${COLUMNS} FROM absences
   WHERE person = $1 AND id > $2 AND ($4::boolean OR cancelled_at IS NULL) ORDER BY id LIMIT $3`,
);

export async function addAbsence(tx: Transaction, row: AbsenceRow): Promise<void> {
  await tx.query(ADD, [
    ...[row.id, row.person, toTimestamp(row.startsAt), toTimestamp(row.endsAt), row.reason, row.origin],
    ...[row.createdBy, toTimestamp(row.createdAt)],
  ]);
}

export async function findAbsence(
  queryable: Queryable,
  person: string,
  id: string,
): Promise<AbsenceRow | null> {
  const [row] = await queryable.query<AbsenceRow>(FIND, [person, id]);
  return row ?? null;
}

/** Reads an absence and holds it until the end of the transaction. */
export async function holdAbsence(tx: Transaction, person: string, id: string): Promise<AbsenceRow | null> {
  const [row] = await tx.query<AbsenceRow>(HOLD, [person, id]);
  return row ?? null;
}

export async function markAbsenceCancelled(tx: Transaction, id: string, now: Instant): Promise<void> {
  await tx.query(CANCEL, [id, toTimestamp(now)]);
}

/** Absences of people that are not cancelled and end after `after`, by person and start. */
export function liveAbsences(
  queryable: Queryable,
  people: readonly string[],
  after: Instant,
): Promise<AbsenceRow[]> {
  return queryable.query<AbsenceRow>(LIVE, [people, toTimestamp(after)]);
}

/** How many absences of a person are not cancelled and end after `after`. */
export async function countAbsences(queryable: Queryable, person: string, after: Instant): Promise<number> {
  const [row] = await queryable.query<{ count: number }>(COUNT, [person, toTimestamp(after)]);
  return row?.count ?? 0;
}

/** A page of the absences of a person in the order of their making. */
export function pageAbsences(
  queryable: Queryable,
  want: {
    readonly person: string;
    readonly after: string;
    readonly limit: number;
    readonly cancelled: boolean;
  },
): Promise<AbsenceRow[]> {
  return queryable.query<AbsenceRow>(PAGE, [want.person, want.after, want.limit, want.cancelled]);
}
