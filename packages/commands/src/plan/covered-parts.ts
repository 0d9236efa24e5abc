import {
  burdenHours,
  burdenOf,
  type Instant,
  type Interval,
  intersect,
  normalise,
  type PlanPerson,
  type PlanWeights,
  subtract,
} from '@watchbill/core';
import {
  type PlannedTurnRow,
  plannedTurnsFrom,
  type Queryable,
  type ShiftRow,
  shiftsEndingFrom,
} from '@watchbill/database';

/** A part of a planned turn that somebody else stands by an override, such as a swap. */
export interface CoveredPart extends Interval {
  readonly person: string;
  readonly override: string;
  /** What it weighs for whoever stands it, in burden-hours; null for somebody whom the plan does not know. */
  readonly burden: number | null;
  /** What it would have weighed for the holder. */
  readonly spared: number | null;
}

/** A planned turn that runs at an instant, with its role and the parts that others stand. */
export interface RunningTurn {
  readonly turn: PlannedTurnRow;
  readonly role: string | null;
  readonly covered: readonly (CoveredPart & { readonly role: string })[];
}

export interface Weighing {
  readonly people: readonly PlanPerson[];
  readonly weights: PlanWeights;
}

/** The turns of a schedule that run at an instant and have somebody, with what others stand of them. */
export async function runningTurns(
  queryable: Queryable,
  of: { readonly schedule: string; readonly at: Instant },
  weighing: Weighing,
): Promise<RunningTurn[]> {
  const { schedule, at } = of;
  const turns = (await plannedTurnsFrom(queryable, [schedule], at)).filter(
    ({ person, intervals }) => person !== null && intervals.some(({ start, end }) => start <= at && at < end),
  );
  if (turns.length === 0) return [];
  const first = Math.min(...turns.map(({ startsAt }) => startsAt));
  const shifts = await shiftsEndingFrom(queryable, [schedule], first);
  return turns.map((turn) => {
    const met = shifts.filter(({ start, end }) => start < turn.endsAt && end > turn.startsAt);
    const covered = coveredParts(turn, met, weighing);
    const role = met.find(({ rotation }) => rotation === turn.rotation)?.role ?? covered[0]?.role ?? null;
    return { turn, role, covered };
  });
}

/** What others stand of a turn by overrides, where its holder does not, in order. */
export function coveredParts(
  { person, intervals }: PlannedTurnRow,
  shifts: readonly ShiftRow[],
  { people, weights }: Weighing,
): (CoveredPart & { readonly role: string })[] {
  const own = shifts.filter((shift) => shift.person === person);
  const missing = subtract(normalise(intervals), normalise(own));
  return shifts
    .flatMap(({ role, override, start, end, person: coverer }) =>
      override === null || coverer === person
        ? []
        : intersect(missing, [{ start, end }]).map((part) => {
            const weigh = (who: string | null): number | null => {
              const known = people.filter(({ id }) => id === who);
              const [line] = burdenOf([{ ...part, role, person: who ?? '' }], known, {
                window: part,
                weights,
              });
              return line === undefined ? null : burdenHours(line.burden);
            };
            return {
              ...part,
              role,
              override,
              person: coverer,
              burden: weigh(coverer),
              spared: weigh(person),
            };
          }),
    )
    .sort((a, b) => a.start - b.start || (a.person < b.person ? -1 : 1));
}
