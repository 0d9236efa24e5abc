import type { Instant } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** What a person has carried above the fair part, in burden units, up to an instant. */
export interface LedgerAccountRow {
  readonly person: string;
  readonly balance: number;
  readonly closedUntil: Instant;
}

/** What a person stood in a closed period. */
export interface LedgerEntryRow {
  readonly person: string;
  readonly burden: number;
  readonly entitlement: number;
  readonly balance: number;
}

interface Period {
  readonly start: Instant;
  readonly end: Instant;
}

const ACCOUNTS = statement(
  'ledger.accounts',
  `SELECT person, balance, closed_until AS "closedUntil" FROM ledger_accounts
   WHERE person = ANY($1::text[]) ORDER BY person`,
);
const EVERY_ACCOUNT = statement(
  'ledger.every-account',
  `SELECT person, balance, closed_until AS "closedUntil" FROM ledger_accounts ORDER BY person`,
);
const LOCK = statement('ledger.lock', `SELECT pg_advisory_xact_lock(hashtext('watchbill.ledger'))`);
const SAVE = statement(
  'ledger.save',
  `INSERT INTO ledger_accounts (person, balance, closed_until)
   SELECT person, balance, $3::timestamptz FROM unnest($1::text[], $2::double precision[]) AS row (person, balance)
   ON CONFLICT (person) DO UPDATE SET balance = excluded.balance,
     closed_until = greatest(ledger_accounts.closed_until, excluded.closed_until)`,
);
const ENTRIES = statement(
  'ledger.entries',
  `INSERT INTO ledger_entries (person, starts_at, ends_at, burden, entitlement, balance)
   SELECT person, $5::timestamptz, $6::timestamptz, burden, entitlement, balance
   FROM unnest($1::text[], $2::double precision[], $3::double precision[], $4::double precision[])
     AS row (person, burden, entitlement, balance)
   ON CONFLICT (person, starts_at) DO UPDATE SET burden = ledger_entries.burden + excluded.burden,
     entitlement = ledger_entries.entitlement + excluded.entitlement, balance = excluded.balance`,
);
const CLOSE = statement(
  'ledger.close',
  `INSERT INTO ledger_closings (schedule_id, starts_at, ends_at, closed_at, half_life_days)
   SELECT id, $2::timestamptz, $3::timestamptz, $4::timestamptz, $5 FROM unnest($1::text[]) AS id
   ON CONFLICT DO NOTHING RETURNING schedule_id AS id`,
);
const CLOSED_UNTIL = statement(
  'ledger.closed-until',
  `SELECT schedule_id AS schedule, max(ends_at) AS until FROM ledger_closings
   WHERE schedule_id = ANY($1::text[]) GROUP BY schedule_id`,
);
/** From its last closing on, else from its first published plan; what is out of use stays closed. */
const OLDEST_OPEN = statement(
  'ledger.oldest-open',
  `SELECT schedule, since FROM (
     SELECT m.schedule_id AS schedule, s.retired_at, coalesce(
       (SELECT max(ends_at) FROM ledger_closings c WHERE c.schedule_id = m.schedule_id),
       (SELECT min(p.published_at) FROM plans p JOIN plan_schedules o ON o.plan_id = p.id
         WHERE o.schedule_id = m.schedule_id)) AS since
     FROM plan_schedules m JOIN schedules s ON s.id = m.schedule_id WHERE m.in_force
   ) AS open
   WHERE since < $1::timestamptz AND (retired_at IS NULL OR retired_at > since)
   ORDER BY since, schedule LIMIT 1`,
);
/** The rotations of which a plan gave somebody a turn in a window. */
const PLANNED_PLACES = statement(
  'ledger.planned-places',
  `SELECT DISTINCT schedule_id AS schedule, rotation FROM planned_turns
   WHERE schedule_id = ANY($1::text[]) AND ends_at > $2::timestamptz AND starts_at < $3::timestamptz`,
);
const STOOD = statement(
  'ledger.stood',
  `SELECT schedule_id AS schedule, person, role, rotation, starts_at AS start, ends_at AS end FROM shifts
   WHERE schedule_id = ANY($1::text[]) AND status = 'active' AND starts_at < $3::timestamptz
     AND ends_at > $2::timestamptz
   ORDER BY starts_at, id LIMIT $4`,
);

