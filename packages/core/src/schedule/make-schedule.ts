import type { Made, Problems } from '../problem.ts';
import { collectProblems } from '../problem.ts';
import { checkId, checkUnique, checkZone, nearest, quote } from './check.ts';
import type { ScheduleDraft } from './draft.ts';
import type { DraftReading } from './draft-reading.ts';
import { makeHours, makeWindow, makeWindows, type WindowDefaults } from './hours-draft.ts';
import { LIMITS } from './limits.ts';
import { makeOverrides } from './make-override.ts';
import { makeRotation } from './make-rotation.ts';
import type { HolidayCalendar, HoursWindow, Rotation, Schedule } from './schedule.ts';

/** What `makeSchedule` needs from outside. */
export interface ScheduleContext {
  /** The ids of everybody known. A Set is used as it is; share one among many schedules. */
  readonly people: ReadonlySet<string> | readonly string[];
  /** The members of the draft's team; null if the draft names no team or the team is unknown. */
  readonly teamMembers: readonly string[] | null;
  /** The public holidays of a place; null for an unknown place. */
  readonly holidayCalendar: (id: string) => HolidayCalendar | null;
}

const DEFAULT_ROLES = ['primary'];

/**
 * Checks a schedule's meaning. Every problem is returned, with paths from the schedule down. Overrides without an
 * id are named `override-<n>` by their place in the list, counted from 1.
 */
export function makeSchedule(draft: ScheduleDraft, context: ScheduleContext): Made<Schedule> {
  const problems = collectProblems();
  checkId(draft.id, problems.at('id'));
  if (draft.team !== undefined && context.teamMembers === null) {
    problems.add(['team'], 'team/unknown', `There is no team ${quote(draft.team)}; add it under teams.`);
  }
  const zone = checkZone(draft.timeZone, problems.at('timeZone'));
  const timeZone = zone ?? 'UTC';
  const roles = makeRoles(draft.roles, problems.at('roles'));
  const coreHours = makeCoreHours(draft.coreHours, { timeZone, context }, problems.at('coreHours'));
  const hours = { timeZone, context, hasCoreHours: draft.coreHours !== undefined };
  const coverage = makeHours(draft.coverage, hours, problems.at('coverage'));
  const people = context.people instanceof Set ? context.people : new Set(context.people);
  const reading: DraftReading = {
    timeZone,
    people,
    teamMembers: context.teamMembers,
    hours,
    role: (name, at) => checkRole(name, roles, at),
    nearestPerson: (id) => nearest(id, [...people]),
  };
  const rotations = makeRotations(draft, reading, problems.at('rotations'));
  const overrides = makeOverrides(draft.overrides ?? [], reading, problems.at('overrides'));
  if (problems.all.length > 0) return { ok: false, problems: problems.all };
  return { ok: true, value: { id: draft.id, timeZone, roles, coreHours, coverage, rotations, overrides } };
}

function makeCoreHours(
  draft: ScheduleDraft['coreHours'],
  defaults: WindowDefaults,
  problems: Problems,
): readonly HoursWindow[] {
  if (draft === undefined) return [];
  if (!('from' in draft)) return makeWindows(draft, defaults, problems);
  const window = makeWindow(draft, defaults, problems);
  return window === null ? [] : [window];
}

function makeRoles(draft: readonly string[] | undefined, problems: Problems): readonly string[] {
  const roles = draft ?? DEFAULT_ROLES;
  if (roles.length === 0) {
    problems.add([], 'role/none', 'Name at least one role, or leave the key out for primary.');
    return DEFAULT_ROLES;
  }
  if (roles.length > LIMITS.rolesPerSchedule) {
    problems.add([], 'limit/roles', `At most ${LIMITS.rolesPerSchedule} roles; got ${roles.length}.`);
    return DEFAULT_ROLES;
  }
  checkUnique(roles, problems);
  roles.forEach((role, index) => {
    checkId(role, problems.at(index));
  });
  return roles;
}

function checkRole(name: string | undefined, roles: readonly string[], problems: Problems): string {
  const role = name ?? roles[0] ?? '';
  if (!roles.includes(role)) {
    const near = nearest(role, roles);
    const hint = near === null ? `the roles are ${roles.join(', ')}.` : `did you mean ${near}?`;
    problems.add([], 'role/unknown', `The schedule has no role ${quote(role)}: ${hint}`);
  }
  return role;
}

function makeRotations(draft: ScheduleDraft, reading: DraftReading, problems: Problems): Rotation[] {
  const drafts = draft.rotations;
  if (drafts.length > LIMITS.rotationsPerSchedule) {
    const limit = LIMITS.rotationsPerSchedule;
    problems.add([], 'limit/rotations', `At most ${limit} rotations a schedule; got ${drafts.length}.`);
    return [];
  }
  const seen = new Set<string>();
  const rotations: Rotation[] = [];
  drafts.forEach((rotation, index) => {
    if (seen.has(rotation.id)) {
      problems.add(
        [index, 'id'],
        'id/duplicate',
        `Two rotations are called ${quote(rotation.id)}; rename one.`,
      );
    }
    seen.add(rotation.id);
    const made = makeRotation(rotation, reading, problems.at(index));
    if (made !== null) rotations.push(made);
  });
  return rotations;
}
