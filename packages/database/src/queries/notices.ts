import type { Transaction } from '../connection.ts';
import { statement } from '../statement.ts';

const BOUNDARIES = statement('notices.boundaries', "SELECT pg_notify('watchbill_boundaries', '')");
const SCHEDULES = statement(
  'notices.schedules',
  "SELECT pg_notify('watchbill_schedule', id) FROM unnest($1::text[]) AS id",
);

/** Wakes the tickers at commit: something is due earlier than they know. */
export async function notifyBoundaries(tx: Transaction): Promise<void> {
  await tx.query(BOUNDARIES);
}

/** Tells at commit that the shifts of these schedules have changed. */
export async function notifySchedules(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.query(SCHEDULES, [ids]);
}

const PLANS = statement('notices.plans', "SELECT pg_notify('watchbill_plans', '')");

/** Wakes the planners at commit: a schedule is to be planned. */
export async function notifyPlans(tx: Transaction): Promise<void> {
  await tx.query(PLANS);
}
