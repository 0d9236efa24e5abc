import { burdenHours, burdenOf, type PersonBurden } from '../fairness/burden.ts';
import type { PersonId, PlannedTurn, RotationId, ScheduleId } from '../schedule/schedule.ts';
import { formatInstant, parseInstant } from '../time/format.ts';
import type { Interval } from '../time/interval.ts';
import { compareText } from './compile.ts';
import { ENGINE_VERSION } from './engine-version.ts';
import { explainUnit, type Refusal } from './explain.ts';
import type { GapReport } from './gap-report.ts';
import { inputHash } from './input-hash.ts';
import { SHADOW_ROLE, STATIC_BLOCKS } from './pairs.ts';
import type { Planned } from './plan.ts';
import type { PlanWeights } from './problem.ts';
import type { PlanChange } from './replan.ts';
import { sha256 } from './sha256.ts';

/** One seat of one turn in a plan's file. Instants are ISO-8601 UTC. */
export interface PlanFileUnit {
  readonly unit: string;
  readonly schedule: ScheduleId;
  readonly rotation: RotationId;
  readonly role: string;
  readonly seat: number;
  readonly intervals: readonly { readonly start: string; readonly end: string }[];
  readonly person: PersonId | null;
}

/** A unit that nobody holds, and why nobody could. */
export interface PlanFileGap {
  readonly unit: string;
  /** `unavoidable` only when it is proven: by an exact solver, or because nobody may ever hold the unit. */
  readonly proof: 'unavoidable' | 'not-proven';
  /** For a place that a solver has proven: which rules clash and what would help, in words. */
  readonly words: string | null;
  readonly refused: readonly Refusal[];
}

/** A person's line in the table of a plan. Burden, level and deviation are in burden-hours. */
export interface PlanFilePerson extends Omit<PersonBurden, 'burden' | 'restDayBurden'> {
  /** How much of a full load the person is due: 1 is full time over the whole horizon. */
  readonly share: number;
  readonly carried: number;
  readonly burden: number;
  readonly restDayBurden: number;
  /** Burden and what is carried, for a full share. */
  readonly level: number;
  /** Above zero: more than the fair part of what everybody carries. */
  readonly deviation: number;
}

/** Rotations that share people are planned together: one part each. */
export interface PlanFilePart {
  readonly schedules: readonly ScheduleId[];
  readonly seed: number;
  readonly inputHash: string;
  /** The objective's fairness, and a proven lower bound of it with the same gaps; null for a replan. */
  readonly value: number;
  readonly bound: number | null;
  /** For a replan: published turns that must change whatever is done, of those in `changes`. */
  readonly forced: number;
}

/** What an exact solver has seen to. */
export interface PlanFileExact {
  /** Its name and version. */
  readonly solver: string;
  /** For a replan: whether it is proven that no plan with as few gaps changes less; null for a fresh plan. */
  readonly fewestChanges: 'proven' | 'not-proven' | null;
  /** Why it did not know all that it was asked; null when it did. */
  readonly gaveUp: string | null;
}

/** A plan as a file: the same input makes the same bytes. */
export interface PlanFile {
  readonly version: 1;
  readonly engine: string;
  readonly schedules: readonly ScheduleId[];
  readonly from: string;
  readonly to: string;
  readonly seed: number;
  readonly inputHash: string;
  /** The time-zone data that the instants were made with. */
  readonly tzdata: string;
  /** The data that people's public holidays were taken from; left out where nobody has any. */
  readonly holidays?: readonly string[];
  /**
   * Rotations that go in order in the configuration and are planned as if they were fair, as `<schedule>/<rotation>`;
   * left out for none.
   */
  readonly asFair?: readonly string[];
  /** Left out for a plan that no solver has seen. */
  readonly exact?: PlanFileExact;
  readonly weights: PlanWeights | null;
  readonly parts: readonly PlanFilePart[];
  readonly units: readonly PlanFileUnit[];
  readonly gaps: readonly PlanFileGap[];
  readonly changes: readonly PlanChange[];
  readonly people: readonly PlanFilePerson[];
  readonly value: number;
  readonly bound: number | null;
}

