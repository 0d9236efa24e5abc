import type { Instant, Urgency } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

export const CONTACT_KINDS = ['email', 'sms', 'voice', 'ntfy', 'webhook'] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];

/** A way to reach a person. */
export interface ContactMethodRow {
  readonly id: string;
  readonly person: string;
  readonly kind: ContactKind;
  /** An e-mail address, a number such as +441632960961, a topic of ntfy, an https address. */
  readonly address: string;
  readonly label: string;
  readonly verifiedAt: Instant | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
}

/** What is known of a method's code; the code itself is stored nowhere. */
export interface ContactCode {
  readonly hash: Buffer | null;
  readonly expiresAt: Instant | null;
  readonly tries: number;
  readonly sentAt: Instant | null;
}

/** One line of a person's rules. `contactMethod` null: by Slack. */
export interface NotificationRuleRow {
  readonly person: string;
  readonly urgency: Urgency;
  readonly contactMethod: string | null;
  readonly afterMs: number;
}

/** Minutes from midnight in the person's zone; from after to means over midnight. */
export interface QuietHoursRow {
  readonly person: string;
  readonly from: number;
  readonly to: number;
}

const COLUMNS = `id, person, kind, address, label, verified_at AS "verifiedAt", created_by AS "createdBy",
  created_at AS "createdAt"`;

const INSERT = statement(
  'contact-methods.insert',
  `INSERT INTO contact_methods (id, person, kind, address, label, created_by) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT (person, kind, address) DO NOTHING RETURNING id`,
);
const FIND = statement('contact-methods.find', `SELECT ${COLUMNS} FROM contact_methods WHERE id = $1`);
const LOCK = statement(
  'contact-methods.lock',
  `SELECT ${COLUMNS} FROM contact_methods WHERE id = $1 FOR UPDATE`,
);
const OF_PEOPLE = statement(
  'contact-methods.of_people',
  `SELECT ${COLUMNS} FROM contact_methods WHERE person = ANY($1::text[]) ORDER BY person, id`,
);
const BY_ADDRESS = statement(
  'contact-methods.by_address',
  `SELECT ${COLUMNS} FROM contact_methods
   WHERE kind = ANY($1::text[]) AND address = $2 AND verified_at IS NOT NULL ORDER BY id LIMIT 20`,
);
const CODE = statement(
  'contact-methods.code',
  `SELECT code_hash AS hash, code_expires_at AS "expiresAt", code_tries AS tries, code_sent_at AS "sentAt"
   FROM contact_methods WHERE id = $1`,
);
const SET_CODE = statement(
  'contact-methods.set_code',
  `UPDATE contact_methods SET code_hash = $2, code_expires_at = $3::timestamptz, code_tries = 0,
     code_sent_at = clock_timestamp() WHERE id = $1 AND verified_at IS NULL RETURNING id`,
);
const COUNT_TRY = statement(
  'contact-methods.count_try',
  'UPDATE contact_methods SET code_tries = code_tries + 1 WHERE id = $1',
);
const VERIFY = statement(
  'contact-methods.verify',
  'UPDATE contact_methods SET verified_at = clock_timestamp(), code_hash = NULL, code_expires_at = NULL WHERE id = $1',
);
const REMOVE = statement('contact-methods.remove', 'DELETE FROM contact_methods WHERE id = $1');
const RULES = statement(
  'notification-rules.of_people',
  `SELECT person, urgency, contact_method AS "contactMethod", after_ms AS "afterMs" FROM notification_rules
   WHERE person = ANY($1::text[]) ORDER BY person, urgency, place`,
);
const DROP_RULES = statement('notification-rules.drop', 'DELETE FROM notification_rules WHERE person = $1');
const ADD_RULES = statement(
  'notification-rules.add',
  `INSERT INTO notification_rules (person, urgency, place, contact_method, after_ms)
   SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::bigint[])`,
);
const QUIET = statement(
  'quiet-hours.of_people',
  'SELECT person, from_minute AS "from", to_minute AS "to" FROM quiet_hours WHERE person = ANY($1::text[])',
);
const DROP_QUIET = statement('quiet-hours.drop', 'DELETE FROM quiet_hours WHERE person = $1');
const ADD_QUIET = statement(
  'quiet-hours.add',
  'INSERT INTO quiet_hours (person, from_minute, to_minute) VALUES ($1, $2, $3)',
);

