import type { Instant, Severity } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';

/** A ping that is expected from somebody's program. All instants are real time. */
export interface HeartbeatRow {
  readonly id: string;
  readonly name: string;
  readonly policy: string | null;
  readonly schedule: string | null;
  readonly severity: Severity;
  /** The longest that two pings may lie apart; a page comes `graceMs` after that. */
  readonly everyMs: number;
  readonly graceMs: number;
  readonly paused: boolean;
  readonly lastPingAt: Instant | null;
  readonly dueAt: Instant | null;
  readonly missedAt: Instant | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export type NewHeartbeat = Pick<
  HeartbeatRow,
  'id' | 'name' | 'policy' | 'schedule' | 'severity' | 'everyMs' | 'graceMs' | 'createdBy'
> & {
  /** SHA-256 of its key. */
  readonly keyHash: Uint8Array;
  /** Whether it is expected from now on; else from its first ping. */
  readonly expected: boolean;
};

const COLUMNS = `id, name, policy_id AS policy, schedule_id AS schedule, severity, every_ms AS "everyMs",
  grace_ms AS "graceMs", paused, last_ping_at AS "lastPingAt", due_at AS "dueAt", missed_at AS "missedAt",
  created_by AS "createdBy", created_at AS "createdAt", updated_at AS "updatedAt"`;
const DUE = `clock_timestamp() + (every_ms + grace_ms) * interval '1 millisecond'`;

const INSERT = statement(
  'heartbeats.insert',
  `INSERT INTO heartbeats (id, name, key_hash, policy_id, schedule_id, severity, every_ms, grace_ms, due_at,
     created_by, created_at, updated_at)
   SELECT $1, $2, $3, $4, $5, $6, $7::bigint, $8::bigint,
     CASE WHEN $9 THEN now + ($7::bigint + $8::bigint) * interval '1 millisecond' END, $10, now, now
   FROM (SELECT clock_timestamp() AS now) AS clock
   RETURNING ${COLUMNS}`,
);
const LOCK_COUNT = statement(
  'heartbeats.lock_count',
  `SELECT pg_advisory_xact_lock(hashtext('watchbill.heartbeats'))`,
);
const COUNT = statement('heartbeats.count', 'SELECT count(*)::integer AS count FROM heartbeats');
const LIST = statement(
  'heartbeats.list',
  `SELECT ${COLUMNS} FROM heartbeats WHERE id > $1 ORDER BY id LIMIT $2`,
);
const FIND_BY_HASH = statement(
  'heartbeats.find_by_hash',
  `SELECT ${COLUMNS} FROM heartbeats WHERE key_hash = $1`,
);
const NAMED = statement(
  'heartbeats.named',
  `SELECT ${COLUMNS} FROM heartbeats
   WHERE name = $1 AND policy_id IS NOT DISTINCT FROM $2 AND schedule_id IS NOT DISTINCT FROM $3 ORDER BY id LIMIT 1`,
);
const LOCK = statement('heartbeats.lock', `SELECT ${COLUMNS} FROM heartbeats WHERE id = $1 FOR UPDATE`);
/** A paused one only notes that it was heard. */
const PING = statement(
  'heartbeats.ping',
  `UPDATE heartbeats SET last_ping_at = clock_timestamp(),
     due_at = CASE WHEN paused THEN NULL ELSE ${DUE} END, missed_at = NULL
   WHERE id = $1 RETURNING ${COLUMNS}`,
);
const SAVE = statement(
  'heartbeats.save',
  `UPDATE heartbeats SET name = $2, policy_id = $3, schedule_id = $4, severity = $5, every_ms = $6::bigint,
     grace_ms = $7::bigint, paused = $8, updated_at = clock_timestamp(),
     missed_at = CASE WHEN $8 THEN NULL ELSE missed_at END,
     due_at = CASE WHEN $8 THEN NULL
       WHEN paused THEN clock_timestamp() + ($6::bigint + $7::bigint) * interval '1 millisecond'
       WHEN due_at IS NULL THEN NULL
       ELSE coalesce(last_ping_at, created_at) + ($6::bigint + $7::bigint) * interval '1 millisecond' END
   WHERE id = $1 RETURNING ${COLUMNS}`,
);
const DELETE = statement('heartbeats.delete', 'DELETE FROM heartbeats WHERE id = $1');
const WATCHED = statement(
  'heartbeats.watched',
  `INSERT INTO heartbeat_watch (swept_at) VALUES (clock_timestamp()) ON CONFLICT (only_row) DO NOTHING
   RETURNING swept_at`,
);
const UNWATCHED = statement(
  'heartbeats.unwatched',
  `SELECT (extract(epoch FROM clock_timestamp() - swept_at) * 1000)::bigint AS "agoMs" FROM heartbeat_watch
   WHERE swept_at < clock_timestamp() - $1 * interval '1 millisecond' FOR UPDATE SKIP LOCKED`,
);
const WATCH = statement('heartbeats.watch', 'UPDATE heartbeat_watch SET swept_at = clock_timestamp()');
/** Only those that were not overdue already when the watching stopped. */
const WAIT_LONGER = statement(
  'heartbeats.wait_longer',
  `UPDATE heartbeats SET due_at = due_at + $1 * interval '1 millisecond'
   WHERE missed_at IS NULL AND due_at > clock_timestamp() - $1 * interval '1 millisecond' RETURNING 1`,
);
const OVERDUE = statement(
  'heartbeats.overdue',
  `SELECT id FROM heartbeats WHERE due_at <= clock_timestamp() AND missed_at IS NULL ORDER BY due_at LIMIT $1`,
);
const LOCK_OVERDUE = statement(
  'heartbeats.lock_overdue',
  `SELECT ${COLUMNS} FROM heartbeats WHERE id = $1 AND due_at <= clock_timestamp() AND missed_at IS NULL
   FOR UPDATE SKIP LOCKED`,
);
const MARK_MISSED = statement(
  'heartbeats.mark_missed',
  'UPDATE heartbeats SET missed_at = clock_timestamp() WHERE id = $1',
);

export async function insertHeartbeat(tx: Transaction, heartbeat: NewHeartbeat): Promise<HeartbeatRow> {
  const { id, name, keyHash, policy, schedule, severity, everyMs, graceMs, expected, createdBy } = heartbeat;
  const values = [id, name, keyHash, policy, schedule, severity, everyMs, graceMs, expected, createdBy];
  const [row] = await tx.query<HeartbeatRow>(INSERT, values);
  if (row === undefined) throw new Error('the heartbeat was not stored');
  return row;
}

/** How many heartbeats there are; nobody else adds one until this transaction ends. */
export async function countHeartbeatsLocked(tx: Transaction): Promise<number> {
  await tx.query(LOCK_COUNT);
  const [row] = await tx.query<{ count: number }>(COUNT);
  return row?.count ?? 0;
}

/** Heartbeats after this id, in the order of ids, which is the order of making. */
export function listHeartbeats(queryable: Queryable, after: string, limit: number): Promise<HeartbeatRow[]> {
  return queryable.query<HeartbeatRow>(LIST, [after, limit]);
}

/** The heartbeat of a key, by the key's SHA-256. */
export async function findHeartbeatByHash(
  queryable: Queryable,
  hash: Uint8Array,
): Promise<HeartbeatRow | null> {
  const [row] = await queryable.query<HeartbeatRow>(FIND_BY_HASH, [hash]);
  return row ?? null;
}

/** The heartbeat of this name whose pages go to this policy or schedule; the first one made, where there are several. */
export async function heartbeatNamed(
  queryable: Queryable,
  of: Pick<HeartbeatRow, 'name' | 'policy' | 'schedule'>,
): Promise<HeartbeatRow | null> {
  const [row] = await queryable.query<HeartbeatRow>(NAMED, [of.name, of.policy, of.schedule]);
  return row ?? null;
}

/** A heartbeat, locked until the end of the transaction; null when there is none. */
export async function lockHeartbeat(tx: Transaction, id: string): Promise<HeartbeatRow | null> {
  const [row] = await tx.query<HeartbeatRow>(LOCK, [id]);
  return row ?? null;
}

/** Notes a ping: the next one is expected from now on. */
export async function notePing(tx: Transaction, id: string): Promise<HeartbeatRow | null> {
  const [row] = await tx.query<HeartbeatRow>(PING, [id]);
  return row ?? null;
}

export type HeartbeatChange = Pick<
  HeartbeatRow,
  'id' | 'name' | 'policy' | 'schedule' | 'severity' | 'everyMs' | 'graceMs' | 'paused'
>;

/** Stores a change; whoever was paused is expected from now on, and whoever is paused is missed no longer. */
export async function saveHeartbeat(tx: Transaction, change: HeartbeatChange): Promise<HeartbeatRow | null> {
  const { id, name, policy, schedule, severity, everyMs, graceMs, paused } = change;
  const values = [id, name, policy, schedule, severity, everyMs, graceMs, paused];
  const [row] = await tx.query<HeartbeatRow>(SAVE, values);
  return row ?? null;
}

export async function deleteHeartbeatRow(tx: Transaction, id: string): Promise<void> {
  await tx.query(DELETE, [id]);
}

/**
 * Notes that heartbeats are watched now, at most every `noteMs`. Returns for how long they were not, when that is longer
 * than `noteMs`; 0 when somebody else watches, too.
 */
export async function noteHeartbeatWatch(tx: Transaction, noteMs: number): Promise<number> {
  if ((await tx.query(WATCHED)).length > 0) return 0;
  const [row] = await tx.query<{ agoMs: number }>(UNWATCHED, [noteMs]);
  if (row === undefined) return 0;
  await tx.query(WATCH);
  return row.agoMs;
}

/** Expects everything that was not overdue before so much later. Returns how many. */
export async function waitLongerForHeartbeats(tx: Transaction, byMs: number): Promise<number> {
  return (await tx.query(WAIT_LONGER, [byMs])).length;
}

/** The ids of heartbeats that stay away and are not known to, longest first. */
export async function overdueHeartbeats(queryable: Queryable, limit: number): Promise<string[]> {
  const rows = await queryable.query<{ id: string }>(OVERDUE, [limit]);
  return rows.map((row) => row.id);
}

/** One of them, locked, if it still stays away and nobody else sees to it. */
export async function lockOverdueHeartbeat(tx: Transaction, id: string): Promise<HeartbeatRow | null> {
  const [row] = await tx.query<HeartbeatRow>(LOCK_OVERDUE, [id]);
  return row ?? null;
}

export async function markHeartbeatMissed(tx: Transaction, id: string): Promise<void> {
  await tx.query(MARK_MISSED, [id]);
}