/** A shift as the ledger sees it; `rotation` is null where an override put the person there. */
export interface StoodShiftRow {
  readonly schedule: string;
  readonly person: string;
  readonly role: string;
  readonly rotation: string | null;
  readonly start: Instant;
  readonly end: Instant;
}

/** The active shifts of schedules that touch a window, whole, by start. */
export function shiftsStood(
  queryable: Queryable,
  schedules: readonly string[],
  want: { readonly window: Period; readonly limit: number },
): Promise<StoodShiftRow[]> {
  const { start, end } = want.window;
  return queryable.query<StoodShiftRow>(STOOD, [schedules, toTimestamp(start), toTimestamp(end), want.limit]);
}

/** The accounts of people, by person; somebody new has none. */
export function ledgerAccounts(queryable: Queryable, people: readonly string[]): Promise<LedgerAccountRow[]> {
  return queryable.query<LedgerAccountRow>(ACCOUNTS, [people]);
}

/** Until when the ledger of each schedule is closed; one without a closed period is left out. */
export async function ledgerClosedUntil(
  queryable: Queryable,
  schedules: readonly string[],
): Promise<Map<string, Instant>> {
  const rows = await queryable.query<{ schedule: string; until: Instant }>(CLOSED_UNTIL, [schedules]);
  return new Map(rows.map((row) => [row.schedule, row.until]));
}

/** The schedule whose ledger has been open for the longest time before `before`, and since when; null for none. */
export async function oldestOpenLedger(
  queryable: Queryable,
  before: Instant,
): Promise<{ readonly schedule: string; readonly since: Instant } | null> {
  const [row] = await queryable.query<{ schedule: string; since: Instant }>(OLDEST_OPEN, [
    toTimestamp(before),
  ]);
  return row ?? null;
}

/** The rotations of schedules that a plan had turns of in a window. */
export function plannedPlaces(
  queryable: Queryable,
  schedules: readonly string[],
  window: Period,
): Promise<{ readonly schedule: string; readonly rotation: string }[]> {
  return queryable.query(PLANNED_PLACES, [schedules, toTimestamp(window.start), toTimestamp(window.end)]);
}

/** Lets one closing at a time change accounts, until the end of the transaction. */
export async function lockLedger(tx: Transaction): Promise<void> {
  await tx.query(LOCK);
}

/** The accounts of everybody who ever had one, by person. */
export function everyLedgerAccount(queryable: Queryable): Promise<LedgerAccountRow[]> {
  return queryable.query<LedgerAccountRow>(EVERY_ACCOUNT);
}

/** Marks the period as closed, and returns the schedules for which it was not closed before. */
export async function claimPeriod(
  tx: Transaction,
  schedules: readonly string[],
  at: { readonly period: Period; readonly now: Instant; readonly halfLifeDays: number | null },
): Promise<string[]> {
  const { period, now, halfLifeDays } = at;
  const times = [toTimestamp(period.start), toTimestamp(period.end), toTimestamp(now)];
  const values = [schedules, ...times, halfLifeDays];
  const rows = await tx.query<{ id: string }>(CLOSE, values);
  return rows.map((row) => row.id).sort();
}

/** Writes what each person stood in a closed period, and everybody's balances after it. */
export async function saveLedger(
  tx: Transaction,
  ledger: {
    readonly entries: readonly LedgerEntryRow[];
    readonly accounts: readonly Omit<LedgerAccountRow, 'closedUntil'>[];
  },
  period: Period,
): Promise<void> {
  const [names, totals] = columns(ledger.accounts, [(row) => row.person, (row) => row.balance]);
  await tx.query(SAVE, [names, totals, toTimestamp(period.end)]);
  if (ledger.entries.length === 0) return;
  const [people, burdens, entitlements, balances] = columns(ledger.entries, [
    (row) => row.person,
    (row) => row.burden,
    (row) => row.entitlement,
    (row) => row.balance,
  ]);
  const times = [toTimestamp(period.start), toTimestamp(period.end)];
  await tx.query(ENTRIES, [people, burdens, entitlements, balances, ...times]);
}