export type NewContactMethod = Omit<ContactMethodRow, 'verifiedAt' | 'createdAt'>;

/** False when the person has this very method already. */
export async function insertContactMethod(tx: Transaction, row: NewContactMethod): Promise<boolean> {
  const { id, person, kind, address, label, createdBy } = row;
  return (await tx.query(INSERT, [id, person, kind, address, label, createdBy])).length === 1;
}

export async function findContactMethod(queryable: Queryable, id: string): Promise<ContactMethodRow | null> {
  return (await queryable.query<ContactMethodRow>(FIND, [id]))[0] ?? null;
}

export async function lockContactMethod(tx: Transaction, id: string): Promise<ContactMethodRow | null> {
  return (await tx.query<ContactMethodRow>(LOCK, [id]))[0] ?? null;
}

export function contactMethodsOf(
  queryable: Queryable,
  people: readonly string[],
): Promise<ContactMethodRow[]> {
  return queryable.query<ContactMethodRow>(OF_PEOPLE, [people]);
}

/** Verified methods with an address: whose telephone this is. */
export function contactMethodsByAddress(
  queryable: Queryable,
  kinds: readonly ContactKind[],
  address: string,
): Promise<ContactMethodRow[]> {
  return queryable.query<ContactMethodRow>(BY_ADDRESS, [kinds, address]);
}

export async function contactCode(queryable: Queryable, id: string): Promise<ContactCode | null> {
  return (await queryable.query<ContactCode>(CODE, [id]))[0] ?? null;
}

/** Stores the hash of a new code. False for a method that is verified already, or gone. */
export async function setContactCode(
  tx: Transaction,
  id: string,
  code: { readonly hash: Uint8Array; readonly expiresAt: Instant },
): Promise<boolean> {
  return (await tx.query(SET_CODE, [id, code.hash, toTimestamp(code.expiresAt)])).length === 1;
}

export async function countCodeTry(tx: Queryable, id: string): Promise<void> {
  await tx.query(COUNT_TRY, [id]);
}

export async function markContactVerified(tx: Transaction, id: string): Promise<void> {
  await tx.query(VERIFY, [id]);
}

/** Takes a method away, and the rules that name it. */
export async function removeContactMethodRow(tx: Transaction, id: string): Promise<void> {
  await tx.query(REMOVE, [id]);
}

/** The rules of people, each in the order of their list. */
export function notificationRulesOf(
  queryable: Queryable,
  people: readonly string[],
): Promise<NotificationRuleRow[]> {
  return queryable.query<NotificationRuleRow>(RULES, [people]);
}

/** Replaces all rules and the quiet hours of a person. */
export async function replaceNotificationRules(
  tx: Transaction,
  person: string,
  wish: {
    readonly rules: readonly Omit<NotificationRuleRow, 'person'>[];
    readonly quiet: Omit<QuietHoursRow, 'person'> | null;
  },
): Promise<void> {
  await tx.query(DROP_RULES, [person]);
  await tx.query(DROP_QUIET, [person]);
  const { rules, quiet } = wish;
  if (quiet !== null) await tx.query(ADD_QUIET, [person, quiet.from, quiet.to]);
  if (rules.length === 0) return;
  const placed = rules.map((rule, place) => ({ ...rule, place }));
  const values = columns(placed, [
    () => person,
    (rule) => rule.urgency,
    (rule) => rule.place,
    (rule) => rule.contactMethod,
    (rule) => rule.afterMs,
  ]);
  await tx.query(ADD_RULES, values);
}

export function quietHoursOf(queryable: Queryable, people: readonly string[]): Promise<QuietHoursRow[]> {
  return queryable.query<QuietHoursRow>(QUIET, [people]);
}