export interface PlanFileOptions {
  /** Version of the time-zone data, such as `2026a`. */
  readonly tzdata: string;
  readonly exact?: PlanFileExact | undefined;
  readonly asFair?: readonly string[] | undefined;
  /** Ids of the units whose gap an exact solver has proven unavoidable. */
  readonly unavoidable?: ReadonlySet<string> | undefined;
  /** What it has found about them: the reports of `repairPlan`, whose words go into the file. */
  readonly reports?: readonly GapReport[] | undefined;
}

/** The file of one plan, or of the plans of several parts that share nobody. Throws a RangeError for none. */
export function planFileOf(planned: Planned | readonly Planned[], options: PlanFileOptions): PlanFile {
  const all: readonly Planned[] = 'plan' in planned ? [planned] : planned;
  const [first] = all;
  if (first === undefined)
    throw new RangeError('There is no plan: no fair rotation has a turn in the horizon');
  const parts = all.map(partOf);
  const { start, end } = first.problem.horizon;
  const bounds = parts.map(({ bound }) => bound);
  const holidays = holidaySourcesOf(all);
  return {
    version: 1,
    engine: ENGINE_VERSION,
    schedules: [...new Set(parts.flatMap((part) => part.schedules))].sort(compareText),
    from: formatInstant(start),
    to: formatInstant(end),
    seed: first.problem.seed,
    inputHash: parts.length === 1 ? (parts[0]?.inputHash ?? '') : combinedHash(parts),
    tzdata: options.tzdata,
    ...(holidays.length > 0 && { holidays }),
    ...(options.asFair !== undefined && options.asFair.length > 0 && { asFair: options.asFair }),
    ...(options.exact !== undefined && { exact: options.exact }),
    weights: first.problem.weights,
    parts,
    units: all.flatMap(unitsOf).sort(compareUnits),
    gaps: all.flatMap((one) => gapsOf(one, options)),
    changes: all.flatMap(({ plan }) => plan.changes),
    people: all.flatMap((one) => peopleOf(one)),
    value: round(parts.reduce((sum, { value }) => sum + value, 0)),
    bound: bounds.includes(null) ? null : round(bounds.reduce<number>((sum, bound) => sum + (bound ?? 0), 0)),
  };
}

function partOf({ problem, plan }: Planned): PlanFilePart {
  return {
    schedules: [...new Set(problem.units.map(({ schedule }) => schedule))].sort(compareText),
    seed: problem.seed,
    inputHash: inputHash(problem),
    value: round(plan.value),
    bound: plan.bound === null ? null : round(plan.bound),
    forced: plan.forced,
  };
}

function holidaySourcesOf(all: readonly Planned[]): string[] {
  const people = all.flatMap(({ problem }) => problem.people);
  return [...new Set(people.flatMap(({ holidays }) => holidays?.source ?? []))].sort(compareText);
}

function combinedHash(parts: readonly PlanFilePart[]): string {
  return sha256(parts.map((part) => part.inputHash).join());
}

/** Sums of doubles end in noise; a thousandth of a price is nobody's. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The units of the horizon: what began before it is another plan's. */
function unitsOf({ problem, compiled, plan }: Planned): PlanFileUnit[] {
  return compiled.units
    .filter(({ intervals }) => (intervals[0]?.start ?? 0) >= problem.horizon.start)
    .map(({ id, schedule, rotation, role, seat, intervals }) => ({
      unit: id,
      schedule,
      rotation,
      role,
      seat,
      intervals: intervals.map(({ start, end }) => ({
        start: formatInstant(start),
        end: formatInstant(end),
      })),
      person: plan.assignment.get(id) ?? null,
    }));
}

