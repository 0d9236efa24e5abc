import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A secret address of a fact sheet, as it may be shown. */
export interface FactSheetLinkRow {
  readonly id: string;
  readonly schedule: string;
  readonly fullNames: boolean;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly lastOpenedAt: Instant | null;
}

export interface NewFactSheetLink extends Pick<FactSheetLinkRow, 'id' | 'schedule' | 'fullNames'> {
  /** SHA-256 of the secret part of the address. */
  readonly hash: Uint8Array;
  readonly createdBy: string;
  readonly expiresAt: Instant | null;
}

const COLUMNS = `id, schedule_id AS schedule, full_names AS "fullNames", created_by AS "createdBy",
  created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt",
  last_opened_at AS "lastOpenedAt"`;
const LIVE = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())';

const INSERT = statement(
  'fact_sheet_links.insert',
  `INSERT INTO fact_sheet_links (id, hash, schedule_id, full_names, created_by, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6::timestamptz)`,
);
const FIND = statement('fact_sheet_links.find', `SELECT ${COLUMNS} FROM fact_sheet_links WHERE id = $1`);
const FIND_LIVE = statement(
  'fact_sheet_links.find_live',
  `SELECT ${COLUMNS} FROM fact_sheet_links WHERE hash = $1 AND ${LIVE}`,
);
const LIST = statement(
  'fact_sheet_links.list',
  `SELECT ${COLUMNS} FROM fact_sheet_links WHERE schedule_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
);
const COUNT_LIVE = statement(
  'fact_sheet_links.count_live',
  `SELECT count(*)::int AS count FROM fact_sheet_links WHERE schedule_id = $1 AND ${LIVE}`,
);
const REVOKE = statement(
  'fact_sheet_links.revoke',
  'UPDATE fact_sheet_links SET revoked_at = clock_timestamp() WHERE id = $1 AND revoked_at IS NULL',
);
const OPENED = statement(
  'fact_sheet_links.opened',
  `UPDATE fact_sheet_links SET last_opened_at = clock_timestamp()
   WHERE id = $1 AND coalesce(last_opened_at, '-infinity') < clock_timestamp() - interval '1 minute'`,
);

export async function insertFactSheetLink(queryable: Queryable, link: NewFactSheetLink): Promise<void> {
  const { id, hash, schedule, fullNames, createdBy, expiresAt } = link;
  const until = expiresAt === null ? null : toTimestamp(expiresAt);
  await queryable.query(INSERT, [id, hash, schedule, fullNames, createdBy, until]);
}

export async function findFactSheetLink(queryable: Queryable, id: string): Promise<FactSheetLinkRow | null> {
  const [row] = await queryable.query<FactSheetLinkRow>(FIND, [id]);
  return row ?? null;
}

/** The link with this hash, if it is neither revoked nor past its time. */
export async function findLiveFactSheetLink(
  queryable: Queryable,
  hash: Uint8Array,
): Promise<FactSheetLinkRow | null> {
  const [row] = await queryable.query<FactSheetLinkRow>(FIND_LIVE, [hash]);
  return row ?? null;
}

/** Links of a schedule after this id, in the order of their making; those that have ended too. */
export function listFactSheetLinks(
  queryable: Queryable,
  schedule: string,
  page: { readonly after: string; readonly limit: number },
): Promise<FactSheetLinkRow[]> {
  return queryable.query<FactSheetLinkRow>(LIST, [schedule, page.after, page.limit]);
}

/** How many links of a schedule work now. */
export async function countLiveFactSheetLinks(queryable: Queryable, schedule: string): Promise<number> {
  const [row] = await queryable.query<{ count: number }>(COUNT_LIVE, [schedule]);
  return row?.count ?? 0;
}

export async function revokeFactSheetLinkRow(queryable: Queryable, id: string): Promise<void> {
  await queryable.query(REVOKE, [id]);
}

/** Notes that a link was opened, once a minute at most. */
export async function markFactSheetLinkOpened(queryable: Queryable, id: string): Promise<void> {
  await queryable.query(OPENED, [id]);
}
