import type { Made, Person, Schedule, ScheduleContext, Team } from '@watchbill/core';
import { makePerson, makeSchedule, makeTeam } from '@watchbill/core';
import type { Finding, PathStep } from '../config-error.ts';
import type { Years } from '../holidays.ts';
import { DEFAULT_HOLIDAY_YEARS, explainPlace, holidayCalendar } from '../holidays.ts';
import { MAX_ERRORS, MAX_HOLIDAY_PLACES } from '../limits.ts';
import type { ConfigModel } from '../model/config-schema.ts';
import { configSchema } from '../model/config-schema.ts';
import type { IssueContext } from '../read/issues.ts';
import { explainIssues } from '../read/issues.ts';
import { knownKeys } from '../read/known-keys.ts';
import { anchorYears, personDraftOf, scheduleDraftOf, teamDraftOf, zonesByPerson } from './drafts.ts';
import type { EscalationPolicy } from './escalation.ts';
import { makeEscalationPolicy } from './escalation.ts';

/** A file that was read and found good. */
export interface Config {
  readonly version: 1;
  /** The file as plain JSON, with nothing filled in or left out: store this and build it again later. */
  readonly source: ConfigModel;
  readonly people: readonly Person[];
  readonly teams: readonly Team[];
  /** In the order of the file; names and teams of schedules stand in `source`. */
  readonly schedules: readonly Schedule[];
  readonly escalationPolicies: readonly EscalationPolicy[];
}

export type Assembled =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

type Section = 'people' | 'teams' | 'schedules' | 'escalationPolicies';
type Report = (findings: readonly Finding[]) => void;

interface Assembly {
  /** Everything of the file whose shape is good. */
  readonly sound: Sound;
  readonly people: ReadonlySet<string>;
  readonly holidayCalendar: ScheduleContext['holidayCalendar'];
  /** False once so much is wrong that more would only cost time. */
  readonly open: () => boolean;
  readonly report: Report;
}

type Item<K extends Section> = {
  readonly model: NonNullable<ConfigModel[K]>[number];
  readonly index: number;
};
type Sound = { readonly [K in Section]: readonly Item<K>[] };

const SECTIONS: readonly Section[] = ['people', 'teams', 'schedules', 'escalationPolicies'];

/**
 * Checks the shape of a plain JSON model, then the meaning of everything whose shape is good, so that all faults
 * are found at once.
 */
export function makeConfig(
  model: unknown,
  sourceAt: IssueContext['sourceAt'],
  holidayYears: Years | undefined,
): Assembled {
  const shape = configSchema.safeParse(model);
  const findings: Finding[] = shape.success
    ? []
    : explainIssues(shape.error.issues, {
        model,
        sourceAt,
        keysAt: (path) => knownKeys(configSchema, path, model),
      });
  const report: Report = (more) => {
    for (const finding of more) findings.push(finding);
  };
  const sound = soundItems(model, findings);
  const assembly: Assembly = {
    sound,
    people: new Set(idsOf(model, 'people')),
    holidayCalendar: calendars(sound, holidayYears, report),
    open: () => findings.length < MAX_ERRORS,
    report,
  };
  for (const section of SECTIONS) report(duplicates(model, section));
  const parts = {
    people: makePeople(assembly),
    teams: makeTeams(assembly),
    schedules: makeSchedules(assembly, new Set(idsOf(model, 'teams'))),
    escalationPolicies: makePolicies(assembly, model),
  };
  if (findings.length > 0 || !shape.success) return { ok: false, findings };
  return { ok: true, config: { version: 1, source: shape.data, ...parts }, warnings: warningsOf(shape.data) };
}

function rawItems(model: unknown, section: Section): readonly unknown[] {
  const items =
    typeof model === 'object' && model !== null ? (model as Record<string, unknown>)[section] : undefined;
  return Array.isArray(items) ? items : [];
}

function rawId(item: unknown): string | null {
  const id = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : null;
  return typeof id === 'string' ? id : null;
}

function idsOf(model: unknown, section: Section): string[] {
  return rawItems(model, section)
    .map(rawId)
    .filter((id) => id !== null);
}

/** The items without a fault of shape. An unknown key does no harm to the meaning of the others. */
function soundItems(model: unknown, findings: readonly Finding[]): Sound {
  const broken = new Set<string>();
  for (const { path, code } of findings) {
    if (code !== 'config/unknown-key')
      broken.add(path.length < 2 ? String(path[0] ?? '') : `${path[0]} ${path[1]}`);
  }
  const sound = (section: Section) =>
    rawItems(model, section)
      .map((item, index) => ({ model: item, index }))
      .filter(({ index }) => !broken.has(section) && !broken.has(`${section} ${index}`));
  return Object.fromEntries(SECTIONS.map((section) => [section, sound(section)])) as unknown as Sound;
}

function duplicates(model: unknown, section: Section): Finding[] {
  const seen = new Map<string, number>();
  return rawItems(model, section).flatMap((item, index): Finding[] => {
    const id = rawId(item);
    if (id === null) return [];
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, index);
      return [];
    }
    const message = `"${id}" is also the id of ${section}[${first}]; give one of them another id.`;
    return [{ path: [section, index, 'id'], code: 'id/duplicate', message }];
  });
}

