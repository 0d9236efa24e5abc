import type { EscalationPolicy, Instant, PagePlace, Severity, Urgency } from '@watchbill/core';
import { dueAt } from '@watchbill/core';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp, toTimestampOrNull } from '../instants.ts';
import { statement } from '../statement.ts';

/** By which way somebody acted on a page. */
export type PageVia =
  | 'slack'
  | 'sms'
  | 'voice'
  | 'link'
  | 'api'
  | 'cli'
  | 'intake'
  | 'email'
  | 'web'
  | 'ntfy'
  | 'webhook';

/** Who did something to a page: a person where one is known, the actor of the command, and by which way. */
export interface PageActor {
  readonly at: Instant;
  readonly person: string | null;
  readonly actor: string;
  readonly via: PageVia;
}

export interface PageLink {
  readonly href: string;
  readonly text?: string | undefined;
}

/** A page as stored. All instants are real time. */
export interface PageRow {
  readonly id: string;
  /** Short, for people: the pages of an installation are counted. */
  readonly number: number;
  readonly intake: string | null;
  readonly dedupKey: string;
  /** Stands for many signals that came in a storm. */
  readonly folds: boolean;
  readonly policyKey: string;
  /** The id of its policy in the configuration; null for the default policy of a schedule. */
  readonly policy: string | null;
  readonly schedule: string | null;
  /** The policy as it was when the page was triggered. */
  readonly escalation: EscalationPolicy;
  /** The person to whom it was given; the policy goes on after them. */
  readonly assignedTo: string | null;
  readonly summary: string;
  readonly severity: Severity;
  readonly urgency: Urgency;
  readonly source: string | null;
  readonly details: unknown;
  readonly links: readonly PageLink[];
  readonly version: number;
  /** Signals of the same key after the first. */
  readonly repeats: number;
  /** Other signals that it stands for. */
  readonly folded: number;
  readonly lastTriggeredAt: Instant;
  readonly place: PagePlace;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly acknowledged: PageActor | null;
  readonly firstAcknowledgedAt: Instant | null;
  readonly resolved: PageActor | null;
  /** The last time somebody asked for the next step. */
  readonly escalatedAt: Instant | null;
  readonly escalatedBy: string | null;
}

/** What a page is made of; the rest begins as it must. */
export type NewPage = Pick<
  PageRow,
  | 'id'
  | 'intake'
  | 'dedupKey'
  | 'folds'
  | 'policyKey'
  | 'policy'
  | 'schedule'
  | 'escalation'
  | 'summary'
  | 'severity'
  | 'urgency'
  | 'source'
  | 'details'
  | 'links'
  | 'folded'
  | 'place'
  | 'createdBy'
  | 'createdAt'
>;

const ACTOR = (what: string) =>
  `CASE WHEN ${what}_at IS NULL THEN NULL ELSE jsonb_build_object(
     'at', round(extract(epoch FROM ${what}_at) * 1000)::bigint, 'person', ${what}_by,
     'actor', ${what}_actor, 'via', ${what}_via) END AS ${what}`;

/** The columns of a `FlatPage`, of a table or alias `pages`. */
export const PAGE_COLUMNS = `id, number, intake, dedup_key AS "dedupKey", folds, policy_key AS "policyKey",
  policy_id AS policy, schedule_id AS schedule, policy AS escalation, assigned_to AS "assignedTo", summary, severity,
  urgency, source, details, links, version, repeats, folded, last_triggered_at AS "lastTriggeredAt", state, phase,
  round, pass, step, fired, reached, step_at AS "stepAt", snoozed_until AS "snoozedUntil",
  retrigger_at AS "retriggerAt", created_by AS "createdBy", created_at AS "createdAt",
  ${ACTOR('acknowledged')}, first_acknowledged_at AS "firstAcknowledgedAt", ${ACTOR('resolved')},
  escalated_at AS "escalatedAt", escalated_by AS "escalatedBy"`;

/** A page as a statement returns it. */
export type FlatPage = Omit<PageRow, 'place'> & Omit<PagePlace, 'severity'>;

