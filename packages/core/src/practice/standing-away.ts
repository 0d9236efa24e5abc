import type { Person } from '../people/person.ts';
import { presenceOf, shadowEnd } from '../people/presence.ts';
import { SHADOW_ROLE } from '../planner/pairs.ts';
import { parseDate } from '../time/format.ts';
import { type Interval, intersect, normalise, subtract, totalMs } from '../time/interval.ts';
import { showDay, showLength } from '../time/show.ts';
import { type CheckWarning, MAX_STRETCHES, sayOften } from './check-warning.ts';
import { type ShiftSaying, shiftsByPerson } from './double-bookings.ts';
import type { OwnedShift } from './owned-shift.ts';

/**
 * People who are on call while they are away, have not joined yet or have left, or as newcomers on a seat of their own:
 * rotations in order and overrides look at none of this.
 */
export function standingAway(
  people: readonly Person[],
  shifts: readonly OwnedShift[],
  saying: ShiftSaying,
): CheckWarning[] {
  const byPerson = shiftsByPerson(shifts);
  return people.flatMap((person) => {
    const own = byPerson.get(person.id) ?? [];
    return [...whileAway(person, own, saying), ...asNewcomer(person, own, saying)];
  });
}

function whileAway(person: Person, own: readonly OwnedShift[], saying: ShiftSaying): CheckWarning[] {
  const clashes = own.flatMap((shift) => {
    const away = [...normalise(person.unavailable), ...subtract([shift], presenceOf(person, shift))];
    const part = intersect([shift], normalise(away));
    return part.length === 0 ? [] : [{ shift, part }];
  });
  const [first] = clashes;
  if (first === undefined) return [];
  const { shift } = first;
  const at = (first.part[0] as Interval).start;
  const long = showLength(clashes.reduce((sum, { part }) => sum + totalMs(part), 0));
  const message =
    `${saying.nameOf(person.id)} is on call while away, ${sayOften(clashes.length)} (${long}), ` +
    `first on ${saying.when(at, shift)}; an override says who stands in`;
  const about = { schedule: shift.schedule, role: shift.role, person: person.id, at };
  const stretches = clashes.flatMap(({ part }) => part).slice(0, MAX_STRETCHES);
  return [{ code: 'person/away', level: 'warning', ...about, message, stretches }];
}

function asNewcomer(person: Person, own: readonly OwnedShift[], saying: ShiftSaying): CheckWarning[] {
  const until = shadowEnd(person);
  const alone = own.filter(({ role, start }) => until !== null && role !== SHADOW_ROLE && start < until);
  const [first] = alone;
  if (first === undefined) return [];
  const day = showDay(parseDate(person.shadowUntilOn ?? '') ?? 0);
  const message =
    `${saying.nameOf(person.id)} only shadows until ${day} but is on call as ${first.role}, ` +
    `${sayOften(alone.length)}, first on ${saying.when(first.start, first)}`;
  const { schedule, role, start } = first;
  const about = { schedule, role, person: person.id, at: start };
  const stretches = alone.slice(0, MAX_STRETCHES).map((shift) => ({ start: shift.start, end: shift.end }));
  return [{ code: 'person/newcomer', level: 'warning', ...about, message, stretches }];
}
