import { DEFAULT_FREEZE_DAYS, DEFAULT_PUBLISH_AHEAD_DAYS, DEFAULT_RULES } from '../schedule/make-fair.ts';
import type {
  FairStrategy,
  PersonId,
  PlannedTurn,
  Rotation,
  RotationId,
  Schedule,
} from '../schedule/schedule.ts';
import { type Interval, normalise } from '../time/interval.ts';
import type { InOrder } from '../timeline/boundaries.ts';
import { withPlan } from '../timeline/planned-turns.ts';
import { resolveTimeline } from '../timeline/resolve.ts';
import { demandOf } from './demand.ts';
import type { PlanProblem, PlanUnit } from './problem.ts';

/** `<schedule>/<rotation>`: how a rotation that is planned as if it were fair is called. */
export function rotationPlace(schedule: string, rotation: string): string {
  return `${schedule}/${rotation}`;
}

/** The rotations of schedules whose turns go in order and have somebody, as `<schedule>/<rotation>`. */
export function inOrderRotations(schedules: readonly Schedule[]): string[] {
  return schedules.flatMap(({ id, rotations }) =>
    rotations.flatMap(({ id: rotation, strategy }) =>
      strategy.kind === 'in_order' && strategy.roster.flat().length > 0 ? [rotationPlace(id, rotation)] : [],
    ),
  );
}

/**
 * The schedules with the named in-order rotations as fair ones: the same people, the same turns. Their `turns` are
 * those of the order that begin in `window`, in the hours in which they show: without what a higher layer hides, and
 * without vacant seats. Throws a RangeError for a window that holds too many turns.
 */
export function asFair(
  schedules: readonly Schedule[],
  places: ReadonlySet<string>,
  window: Interval,
): Schedule[] {
  return schedules.map((schedule) => {
    const demands = new Map<RotationId, readonly PlanUnit[]>();
    const rotations = schedule.rotations.map((rotation): Rotation => {
      const { strategy } = rotation;
      if (strategy.kind !== 'in_order' || !places.has(rotationPlace(schedule.id, rotation.id)))
        return rotation;
      const fair: Rotation = { ...rotation, strategy: fairOf(strategy) };
      demands.set(rotation.id, demandOf(schedule, fair, window));
      return fair;
    });
    if (demands.size === 0) return schedule;
    const units = [...demands.values()].flat();
    const end = units.reduce(
      (latest, { intervals }) => Math.max(latest, intervals.at(-1)?.end ?? 0),
      window.end,
    );
    const shown = shownBySeat(schedule, { start: window.start, end });
    const turns = new Map(
      [...demands].map(([id, own]) => [id, own.flatMap((unit): PlannedTurn[] => turnOf(unit, shown))]),
    );
    return withPlan({ ...schedule, rotations }, turns);
  });
}

/** The problems with the units of such rotations cut to the hours in which the order shows, and without the others. */
export function asOrderShows(
  problems: readonly PlanProblem[],
  schedules: readonly Schedule[],
  places: ReadonlySet<string>,
): PlanProblem[] {
  const turns = new Map(
    schedules.flatMap(({ id, rotations }) =>
      rotations.flatMap(({ id: rotation, strategy }) =>
        strategy.kind === 'fair' && places.has(rotationPlace(id, rotation))
          ? [[rotationPlace(id, rotation), byUnit(strategy)] as const]
          : [],
      ),
    ),
  );
  return problems
    .map((problem) => {
      const units = problem.units.flatMap((unit): PlanUnit[] => {
        const own = turns.get(rotationPlace(unit.schedule, unit.rotation));
        if (own === undefined) return [unit];
        const turn = own.get(unit.id);
        return turn === undefined ? [] : [{ ...unit, intervals: turn.intervals }];
      });
      return { ...problem, units };
    })
    .filter(({ units }) => units.length > 0);
}

function byUnit({ turns }: FairStrategy): ReadonlyMap<string, PlannedTurn> {
  return new Map(turns.map((turn) => [turn.unit, turn]));
}

function fairOf({ roster, cadence, start }: InOrder): FairStrategy {
  return {
    kind: 'fair',
    roster: [...new Set(roster.flat())],
    seats: Math.max(1, ...roster.map((member) => member.length)),
    rhythm: { kind: 'cadence', cadence, start },
    rules: DEFAULT_RULES,
    publishAheadDays: DEFAULT_PUBLISH_AHEAD_DAYS,
    freezeDays: DEFAULT_FREEZE_DAYS,
    turns: [],
  };
}

interface Stood extends Interval {
  readonly person: PersonId;
}

/** Who stands when on each seat of each rotation, overrides left out. */
function shownBySeat(schedule: Schedule, span: Interval): Map<string, Stood[]> {
  const shown = new Map<string, Stood[]>();
  for (const { seat, person, start, end } of resolveTimeline({ ...schedule, overrides: [] }, span).shifts) {
    const own = shown.get(seat) ?? [];
    own.push({ start, end, person });
    shown.set(seat, own);
  }
  return shown;
}

/** A unit as the order has it: when it shows, and who has it. Nothing where a higher layer hides all of it. */
function turnOf({ id: unit, rotation, seat, intervals }: PlanUnit, shown: ReadonlyMap<string, Stood[]>) {
  const stood = shown.get(`${rotation}/${seat}`) ?? [];
  const own = intervals.flatMap((part) =>
    within(stood, part).map((shift) => ({
      ...shift,
      start: Math.max(shift.start, part.start),
      end: Math.min(shift.end, part.end),
    })),
  );
  const [first] = own;
  if (first === undefined) return [];
  return [{ unit, seat, intervals: normalise(own), person: first.person }];
}

/** The shifts of one seat that touch a stretch: they are in order and do not overlap. */
function within(stood: readonly Stood[], { start, end }: Interval): Stood[] {
  let low = 0;
  let high = stood.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stood[middle] as Stood).end <= start) low = middle + 1;
    else high = middle;
  }
  const result: Stood[] = [];
  for (let k = low; k < stood.length && (stood[k] as Stood).start < end; k += 1)
    result.push(stood[k] as Stood);
  return result;
}
