import { DAY_MS } from '@watchbill/core';
import {
  clockNow,
  isoInstant,
  lastConfigurationRevision,
  lockConfiguration,
  lockSchedules,
  readEscalationPolicies,
  readSchedules,
  type ScheduleRow,
  type Transaction,
} from '@watchbill/database';
import { canonicalJson } from '../canonical-json.ts';
import type { CommandError, CommandResult } from '../command.ts';
import { DEFAULT_HORIZON } from '../horizon/horizon-settings.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import {
  type CheckedSchedule,
  checkConfiguration,
  type KnownPeople,
  readKnownPeople,
} from './check-configuration.ts';
import type { AppliedConfiguration, AppliedSchedule, ApplyInput } from './configuration-draft.ts';
import { type ApplyMoment, decideApply, type ScheduleApply } from './decide-apply.ts';
import { NO_MEANING, readMeanings } from './load-schedule.ts';
import { planApply } from './plan-apply.ts';
import { refuseBeyondTeams } from './refuse-beyond-teams.ts';
import { writeApply } from './write-apply.ts';

/** How far ahead a configuration may take effect. */
export const EFFECTIVE_AHEAD_LIMIT_MS = 366 * DAY_MS;

/**
 * Makes people, teams and schedules what a configuration says, all or nothing. Applying the same again writes
 * nothing. A changed schedule gets a new revision from `effectiveAt` on; its past, and what the configuration does
 * not name, stay as they are.
 */
export function applyConfiguration(
  context: CommandContext,
  input: ApplyInput,
): Promise<CommandResult<AppliedConfiguration>> {
  const { idempotencyKey: _key, ...withoutKey } = context;
  const call = { name: 'applyConfiguration', input, audited: !input.dryRun };
  // A dry run writes nothing, so it has no answer to keep either.
  return runCommand(input.dryRun ? withoutKey : context, call, (tx) => apply(tx, context, input));
}

async function apply(
  tx: Transaction,
  context: CommandContext,
  input: ApplyInput,
): Promise<CommandOutcome<AppliedConfiguration>> {
  const { configuration, dryRun } = input;
  const ids = [...new Set(configuration.schedules.map((schedule) => schedule.id))].sort();
  if (!dryRun) await lockConfiguration(tx);
  const rows = new Map(
    (await (dryRun ? readSchedules(tx, ids) : lockSchedules(tx, ids))).map((row) => [row.id, row]),
  );
  const moment: ApplyMoment = {
    now: await clockNow(tx),
    effectiveAt: input.effectiveAt ?? null,
    actor: context.actor,
    horizon: context.horizon ?? DEFAULT_HORIZON,
  };
  const refusal = refuseMoment(moment, rows) ?? (await refuseRevisions(tx, input));
  if (refusal !== null) return refusal;
  const known = await readKnownPeople(tx, configuration);
  const { schedules, problems } = await checkConfiguration(tx, configuration, known);
  if (problems.length > 0) {
    return refuse('invalid', 'configuration/invalid', {
      message: `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}. Nothing was applied.`,
      problems,
    });
  }
  const applies = await decideAll(tx, { schedules, rows, moment });
  const changed = { ...changedPeople(input, known), policies: await changedPolicies(tx, input) };
  const beyond = await refuseBeyondTeams(tx, context.caller, { applies, ...changed });
  if (beyond !== null) return beyond;
  const planned = await planApply(tx, applies, { configuration, now: moment.now });
  if (!planned.ok) return planned;
  const last = await lastConfigurationRevision(tx);
  const unchanged =
    applies.length + changed.people.length + changed.teams.length + changed.policies.length === 0;
  const revision = unchanged ? last : last + 1;
  if (!unchanged && !dryRun) {
    const { plans } = planned.value;
    await writeApply(tx, { ...changed, applies, plans, revision, source: input.source }, moment);
  }
  const results = new Map(planned.value.counts.map((result) => [result.id, result]));
  return done(
    {
      revision,
      schedules: ids.map((id) => results.get(id) ?? untouched(id, rows)),
      changesByPerson: planned.value.changesByPerson,
      unchanged,
    },
    { revision: last },
  );
}

function untouched(id: string, rows: ReadonlyMap<string, ScheduleRow>): AppliedSchedule {
  const shifts = { scheduled: 0, changed: 0, cancelled: 0 };
  return { id, revision: rows.get(id)?.revision ?? 0, changed: false, shifts };
}

