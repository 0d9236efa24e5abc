import type { EscalationPolicy, Instant, PersonId } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** A policy of the configuration: as the file has it, and as it was checked. */
export interface EscalationPolicyRow {
  readonly id: string;
  readonly name: string;
  readonly definition: object;
  readonly policy: EscalationPolicy;
}

const READ = statement(
  'policies.read',
  'SELECT id, name, definition, policy FROM escalation_policies WHERE id = ANY($1::text[]) ORDER BY id',
);
const ALL = statement(
  'policies.all',
  'SELECT id, name, definition, policy FROM escalation_policies ORDER BY id',
);
const SAVE = statement(
  'policies.save',
  `INSERT INTO escalation_policies (id, name, definition, policy, revision, updated_at)
   SELECT id, name, definition, policy, $5, $6::timestamptz
   FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::jsonb[]) AS row (id, name, definition, policy)
   ON CONFLICT (id) DO UPDATE SET name = excluded.name, definition = excluded.definition, policy = excluded.policy,
     revision = excluded.revision, updated_at = excluded.updated_at`,
);

/** What a schedule gives a page: its own policy, if the configuration has one of its id, or what to make one from. */
export interface ScheduleReceiver {
  readonly roles: readonly string[];
  readonly managers: readonly PersonId[];
  readonly policy: EscalationPolicy | null;
}

const OF_SCHEDULE = statement(
  'policies.of_schedule',
  `SELECT coalesce((SELECT r.definition -> 'roles' FROM schedule_revisions r
       WHERE r.schedule_id = s.id AND r.effective_at <= clock_now() ORDER BY r.revision DESC LIMIT 1), '[]') AS roles,
     coalesce(t.definition -> 'managers', '[]') AS managers, p.policy
   FROM schedules s LEFT JOIN teams t ON t.id = s.team LEFT JOIN escalation_policies p ON p.id = s.id
   WHERE s.id = $1`,
);

/** Policies by id; unknown ids are left out. */
export function readEscalationPolicies(
  queryable: Queryable,
  ids: readonly string[],
): Promise<EscalationPolicyRow[]> {
  return queryable.query<EscalationPolicyRow>(READ, [ids]);
}

/** Every policy, by id. */
export function allEscalationPolicies(queryable: Queryable): Promise<EscalationPolicyRow[]> {
  return queryable.query<EscalationPolicyRow>(ALL);
}

export async function saveEscalationPolicies(
  tx: Transaction,
  rows: readonly EscalationPolicyRow[],
  at: { readonly revision: number; readonly now: Instant },
): Promise<void> {
  if (rows.length === 0) return;
  const values = columns(rows, [
    (row) => row.id,
    (row) => row.name,
    (row) => JSON.stringify(row.definition),
    (row) => JSON.stringify(row.policy),
  ]);
  await tx.query(SAVE, [...values, at.revision, toTimestamp(at.now)]);
}

/** What a schedule gives a page, also where it is retired; null for an unknown one. */
export async function scheduleReceiver(
  queryable: Queryable,
  schedule: string,
): Promise<ScheduleReceiver | null> {
  const [row] = await queryable.query<ScheduleReceiver>(OF_SCHEDULE, [schedule]);
  return row ?? null;
}
