import type { Instant, Problem } from '@watchbill/core';
import { newId, type OverrideRow, readNames, type Transaction } from '@watchbill/database';
import { refuseUnlessManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import type { ShiftCounts } from '../horizon/plan-sync.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import { type HeldSchedule, holdSchedule } from '../schedule/change-schedule.ts';
import { NO_MEANING, readMeanings, versionsOf } from '../schedule/load-schedule.ts';
import { inputProblems, meaningProblems, type OverrideInput } from './check-override.ts';
import { placeOverrides, refuseTooMany } from './place-overrides.ts';

export interface CreatedOverride {
  readonly id: string;
  readonly schedule: string;
  readonly role: string;
  readonly kind: OverrideRow['kind'];
  readonly people: readonly string[];
  readonly replaces: string | null;
  /** Not before the instant of creation: the past is never changed. */
  readonly start: Instant;
  readonly end: Instant;
  readonly reason: string | null;
  readonly createdBy: string;
  /** What it changes about stored shifts. */
  readonly shifts: ShiftCounts;
}

/** Puts an override on a schedule from now on. The one created last wins where several overlap. */
export function createOverride(
  context: CommandContext,
  input: OverrideInput,
): Promise<CommandResult<CreatedOverride>> {
  return runCommand(context, { name: 'createOverride', input }, async (tx) => {
    const held = await holdSchedule(tx, input.schedule);
    if (!held.ok) return held;
    const refusal = await refuseUnlessManager(tx, context.caller, input.schedule);
    if (refusal !== null) return refusal;
    const checked = await checkedRow(tx, { held: held.value, input, actor: context.actor });
    if (!checked.ok) return checked;
    const row = checked.value;
    const shifts = await placeOverrides(tx, held.value, { rows: [row], context, reason: 'override' });
    if (!shifts.ok) return shifts;
    const { id, schedule, role, kind, people, replaces, start, end, reason, createdBy } = row;
    return done({
      ...{ id, schedule, role, kind, people, replaces, start, end, reason, createdBy },
      shifts: shifts.value,
    });
  });
}

async function checkedRow(
  tx: Transaction,
  wanted: { readonly held: HeldSchedule; readonly input: OverrideInput; readonly actor: string },
): Promise<CommandOutcome<OverrideRow>> {
  const { held, input, actor } = wanted;
  const { now, row } = held;
  const wrong = inputProblems(input, now);
  if (wrong.length > 0) return refuseOverride(wrong);
  const meaning = (await readMeanings(tx, [row.id], now)).get(row.id) ?? NO_MEANING;
  const schedules = versionsOf(meaning, now).map((version) => version.schedule);
  const replaces = input.replaces ?? null;
  const named = replaces === null ? input.people : [...input.people, replaces];
  const known = new Set((await readNames(tx, named)).keys());
  const unknown = meaningProblems(input, schedules, known);
  if (unknown.length > 0) return refuseOverride(unknown);
  const start = Math.max(input.start, now);
  const full = refuseTooMany(meaning, now, { start, end: input.end });
  if (full !== null) return full;
  return done({
    id: newId('ovr'),
    schedule: row.id,
    origin: 'api',
    role: input.role ?? schedules[0]?.roles[0] ?? 'primary',
    kind: input.kind,
    people: [...input.people],
    replaces,
    start,
    end: input.end,
    reason: input.reason ?? null,
    createdBy: actor,
    cancelledAt: null,
  });
}

function refuseOverride(problems: readonly Problem[]): CommandOutcome<never> {
  const past = problems.find((problem) => problem.code === 'override/in-the-past');
  const [first] = problems;
  return refuse('invalid', past?.code ?? first?.code ?? 'override/invalid', {
    message: problems.map((problem) => problem.message).join(' '),
    problems,
  });
}
