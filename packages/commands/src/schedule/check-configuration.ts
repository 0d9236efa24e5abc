import {
  LIMITS,
  makePerson,
  makeSchedule,
  makeTeam,
  type OverrideId,
  type Problem,
  type Schedule,
  type ScheduleDraft,
} from '@watchbill/core';
import {
  overridesNotOfFile,
  type PersonRow,
  type Queryable,
  readPeople,
  readTeams,
  type TeamRow,
} from '@watchbill/database';
import type { ConfigurationDraft } from './configuration-draft.ts';

/** A schedule of the configuration whose meaning was checked. */
export interface CheckedSchedule {
  readonly id: string;
  readonly team: string | null;
  readonly timeZone: string;
  /** As it is stored: without overrides, and with the people that `team` stands for. */
  readonly definition: ScheduleDraft;
  readonly holidays: ConfigurationDraft['schedules'][number]['holidays'];
  readonly schedule: Schedule;
  /** Why there is an override, by its id, where the configuration says so. */
  readonly reasons: ReadonlyMap<OverrideId, string>;
}

/** What is stored of the people and teams that a configuration names or refers to, by id. */
export interface KnownPeople {
  readonly people: ReadonlyMap<string, PersonRow>;
  readonly teams: ReadonlyMap<string, TeamRow>;
}

type Path = readonly (string | number)[];

export async function readKnownPeople(
  queryable: Queryable,
  configuration: ConfigurationDraft,
): Promise<KnownPeople> {
  const teamIds = new Set(configuration.teams.map((team) => team.id));
  for (const { definition } of configuration.schedules) {
    if (definition.team !== undefined) teamIds.add(definition.team);
  }
  const teams = await readTeams(queryable, [...teamIds]);
  const people = new Set(configuration.people.map((person) => person.id));
  for (const { definition } of configuration.teams) {
    for (const id of [...definition.members, ...(definition.managers ?? [])]) people.add(id);
  }
  for (const team of teams) for (const id of membersOf(team.definition)) people.add(id);
  for (const { definition } of configuration.schedules) for (const id of peopleOf(definition)) people.add(id);
  const rows = await readPeople(queryable, [...people]);
  return {
    people: new Map(rows.map((row) => [row.id, row])),
    teams: new Map(teams.map((row) => [row.id, row])),
  };
}

/** Everybody a definition names, `nobody` and unknown ids too. */
function peopleOf(draft: ScheduleDraft): string[] {
  return [
    ...draft.rotations.flatMap(({ roster, turns }) => [
      ...(Array.isArray(roster) ? roster.flat() : []),
      ...(turns ?? []).flatMap((turn) => turn.person),
    ]),
    ...(draft.overrides ?? []).flatMap(({ person, add, remove, replaces }) =>
      [person ?? [], add ?? [], remove ?? [], replaces ?? []].flat(),
    ),
  ];
}

function membersOf(definition: object): readonly string[] {
  return 'members' in definition && Array.isArray(definition.members) ? definition.members : [];
}

/** Checks shapes' limits and the meaning of everything; all problems at once, with paths into the configuration. */
export async function checkConfiguration(
  queryable: Queryable,
  configuration: ConfigurationDraft,
  known: KnownPeople,
): Promise<{ readonly schedules: readonly CheckedSchedule[]; readonly problems: readonly Problem[] }> {
  const problems = listProblems(configuration);
  if (problems.length > 0) return { schedules: [], problems };
  const people = new Set([...known.people.keys(), ...configuration.people.map((person) => person.id)]);
  for (const [index, { id, name, timeZone }] of configuration.people.entries()) {
    const made = makePerson({ id, name, timeZone }, { holidayCalendar: () => null });
    if (!made.ok) problems.push(...under(['people', index], made.problems));
  }
  const teams = new Map([...known.teams.values()].map((row) => [row.id, membersOf(row.definition)]));
  for (const [index, { definition }] of configuration.teams.entries()) {
    const made = makeTeam(definition, people);
    if (!made.ok) problems.push(...under(['teams', index], made.problems));
    teams.set(definition.id, definition.members);
  }
  const schedules: CheckedSchedule[] = [];
  for (const [index, draft] of configuration.schedules.entries()) {
    const checked = checkSchedule(draft, people, teams);
    if (checked.ok) schedules.push(checked.value);
    else problems.push(...under(['schedules', index], checked.problems));
  }
  if (problems.length === 0) problems.push(...(await takenIds(queryable, configuration, schedules)));
  return { schedules, problems };
}

