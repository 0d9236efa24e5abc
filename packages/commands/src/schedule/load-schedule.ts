import {
  type Instant,
  makeSchedule,
  type Override,
  type Schedule,
  type ScheduleDraft,
  withPlan,
} from '@watchbill/core';
import {
  clockNow,
  liveOverrides,
  type OverrideRow,
  type PlannedTurnRow,
  plannedTurnsFrom,
  type Queryable,
  type RevisionRow,
  readSchedules,
  revisionsFrom,
} from '@watchbill/database';
import { groupBy } from '../group-by.ts';
import { type Version, versionsInForce } from '../horizon/plan-ahead.ts';
import { seatTurns } from '../plan/seat-turns.ts';

/** The people that the rotations of a stored definition name: they were checked when it was applied. */
function peopleNamed(draft: ScheduleDraft): Set<string> {
  const people = draft.rotations.flatMap(({ roster, turns }) => [
    ...(Array.isArray(roster) ? roster.flat() : []),
    ...(turns ?? []).flatMap((turn) => turn.person),
  ]);
  return new Set(people);
}

/**
 * A stored revision as a checked schedule with these overrides, those of a role it does not have left out. Throws
 * when the definition is no longer valid, which only a change of the program can bring about.
 */
export function versionOf(row: RevisionRow, overrides: readonly Override[]): Version {
  const calendars = new Map(row.holidays.map((calendar) => [calendar.id, calendar]));
  const made = makeSchedule(row.definition, {
    people: peopleNamed(row.definition),
    teamMembers: [],
    holidayCalendar: (id) => calendars.get(id) ?? null,
  });
  if (!made.ok) {
    const told = made.problems.map((problem) => `${problem.path.join('.')}: ${problem.message}`).join(' ');
    throw new Error(`Revision ${row.revision} of the schedule ${row.schedule} is not valid: ${told}`);
  }
  const known = new Set(made.value.roles);
  const own = overrides.filter((override) => known.has(override.role)).map(overrideOf);
  return { effectiveAt: row.effectiveAt, schedule: { ...made.value, overrides: own } };
}

function overrideOf({ id, role, kind, start, end, people, replaces }: Override): Override {
  return { id, role, kind, start, end, people, replaces };
}

/** What schedules mean from an instant on, and the overrides that still matter then. */
export interface StoredMeaning {
  /** In the order they were made. */
  readonly revisions: readonly RevisionRow[];
  /** Live ones in the order of creation; those of the file also where they have ended. */
  readonly overrides: readonly OverrideRow[];
  /** The turns of fair rotations that count and end later, by start. */
  readonly turns: readonly PlannedTurnRow[];
}

/** What a schedule means that nobody has applied yet, or that is out of use. */
export const NO_MEANING: StoredMeaning = { revisions: [], overrides: [], turns: [] };

export async function readMeanings(
  queryable: Queryable,
  schedules: readonly string[],
  at: Instant,
): Promise<Map<string, StoredMeaning>> {
  const revisions = groupBy(await revisionsFrom(queryable, schedules, at), (row) => row.schedule);
  const overrides = groupBy(await liveOverrides(queryable, schedules, at), (row) => row.schedule);
  const turns = groupBy(await plannedTurnsFrom(queryable, schedules, at), (row) => row.schedule);
  return new Map(
    schedules.map((id) => [
      id,
      {
        revisions: revisions.get(id) ?? [],
        overrides: overrides.get(id) ?? [],
        turns: turns.get(id) ?? [],
      },
    ]),
  );
}

/** The versions of a schedule that are in force at `now` or later, by instant. */
export function versionsOf(meaning: StoredMeaning, now: Instant): Version[] {
  const overrides = meaning.overrides.filter((override) => override.end > now);
  const turns = seatTurns(meaning.turns);
  return versionsInForce(meaning.revisions).map((row) => {
    const version = versionOf(row, overrides);
    return { ...version, schedule: withPlan(version.schedule, turns) };
  });
}

/**
 * A schedule as it is in force at `at` (now unless said), with the overrides that end after it; null when it is
 * unknown, retired or not in force yet.
 */
export async function loadSchedule(queryable: Queryable, id: string, at?: Instant): Promise<Schedule | null> {
  const [row] = await readSchedules(queryable, [id]);
  if (row === undefined || row.retiredAt !== null) return null;
  const instant = at ?? (await clockNow(queryable));
  const meaning = (await readMeanings(queryable, [id], instant)).get(id);
  const version = meaning === undefined ? undefined : versionsOf(meaning, instant)[0];
  return version === undefined || version.effectiveAt > instant ? null : version.schedule;
}
