import type { Override, OverrideId, PersonId, Rotation, RotationId, Schedule } from '../schedule/schedule.ts';
import type { Instant, Interval } from '../time/interval.ts';
import { DAY_MS } from '../time/interval.ts';
import { compareShifts, resolveTimeline } from './resolve.ts';
import type { Shift } from './timeline.ts';

/** Someone on call in a role, with the true ends of their shift. Null where it goes on beyond MAX_REACH_MS. */
export interface OnCall {
  readonly role: string;
  readonly person: PersonId;
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly rotation: RotationId | null;
  readonly override: OverrideId | null;
  readonly seat: string;
}

/** The ends of a shift are looked for this far around the window first, then twice as far, and so on. */
const FIRST_REACH_MS = 8 * DAY_MS;
/** The ends of a shift are looked for at most this far around the window: 22 years. */
export const MAX_REACH_MS = FIRST_REACH_MS * 2 ** 10;
/** The next handoff is looked for at most this far ahead: a little over two years. */
export const MAX_NEXT_MS = 800 * DAY_MS;
/** The shortest window there is. */
const ONE_MS = 1;

/** How far around the window shifts were followed. Beyond `[from, to)` nothing is known. */
interface Followed {
  readonly shifts: readonly Shift[];
  readonly from: Instant;
  readonly to: Instant;
}

/** The shifts that touch `window`, each as far as it goes, or MAX_REACH_MS on either side. */
function follow(schedule: Schedule, window: Interval): Followed {
  let before = FIRST_REACH_MS;
  let after = FIRST_REACH_MS;
  while (true) {
    const from = window.start - before;
    const to = window.end + after;
    const { shifts } = resolveTimeline(schedule, { start: from, end: to });
    const touching = shifts.filter(({ start, end }) => start < window.end && end > window.start);
    const moreBefore = before < MAX_REACH_MS && touching.some(({ start }) => start === from);
    const moreAfter = after < MAX_REACH_MS && touching.some(({ end }) => end === to);
    if (!moreBefore && !moreAfter) return { shifts: touching, from, to };
    if (moreBefore) before *= 2;
    if (moreAfter) after *= 2;
  }
}

/**
 * Every shift that touches `window`, with its true ends instead of the window's, sorted like a timeline. A shift
 * that goes on for longer than MAX_REACH_MS beyond the window ends there.
 */
export function wholeShifts(schedule: Schedule, window: Interval): Shift[] {
  return [...follow(schedule, window).shifts].sort(compareShifts);
}

/**
 * Who is on call at an instant, in the order of the schedule's roles, then by person. At the instant of a handoff
 * that is the incoming person.
 */
export function onCallAt(schedule: Schedule, at: Instant): OnCall[] {
  const { shifts, from, to } = follow(schedule, { start: at, end: at + ONE_MS });
  return inRoleOrder(schedule, shifts, { from, to });
}

/**
 * Who comes next, in the order of the schedule's roles: for each role, the shifts that start at the next instant
 * after `at` at which somebody comes on call who is not on call at `at`. Nothing for a role in which that does not
 * happen within MAX_NEXT_MS.
 */
export function nextOnCall(schedule: Schedule, at: Instant): OnCall[] {
  return schedule.roles.flatMap((role) => {
    const own = onlyRole(schedule, role);
    const current = new Set(onCallAt(own, at).map(({ person }) => person));
    const start = nextStart(own, at, current);
    if (start === null) return [];
    const { shifts, from, to } = follow(own, { start, end: start + ONE_MS });
    const incoming = shifts.filter((shift) => shift.start === start && !current.has(shift.person));
    return inRoleOrder(own, incoming, { from, to });
  });
}

function nextStart(schedule: Schedule, at: Instant, current: ReadonlySet<PersonId>): Instant | null {
  for (let reach = FIRST_REACH_MS; ; reach = Math.min(reach * 2, MAX_NEXT_MS)) {
    // From `at` on: a shift that has started before is clipped to `at`, and is no next one.
    const { shifts } = resolveTimeline(schedule, { start: at, end: at + reach });
    const next = shifts.find(({ start, person }) => start > at && !current.has(person));
    if (next !== undefined) return next.start;
    if (reach >= MAX_NEXT_MS) return null;
  }
}

interface RoleKey {
  readonly rotations: readonly Rotation[];
  readonly overrides: readonly Override[];
}

const singleRoles = new WeakMap<Schedule, Map<string, Schedule>>();

/** The schedule with one role only. Kept, since what is known of a schedule is kept by its identity. */
function onlyRole(schedule: Schedule, role: string): Schedule {
  if (schedule.roles.length === 1) return schedule;
  const byRole = singleRoles.get(schedule) ?? new Map<string, Schedule>();
  singleRoles.set(schedule, byRole);
  const known = byRole.get(role);
  if (known !== undefined) return known;
  const parts: RoleKey = {
    rotations: schedule.rotations.filter((rotation) => rotation.role === role),
    overrides: schedule.overrides.filter((override) => override.role === role),
  };
  const made: Schedule = { ...schedule, roles: [role], ...parts };
  byRole.set(role, made);
  return made;
}

function inRoleOrder(
  schedule: Schedule,
  shifts: readonly Shift[],
  known: { readonly from: Instant; readonly to: Instant },
): OnCall[] {
  const sorted = [...shifts].sort(
    (a, b) =>
      schedule.roles.indexOf(a.role) - schedule.roles.indexOf(b.role) ||
      (a.person === b.person ? 0 : a.person < b.person ? -1 : 1),
  );
  return sorted.map(({ start, end, role, person, seat, rotation, override }) => ({
    role,
    person,
    since: start === known.from ? null : start,
    until: end === known.to ? null : end,
    rotation,
    override,
    seat,
  }));
}
