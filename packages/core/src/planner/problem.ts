import type {
  FairRules,
  HolidayCalendar,
  HoursWindow,
  PersonId,
  RotationId,
  ScheduleId,
  Weekday,
  ZoneName,
} from '../schedule/schedule.ts';
import type { Instant, Interval } from '../time/interval.ts';

/** Burden per hour on call, by the class of the hour in the person's own local time. One core hour is 1. */
export interface BurdenRates {
  readonly core: number;
  readonly waking: number;
  readonly night: number;
  readonly weekend: number;
  readonly weekendNight: number;
  readonly holiday: number;
  readonly holidayNight: number;
}

/** The prices of the objective. All of them are printed with every plan. */
export interface PlanWeights {
  readonly rates: BurdenRates;
  /** Burden of a role's hour beside primary's, by role; 0 keeps a role out of the ledger. */
  readonly roles: Readonly<Record<string, number>>;
  /** Price of a minute with nobody, by role. Whole numbers. */
  readonly gapPrices: Readonly<Record<string, number>>;
  /** Burden-hours added to everybody's level: large values weigh efficiency over equality. */
  readonly levelOffset: number;
  /** Weight of the spread of weekends and holidays. */
  readonly restDays: number;
  /** Weight of the spread within each four weeks. */
  readonly recent: number;
  /** Burden-hours for each night hour that somebody else could stand with less night. */
  readonly avoidableNight: number;
  /** Burden-hours for each hour of a shift that the person would rather not have. */
  readonly preferNot: number;
  /** Burden-hours for each hour of a shift that the person asked for; negative. */
  readonly want: number;
}

/** A shift that a person stands outside the plan. */
export interface BusyTime extends Interval {
  /**
   * Where an override, such as a swap, put the person; null for other rotations. People may agree to less rest than
   * the rules: a published unit of the same person keeps no rest from it, and may even be the one it stands in for.
   */
  readonly byHand: { readonly schedule: ScheduleId; readonly role: string } | null;
}

export interface PlanPerson {
  readonly id: PersonId;
  readonly timeZone: ZoneName;
  readonly workingHours: readonly HoursWindow[];
  /** Local minutes of the night; may cross midnight. */
  readonly sleep: { readonly fromMinute: number; readonly toMinute: number };
  readonly weekend: readonly Weekday[];
  readonly holidays: HolidayCalendar | null;
  /** Part of a full load: 1 is full time. */
  readonly share: number;
  readonly joined: Instant | null;
  readonly left: Instant | null;
  /** Until then the person only shadows. */
  readonly shadowUntil: Instant | null;
  readonly unavailable: readonly Interval[];
  /** Shifts that the person stands elsewhere: rest is kept from them as well. */
  readonly busy: readonly BusyTime[];
  readonly prefers: readonly { readonly days: readonly Weekday[]; readonly weight: number }[];
  /** The ledger's account at the start of the horizon, in burden units (16 = one core hour). */
  readonly carried: number;
}

/** One seat of one role for one turn: the whole of its intervals goes to one person. */
export interface PlanUnit {
  /** `<schedule>/<rotation>@<start of the turn>#<seat>`. */
  readonly id: string;
  readonly schedule: ScheduleId;
  readonly rotation: RotationId;
  readonly role: string;
  readonly seat: number;
  /** Sorted, disjoint; never empty. */
  readonly intervals: readonly Interval[];
  /** Who may hold it; null is everybody. */
  readonly eligible: readonly PersonId[] | null;
  /** Who held it in the published plan; null when it is new. */
  readonly previous: PersonId | null;
  /** Inside the freeze horizon: a change costs more. */
  readonly frozen: boolean;
  /** It has begun: it stays with `previous`, whatever the rules say now. */
  readonly pinned: boolean;
  /**
   * The rules of its rotation. Limits count the units of one person that have the same rules; rest is kept between
   * all of a person's units, the longer of the two where they differ.
   */
  readonly rules: FairRules;
}

export interface PlanProblem {
  readonly horizon: Interval;
  readonly people: readonly PlanPerson[];
  readonly units: readonly PlanUnit[];
  readonly weights: PlanWeights;
  /** Replanning: changes to `previous` are priced above all but gaps. */
  readonly keepPrevious: boolean;
  readonly seed: number;
}

/** Burden units in one core hour. */
export const BURDEN_UNIT = 16;
export const QUARTER_MS = 900_000;

export const DEFAULT_WEIGHTS: PlanWeights = {
  rates: { core: 1, waking: 1.5, night: 3, weekend: 2, weekendNight: 3.5, holiday: 3, holidayNight: 4.5 },
  roles: { primary: 1, secondary: 0.5, shadow: 0 },
  gapPrices: { primary: 1000, secondary: 400, shadow: 1 },
  levelOffset: 25,
  restDays: 1,
  recent: 0.25,
  avoidableNight: 8,
  preferNot: 0.5,
  want: -0.25,
};

/** The most that one problem may hold. Beyond, `makePlan` throws a RangeError that says what to do. */
export const PLAN_LIMITS = {
  people: 10_000,
  units: 20_000,
  /** People times units: the memory of a plan. */
  pairs: 8_000_000,
  horizonDays: 800,
} as const;
