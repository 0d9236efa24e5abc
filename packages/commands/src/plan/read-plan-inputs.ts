import { createHash } from 'node:crypto';
import {
  DAY_MS,
  type Instant,
  type Interval,
  inputHash,
  normalise,
  type PlanProblem,
  planPersonOf,
  planProblemOf,
  type Schedule,
  withPlan,
} from '@watchbill/core';
import {
  clockNow,
  fairSchedules,
  ledgerClosedUntil,
  type PlannedTurnRow,
  type PlanRequestRow,
  plannedTurnsFrom,
  planRequestsOf,
  plansInForce,
  type Queryable,
  readSchedules,
  revisionsFrom,
  type StoodShiftRow,
  shiftsStood,
} from '@watchbill/database';
import { SOLVER } from '@watchbill/solver';
import { canonicalJson } from '../canonical-json.ts';
import { groupBy } from '../group-by.ts';
import { DEFAULT_HORIZON, type HorizonSettings } from '../horizon/horizon-settings.ts';
import { versionsInForce } from '../horizon/plan-ahead.ts';
import { readMeanings, type StoredMeaning, versionOf, versionsOf } from '../schedule/load-schedule.ts';
import { fairGroup, fairPeople } from './fair-group.ts';
import { countedByHand, givenTurns, partsByUnit, placesOf, withGiven, withoutGiven } from './given-turns.ts';
import { planEnd, planStart } from './plan-horizon.ts';
import { type PlanTools, TZDATA } from './planner.ts';
import { SHIFTS_PER_BURDEN } from './read-burden.ts';
import { type PlanPeople, readPlanPeople } from './read-plan-people.ts';
import { seatTurns } from './seat-turns.ts';
import { type SplitTurn, settleBegun } from './settle-begun.ts';
import { joinVersions, segmentsOf } from './version-segments.ts';

/**
 * What of the plan in force is kept: `all` turns that can stand; those `published`, within `publishAheadDays`; or only
 * those that have `begun`.
 */
export type Keep = 'all' | 'published' | 'begun';

/** One schedule of a plan to be made, and what it is made on. */
export interface PlanMember {
  readonly schedule: string;
  readonly revision: number;
  readonly base: string | null;
  readonly countsFrom: Instant;
  readonly meaning: StoredMeaning;
}

export interface PlanInputs {
  readonly now: Instant;
  readonly members: readonly PlanMember[];
  /** One for each set of rotations that share people. */
  readonly problems: readonly PlanProblem[];
  readonly horizon: Interval;
  readonly inputHash: string;
  /** The turns in force, from before the plan's start on. */
  readonly turns: readonly PlannedTurnRow[];
  /** What is left of running turns whose holders go away. */
  readonly splits: readonly SplitTurn[];
  /** Who holds turns that others stand as a whole: the plan has no part in them. */
  readonly left: ReadonlyMap<string, string>;
  /** Wishes that this plan meets. */
  readonly requests: readonly PlanRequestRow[];
}

export interface PlanWish {
  readonly schedule: string;
  readonly keep: Keep;
  readonly seed?: number | undefined;
  readonly horizon?: HorizonSettings | undefined;
}

/** Rules look back at turns this long before the plan's start. */
const LOOK_BACK_MS = 70 * DAY_MS;

/** Everything that a plan of a schedule is made of; null when it has no fair rotation with anybody to plan. */
export async function readPlanInputs(
  queryable: Queryable,
  wish: PlanWish,
  tools: Pick<PlanTools, 'holidayCalendar'>,
): Promise<PlanInputs | null> {
  const now = await clockNow(queryable);
  const group = await readGroup(queryable, wish.schedule, now);
  if (group.length === 0) return null;
  const ids = group.map((schedule) => schedule.id);
  const requests = await planRequestsOf(queryable, ids);
  const members = await readMembers(queryable, ids, now);
  const turns = await plannedTurnsFrom(queryable, ids, now - LOOK_BACK_MS);
  const turnsBySchedule = groupBy(turns, (row) => row.schedule);
  const schedules = members.flatMap(({ meaning, schedule }) => {
    const planned = seatTurns(turnsBySchedule.get(schedule) ?? []);
    return segmentsOf(versionsOf(meaning, now), now).map((segment) => withPlan(segment, planned));
  });
  const since = await beginnings(queryable, ids, turns);
  const horizon: Interval = {
    start: planStart(
      schedules.map((schedule) => ({ schedule, since: since.get(schedule.id) ?? null })),
      now,
    ),
    end: planEnd(schedules, { now, horizonMs: (wish.horizon ?? DEFAULT_HORIZON).horizonMs }),
  };
  const holders = turns.flatMap(({ person }) => (person === null ? [] : [person]));
  const known = await readPlanPeople(queryable, [...schedules.flatMap(fairPeople), ...holders], {
    schedules: ids,
    from: horizon.start,
    ahead: { now, until: horizon.end },
    holidayCalendar: tools.holidayCalendar,
  });
  const previous = previousHolders(schedules, turns, { keep: wish.keep, now });
  const problems = planProblemOf({
    ...{ schedules, horizon, now, people: known.people, absences: known.absences, carried: known.carried },
    ...(previous !== null && { previous }),
    ...(wish.seed !== undefined && { seed: wish.seed }),
  });
  const settled = settle(joinVersions(problems), {
    ...{ turns, schedules, known, now },
    stood: await shiftsStood(queryable, ids, { window: horizon, limit: SHIFTS_PER_BURDEN }),
  });
  if (settled.problems.length === 0) return null;
  const inputHash = hashOf(settled.problems, members);
  return { now, members, horizon, inputHash, turns, requests, ...settled };
}