const FIND = statement('pages.find', `SELECT ${PAGE_COLUMNS} FROM pages WHERE id = $1`);
const FIND_NUMBER = statement('pages.find_number', `SELECT ${PAGE_COLUMNS} FROM pages WHERE number = $1`);
const FIND_OPEN = statement(
  'pages.find_open',
  `SELECT id FROM pages WHERE coalesce(intake, '') = $1 AND dedup_key = $2 AND state <> 'resolved'`,
);
const LOCK = statement('pages.lock', `SELECT ${PAGE_COLUMNS} FROM pages WHERE id = $1 FOR UPDATE`);
const INSERT = statement(
  'pages.insert',
  `INSERT INTO pages (id, intake, dedup_key, folds, policy_key, policy_id, schedule_id, policy, summary, severity,
     urgency, source, details, links, folded, state, phase, round, pass, step, fired, reached, step_at, due_at, wake_at,
     created_by, created_at, last_triggered_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13::jsonb, $14::jsonb, $15, $16, $17, $18, $19,
     $20, $21, $22, $23::timestamptz, $24::timestamptz, $24::timestamptz, $25, $26::timestamptz, $26::timestamptz)
   ON CONFLICT DO NOTHING
   RETURNING ${PAGE_COLUMNS}`,
);
const SAVE = statement(
  'pages.save',
  `UPDATE pages SET version = version + 1, policy_key = $3, policy_id = $4, schedule_id = $5, policy = $6::jsonb,
     assigned_to = $7, severity = $8, urgency = $9, state = $10, phase = $11, round = $12, pass = $13, step = $14,
     fired = $15, reached = $16, step_at = $17::timestamptz, snoozed_until = $18::timestamptz,
     retrigger_at = $19::timestamptz, due_at = $20::timestamptz, wake_at = $20::timestamptz,
     acknowledged_at = $21::timestamptz, acknowledged_by = $22, acknowledged_actor = $23, acknowledged_via = $24,
     first_acknowledged_at = $25::timestamptz, resolved_at = $26::timestamptz, resolved_by = $27,
     resolved_actor = $28, resolved_via = $29, escalated_at = $30::timestamptz, escalated_by = $31
   WHERE id = $1 AND version = $2
   RETURNING version`,
);

/** A row of a statement as a page. */
export function toPage(row: FlatPage): PageRow {
  const { state, phase, round, pass, step, fired, reached, stepAt, snoozedUntil, retriggerAt, ...page } = row;
  const { severity } = row;
  const place = { state, severity, phase, round, pass, step, fired, reached };
  return { ...page, place: { ...place, stepAt, snoozedUntil, retriggerAt } };
}

/** A page by its id (`pag_…`) or its number (`42`); null when there is none. */
export async function readPage(queryable: Queryable, ref: string): Promise<PageRow | null> {
  const byNumber = /^\d{1,15}$/.test(ref);
  const [row] = await queryable.query<FlatPage>(byNumber ? FIND_NUMBER : FIND, [ref]);
  return row === undefined ? null : toPage(row);
}

/** The id of the open page of a key; null when there is none. */
export async function openPageOf(
  queryable: Queryable,
  of: { readonly intake: string | null; readonly dedupKey: string },
): Promise<string | null> {
  const [row] = await queryable.query<{ id: string }>(FIND_OPEN, [of.intake ?? '', of.dedupKey]);
  return row?.id ?? null;
}

/** A page by its id, locked until the end of the transaction; null when there is none. */
export async function lockPage(tx: Transaction, id: string): Promise<PageRow | null> {
  const [row] = await tx.query<FlatPage>(LOCK, [id]);
  return row === undefined ? null : toPage(row);
}

/** Stores a new page; null when a page of its key, or another one for its storm, is open. */
export async function insertPage(tx: Transaction, page: NewPage): Promise<PageRow | null> {
  const { place } = page;
  const [row] = await tx.query<FlatPage>(INSERT, [
    ...[page.id, page.intake, page.dedupKey, page.folds, page.policyKey, page.policy, page.schedule],
    ...[JSON.stringify(page.escalation), page.summary, page.severity, page.urgency, page.source],
    page.details === null || page.details === undefined ? null : JSON.stringify(page.details),
    ...[JSON.stringify(page.links), page.folded],
    ...[place.state, place.phase, place.round, place.pass, place.step, place.fired, place.reached],
    ...[toTimestampOrNull(place.stepAt), toTimestampOrNull(dueAt(place))],
    ...[page.createdBy, toTimestamp(page.createdAt)],
  ]);
  return row === undefined ? null : toPage(row);
}

/**
 * Stores what became of a page and returns it with its new version. Rejects when it is not the version that was read:
 * whoever saves holds its lock, so that would be a defect.
 */
export async function savePage(tx: Transaction, page: PageRow): Promise<PageRow> {
  const { place, acknowledged, resolved } = page;
  const actor = (by: PageActor | null) => [
    toTimestampOrNull(by?.at ?? null),
    ...[by?.person ?? null, by?.actor ?? null, by?.via ?? null],
  ];
  const [row] = await tx.query<{ version: number }>(SAVE, [
    ...[page.id, page.version, page.policyKey, page.policy, page.schedule, JSON.stringify(page.escalation)],
    ...[page.assignedTo, page.severity, page.urgency, place.state, place.phase, place.round, place.pass],
    ...[place.step, place.fired, place.reached, toTimestampOrNull(place.stepAt)],
    ...[toTimestampOrNull(place.snoozedUntil), toTimestampOrNull(place.retriggerAt)],
    toTimestampOrNull(dueAt(place)),
    ...[...actor(acknowledged), toTimestampOrNull(page.firstAcknowledgedAt), ...actor(resolved)],
    ...[toTimestampOrNull(page.escalatedAt), page.escalatedBy],
  ]);
  if (row === undefined) throw new Error(`the page ${page.id} is no longer at version ${page.version}`);
  return { ...page, version: row.version };
}