async function decideAll(
  tx: Transaction,
  input: {
    readonly schedules: readonly CheckedSchedule[];
    readonly rows: ReadonlyMap<string, ScheduleRow>;
    readonly moment: ApplyMoment;
  },
): Promise<ScheduleApply[]> {
  const { schedules, rows, moment } = input;
  const meanings = await readMeanings(tx, [...rows.keys()], moment.now);
  const applies: ScheduleApply[] = [];
  for (const checked of schedules.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const meaning = meanings.get(checked.id) ?? NO_MEANING;
    const decided = decideApply(checked, { row: rows.get(checked.id), meaning }, moment);
    if (decided !== null) applies.push(decided);
  }
  return applies;
}

type Refusal = { readonly ok: false; readonly error: CommandError };

function refuseMoment(moment: ApplyMoment, rows: ReadonlyMap<string, ScheduleRow>): Refusal | null {
  const { effectiveAt, now } = moment;
  if (effectiveAt === null) return null;
  if (!Number.isInteger(effectiveAt) || effectiveAt > now + EFFECTIVE_AHEAD_LIMIT_MS) {
    return refuse('invalid', 'configuration/effective-too-far', {
      message: `effectiveAt may lie up to ${EFFECTIVE_AHEAD_LIMIT_MS / DAY_MS} days ahead. Apply it later, or leave it out for now.`,
    });
  }
  if (effectiveAt < now) {
    return refuse('invalid', 'configuration/effective-in-the-past', {
      message: `effectiveAt is past: it is ${isoInstant(now)} now. The past is never changed; leave it out for now.`,
    });
  }
  const retired = [...rows.values()].filter((row) => row.retiredAt !== null).map((row) => row.id);
  if (retired.length > 0 && effectiveAt > now) {
    return refuse('invalid', 'configuration/effective-later-for-retired', {
      message: `A retired schedule can only come back at once; leave effectiveAt out. Retired: ${retired.join(', ')}.`,
    });
  }
  return null;
}

async function refuseRevisions(tx: Transaction, input: ApplyInput): Promise<Refusal | null> {
  const expected = Object.entries(input.expectedRevisions ?? {});
  if (expected.length === 0) return null;
  const rows = await readSchedules(
    tx,
    expected.map(([id]) => id),
  );
  const actual = new Map(rows.map((row) => [row.id, row.revision]));
  const problems = expected.flatMap(([id, revision]) => {
    const now = actual.get(id) ?? 0;
    if (now === revision) return [];
    const message =
      now === 0
        ? `The schedule ${JSON.stringify(id)} does not exist; revision ${revision} was expected.`
        : `The schedule ${JSON.stringify(id)} has revision ${now} now; ${revision} was expected.`;
    return [{ path: ['expectedRevisions', id], code: 'schedule/revision', message }];
  });
  if (problems.length === 0) return null;
  return refuse('precondition', 'schedule/revision', {
    message: `${problems.map((problem) => problem.message).join(' ')} Read it again and apply on top of it.`,
    problems,
  });
}

/** The escalation policies of a configuration that are not stored as it says. */
async function changedPolicies(tx: Transaction, { configuration: { escalationPolicies = [] } }: ApplyInput) {
  const ids = escalationPolicies.map((row) => row.id);
  const stored = new Map((await readEscalationPolicies(tx, ids)).map((row) => [row.id, row]));
  return escalationPolicies.filter((row) => canonicalJson(row) !== canonicalJson(stored.get(row.id) ?? null));
}

/** The people and teams of a configuration that are not stored as it says. */
function changedPeople({ configuration }: ApplyInput, known: KnownPeople) {
  const asText = (row: {
    id: string;
    name: string;
    email?: string | null;
    timeZone?: string;
    definition: object;
  }) => canonicalJson([row.id, row.name, row.email ?? null, row.timeZone ?? null, row.definition]);
  const differs = (row: Parameters<typeof asText>[0], stored: Parameters<typeof asText>[0] | undefined) =>
    stored === undefined || asText(row) !== asText(stored);
  return {
    people: configuration.people.filter((person) => differs(person, known.people.get(person.id))),
    teams: configuration.teams.filter((team) => differs(team, known.teams.get(team.id))),
  };
}
