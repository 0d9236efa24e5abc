import {
  DAY_MS,
  DEFAULT_RULES,
  type Duty,
  type DutyRules,
  type FairRules,
  type HolidayCalendar,
  type Instant,
  type Interval,
  type Place,
  type PlannedTurn,
  type PlanPerson,
  placeOf,
  planPersonOf,
  type Rotation,
  type Schedule,
  type SwapStretch,
  subtract,
  type TeamDraft,
  type WantedDuty,
} from '@watchbill/core';
import {
  plannedTurnsFrom,
  type Queryable,
  type RevisionRow,
  readSchedules,
  readTeams,
  revisionsFrom,
  type ScheduleRow,
  type ShiftRow,
  shiftsElsewhere,
} from '@watchbill/database';
import { groupBy } from '../group-by.ts';
import { versionsInForce } from '../horizon/plan-ahead.ts';
import { readPlanPeople } from '../plan/read-plan-people.ts';
import { seatTurns } from '../plan/seat-turns.ts';
import { versionOf } from '../schedule/load-schedule.ts';

/** Rules look this far back before a shift. */
const LOOK_BACK_MS = 35 * DAY_MS;

/** What is known of people and of the shifts that may change hands between them. */
export interface DutyBook {
  readonly schedules: ReadonlyMap<string, ScheduleRow>;
  /** Known ones only. */
  readonly people: ReadonlyMap<string, PlanPerson>;
  readonly names: ReadonlyMap<string, string>;
  readonly teams: ReadonlyMap<string, TeamDraft>;
  /** Over which a share of the time is measured. */
  readonly horizon: Interval;
  /** The stored shifts of a person, by start. */
  shiftsOf(person: string): readonly ShiftRow[];
  /** What a person stands, without what they give away. */
  standsOf(person: string, gives: readonly SwapStretch[]): readonly Duty[];
  /** Stretches as those who would get them see them. */
  wantsOf(
    stretches: readonly SwapStretch[],
    person: string,
  ): readonly (WantedDuty & { readonly place: Place })[];
  /** A schedule as it is in force at an instant; undefined where it is unknown or not in force. */
  scheduleAt(id: string, at: Instant): Schedule | undefined;
  membersOf(schedule: string): readonly string[];
}

/** A place known by name, for rules that do not ask for holidays. */
export function noHolidays(place: string): HolidayCalendar {
  return { id: place, source: 'none', dates: [] };
}

export async function readDuties(
  queryable: Queryable,
  want: {
    readonly people: readonly string[];
    readonly stretches: readonly SwapStretch[];
    /** Earlier shifts that are wanted as well. */
    readonly from?: Instant | undefined;
    readonly holidayCalendar?: ((place: string) => HolidayCalendar | null) | undefined;
  },
): Promise<DutyBook> {
  const { stretches } = want;
  const ids = [...new Set([...want.people, ...stretches.map((stretch) => stretch.person)])].sort();
  const near = Math.min(...stretches.map(({ start }) => start)) - LOOK_BACK_MS;
  const from = Math.min(near, want.from ?? near);
  const rows = await shiftsElsewhere(queryable, ids, { than: [], after: from });
  const places = [...stretches.map((stretch) => stretch.schedule), ...rows.map((row) => row.schedule)];
  const scheduleIds = [...new Set(places)].sort();
  const schedules = await readSchedules(queryable, scheduleIds);
  const revisions = groupBy(await revisionsFrom(queryable, scheduleIds, from), (row) => row.schedule);
  const turns = groupBy(await plannedTurnsFrom(queryable, scheduleIds, from), (row) => row.schedule);
  const known = await readPlanPeople(queryable, ids, {
    schedules: scheduleIds,
    from,
    holidayCalendar: want.holidayCalendar ?? noHolidays,
  });
  const teamIds = schedules.flatMap(({ team }) => (team === null ? [] : [team]));
  const teams = await readTeams(queryable, [...new Set(teamIds)]);
  const until = Math.max(
    ...stretches.map(({ end }) => end),
    ...schedules.map((row) => row.horizonUntil ?? 0),
  );
  return bookOf({
    rows: groupBy(rows, (row) => row.person),
    schedules: new Map(schedules.map((row) => [row.id, row])),
    meanings: new Map(
      scheduleIds.map((id) => [id, meaningOf(revisions.get(id) ?? [], seatTurns(turns.get(id) ?? []))]),
    ),
    people: new Map(known.people.map((person) => [person.id, planPersonOf(person, known)])),
    names: new Map(known.people.map(({ id, name }) => [id, name])),
    teams: new Map(teams.map((row) => [row.id, row.definition as TeamDraft])),
    horizon: { start: from, end: until },
  });
}

interface Meaning {
  readonly versions: readonly (DutySchedule & { readonly effectiveAt: Instant })[];
  readonly turns: ReadonlyMap<string, readonly PlannedTurn[]>;
}

interface DutySchedule {
  readonly schedule: Schedule;
  readonly rulesOf: ReadonlyMap<string, DutyRules>;
}

interface BookParts extends Pick<DutyBook, 'schedules' | 'people' | 'names' | 'teams' | 'horizon'> {
  readonly rows: ReadonlyMap<string, readonly ShiftRow[]>;
  readonly meanings: ReadonlyMap<string, Meaning>;
}

