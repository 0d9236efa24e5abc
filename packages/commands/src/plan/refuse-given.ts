import { planPersonOf } from '@watchbill/core';
import { type Queryable, shiftsStood } from '@watchbill/database';
import type { CommandError } from '../command.ts';
import { refuse } from '../run-command.ts';
import { type StoredMeaning, versionsOf } from '../schedule/load-schedule.ts';
import { fairPeople } from './fair-group.ts';
import { canStay, givenTurns, placesOf } from './given-turns.ts';
import { SHIFTS_PER_BURDEN } from './read-burden.ts';
import { readPlanPeople } from './read-plan-people.ts';

/**
 * Refuses a plan that takes turns away from holders who gave parts of them to others, by a swap that came while the
 * plan was made or waited: those others would no longer be on call. A plan that is made anew knows of it.
 */
export async function refuseGivenAway(
  queryable: Queryable,
  meanings: ReadonlyMap<string, StoredMeaning>,
  of: { readonly assignment: Readonly<Record<string, string | null>>; readonly now: number },
): Promise<{ readonly ok: false; readonly error: CommandError } | null> {
  const { assignment, now } = of;
  const newest = [...meanings.values()].flatMap((meaning) => versionsOf(meaning, now).at(-1)?.schedule ?? []);
  const rosters = new Set(newest.flatMap(fairPeople));
  const turns = [...meanings.values()].flatMap((meaning) => meaning.turns);
  const moved = turns.filter(({ unit, startsAt, person }) => {
    const next = assignment[unit];
    return startsAt > now && next !== undefined && next !== person;
  });
  const named = givenTurns(moved, placesOf(newest, []));
  if (named.length === 0) return null;
  const window = { start: now, end: Math.max(...named.map(({ turn }) => turn.endsAt)) };
  const stored = await shiftsStood(queryable, [...meanings.keys()], { window, limit: SHIFTS_PER_BURDEN });
  const lost = givenTurns(moved, placesOf(newest, stored));
  const known = await readPlanPeople(
    queryable,
    lost.map(({ turn }) => turn.person),
    {
      schedules: newest.map(({ id }) => id),
      from: now,
      // Whether somebody is away does not depend on their holidays.
      holidayCalendar: (place) => ({ id: place, source: 'none', dates: [] }),
    },
  );
  const people = new Map(known.people.map((person) => [person.id, planPersonOf(person, known)]));
  const kept = lost.filter((one) =>
    canStay(one, rosters.has(one.turn.person) ? people.get(one.turn.person) : undefined),
  );
  if (kept.length === 0) return null;
  const message = `Parts of ${kept.length === 1 ? 'a turn' : `${kept.length} turns`} were swapped since the plan was made. Make a new one.`;
  return refuse('conflict', 'plan/outdated', { message });
}
