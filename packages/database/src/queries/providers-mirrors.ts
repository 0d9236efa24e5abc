import type { Instant } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { newId } from '../ids.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** Somebody who cannot be mirrored, and why. */
export interface UnknownPerson {
  readonly person: string;
  readonly email: string | null;
  readonly reason: 'no_email' | 'not_there';
}

/** What a look at a mirrored schedule found and did. */
export interface MirrorFound {
  /** Stretches of people on call within the horizon. */
  readonly wanted: number;
  /** Overrides of ours that were right already. */
  readonly kept: number;
  readonly added: number;
  readonly removed: number;
  /** Overrides of others within the horizon: they were left alone, and ours kept away from them. */
  readonly foreign: number;
  readonly unknown: readonly UnknownPerson[];
}

/** A schedule of a provider that follows a role of one of ours, as it may be shown: without its token. */
export interface MirrorRow {
  readonly id: string;
  readonly schedule: string;
  readonly role: string;
  readonly url: string;
  readonly providerSchedule: string;
  readonly fromEmail: string;
  readonly horizonDays: number;
  readonly status: 'active' | 'disabled';
  readonly disabledReason: string | null;
  /** When it was last found right, or made right. */
  readonly mirroredAt: Instant | null;
  readonly found: MirrorFound | null;
  /** What kept the last look from its work. */
  readonly problem: string | null;
  /** Looks that failed, one after another. */
  readonly failures: number;
  readonly nextLookAt: Instant | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A mirror that this process may look at, until its lease runs out. */
export type LeasedMirror = Pick<
  MirrorRow,
  'id' | 'schedule' | 'role' | 'url' | 'providerSchedule' | 'fromEmail' | 'horizonDays' | 'failures'
> & {
  readonly sealedToken: string;
  readonly generation: number;
  readonly leaseToken: string;
};

/** An override that we made there, or were about to make. */
export interface MirrorOverrideRow {
  readonly id: string;
  /** Its id there; null where the answer to its making was not kept. */
  readonly providerOverride: string | null;
  readonly providerUser: string;
  readonly person: string;
  readonly start: Instant;
  readonly end: Instant;
  /** Whether its making is so long ago that it either stands there by now, or never will. */
  readonly settled: boolean;
}

const COLUMNS = `id, schedule_id AS schedule, role, url, provider_schedule AS "providerSchedule",
  from_email AS "fromEmail", horizon_days AS "horizonDays", status, disabled_reason AS "disabledReason",
  mirrored_at AS "mirroredAt", found, problem, failures,
  CASE WHEN status = 'active' THEN due_at END AS "nextLookAt", created_by AS "createdBy", created_at AS "createdAt",
  updated_at AS "updatedAt"`;

const LIST = statement('mirrors.list', `SELECT ${COLUMNS} FROM mirrors WHERE id > $1 ORDER BY id LIMIT $2`);
const FIND = statement('mirrors.find', `SELECT ${COLUMNS} FROM mirrors WHERE id = $1`);
const LOCK = statement('mirrors.lock', 'SELECT id FROM mirrors WHERE id = $1 FOR UPDATE');
const OF_PLACE = statement(
  'mirrors.of_place',
  'SELECT id FROM mirrors WHERE url = $1 AND provider_schedule = $2',
);
const LOCK_COUNT = statement(
  'mirrors.lock_count',
  `SELECT pg_advisory_xact_lock(hashtext('watchbill.mirrors'))`,
);
const COUNT = statement('mirrors.count', 'SELECT count(*)::int AS count FROM mirrors');
const INSERT = statement(
  'mirrors.insert',
  `INSERT INTO mirrors (id, schedule_id, role, url, provider_schedule, from_email, sealed_token, horizon_days,
     created_by, created_at, updated_at)
   SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, now, now FROM (SELECT clock_timestamp() AS now) AS clock`,
);
const SAVE = statement(
  'mirrors.save',
  `UPDATE mirrors SET from_email = $2, horizon_days = $3, sealed_token = coalesce($4, sealed_token), status = $5,
     disabled_reason = CASE WHEN $5 = 'disabled' THEN coalesce(disabled_reason, 'by_request') END,
     failures = 0, generation = generation + 1, due_at = clock_timestamp(), updated_at = clock_timestamp()
   WHERE id = $1`,
);
const DISABLE = statement(
  'mirrors.disable',
  `UPDATE mirrors SET status = 'disabled', disabled_reason = $3, problem = $4, lease_token = NULL, leased_until = NULL,
     updated_at = clock_timestamp()
   WHERE id = $1 AND lease_token = $2 AND status = 'active' RETURNING 1`,
);
const DELETE = statement('mirrors.delete', 'DELETE FROM mirrors WHERE id = $1');
const WANT = statement(
  'mirrors.want',
  `UPDATE mirrors SET generation = generation + 1, failures = 0,
     due_at = least(due_at, clock_timestamp() + $2 * interval '1 millisecond')
   WHERE schedule_id = ANY($1::text[]) AND status = 'active'`,
);
const LEASE = statement(
  'mirrors.lease',
  `UPDATE mirrors m SET lease_token = $1, leased_until = clock_timestamp() + $2 * interval '1 millisecond'
   FROM (SELECT id FROM mirrors
     WHERE status = 'active' AND due_at <= clock_timestamp()
       AND (leased_until IS NULL OR leased_until <= clock_timestamp())
     ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) due
   WHERE m.id = due.id
   RETURNING m.id, m.schedule_id AS schedule, m.role, m.url, m.provider_schedule AS "providerSchedule",
     m.from_email AS "fromEmail", m.horizon_days AS "horizonDays", m.failures, m.sealed_token AS "sealedToken",
     m.generation, m.lease_token AS "leaseToken"`,
);
const HOLDS = statement(
  'mirrors.holds',
  `UPDATE mirrors SET leased_until = clock_timestamp() + $3 * interval '1 millisecond'
   WHERE id = $1 AND lease_token = $2 AND status = 'active' RETURNING 1`,
);
const KEEP = statement(
  'mirrors.keep',
  `UPDATE mirrors SET lease_token = NULL, leased_until = NULL, problem = $4, failures = $5,
     found = coalesce($6::jsonb, found),
     mirrored_at = CASE WHEN $4::text IS NULL THEN clock_timestamp() ELSE mirrored_at END,
     due_at = CASE WHEN generation = $3 THEN clock_timestamp() + $7 * interval '1 millisecond'
       ELSE clock_timestamp() END
   WHERE id = $1 AND lease_token = $2`,
);
const OWN = statement(
  'mirrors.own',
  `SELECT id, provider_override AS "providerOverride", provider_user AS "providerUser", person,
     starts_at AS start, ends_at AS end, created_at < clock_timestamp() - interval '1 hour' AS settled
   FROM mirror_overrides WHERE mirror_id = $1 ORDER BY starts_at, id`,
);
const INTEND = statement(
  'mirrors.intend',
  `INSERT INTO mirror_overrides (id, mirror_id, provider_user, person, starts_at, ends_at)
   VALUES ($1, $2, $3, $4, $5::timestamptz, $6::timestamptz)`,
);
const NAME = statement('mirrors.name', 'UPDATE mirror_overrides SET provider_override = $2 WHERE id = $1');
const FORGET = statement('mirrors.forget', 'DELETE FROM mirror_overrides WHERE id = ANY($1::text[])');
const SHIFTS = statement(
  'mirrors.shifts',
  `SELECT s.person, p.email, s.starts_at AS start, s.ends_at AS end
   FROM shifts s LEFT JOIN people p ON p.id = s.person
   WHERE s.schedule_id = $1 AND s.role = $2 AND s.status = 'active'
     AND s.ends_at > $3::timestamptz AND s.starts_at < $4::timestamptz
   ORDER BY s.starts_at, s.seat, s.person`,
);

/** Mirrors after this id, in the order of ids, which is the order of making. */
export function listMirrors(queryable: Queryable, after: string, limit: number): Promise<MirrorRow[]> {
  return queryable.query<MirrorRow>(LIST, [after, limit]);
}

export async function findMirror(queryable: Queryable, id: string): Promise<MirrorRow | null> {
  const [row] = await queryable.query<MirrorRow>(FIND, [id]);
  return row ?? null;
}

/** The same, locked until the transaction ends. */
export async function lockMirror(tx: Transaction, id: string): Promise<MirrorRow | null> {
  return (await tx.query(LOCK, [id])).length === 0 ? null : findMirror(tx, id);
}

/** The mirror that writes into a schedule of a provider already; null when none does. */
export async function mirrorOfPlace(
  tx: Transaction,
  url: string,
  providerSchedule: string,
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(OF_PLACE, [url, providerSchedule]);
  return row?.id ?? null;
}

/** How many mirrors there are; nobody else adds one until this transaction ends. */
export async function countMirrorsLocked(tx: Transaction): Promise<number> {
  await tx.query(LOCK_COUNT);
  const [row] = await tx.query<{ count: number }>(COUNT);
  return row?.count ?? 0;
}

export type NewMirror = Pick<
  MirrorRow,
  'id' | 'schedule' | 'role' | 'url' | 'providerSchedule' | 'fromEmail' | 'horizonDays' | 'createdBy'
> & { readonly sealedToken: string };

export async function insertMirror(tx: Transaction, mirror: NewMirror): Promise<void> {
  const { id, schedule, role, url, providerSchedule, fromEmail, sealedToken, horizonDays, createdBy } =
    mirror;
  await tx.query(INSERT, [
    ...[id, schedule, role, url, providerSchedule, fromEmail, sealedToken, horizonDays, createdBy],
  ]);
}

/** Changes a mirror and has it looked at now. `sealedToken` null: as it is. */
export async function saveMirror(
  tx: Transaction,
  mirror: Pick<MirrorRow, 'id' | 'fromEmail' | 'horizonDays' | 'status'> & {
    readonly sealedToken: string | null;
  },
): Promise<void> {
  const { id, fromEmail, horizonDays, sealedToken, status } = mirror;
  await tx.query(SAVE, [id, fromEmail, horizonDays, sealedToken, status]);
}

/** Forgets a mirror and which overrides there are ours. */
export async function deleteMirrorRow(tx: Transaction, id: string): Promise<void> {
  await tx.query(DELETE, [id]);
}

/** Has the mirrors of these schedules looked at after `pauseMs`, in which more may happen. */
export async function wantMirrors(
  queryable: Queryable,
  schedules: readonly string[],
  pauseMs: number,
): Promise<void> {
  if (schedules.length > 0) await queryable.query(WANT, [schedules, pauseMs]);
}

/** Takes a mirror that is due, for `leaseMs` of real time; null when none is. */
export async function leaseMirror(
  queryable: Queryable,
  lease: { readonly token: string; readonly leaseMs: number },
): Promise<LeasedMirror | null> {
  const [row] = await queryable.query<LeasedMirror>(LEASE, [lease.token, lease.leaseMs]);
  return row ?? null;
}

/** Holds a mirror for longer. False when it is somebody else's now, switched off or deleted. */
export async function holdsMirror(
  queryable: Queryable,
  { id, leaseToken }: Pick<LeasedMirror, 'id' | 'leaseToken'>,
  leaseMs: number,
): Promise<boolean> {
  return (await queryable.query(HOLDS, [id, leaseToken, leaseMs])).length === 1;
}

/** Keeps what a look came to, and gives the mirror back: due again after `nextMs`, or at once if it was wanted meanwhile. */
export async function keepMirror(
  queryable: Queryable,
  { id, leaseToken, generation }: Pick<LeasedMirror, 'id' | 'leaseToken' | 'generation'>,
  look: {
    readonly problem: string | null;
    readonly failures: number;
    readonly found: MirrorFound | null;
    readonly nextMs: number;
  },
): Promise<void> {
  const found = look.found === null ? null : JSON.stringify(look.found);
  await queryable.query(KEEP, [id, leaseToken, generation, look.problem, look.failures, found, look.nextMs]);
}

/** Switches a leased mirror off. False when it is not ours, or is off already. */
export async function disableMirror(
  tx: Transaction,
  { id, leaseToken }: Pick<LeasedMirror, 'id' | 'leaseToken'>,
  why: { readonly reason: string; readonly problem: string },
): Promise<boolean> {
  return (await tx.query(DISABLE, [id, leaseToken, why.reason, why.problem])).length === 1;
}

/** The overrides of a mirror that are ours, by start. */
export function mirrorOverrides(queryable: Queryable, mirror: string): Promise<MirrorOverrideRow[]> {
  return queryable.query<MirrorOverrideRow>(OWN, [mirror]);
}

/** Notes an override that is about to be made. Returns our id of it. */
export async function intendOverride(
  queryable: Queryable,
  mirror: string,
  override: Pick<MirrorOverrideRow, 'providerUser' | 'person' | 'start' | 'end'>,
): Promise<string> {
  const id = newId('mov');
  const { providerUser, person, start, end } = override;
  await queryable.query(INTEND, [id, mirror, providerUser, person, toTimestamp(start), toTimestamp(end)]);
  return id;
}

/** Keeps the id that an override has there. */
export async function nameOverride(
  queryable: Queryable,
  id: string,
  providerOverride: string,
): Promise<void> {
  await queryable.query(NAME, [id, providerOverride]);
}

/** Forgets overrides that are not there any more. */
export async function forgetOverrides(queryable: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await queryable.query(FORGET, [ids]);
}

/** The stored shifts of a role that touch a window, whole, with the e-mail addresses of their people. */
export function shiftsToMirror(
  queryable: Queryable,
  of: { readonly schedule: string; readonly role: string; readonly from: Instant; readonly until: Instant },
): Promise<
  { readonly person: string; readonly email: string | null; readonly start: Instant; readonly end: Instant }[]
> {
  return queryable.query(SHIFTS, [of.schedule, of.role, toTimestamp(of.from), toTimestamp(of.until)]);
}