/** The problems as things stand: what has begun, what others stand, and what is left of both. */
function settle(
  problems: readonly PlanProblem[],
  by: {
    readonly turns: readonly PlannedTurnRow[];
    readonly schedules: readonly Schedule[];
    readonly known: PlanPeople;
    readonly stood: readonly StoodShiftRow[];
    readonly now: Instant;
  },
): Pick<PlanInputs, 'problems' | 'splits' | 'left'> {
  const { turns, known, stood, now } = by;
  const given = givenTurns(turns, placesOf(by.schedules, stood));
  const parts = partsByUnit(given);
  const holding = new Map(known.people.map((person) => [person.id, planPersonOf(person, known)]));
  const settled = problems.map((problem) => {
    const begun = settleBegun(withGiven(withBusy(problem, known.busy), given, holding), {
      turns,
      given: parts,
      now,
    });
    const { problem: standing, left } = withoutGiven(begun.problem, parts);
    return { problem: countedByHand(standing, stood), splits: begun.splits, left };
  });
  return {
    problems: settled.map(({ problem }) => problem).filter(({ units }) => units.length > 0),
    splits: settled.flatMap(({ splits }) => splits),
    left: new Map(settled.flatMap(({ left }) => [...left])),
  };
}

/** The schedules that are planned together with one, each with the rotations of all its versions from now on. */
export async function readGroup(queryable: Queryable, id: string, now: Instant): Promise<Schedule[]> {
  const ids = await fairSchedules(queryable);
  if (!ids.includes(id)) return [];
  const revisions = groupBy(await revisionsFrom(queryable, ids, now), (row) => row.schedule);
  const schedules = [...revisions.values()].flatMap((rows) => {
    const versions = versionsInForce(rows).map((row) => versionOf(row, []).schedule);
    const newest = versions.at(-1);
    return newest === undefined ? [] : [{ ...newest, rotations: versions.flatMap((one) => one.rotations) }];
  });
  return fairGroup(schedules, id);
}

async function readMembers(
  queryable: Queryable,
  ids: readonly string[],
  now: Instant,
): Promise<PlanMember[]> {
  const rows = await readSchedules(queryable, ids);
  const bases = new Map((await plansInForce(queryable, ids)).map((row) => [row.schedule, row.plan]));
  const meanings = await readMeanings(queryable, ids, now);
  return rows.flatMap(({ id, revision }) => {
    const meaning = meanings.get(id);
    if (meaning === undefined) return [];
    const countsFrom = Math.max(now, versionsInForce(meaning.revisions)[0]?.effectiveAt ?? now);
    return [{ schedule: id, revision, base: bases.get(id) ?? null, countsFrom, meaning }];
  });
}

/** From when on the burden of each schedule is not in the ledger: its last closing, else its first turn. */
async function beginnings(
  queryable: Queryable,
  ids: readonly string[],
  turns: readonly PlannedTurnRow[],
): Promise<Map<string, Instant>> {
  const since = await ledgerClosedUntil(queryable, ids);
  for (const { schedule, startsAt } of turns) if (!since.has(schedule)) since.set(schedule, startsAt);
  return since;
}

/** Who holds what now, as far as it is to be kept; null when everything but begun turns is assigned anew. */
function previousHolders(
  schedules: readonly Schedule[],
  turns: readonly PlannedTurnRow[],
  { keep, now }: { readonly keep: Keep; readonly now: Instant },
): Map<string, string | null> | null {
  if (keep === 'begun' || turns.length === 0) return null;
  const until = new Map(
    schedules.flatMap(({ id, rotations }) =>
      rotations.map(({ id: rotation, strategy }): [string, Instant] => [
        `${id}/${rotation}`,
        keep === 'published' && strategy.kind === 'fair'
          ? now + strategy.publishAheadDays * DAY_MS
          : Number.POSITIVE_INFINITY,
      ]),
    ),
  );
  const kept = turns.filter((turn) => turn.startsAt < (until.get(`${turn.schedule}/${turn.rotation}`) ?? 0));
  return new Map(kept.map(({ unit, person }) => [unit, person]));
}

/** The problem with people busy with their shifts elsewhere. */
function withBusy(problem: PlanProblem, busy: ReadonlyMap<string, readonly Interval[]>): PlanProblem {
  const people = problem.people.map((person) => ({
    ...person,
    busy: [...person.busy, ...normalise(busy.get(person.id) ?? []).map(elsewhere)],
  }));
  return { ...problem, people };
}

function elsewhere(shift: Interval) {
  return { ...shift, byHand: null };
}

/** Everything that the plan follows from, the engine's version included, and what it is made on. */
function hashOf(problems: readonly PlanProblem[], members: readonly PlanMember[]): string {
  const basis = members.map(({ schedule, revision, base }) => ({ schedule, revision, base }));
  const input = canonicalJson({ solver: SOLVER, tzdata: TZDATA, problems: problems.map(inputHash), basis });
  return createHash('sha256').update(input).digest('hex');
}
