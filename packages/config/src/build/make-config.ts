import type { EscalationPolicy, Made, Person, Schedule, ScheduleContext, Team } from '@watchbill/core';
import { makePerson, makeSchedule, makeTeam } from '@watchbill/core';
import type { Finding, PathStep } from '../config-error.ts';
import type { Years } from '../holidays.ts';
import { DEFAULT_HOLIDAY_YEARS, explainPlace, holidayCalendar } from '../holidays.ts';
import { MAX_ERRORS, MAX_HOLIDAY_PLACES } from '../limits.ts';
import type { ConfigModel } from '../model/config-schema.ts';
import type { PersonModel, TeamModel } from '../model/person-schema.ts';
import type { ScheduleModel } from '../model/schedule-schema.ts';
import type { IssueContext } from '../read/issues.ts';
import { valueAt } from '../read/value-at.ts';
import { anchorYears, personDraftOf, scheduleDraftOf, teamDraftOf, zonesByPerson } from './drafts.ts';
import { makeEscalationPolicy } from './escalation.ts';
import { checkShape } from './shape.ts';

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
  /** The parts of the file whose shape is good. */
  readonly sound: ConfigModel;
  /** Ids of the whole file, also of parts that are not sound: what is there is not unknown. */
  readonly ids: { readonly people: ReadonlySet<string>; readonly teams: ReadonlySet<string> };
  readonly holidayCalendar: ScheduleContext['holidayCalendar'];
  /** False once so much is wrong that more would only cost time. */
  readonly open: () => boolean;
  readonly report: Report;
}

const SECTIONS: readonly Section[] = ['people', 'teams', 'schedules', 'escalationPolicies'];

/**
 * Checks the shape of a plain JSON model, then the meaning of every part whose shape is good, so that all faults are
 * found at once.
 */
export function makeConfig(
  model: unknown,
  sourceAt: IssueContext['sourceAt'],
  holidayYears: Years | undefined,
): Assembled {
  const { findings: faults, sound, inWhole } = checkShape(model, sourceAt);
  const findings: Finding[] = [...faults, ...SECTIONS.flatMap((section) => duplicates(model, section))];
  const report: Report = (more) => {
    for (const finding of more) {
      const whole = inWhole(finding);
      if (whole !== null) findings.push(whole);
    }
  };
  const assembly: Assembly = {
    sound,
    ids: {
      people: idsOf(model, 'people'),
      teams: idsOf(model, 'teams'),
    },
    holidayCalendar: calendars(sound, holidayYears, report),
    open: () => findings.length < MAX_ERRORS,
    report,
  };
  const parts = {
    people: makePeople(assembly),
    teams: makeTeams(assembly),
    schedules: makeSchedules(assembly),
    escalationPolicies: makePolicies(assembly, model),
  };
  if (findings.length > 0) return { ok: false, findings };
  return { ok: true, config: { version: 1, source: sound, ...parts }, warnings: warningsOf(sound) };
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

function idsOf(model: unknown, section: Section): Set<string> {
  const ids = rawItems(model, section).map(rawId);
  return new Set(ids.filter((id) => id !== null));
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
function calendars(
  sound: ConfigModel,
  years: Years | undefined,
  report: Report,
): Assembly['holidayCalendar'] {
  const anchors = anchorYears(sound);
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
    made.problems.slice(0, MAX_ERRORS + 1).map(({ path, code, message }) => {
      const place = code === 'holidays/unknown' ? valueAt(item.model, path) : null;
      return {
        path: [...base, ...path],
        code,
        message: typeof place === 'string' ? explainPlace(place) : message,
      };
    }),
  );
  return null;
}

/** The values of all items of a section that are good; the problems of the others are reported. */
function makeAll<M, T>(
  items: readonly M[] | undefined,
  section: Section,
  { make, assembly }: { readonly make: (model: M) => Made<T>; readonly assembly: Assembly },
): T[] {
  return (items ?? []).flatMap((model, index) => {
    if (!assembly.open()) return [];
    const value = take(make(model), [section, index], { model, report: assembly.report });
    return value === null ? [] : [value];
  });
}

function makePeople(assembly: Assembly): Person[] {
  const { sound, holidayCalendar: calendarOf } = assembly;
  const zones = zonesByPerson(sound.schedules ?? [], sound.teams ?? []);
  const make = (model: PersonModel) =>
    makePerson(personDraftOf(model, zones.get(model.id) ?? 'UTC'), { holidayCalendar: calendarOf });
  return makeAll(sound.people, 'people', { make, assembly });
}

function makeTeams(assembly: Assembly): Team[] {
  const make = (model: TeamModel) => makeTeam(teamDraftOf(model), assembly.ids.people);
  return makeAll(assembly.sound.teams, 'teams', { make, assembly });
}

function makeSchedules(assembly: Assembly): Schedule[] {
  const { sound, ids, holidayCalendar: calendarOf } = assembly;
  const members = new Map((sound.teams ?? []).map((team) => [team.id, team.members]));
  const make = (model: ScheduleModel) => {
    const team = model.team ?? '';
    // A team that is there but not sound has errors of its own; it is not unknown.
    const teamMembers = members.get(team) ?? (ids.teams.has(team) ? [...ids.people] : null);
    return makeSchedule(scheduleDraftOf(model), {
      people: ids.people,
      teamMembers,
      holidayCalendar: calendarOf,
    });
  };
  return makeAll(sound.schedules, 'schedules', { make, assembly });
}

function makePolicies({ sound, ids, open, report }: Assembly, model: unknown): EscalationPolicy[] {
  const rolesBySchedule = new Map<string, readonly string[]>();
  const withCoreHours = new Set<string>();
  for (const item of rawItems(model, 'schedules')) {
    const id = rawId(item);
    const roles = valueAt(item, ['roles']);
    if (id === null) continue;
    rolesBySchedule.set(id, Array.isArray(roles) ? roles.map(String) : ['primary']);
    if (valueAt(item, ['coreHours']) !== undefined) withCoreHours.add(id);
  }
  const context = { people: ids.people, rolesBySchedule, withCoreHours };
  return (sound.escalationPolicies ?? []).flatMap((policy, index) => {
    if (!open()) return [];
    const base = ['escalationPolicies', index];
    return makeEscalationPolicy(policy, context, (finding) => {
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
