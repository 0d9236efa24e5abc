import {
  FIRST_INSTANT,
  type Instant,
  LAST_INSTANT,
  LIMITS,
  type Override,
  type Problem,
  type Schedule,
} from '@watchbill/core';
import { isoInstant } from '@watchbill/database';

/** What somebody wants to change about who is on call, in `[start, end)`. */
export interface OverrideInput {
  readonly schedule: string;
  /** The schedule's first role unless said. */
  readonly role?: string | undefined;
  readonly kind: 'replace' | 'add' | 'remove';
  /** Empty only with `replace`: nobody takes the place. */
  readonly people: readonly string[];
  /** With `replace`: whose place is taken; everybody's unless said. */
  readonly replaces?: string | null | undefined;
  readonly start: Instant;
  readonly end: Instant;
  readonly reason?: string | null | undefined;
}

export const REASON_LENGTH_LIMIT = 500;

/** What is wrong with an input by itself; every problem at once. */
export function inputProblems(input: OverrideInput, now: Instant): Problem[] {
  const problems: Problem[] = [];
  const add = (field: string, code: string, message: string) =>
    problems.push({ path: [field], code, message });
  for (const field of ['start', 'end'] as const) {
    const instant = input[field];
    if (Number.isInteger(instant) && instant >= FIRST_INSTANT && instant <= LAST_INSTANT) continue;
    add(field, 'time/out-of-range', `${field} must be an instant between ${bounds()}.`);
  }
  if (problems.length === 0) {
    if (input.start >= input.end) add('end', 'time/empty-range', 'end must be after start.');
    else if (input.end <= now) {
      const told = `It would have ended at ${isoInstant(input.end)}, which is past. The past is never changed.`;
      add('end', 'override/in-the-past', told);
    }
  }
  const { kind, people, replaces } = input;
  if (kind !== 'replace' && people.length === 0) add('people', 'override/nobody', `Name whom to ${kind}.`);
  if (kind !== 'replace' && (replaces ?? null) !== null) {
    add('replaces', 'override/replaces', 'replaces goes with the kind "replace" only; leave it out.');
  }
  if (people.length > LIMITS.peoplePerMember) {
    add('people', 'limit/member', `At most ${LIMITS.peoplePerMember} people; got ${people.length}.`);
  }
  if (new Set(people).size < people.length) add('people', 'id/duplicate', 'Name each person once.');
  if ((input.reason?.length ?? 0) > REASON_LENGTH_LIMIT) {
    add('reason', 'limit/reason', `A reason has at most ${REASON_LENGTH_LIMIT} characters.`);
  }
  return problems;
}

function bounds(): string {
  return `${isoInstant(FIRST_INSTANT)} and ${isoInstant(LAST_INSTANT)}`;
}

/** What is wrong with an input for a schedule: `known` holds the people there are. */
export function meaningProblems(
  input: OverrideInput,
  schedules: readonly Schedule[],
  known: ReadonlySet<string>,
): Problem[] {
  const problems: Problem[] = [];
  const roles = [...new Set(schedules.flatMap((schedule) => schedule.roles))];
  if (input.role !== undefined && !roles.includes(input.role)) {
    const message = `The schedule has no role ${JSON.stringify(input.role)}. Its roles: ${roles.join(', ')}.`;
    problems.push({ path: ['role'], code: 'role/unknown', message });
  }
  const unknown = (path: (string | number)[], id: string) =>
    problems.push({ path, code: 'person/unknown', message: `There is no person ${JSON.stringify(id)}.` });
  for (const [index, id] of input.people.entries()) {
    if (!known.has(id)) unknown(['people', index], id);
  }
  const replaces = input.replaces ?? null;
  if (replaces !== null && !known.has(replaces)) unknown(['replaces'], replaces);
  return problems;
}

/** Which limit one more override would break, in plain words; null for none. */
export function limitBroken(
  live: readonly Override[],
  added: { readonly start: Instant; readonly end: Instant },
): string | null {
  if (live.length >= LIMITS.overridesPerSchedule) {
    return `A schedule has at most ${LIMITS.overridesPerSchedule} overrides ahead. Cancel some first.`;
  }
  const steps = live
    .filter((override) => override.start < added.end && override.end > added.start)
    .flatMap(({ start, end }) => [
      { at: start, by: 1 },
      { at: end, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let together = 1;
  for (const { by } of steps) {
    together += by;
    if (together > LIMITS.overlappingOverrides) {
      return `At most ${LIMITS.overlappingOverrides} overrides may be in force at one instant. Cancel some first.`;
    }
  }
  return null;
}
