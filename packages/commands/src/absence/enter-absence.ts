import { FIRST_INSTANT, type Instant, LAST_INSTANT, LIMITS, type Problem } from '@watchbill/core';
import {
  type AbsenceRow,
  addAbsence,
  clockNow,
  countAbsences,
  insertEvents,
  isoInstant,
  newId,
  readNames,
} from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { requestReplans } from '../plan/request-replans.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { absenceEvent } from './absence-event.ts';

export interface AbsenceInput {
  readonly person: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly reason?: string | null | undefined;
  /** `api` unless said. */
  readonly origin?: AbsenceRow['origin'] | undefined;
}

export const ABSENCE_REASON_LIMIT = 500;

export interface EnteredAbsence {
  readonly id: string;
  /** Schedules that are planned again because of it. */
  readonly replanned: readonly string[];
}

/** Notes that a person cannot be on call in `[start, end)`, and has the plans they stand in made again. */
export function enterAbsence(
  context: CommandContext,
  input: AbsenceInput,
): Promise<CommandResult<EnteredAbsence>> {
  return runCommand(context, { name: 'enterAbsence', input }, async (tx) => {
    const now = await clockNow(tx);
    const problems = absenceProblems(input, now);
    const [first] = problems;
    if (first !== undefined) {
      return refuse('invalid', first.code, {
        message: problems.map((problem) => problem.message).join(' '),
        problems,
      });
    }
    if (!(await readNames(tx, [input.person])).has(input.person)) {
      return refuse('not_found', 'person/not-found', { message: `There is no person "${input.person}".` });
    }
    const refusal = await ownOrManager(tx, context.caller, { person: input.person, schedule: null });
    if (refusal !== null) return refusal;
    if ((await countAbsences(tx, input.person, now)) >= LIMITS.absencesPerPerson) {
      return refuse('limit', 'absence/too-many', {
        message: `At most ${LIMITS.absencesPerPerson} absences ahead a person. Cancel some first.`,
      });
    }
    const row: AbsenceRow = {
      id: newId('abs'),
      person: input.person,
      startsAt: input.start,
      endsAt: input.end,
      reason: input.reason ?? null,
      origin: input.origin ?? 'api',
      createdBy: context.actor,
      createdAt: now,
      cancelledAt: null,
    };
    await addAbsence(tx, row);
    await insertEvents(tx, [absenceEvent('absence.entered', row, now)]);
    const touched = { people: [row.person], schedules: [] };
    const replanned = await requestReplans(tx, touched, { reason: 'absence', now });
    return done({ id: row.id, replanned });
  });
}

function absenceProblems(input: AbsenceInput, now: Instant): Problem[] {
  const problems: Problem[] = [];
  for (const field of ['start', 'end'] as const) {
    const instant = input[field];
    if (Number.isInteger(instant) && instant >= FIRST_INSTANT && instant <= LAST_INSTANT) continue;
    const message = `${field} must be an instant between ${isoInstant(FIRST_INSTANT)} and ${isoInstant(LAST_INSTANT)}.`;
    problems.push({ path: [field], code: 'time/out-of-range', message });
  }
  if (problems.length === 0 && input.start >= input.end) {
    problems.push({ path: ['end'], code: 'time/empty-range', message: 'end must be after start.' });
  } else if (problems.length === 0 && input.end <= now) {
    const message = `It would have ended at ${isoInstant(input.end)}, which is past. The past is never changed.`;
    problems.push({ path: ['end'], code: 'absence/in-the-past', message });
  }
  if ((input.reason?.length ?? 0) > ABSENCE_REASON_LIMIT) {
    const message = `A reason has at most ${ABSENCE_REASON_LIMIT} characters.`;
    problems.push({ path: ['reason'], code: 'limit/reason', message });
  }
  return problems;
}
