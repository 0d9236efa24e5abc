import type { Instant } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { statement } from '../statement.ts';

/** What a command leaves in the log, in its own transaction. */
export interface NewAuditEntry {
  readonly actor: string;
  readonly origin: string | null;
  readonly command: string;
  readonly input: unknown;
  readonly before: unknown;
  readonly after: unknown;
}

/** An entry of the log. `position` and `hash` are null until it is sealed, within about a second. */
export interface AuditRow extends NewAuditEntry {
  readonly id: number;
  readonly at: Instant;
  readonly position: number | null;
  readonly hash: string | null;
}

export interface AuditHead {
  readonly position: number;
  readonly hash: string;
}

export interface AuditSeal extends AuditHead {
  readonly id: number;
}

const COLUMNS = 'id, at, actor, origin, command, input, before, after, position, hash';

const INSERT = statement(
  'audit.insert',
  `INSERT INTO audit_log (actor, origin, command, input, before, after)
   VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6::jsonb)`,
);
const LOCK_HEAD = statement(
  'audit.lock_head',
  'SELECT position, hash FROM audit_head FOR UPDATE SKIP LOCKED',
);
const UNSEALED = statement(
  'audit.unsealed',
  `SELECT ${COLUMNS} FROM audit_log WHERE position IS NULL ORDER BY id LIMIT $1`,
);
const SEAL = statement(
  'audit.seal',
  `UPDATE audit_log SET position = s.position, hash = s.hash
   FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS s(id, position, hash) WHERE audit_log.id = s.id`,
);
const MOVE_HEAD = statement('audit.move_head', 'UPDATE audit_head SET position = $1, hash = $2');
const HEAD = statement('audit.head', 'SELECT position, hash FROM audit_head');
const PAGE = statement(
  'audit.page',
  `SELECT ${COLUMNS} FROM audit_log
   WHERE position > $1 AND ($2::text IS NULL OR actor = $2) AND ($3::text IS NULL OR command = $3)
   ORDER BY position LIMIT $4`,
);
const NEWEST = statement(
  'audit.newest',
  `SELECT ${COLUMNS} FROM audit_log
   WHERE id < $1 AND ($2::text IS NULL OR actor = $2) AND ($3::text IS NULL OR command = $3)
   ORDER BY id DESC LIMIT $4`,
);

export async function insertAuditEntry(tx: Queryable, entry: NewAuditEntry): Promise<void> {
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  const { actor, origin, command, input, before, after } = entry;
  await tx.query(INSERT, [actor, origin, command, json(input) ?? 'null', json(before), json(after)]);
}

/** Holds the end of the chain for this transaction; null when somebody else does. */
export async function lockAuditHead(tx: Transaction): Promise<AuditHead | null> {
  return (await tx.query<AuditHead>(LOCK_HEAD))[0] ?? null;
}

/** Entries that have no place in the chain yet, in the order of their making. */
export function unsealedEntries(tx: Transaction, limit: number): Promise<AuditRow[]> {
  return tx.query<AuditRow>(UNSEALED, [limit]);
}

/** Gives entries their places, the last of which becomes the end of the chain. */
export async function sealEntries(tx: Transaction, seals: readonly AuditSeal[]): Promise<void> {
  const last = seals.at(-1);
  if (last === undefined) return;
  await tx.query(SEAL, columns(seals, [(seal) => seal.id, (seal) => seal.position, (seal) => seal.hash]));
  await tx.query(MOVE_HEAD, [last.position, last.hash]);
}

export async function readAuditHead(queryable: Queryable): Promise<AuditHead> {
  return (await queryable.query<AuditHead>(HEAD))[0] ?? { position: 0, hash: '' };
}

export interface AuditQuery {
  readonly actor?: string | undefined;
  readonly command?: string | undefined;
  readonly limit: number;
}

/** Sealed entries after a position, in the order of the chain: for whoever checks it. */
export function pageAuditChain(queryable: Queryable, after: number, query: AuditQuery): Promise<AuditRow[]> {
  return queryable.query<AuditRow>(PAGE, [after, query.actor ?? null, query.command ?? null, query.limit]);
}

/** Entries before an id, the newest first, sealed or not: for whoever wants to know what happened. */
export function pageAuditNewest(
  queryable: Queryable,
  before: number,
  query: AuditQuery,
): Promise<AuditRow[]> {
  return queryable.query<AuditRow>(NEWEST, [before, query.actor ?? null, query.command ?? null, query.limit]);
}
