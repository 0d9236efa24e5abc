import { closeLedger, type Interval } from '@watchbill/core';
import {
  claimPeriod,
  clockNow,
  type Database,
  isoInstant,
  saveLedger,
  unclosedSchedules,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { LEDGER_PERIOD_MS, ledgerPeriodOf } from './plan-horizon.ts';
import type { PlanTools } from './planner.ts';
import { readBurden, weightsInForce } from './read-burden.ts';
import { readGroup } from './read-plan-inputs.ts';

export interface ClosedPeriod {
  /** The schedules for which it was closed now; empty when it was closed before. */
  readonly schedules: readonly string[];
  readonly period: { readonly start: string; readonly end: string };
}

/** Schedules in one call; the next call goes on. */
const CLOSINGS_PER_CALL = 100;

/**
 * Closes a period of a schedule and of those planned with it, once: what people really stood, after swaps and
 * overrides, less their fair part of the whole, goes to their accounts. The accounts sum to zero before and after.
 */
export function closeLedgerPeriod(
  context: CommandContext,
  input: { readonly schedule: string; readonly period: Interval },
  tools: Pick<PlanTools, 'holidayCalendar'>,
): Promise<CommandResult<ClosedPeriod>> {
  return runCommand(context, { name: 'closeLedgerPeriod', input }, async (tx) => {
    const { period } = input;
    const now = await clockNow(tx);
    if (period.end > now) {
      const message = `The period ends at ${isoInstant(period.end)}. It is closed when it is over.`;
      return refuse('conflict', 'ledger/not-over', { message });
    }
    const group = await readGroup(tx, input.schedule, now);
    const ids = group.map((schedule) => schedule.id);
    const claimed = new Set(
      await claimPeriod(tx, ids.length === 0 ? [input.schedule] : ids, { period, now }),
    );
    const schedules = group.filter((schedule) => claimed.has(schedule.id));
    const told = { start: isoInstant(period.start), end: isoInstant(period.end) };
    if (schedules.length === 0) return done({ schedules: [], period: told });
    const weights = await weightsInForce(tx, ids);
    const stood = await readBurden(tx, { schedules, window: period, fairOnly: true, weights }, tools);
    const accounts = stood.map(({ person, carried }) => ({ person, balance: carried }));
    const options = { periodMs: period.end - period.start, halfLifeMs: null };
    const balances = new Map(
      closeLedger(accounts, stood, options).map(({ person, balance }) => [person, balance]),
    );
    await saveLedger(
      tx,
      stood.map(({ person, burden, entitlement, carried }) => ({
        ...{ person, burden, entitlement },
        balance: balances.get(person) ?? carried,
      })),
      period,
    );
    return done({ schedules: [...claimed].sort(), period: told });
  });
}

/** Closes the last period that has ended for every schedule with a plan that was published before its end. */
export async function closeLedgers(
  database: Database,
  tools: Pick<PlanTools, 'holidayCalendar'>,
): Promise<ClosedPeriod[]> {
  const current = ledgerPeriodOf(await clockNow(database));
  const period = { start: current.start - LEDGER_PERIOD_MS, end: current.start };
  const context: CommandContext = { database, actor: 'planner' };
  const closed: ClosedPeriod[] = [];
  const seen = new Set<string>();
  for (const schedule of await unclosedSchedules(database, period, CLOSINGS_PER_CALL)) {
    if (seen.has(schedule)) continue;
    const result = await closeLedgerPeriod(context, { schedule, period }, tools);
    if (!result.ok) throw new Error(result.error.message);
    for (const id of result.value.schedules) seen.add(id);
    if (result.value.schedules.length > 0) closed.push(result.value);
  }
  return closed;
}
