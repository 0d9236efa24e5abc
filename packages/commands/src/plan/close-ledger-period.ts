import { type Account, closeLedger, DAY_MS, type Interval, type Schedule } from '@watchbill/core';
import {
  claimPeriod,
  clockNow,
  type Database,
  everyLedgerAccount,
  isoInstant,
  type LedgerAccountRow,
  lockLedger,
  oldestOpenLedger,
  revisionsFrom,
  saveLedger,
  type Transaction,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { versionOf } from '../schedule/load-schedule.ts';
import { ledgerPeriodOf } from './plan-horizon.ts';
import type { PlanTools } from './planner.ts';
import { readBurden, weightsInForce } from './read-burden.ts';
import { readGroup } from './read-plan-inputs.ts';

export interface ClosedPeriod {
  /** The schedules for which it was closed now; empty when it was closed before. */
  readonly schedules: readonly string[];
  readonly period: { readonly start: string; readonly end: string };
}

export interface LedgerTools extends Pick<PlanTools, 'holidayCalendar'> {
  /** After so many days a balance counts half; null or left out: for ever whole. */
  readonly halfLifeDays?: number | null;
}

/** Closings in one call; the next call goes on. */
const CLOSINGS_PER_CALL = 100;

/**
 * Closes a period of a schedule and of those planned with it, once: what people really stood, after swaps and
 * overrides, less their fair part of the whole, goes to their accounts. The accounts sum to zero before and after.
 */
export function closeLedgerPeriod(
  context: CommandContext,
  input: { readonly schedule: string; readonly period: Interval },
  tools: LedgerTools,
): Promise<CommandResult<ClosedPeriod>> {
  const call = { name: 'closeLedgerPeriod', input, audited: false };
  return runCommand(context, call, async (tx) => {
    const { period } = input;
    const now = await clockNow(tx);
    if (period.end > now) {
      const message = `The period ends at ${isoInstant(period.end)}. It is closed when it is over.`;
      return refuse('conflict', 'ledger/not-over', { message });
    }
    await lockLedger(tx);
    const group = await groupIn(tx, input);
    const ids = group.map((schedule) => schedule.id);
    const { halfLifeDays = null } = tools;
    const claimed = new Set(
      await claimPeriod(tx, ids.length === 0 ? [input.schedule] : ids, { period, now, halfLifeDays }),
    );
    const schedules = group.filter((schedule) => claimed.has(schedule.id));
    const told = { start: isoInstant(period.start), end: isoInstant(period.end) };
    if (schedules.length === 0) return done({ schedules: [], period: told });
    const weights = await weightsInForce(tx, ids);
    const stood = await readBurden(tx, { schedules, window: period, fairOnly: true, weights }, tools);
    const before = forget(await everyLedgerAccount(tx), { period, halfLifeDays });
    const accounts = closeLedger(before, stood, { periodMs: period.end - period.start, halfLifeMs: null });
    const balances = new Map(accounts.map(({ person, balance }) => [person, balance]));
    const entries = stood.map(({ person, burden, entitlement }) => ({
      ...{ person, burden, entitlement },
      balance: balances.get(person) ?? 0,
    }));
    await saveLedger(tx, { entries, accounts }, period);
    return done({ schedules: [...claimed].sort(), period: told });
  });
}

/** The schedules planned together with one now; one that is planned no more stands for itself. */
async function groupIn(
  tx: Transaction,
  { schedule, period }: { readonly schedule: string; readonly period: Interval },
): Promise<Schedule[]> {
  const group = await readGroup(tx, schedule, await clockNow(tx));
  if (group.length > 0) return group;
  const [then] = await revisionsFrom(tx, [schedule], period.start);
  return then === undefined ? [] : [versionOf(then, []).schedule];
}

/**
 * What is left of everybody's balances at the end of a period. All of them at once, whoever stood anything, so that
 * they still sum to zero; and once, however many schedules close the period.
 */
function forget(
  accounts: readonly LedgerAccountRow[],
  { period, halfLifeDays }: { readonly period: Interval; readonly halfLifeDays: number | null },
): Account[] {
  const halfLifeMs = halfLifeDays === null ? null : halfLifeDays * DAY_MS;
  return accounts.flatMap(({ person, balance, closedUntil }) => {
    const periodMs = Math.max(0, period.end - closedUntil);
    return closeLedger([{ person, balance }], [], { periodMs, halfLifeMs });
  });
}

/**
 * Closes every period that has ended, oldest first, for every schedule with a plan that was published before its end:
 * those too that ended while nobody was there to close them.
 */
export async function closeLedgers(database: Database, tools: LedgerTools): Promise<ClosedPeriod[]> {
  const current = ledgerPeriodOf(await clockNow(database));
  const context: CommandContext = { database, actor: 'planner' };
  const closed: ClosedPeriod[] = [];
  for (let count = 0; count < CLOSINGS_PER_CALL; count += 1) {
    const open = await oldestOpenLedger(database, current.start);
    if (open === null) break;
    const { schedule, since } = open;
    const result = await closeLedgerPeriod(context, { schedule, period: ledgerPeriodOf(since) }, tools);
    if (!result.ok) throw new Error(result.error.message);
    if (result.value.schedules.length > 0) closed.push(result.value);
  }
  return closed;
}
