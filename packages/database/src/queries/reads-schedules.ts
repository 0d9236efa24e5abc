import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A schedule as lists show it. */
export interface ScheduleSummaryRow {
  readonly id: string;
  readonly team: string | null;
  readonly timeZone: string;
  readonly revision: number;
  /** Shifts that start before this are stored; null until the first one is. */
  readonly horizonUntil: Instant | null;
  readonly retiredAt: Instant | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A schedule with the newest revision of its definition. */
export interface ScheduleDetailRow extends ScheduleSummaryRow {
  readonly effectiveAt: Instant;
  readonly definition: Readonly<Record<string, unknown>>;
}

/** A gap as stored: hours to be covered in which a role has nobody. */
export interface StoredGapRow {
  readonly id: string;
  readonly schedule: string;
  readonly role: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly foundAt: Instant;
  readonly closedAt: Instant | null;
}

/** An override as stored; `people` is empty where it leaves the place vacant. */
export interface StoredOverrideRow {
  readonly id: string;
  readonly schedule: string;
  readonly sequence: number;
  readonly origin: 'file' | 'api';
  readonly role: string;
  readonly kind: 'replace' | 'add' | 'remove';
  readonly people: readonly string[];
  readonly replaces: string | null;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly reason: string | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly cancelledAt: Instant | null;
}

const SUMMARY = `s.id, s.team, s.time_zone AS "timeZone", s.revision, s.horizon_until AS "horizonUntil",
  s.retired_at AS "retiredAt", s.created_at AS "createdAt", s.updated_at AS "updatedAt"`;
const OVERRIDE = `id, schedule_id AS schedule, sequence, origin, role, kind, people, replaces,
  starts_at AS "startsAt", ends_at AS "endsAt", reason, created_by AS "createdBy", created_at AS "createdAt",
  cancelled_at AS "cancelledAt"`;
const GAP = `id, schedule_id AS schedule, role, starts_at AS "startsAt", ends_at AS "endsAt",
  found_at AS "foundAt", closed_at AS "closedAt"`;

const LIST = statement(
  'reads.schedules.list',
  `SELECT ${SUMMARY} FROM schedules s
   WHERE s.id > $1 AND ($3::boolean OR s.retired_at IS NULL) ORDER BY s.id LIMIT $2`,
);
const FIND = statement('reads.schedules.find', `SELECT ${SUMMARY} FROM schedules s WHERE s.id = $1`);
const DETAIL = statement(
  'reads.schedules.detail',
  `SELECT ${SUMMARY}, r.effective_at AS "effectiveAt", r.definition
   FROM schedules s
   CROSS JOIN LATERAL (
     SELECT effective_at, definition FROM schedule_revisions
     WHERE schedule_id = s.id ORDER BY revision DESC LIMIT 1
   ) r
   WHERE s.id = $1`,
);
const ACTIVE_IDS = statement(
  'reads.schedules.active_ids',
  'SELECT id FROM schedules WHERE retired_at IS NULL ORDER BY id LIMIT $1',
);
const OF_TEAMS = statement(
  'reads.schedules.of_teams',
  `SELECT ${SUMMARY} FROM schedules s WHERE s.team = ANY($1::text[]) AND s.retired_at IS NULL ORDER BY s.id LIMIT $2`,
);
const ALL_DEFINITIONS = statement(
  'reads.schedules.definitions',
  `SELECT s.id, r.definition
   FROM schedules s
   CROSS JOIN LATERAL (
     SELECT definition FROM schedule_revisions WHERE schedule_id = s.id ORDER BY revision DESC LIMIT 1
   ) r
   WHERE s.retired_at IS NULL ORDER BY s.id`,
);
const FILE_OVERRIDES = statement(
  'reads.overrides.of_file',
  `SELECT ${OVERRIDE} FROM overrides
   WHERE origin = 'file' AND cancelled_at IS NULL AND ($1::text IS NULL OR schedule_id = $1)
   ORDER BY schedule_id, sequence`,
);
const GAPS = statement(
  'reads.gaps.list',
  `SELECT ${GAP} FROM gaps
   WHERE schedule_id = $1 AND closed_at IS NULL AND ends_at > $2::timestamptz
     AND (starts_at, id) > ($3::timestamptz, $4::text)
   ORDER BY starts_at, id LIMIT $5`,
);
const GAPS_WITHIN = statement(
  'reads.gaps.within',
  `SELECT ${GAP} FROM gaps
   WHERE schedule_id = $1 AND closed_at IS NULL AND starts_at < $3::timestamptz AND ends_at > $2::timestamptz
   ORDER BY starts_at, role, id`,
);
const OVERRIDES = statement(
  'reads.overrides.list',
  `SELECT ${OVERRIDE} FROM overrides
   WHERE schedule_id = $1 AND sequence > $2 AND ($4::boolean OR cancelled_at IS NULL)
   ORDER BY sequence LIMIT $3`,
);
const FIND_OVERRIDE = statement(
  'reads.overrides.find',
  `SELECT ${OVERRIDE} FROM overrides WHERE schedule_id = $1 AND id = $2`,
);

/** Schedules after this id, in the order of ids. */
export function pageSchedules(
  queryable: Queryable,
  page: { readonly after: string; readonly limit: number; readonly retired: boolean },
): Promise<ScheduleSummaryRow[]> {
  return queryable.query<ScheduleSummaryRow>(LIST, [page.after, page.limit, page.retired]);
}

export async function findScheduleSummary(
  queryable: Queryable,
  id: string,
): Promise<ScheduleSummaryRow | null> {
  const [row] = await queryable.query<ScheduleSummaryRow>(FIND, [id]);
  return row ?? null;
}

export async function findScheduleDetail(
  queryable: Queryable,
  id: string,
): Promise<ScheduleDetailRow | null> {
  const [row] = await queryable.query<ScheduleDetailRow>(DETAIL, [id]);
  return row ?? null;
}

/** Open gaps of a schedule that end after `from`, by start and id, after the place `after`. */
export function pageGaps(
  queryable: Queryable,
  page: {
    readonly schedule: string;
    readonly from: Instant;
    readonly after: { readonly startsAt: Instant; readonly id: string };
    readonly limit: number;
  },
): Promise<StoredGapRow[]> {
  const { schedule, from, after, limit } = page;
  const values = [schedule, toTimestamp(from), toTimestamp(after.startsAt), after.id, limit];
  return queryable.query<StoredGapRow>(GAPS, values);
}

/** The open gaps that touch `[from, to)`, by start and role. */
export function gapsWithin(
  queryable: Queryable,
  window: { readonly schedule: string; readonly from: Instant; readonly to: Instant },
): Promise<StoredGapRow[]> {
  const { schedule, from, to } = window;
  return queryable.query<StoredGapRow>(GAPS_WITHIN, [schedule, toTimestamp(from), toTimestamp(to)]);
}

/** Overrides of a schedule in the order of creation, after the one with this sequence. */
export function pageOverrides(
  queryable: Queryable,
  page: {
    readonly schedule: string;
    readonly after: number;
    readonly limit: number;
    readonly cancelled: boolean;
  },
): Promise<StoredOverrideRow[]> {
  const { schedule, after, limit, cancelled } = page;
  return queryable.query<StoredOverrideRow>(OVERRIDES, [schedule, after, limit, cancelled]);
}

export async function findStoredOverride(
  queryable: Queryable,
  schedule: string,
  id: string,
): Promise<StoredOverrideRow | null> {
  const [row] = await queryable.query<StoredOverrideRow>(FIND_OVERRIDE, [schedule, id]);
  return row ?? null;
}

/** The ids of schedules in use, in their order; at most `limit`. */
export async function activeScheduleIds(queryable: Queryable, limit: number): Promise<string[]> {
  return (await queryable.query<{ id: string }>(ACTIVE_IDS, [limit])).map(({ id }) => id);
}

/** The schedules in use of these teams, in the order of ids. */
export function schedulesOfTeams(
  queryable: Queryable,
  teams: readonly string[],
  limit: number,
): Promise<ScheduleSummaryRow[]> {
  return queryable.query<ScheduleSummaryRow>(OF_TEAMS, [teams, limit]);
}

/** The newest definition of every schedule that is not retired, without overrides, in the order of ids. */
export function allScheduleDefinitions(
  queryable: Queryable,
): Promise<{ readonly id: string; readonly definition: Readonly<Record<string, unknown>> }[]> {
  return queryable.query<{ id: string; definition: Record<string, unknown> }>(ALL_DEFINITIONS);
}

/** The live overrides that came with the configuration, of one schedule or of all (null), in their order. */
export function fileOverrides(queryable: Queryable, schedule: string | null): Promise<StoredOverrideRow[]> {
  return queryable.query<StoredOverrideRow>(FILE_OVERRIDES, [schedule]);
}