/** The holiday calendars of a file: each place once, and not more places than a file may name. */
function calendars(sound: Sound, years: Years | undefined, report: Report): Assembly['holidayCalendar'] {
  const anchors = anchorYears({ version: 1, schedules: sound.schedules.map(({ model }) => model) });
  const asked = years ?? DEFAULT_HOLIDAY_YEARS;
  // `count: worked` counts turns from the anchor on, so the years between the anchor and those asked for matter too.
  const span =
    anchors === null
      ? asked
      : { from: Math.min(asked.from, anchors.from), to: Math.max(asked.to, anchors.to) };
  const known = new Map<string, ReturnType<typeof holidayCalendar>>();
  let refused = false;
  return (id) => {
    const place = id.toUpperCase();
    const before = known.get(place);
    if (before !== undefined) return before;
    if (known.size >= MAX_HOLIDAY_PLACES) {
      const message = `The file uses the public holidays of more than ${MAX_HOLIDAY_PLACES} places.`;
      if (!refused) report([{ path: [], code: 'limit/holiday-places', message }]);
      refused = true;
      return { id: place, source: 'none', dates: [] };
    }
    const calendar = holidayCalendar(place, span);
    known.set(place, calendar);
    return calendar;
  };
}

/** The value of a `make…()`, or null after its problems are reported under `base`. */
function take<T>(
  made: Made<T>,
  base: readonly PathStep[],
  item: { readonly model: unknown; readonly report: Report },
): T | null {
  if (made.ok) return made.value;
  item.report(
    made.problems.map(({ path, code, message }) => {
      const named = code === 'holidays/unknown' ? placeNamed(item.model, path) : null;
      return { path: [...base, ...path], code, message: named === null ? message : explainPlace(named) };
    }),
  );
  return null;
}

function placeNamed(model: unknown, path: readonly PathStep[]): string | null {
  let value = model;
  for (const step of path) value = (value as Record<PathStep, unknown> | undefined)?.[step];
  return typeof value === 'string' ? value : null;
}

function makePeople({ sound, holidayCalendar: calendarOf, open, report }: Assembly): Person[] {
  const zones = zonesByPerson(
    sound.schedules.map(({ model }) => model),
    sound.teams.map(({ model }) => model),
  );
  return sound.people.flatMap(({ model, index }) => {
    if (!open()) return [];
    const made = makePerson(personDraftOf(model, zones.get(model.id) ?? 'UTC'), {
      holidayCalendar: calendarOf,
    });
    const person = take(made, ['people', index], { model, report });
    return person === null ? [] : [person];
  });
}

function makeTeams({ sound, people, open, report }: Assembly): Team[] {
  return sound.teams.flatMap(({ model, index }) => {
    if (!open()) return [];
    const team = take(makeTeam(teamDraftOf(model), people), ['teams', index], { model, report });
    return team === null ? [] : [team];
  });
}

function makeSchedules(assembly: Assembly, teamIds: ReadonlySet<string>): Schedule[] {
  const { sound, people, open, report } = assembly;
  const members = new Map(sound.teams.map(({ model }) => [model.id, model.members]));
  return sound.schedules.flatMap(({ model, index }) => {
    if (!open()) return [];
    // A team that is there but not sound has its own errors; the schedule should not report it as unknown.
    const teamMembers = members.get(model.team ?? '') ?? (teamIds.has(model.team ?? '') ? [...people] : null);
    const context = { people, teamMembers, holidayCalendar: assembly.holidayCalendar };
    const schedule = take(makeSchedule(scheduleDraftOf(model), context), ['schedules', index], {
      model,
      report,
    });
    return schedule === null ? [] : [schedule];
  });
}

function makePolicies({ sound, people, open, report }: Assembly, model: unknown): EscalationPolicy[] {
  const rolesBySchedule = new Map<string, readonly string[]>();
  for (const item of rawItems(model, 'schedules')) {
    const id = rawId(item);
    const { roles } = item as { roles?: unknown };
    if (id !== null) rolesBySchedule.set(id, Array.isArray(roles) ? roles.map(String) : ['primary']);
  }
  return sound.escalationPolicies.flatMap((policy) => {
    if (!open()) return [];
    const base = ['escalationPolicies', policy.index];
    return makeEscalationPolicy(policy.model, { people, rolesBySchedule }, (finding) => {
      report([{ ...finding, path: [...base, ...finding.path] }]);
    });
  });
}

/** What is allowed but hardly meant. */
function warningsOf(model: ConfigModel): Finding[] {
  const warnings: Finding[] = [];
  if ((model.schedules ?? []).length === 0) {
    warnings.push({
      path: [],
      code: 'config/no-schedules',
      message: 'The file has no schedules: nobody is ever on call.',
    });
  }
  (model.schedules ?? []).forEach(({ rotations = [], overrides = [], id }, index) => {
    if (rotations.length + overrides.length > 0) return;
    const message = `The schedule ${id} has no rotations: nobody is ever on call.`;
    warnings.push({ path: ['schedules', index], code: 'schedule/no-rotations', message });
  });
  return warnings;
}
