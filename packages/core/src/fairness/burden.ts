import { weekendsBy } from '../people/weekend.ts';
import {
  BURDEN_CLASSES,
  type BurdenClass,
  buildLattice,
  isNight,
  type Lattice,
  nightAt,
  profileKey,
  sumOver,
} from '../planner/lattice.ts';
import { roleFactor } from '../planner/pairs.ts';
import { BURDEN_UNIT, type PlanPerson, type PlanWeights, QUARTER_MS } from '../planner/problem.ts';
import type { PersonId } from '../schedule/schedule.ts';
import { DAY_MS, HOUR_MS, type Interval } from '../time/interval.ts';

/** A stretch with somebody on call in a role: a shift of a timeline, or a part of a planned turn. */
export interface RoleStretch extends Interval {
  readonly person: PersonId;
  readonly role: string;
}

/** What a person's time on call comes to, in their own local time. */
export interface PersonBurden {
  readonly person: PersonId;
  /** Hours on call, each role on its own. */
  readonly hours: number;
  /** The same by class of hour. */
  readonly byClass: Readonly<Record<BurdenClass, number>>;
  /** Local nights of which a part is on call. */
  readonly nights: number;
  /** Weekends of which a part is on call. */
  readonly weekends: number;
  /** Public holidays of the person of which a part is on call. */
  readonly holidays: number;
  /** Burden in units (16 are one core hour of primary). */
  readonly burden: number;
  /** The part of it in weekends and holidays. */
  readonly restDayBurden: number;
}

const WEEKEND_CLASSES: readonly BurdenClass[] = ['weekend', 'weekendNight'];
const HOLIDAY_CLASSES: readonly BurdenClass[] = ['holiday', 'holidayNight'];

/**
 * The burden of each person by what they stand in `window`, whatever put them there: sorted by id, everybody of
 * `people` included. Stretches of people who are not listed are left out.
 */
export function burdenOf(
  stretches: readonly RoleStretch[],
  people: readonly PlanPerson[],
  of: { readonly window: Interval; readonly weights: PlanWeights },
): PersonBurden[] {
  const { window, weights } = of;
  const span = {
    start: Math.floor(window.start / DAY_MS) * DAY_MS,
    end: Math.ceil(window.end / DAY_MS) * DAY_MS,
  };
  const lattices = new Map<string, Lattice>();
  const byPerson = new Map<PersonId, RoleStretch[]>();
  for (const stretch of stretches) {
    const start = Math.max(stretch.start, window.start);
    const end = Math.min(stretch.end, window.end);
    if (start >= end) continue;
    const own = byPerson.get(stretch.person) ?? [];
    own.push({ ...stretch, start, end });
    byPerson.set(stretch.person, own);
  }
  return [...people]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((person) => {
      const key = profileKey(person);
      const lattice = lattices.get(key) ?? buildLattice(person, span, weights.rates);
      lattices.set(key, lattice);
      return personBurden(person, byPerson.get(person.id) ?? [], { lattice, weights });
    });
}

function personBurden(
  person: PlanPerson,
  stretches: readonly RoleStretch[],
  of: { readonly lattice: Lattice; readonly weights: PlanWeights },
): PersonBurden {
  const { lattice, weights } = of;
  const quarters = BURDEN_CLASSES.map(() => 0);
  const weekendOf = weekendsBy(person.weekend);
  const [nights, weekends, holidays] = [new Set<number>(), new Set<number>(), new Set<number>()];
  let [hours, burden, restDayBurden] = [0, 0, 0];
  for (const stretch of stretches) {
    const factor = roleFactor({ weights }, stretch.role);
    hours += (stretch.end - stretch.start) / HOUR_MS;
    burden += Math.round(factor * sumOver(lattice, lattice.burden, stretch));
    restDayBurden += Math.round(factor * sumOver(lattice, lattice.restDay, stretch));
    const from = Math.round((stretch.start - lattice.origin) / QUARTER_MS);
    const to = Math.round((stretch.end - lattice.origin) / QUARTER_MS);
    for (let k = from; k < to; k += 1) {
      const hourClass = lattice.classes[k] as number;
      const name = BURDEN_CLASSES[hourClass] as BurdenClass;
      const day = (lattice.localDay[k] as number) + lattice.firstDay;
      quarters[hourClass] = (quarters[hourClass] as number) + 1;
      if (isNight(hourClass)) nights.add(nightAt(lattice, k));
      if (WEEKEND_CLASSES.includes(name)) weekends.add(weekendOf(day) ?? day);
      if (HOLIDAY_CLASSES.includes(name)) holidays.add(day);
    }
  }
  const byClass = Object.fromEntries(
    BURDEN_CLASSES.map((name, k) => [name, (quarters[k] as number) / 4]),
  ) as Record<BurdenClass, number>;
  const counts = { nights: nights.size, weekends: weekends.size, holidays: holidays.size };
  return { person: person.id, hours, byClass, ...counts, burden, restDayBurden };
}

/** Burden units as burden-hours: what an hour of one's own core hours weighs. */
export function burdenHours(units: number): number {
  return units / BURDEN_UNIT;
}