function compareUnits(a: PlanFileUnit, b: PlanFileUnit): number {
  const [first, second] = [a.intervals[0]?.start ?? '', b.intervals[0]?.start ?? ''];
  return compareText(first, second) || compareText(a.role, b.role) || compareText(a.unit, b.unit);
}

/** The gaps of a plan with what keeps each person from them. A shadow seat may stay empty. */
function gapsOf(planned: Planned, { unavoidable, reports = [] }: PlanFileOptions): PlanFileGap[] {
  return unitsOf(planned)
    .filter(({ person, role }) => person === null && role !== SHADOW_ROLE)
    .map(({ unit }) => {
      const refused = explainUnit(planned, unit)?.refused ?? [];
      const report = reports.find(({ units }) => units.includes(unit));
      const everNobody = refused.every(({ rule }) => STATIC_BLOCKS.some((fixed) => fixed === rule));
      const isProven = everNobody || report !== undefined || unavoidable?.has(unit) === true;
      const proof = isProven ? 'unavoidable' : 'not-proven';
      return { unit, proof, words: report?.words ?? null, refused };
    });
}

/** The table by person: everybody who could be planned, sorted by id. */
export function peopleOf({ problem, compiled, plan }: Omit<Planned, 'state'>): PlanFilePerson[] {
  const stretches = compiled.units.flatMap(({ id, role, intervals }) => {
    const person = plan.assignment.get(id) ?? null;
    if (person === null || (intervals[0]?.start ?? 0) < problem.horizon.start) return [];
    return intervals.map((interval) => ({ ...interval, person, role }));
  });
  const last = stretches.reduce((most, { end }) => Math.max(most, end), problem.horizon.end);
  const window = { start: problem.horizon.start, end: last };
  const burdens = burdenOf(stretches, compiled.people, { window, weights: problem.weights });
  const carried = compiled.people.map((person) => person.carried);
  const total = burdens.reduce((sum, { burden }, i) => sum + burden + (carried[i] as number), 0);
  const entitled = compiled.entitlement.reduce((sum, share) => sum + share, 0);
  return burdens.map((one, i) => {
    const share = compiled.entitlement[i] as number;
    const carries = one.burden + (carried[i] as number);
    return {
      ...one,
      share: round(share),
      carried: round(burdenHours(carried[i] as number)),
      burden: round(burdenHours(one.burden)),
      restDayBurden: round(burdenHours(one.restDayBurden)),
      level: round(burdenHours(carries / share)),
      deviation: round(burdenHours(carries - (total * share) / entitled)),
    };
  });
}

/** The bytes of a plan's file: two spaces a level, keys in a fixed order, a line break at the end. */
export function planJson(file: PlanFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The turns of a plan by schedule and rotation, as `withPlan` wants them. */
export function plannedTurnsOf(
  file: Pick<PlanFile, 'units'>,
): Map<ScheduleId, Map<RotationId, PlannedTurn[]>> {
  const result = new Map<ScheduleId, Map<RotationId, PlannedTurn[]>>();
  for (const { unit, schedule, rotation, seat, intervals, person } of file.units) {
    const rotations = result.get(schedule) ?? new Map<RotationId, PlannedTurn[]>();
    result.set(schedule, rotations);
    const turns = rotations.get(rotation) ?? [];
    rotations.set(rotation, turns);
    const stretches = intervals.map(
      ({ start, end }): Interval => ({
        start: parseInstant(start) ?? Number.NaN,
        end: parseInstant(end) ?? Number.NaN,
      }),
    );
    turns.push({ unit, seat, intervals: stretches, person });
  }
  return result;
}

/** Who holds each unit of a plan: what `planProblemOf` takes as `previous`. */
export function holdersOf(file: Pick<PlanFile, 'units'>): Map<string, PersonId | null> {
  return new Map(file.units.map(({ unit, person }) => [unit, person]));
}