function under(path: Path, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}

function listProblems(configuration: ConfigurationDraft): Problem[] {
  const problems: Problem[] = [];
  for (const list of ['people', 'teams', 'schedules'] as const) {
    const rows = configuration[list];
    if (rows.length > LIMITS[list]) {
      const message = `At most ${LIMITS[list]} ${list}; got ${rows.length}.`;
      problems.push({ path: [list], code: `limit/${list}`, message });
      continue;
    }
    const seen = new Set<string>();
    for (const [index, { id, definition }] of rows.entries()) {
      const inner = 'id' in definition ? definition.id : id;
      if (inner !== id) {
        const message = `The definition is of ${JSON.stringify(inner)} and stands under ${JSON.stringify(id)}.`;
        problems.push({ path: [list, index, 'id'], code: 'id/mismatch', message });
      }
      if (seen.has(id)) {
        const message = `Two ${list} are called ${JSON.stringify(id)}; rename one.`;
        problems.push({ path: [list, index, 'id'], code: 'id/duplicate', message });
      }
      seen.add(id);
    }
  }
  return problems;
}

function checkSchedule(
  draft: ConfigurationDraft['schedules'][number],
  people: ReadonlySet<string>,
  teams: ReadonlyMap<string, readonly string[]>,
):
  | { readonly ok: true; readonly value: CheckedSchedule }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const { team } = draft.definition;
  const teamMembers = team === undefined ? null : (teams.get(team) ?? null);
  const calendars = new Map(draft.holidays.map((calendar) => [calendar.id, calendar]));
  const holidayCalendar = (id: string) => calendars.get(id) ?? null;
  const made = makeSchedule(draft.definition, { people, teamMembers, holidayCalendar });
  if (!made.ok) return made;
  const rotations = new Set(made.value.rotations.map((rotation) => rotation.id));
  const problems = made.value.overrides.flatMap(({ id }, index): Problem[] => {
    if (!rotations.has(id)) return [];
    const message = `A rotation is called ${JSON.stringify(id)} too; rename the override.`;
    return [{ path: ['overrides', index, 'id'], code: 'id/duplicate', message }];
  });
  if (problems.length > 0) return { ok: false, problems };
  const { overrides = [], ...definition } = draft.definition;
  const reasons = made.value.overrides.flatMap(({ id }, index): [OverrideId, string][] => {
    const reason = overrides[index]?.reason;
    return reason === undefined ? [] : [[id, reason]];
  });
  const rotationDrafts = definition.rotations.map((rotation) =>
    rotation.roster === 'team' ? { ...rotation, roster: teamMembers ?? [] } : rotation,
  );
  return {
    ok: true,
    value: {
      id: draft.id,
      team: team ?? null,
      timeZone: made.value.timeZone,
      definition: { ...definition, rotations: rotationDrafts },
      holidays: draft.holidays.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      schedule: made.value,
      reasons: new Map(reasons),
    },
  };
}

/** An override of the file must not take the id of one that was created by hand. */
async function takenIds(
  queryable: Queryable,
  configuration: ConfigurationDraft,
  schedules: readonly CheckedSchedule[],
): Promise<Problem[]> {
  const keys = schedules.flatMap(({ id, schedule }) =>
    schedule.overrides.map((override) => ({ schedule: id, id: override.id })),
  );
  const taken = await overridesNotOfFile(queryable, keys);
  return taken.map(({ schedule, id }) => ({
    path: ['schedules', configuration.schedules.findIndex((draft) => draft.id === schedule), 'overrides'],
    code: 'override/id-taken',
    message: `The schedule has an override ${JSON.stringify(id)} that is not of the configuration; rename yours.`,
  }));
}