function bookOf({ rows, meanings, ...parts }: BookParts): DutyBook {
  const versionAt = (id: string, at: Instant) =>
    meanings.get(id)?.versions.findLast((version) => version.effectiveAt <= at);
  const shiftsOf = (person: string) => rows.get(person) ?? [];
  const dutyOf = (row: ShiftRow): Duty => {
    const { schedule, role, start, end } = row;
    const rotation = rotationOf(row, versionAt(schedule, start));
    const turn = rotation === null ? row.id : turnOf(row, rotation, meanings.get(schedule)?.turns);
    const rules = rotation === null ? undefined : versionAt(schedule, start)?.rulesOf.get(rotation.id);
    return { schedule, role, start, end, turn, rules: rules ?? OTHER_RULES };
  };
  const membersOf = (schedule: string) =>
    parts.teams.get(parts.schedules.get(schedule)?.team ?? '')?.members ?? [];
  const scheduleAt = (id: string, at: Instant) => versionAt(id, at)?.schedule;
  return {
    ...parts,
    shiftsOf,
    scheduleAt,
    membersOf,
    standsOf: (person, gives) => withoutGiven(shiftsOf(person).map(dutyOf), gives),
    wantsOf: (stretches, person) =>
      stretches.flatMap((stretch) => {
        const schedule = scheduleAt(stretch.schedule, stretch.start);
        const who = { person, team: membersOf(stretch.schedule) };
        const place = schedule === undefined ? 'outside' : placeOf(schedule, stretch, who);
        const duties = shiftsOf(stretch.person).map(dutyOf);
        return clippedTo(duties, stretch).map((duty) => ({ ...duty, from: stretch.person, place }));
      }),
  };
}

function meaningOf(
  revisions: readonly RevisionRow[],
  turns: ReadonlyMap<string, readonly PlannedTurn[]>,
): Meaning {
  const versions = versionsInForce(revisions).map((row) => {
    const { schedule, effectiveAt } = versionOf(row, []);
    const named = new Map(
      row.definition.rotations.map((draft) => [draft.id, Object.keys(draft.constraints ?? {})]),
    );
    const rules = schedule.rotations.flatMap((rotation): [string, DutyRules][] =>
      rotation.strategy.kind === 'fair'
        ? [[rotation.id, rulesOf(rotation.strategy.rules, named.get(rotation.id) ?? [])]]
        : [],
    );
    return { schedule, effectiveAt, rulesOf: new Map(rules) };
  });
  return { versions, turns };
}

const NO_RULES: FairRules = {
  restHours: null,
  maxConsecutiveDays: null,
  maxConsecutiveNights: null,
  maxConsecutiveWeekends: null,
  maxUnitsIn7Days: null,
  maxHoursIn7Days: null,
  maxSharePercent: null,
};
/** Of rotations that name no rules. */
const OTHER_RULES: DutyRules = { all: { ...NO_RULES, restHours: DEFAULT_RULES.restHours }, named: NO_RULES };

function rulesOf(all: FairRules, named: readonly string[]): DutyRules {
  const kept = Object.entries(all).filter(([key]) => named.includes(key));
  return { all, named: { ...NO_RULES, ...Object.fromEntries(kept) } };
}

/** The fair rotation whose rules a shift stands under: its own, the one whose seat it is, or the role's. */
function rotationOf(row: ShiftRow, version: DutySchedule | undefined): Rotation | null {
  const rotations = version?.schedule.rotations ?? [];
  const seat = row.seat.slice(0, row.seat.lastIndexOf('/'));
  const own = rotations.find((rotation) => rotation.id === (row.rotation ?? seat));
  if (own !== undefined) return own;
  return rotations.find(({ role, strategy }) => role === row.role && strategy.kind === 'fair') ?? null;
}

/** The planned turn that a shift is a part of, or the shift itself. */
function turnOf(row: ShiftRow, rotation: Rotation, turns: Meaning['turns'] | undefined): string {
  const seat = row.seat.slice(row.seat.lastIndexOf('/') + 1);
  const turn = turns
    ?.get(rotation.id)
    ?.find(
      (one) =>
        String(one.seat) === seat &&
        one.intervals.some(({ start, end }) => start < row.end && row.start < end),
    );
  return turn?.unit ?? row.id;
}

function withoutGiven(duties: readonly Duty[], gives: readonly SwapStretch[]): Duty[] {
  return duties.flatMap((duty) => {
    const given = gives
      .filter(({ schedule, role }) => schedule === duty.schedule && role === duty.role)
      .sort((a, b) => a.start - b.start);
    return subtract([duty], given).map((part) => ({ ...duty, ...part }));
  });
}

function clippedTo(duties: readonly Duty[], stretch: SwapStretch): Duty[] {
  return duties.flatMap((duty) => {
    if (duty.schedule !== stretch.schedule || duty.role !== stretch.role) return [];
    const start = Math.max(duty.start, stretch.start);
    const end = Math.min(duty.end, stretch.end);
    return start < end ? [{ ...duty, start, end }] : [];
  });
}
