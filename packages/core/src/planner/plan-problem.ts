import type { Person } from '../people/person.ts';
import { startOfDate } from '../people/presence.ts';
import type { FairStrategy, PersonId, Rotation, Schedule } from '../schedule/schedule.ts';
import { DAY_MS, type Instant, type Interval, normalise } from '../time/interval.ts';
import { FIRST_INSTANT, LAST_INSTANT } from '../time/zone.ts';
import { withPlan } from '../timeline/planned-turns.ts';
import { resolveTimeline } from '../timeline/resolve.ts';
import { startOf } from './closeness.ts';
import { compareText } from './compile.ts';
import { demandOf } from './demand.ts';
import {
  type BusyTime,
  DEFAULT_WEIGHTS,
  type PlanPerson,
  type PlanProblem,
  type PlanUnit,
  type PlanWeights,
} from './problem.ts';
import { seedOf } from './random.ts';

/** A unit of the published plan: who holds it. */
export type PreviousHolders = ReadonlyMap<string, PersonId | null>;

export interface PlanRequest {
  /** All schedules of the organisation: those without fair rotations make people busy. */
  readonly schedules: readonly Schedule[];
  readonly people: readonly Person[];
  /** Turns that start in it are planned. */
  readonly horizon: Interval;
  /** Only plans that have a part in these schedules; all if left out. */
  readonly only?: readonly string[] | undefined;
  /**
   * Holders of the published plan by unit id. Given, the plan is a replan: changes are priced above all but gaps.
   * Left out, everything is assigned anew; what has begun stays with whom the schedules' own turns name.
   */
  readonly previous?: PreviousHolders | undefined;
  /** Units that have begun stay as they are; without it nothing has. */
  readonly now?: Instant | undefined;
  /** Ledger accounts in burden units at the start of the horizon. */
  readonly carried?: ReadonlyMap<PersonId, number> | undefined;
  /** Absences beside those of the people themselves. */
  readonly absences?: ReadonlyMap<PersonId, readonly Interval[]> | undefined;
  readonly weights?: PlanWeights | undefined;
  /** By default made of the schedules' ids and the start of the horizon. */
  readonly seed?: number | undefined;
}

/** Units before the horizon that can still matter to a rule: rest, days in a row, any seven days. */
const LOOK_BACK_MS = 35 * DAY_MS;
/** Shifts of other rotations are looked for this far around the horizon: the longest rest there is, and more. */
const BUSY_MARGIN_MS = 14 * DAY_MS;
const PRIMARY_ROLE = 'primary';
const DEFAULT_GAP_PRICE = 1000;
/** Stands for whoever the planner will put there, so that lower layers are hidden where it will. */
const SOMEBODY = '\u0000somebody';

/**
 * One problem for each set of fair rotations that share people, in order of their first unit ids. Shifts of other
 * rotations and overrides make their people busy. Throws a RangeError for an empty horizon.
 */
export function planProblemOf(request: PlanRequest): PlanProblem[] {
  const { schedules, horizon } = request;
  if (!(horizon.start < horizon.end)) throw new RangeError('The horizon of a plan must end after it starts');
  const busy = busyTimes(request);
  return components(schedules)
    .filter(
      (parts) => request.only === undefined || parts.some((part) => request.only?.includes(part.schedule.id)),
    )
    .map((parts) => problemOf(request, parts, busy))
    .filter(({ units }) => units.length > 0);
}

/** A fair rotation with its schedule. */
interface FairPart {
  readonly schedule: Schedule;
  readonly rotation: Rotation;
  readonly strategy: FairStrategy;
}

/** The fair rotations in sets that share nobody, in order of schedule and rotation. */
function components(schedules: readonly Schedule[]): FairPart[][] {
  const sorted = [...schedules].sort((a, b) => compareText(a.id, b.id));
  const parts = sorted.flatMap((schedule) =>
    schedule.rotations.flatMap((rotation) =>
      rotation.strategy.kind === 'fair' ? [{ schedule, rotation, strategy: rotation.strategy }] : [],
    ),
  );
  let groups: { people: Set<PersonId>; parts: FairPart[] }[] = [];
  for (const part of parts) {
    const shares = (group: { people: Set<PersonId> }) =>
      part.strategy.roster.some((id) => group.people.has(id));
    const joined = groups.filter(shares);
    const merged = {
      people: new Set([...part.strategy.roster, ...joined.flatMap((group) => [...group.people])]),
      parts: [...joined.flatMap((group) => group.parts), part],
    };
    groups = [...groups.filter((group) => !joined.includes(group)), merged];
  }
  return groups.map((group) => group.parts);
}

function problemOf(
  request: PlanRequest,
  parts: readonly FairPart[],
  busy: ReadonlyMap<PersonId, readonly BusyTime[]>,
): PlanProblem {
  const { horizon, people } = request;
  const units = parts.flatMap((part) => [...begunBefore(request, part), ...openUnits(request, part)]);
  const wanted = new Set(parts.flatMap(({ strategy }) => strategy.roster));
  for (const { previous, pinned } of units) if (pinned && previous !== null) wanted.add(previous);
  const ids = [...new Set(parts.map(({ schedule }) => schedule.id))];
  return {
    horizon,
    people: people
      .filter(({ id }) => wanted.has(id))
      .map((person) => planPersonOf(person, request, busy.get(person.id) ?? [])),
    units,
    weights: weightsFor(request.weights ?? DEFAULT_WEIGHTS, parts),
    keepPrevious: request.previous !== undefined,
    seed: request.seed ?? seedOf(`${ids.join()} ${horizon.start}`),
  };
}

/** The units of the horizon; those that have begun are pinned, those that begin soon are frozen. */
function openUnits({ horizon, previous, now }: PlanRequest, part: FairPart): PlanUnit[] {
  const { schedule, rotation, strategy } = part;
  const today = now ?? FIRST_INSTANT;
  const frozenUntil = today + strategy.freezeDays * DAY_MS;
  const published = new Map(strategy.turns.map(({ unit, person }) => [unit, person]));
  return demandOf(schedule, rotation, horizon).map((unit) => {
    const start = startOf(unit);
    const pinned = start < today;
    const holders = previous ?? (pinned ? published : undefined);
    return { ...unit, previous: holders?.get(unit.id) ?? null, pinned, frozen: start < frozenUntil };
  });
}

/** Units of the published plan that began before the horizon: they weigh nothing, but rules look back at them. */
function begunBefore({ horizon }: PlanRequest, part: FairPart): PlanUnit[] {
  const { schedule, rotation, strategy } = part;
  const rest = { schedule: schedule.id, rotation: rotation.id, role: rotation.role, rules: strategy.rules };
  return strategy.turns.flatMap(({ unit, seat, intervals, person }) => {
    const start = intervals[0]?.start ?? horizon.start;
    if (person === null || start >= horizon.start || start < horizon.start - LOOK_BACK_MS) return [];
    const begun = { eligible: null, previous: person, frozen: true, pinned: true };
    return [{ id: unit, ...rest, seat, intervals, ...begun }];
  });
}

/** A person as the planner sees them. */
export function planPersonOf(
  person: Person,
  { carried, absences }: Pick<PlanRequest, 'carried' | 'absences'>,
  busy: readonly BusyTime[] = [],
): PlanPerson {
  const { id, timeZone, share } = person;
  return {
    id,
    timeZone,
    workingHours: [person.workingHours],
    sleep: person.sleep,
    weekend: person.weekend,
    holidays: person.holidays,
    share,
    joined: startOfDate(person.joinedOn, timeZone),
    left: startOfDate(person.leftOn, timeZone),
    shadowUntil: startOfDate(person.shadowUntilOn, timeZone),
    unavailable: normalise([...person.unavailable, ...(absences?.get(id) ?? [])]),
    busy,
    prefers: person.prefers,
    carried: carried?.get(id) ?? 0,
  };
}

/** The first role of a schedule counts as much as primary, unless the weights name it. */
function weightsFor(weights: PlanWeights, parts: readonly FairPart[]): PlanWeights {
  const roles = { ...weights.roles };
  const gapPrices = { ...weights.gapPrices };
  for (const { schedule } of parts) {
    const [first] = schedule.roles;
    if (first === undefined) continue;
    roles[first] ??= weights.roles[PRIMARY_ROLE] ?? 1;
    gapPrices[first] ??= weights.gapPrices[PRIMARY_ROLE] ?? DEFAULT_GAP_PRICE;
  }
  return { ...weights, roles, gapPrices };
}

/** When each person is on call by anything but a fair rotation's own turns. */
function busyTimes({ schedules, horizon }: PlanRequest): Map<PersonId, BusyTime[]> {
  const span = {
    start: Math.max(FIRST_INSTANT, horizon.start - BUSY_MARGIN_MS),
    end: Math.min(LAST_INSTANT, horizon.end + BUSY_MARGIN_MS),
  };
  const busy = new Map<PersonId, BusyTime[]>();
  for (const schedule of schedules) {
    const fair = new Set(
      schedule.rotations.filter(({ strategy }) => strategy.kind === 'fair').map(({ id }) => id),
    );
    const published = fair.size === 0 ? [] : resolveTimeline(schedule, span).shifts;
    const byHand = published.filter(({ override }) => override !== null);
    const others = resolveTimeline(staffed(schedule, span), span).shifts.filter(
      ({ rotation, override, person }) =>
        person !== SOMEBODY && (fair.size === 0 || override === null) && !fair.has(rotation ?? ''),
    );
    for (const { person, start, end, role, override } of [...others, ...byHand]) {
      const stretches = busy.get(person) ?? [];
      stretches.push({ start, end, byHand: override === null ? null : { schedule: schedule.id, role } });
      busy.set(person, stretches);
    }
  }
  for (const stretches of busy.values()) stretches.sort((a, b) => a.start - b.start || a.end - b.end);
  return busy;
}

/** The schedule with somebody unnamed in each turn that the planner will fill. */
function staffed(schedule: Schedule, span: Interval): Schedule {
  const turns = new Map(
    schedule.rotations.map((rotation) => [
      rotation.id,
      demandOf(schedule, rotation, { start: span.start - LOOK_BACK_MS, end: span.end })
        .filter(({ seat }) => seat === 0)
        .map(({ id, seat, intervals }) => ({ unit: id, seat, intervals, person: SOMEBODY })),
    ]),
  );
  return withPlan(schedule, turns);
}
