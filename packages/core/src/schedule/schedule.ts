import type { Instant, Interval, WallTime } from '../time/interval.ts';

export type PersonId = string;
export type ScheduleId = string;
export type RotationId = string;
export type OverrideId = string;
/** An IANA zone name such as `Europe/London`. */
export type ZoneName = string;
/** 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/**
 * Public holidays of a place, as data: `dates` are local dates `YYYY-MM-DD`, sorted.
 * `source` says where they come from and in which version, so that a plan can name its data.
 */
export interface HolidayCalendar {
  readonly id: string;
  readonly source: string;
  readonly dates: readonly string[];
}

/**
 * A weekly window of hours. Minutes count from local midnight (0–1440). The weekday is the weekday of the
 * window's start; `toMinute <= fromMinute` ends the next day; equal minutes are 24 hours.
 * A window that starts on a date of `holidays` is left out.
 */
export interface HoursWindow {
  readonly days: readonly Weekday[];
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly timeZone: ZoneName;
  readonly holidays: HolidayCalendar | null;
}

/** When something is in force within the week. `core` and `non-core` refer to the schedule's core hours. */
export type Hours =
  | { readonly kind: 'all' }
  | { readonly kind: 'core' }
  | { readonly kind: 'non-core' }
  | { readonly kind: 'windows'; readonly windows: readonly HoursWindow[] };

export type CadenceUnit = 'hour' | 'day' | 'week' | 'month';

/** How long a turn lasts, in wall-clock units. `every` is a whole number from 1 to 1000. */
export interface Cadence {
  readonly every: number;
  readonly unit: CadenceUnit;
}

/** One place in a roster: the people who are on call together in its turn; empty means vacant. */
export type Member = readonly PersonId[];

/** One fixed turn. `start` and `end` are instants (handoffs: first pass of a repeated time). */
export interface FixedTurn {
  readonly start: Instant;
  readonly end: Instant;
  readonly people: readonly PersonId[];
}

/** When the turns of a fair rotation change: at local times of each day, in minutes, or by a cadence. */
export type Rhythm =
  | { readonly kind: 'handoffs'; readonly minutes: readonly number[] }
  | {
      readonly kind: 'cadence';
      readonly cadence: Cadence;
      /** Wall time in the rotation's zone: the phase anchor. */
      readonly start: WallTime;
    };

/** Rules that the planner never trades. null switches a rule off. */
export interface FairRules {
  /** Hours between two turns of one person, of any rotation. */
  readonly restHours: number | null;
  /** Local days in a row with a shift. */
  readonly maxConsecutiveDays: number | null;
  /** Local nights in a row with a shift. */
  readonly maxConsecutiveNights: number | null;
  /** Weekends in a row with a shift. Left out of rules that were stored before there was such a rule. */
  readonly maxConsecutiveWeekends?: number | null | undefined;
  /** Turns that start in any seven days. */
  readonly maxUnitsIn7Days: number | null;
  /** Hours of turns that start in any seven days. */
  readonly maxHoursIn7Days: number | null;
  /** Most of the planned stretch that one person may be on call, in percent. */
  readonly maxSharePercent: number | null;
}

/** One turn of one seat as a plan gives it: its stretches, and its person, or null where nobody could be found. */
export interface PlannedTurn {
  readonly unit: string;
  /** Counts from 0. */
  readonly seat: number;
  readonly intervals: readonly Interval[];
  readonly person: PersonId | null;
}

/** Turns that the planner assigns. Without a plan (`turns` empty) nobody is on call. */
export interface FairStrategy {
  readonly kind: 'fair';
  readonly roster: readonly PersonId[];
  /** How many are on call at once. */
  readonly seats: number;
  readonly rhythm: Rhythm;
  readonly rules: FairRules;
  readonly publishAheadDays: number;
  readonly freezeDays: number;
  /** What the published plan says, sorted by start. */
  readonly turns: readonly PlannedTurn[];
}

/**
 * Who takes the turns.
 * `in_order`: member 0 holds the turn that contains `start`; the cycle runs both ways from there.
 * `fixed`: a list of turns, for imports and plans made by hand.
 * `fair`: the planner assigns the turns.
 */
export type Strategy =
  | {
      readonly kind: 'in_order';
      readonly roster: readonly Member[];
      readonly cadence: Cadence;
      /** Wall time in the rotation's zone: the phase anchor. */
      readonly start: WallTime;
      /** Which turns count for the order: all of them, or only turns in which hours are in force. */
      readonly count: 'elapsed' | 'worked';
    }
  | { readonly kind: 'fixed'; readonly turns: readonly FixedTurn[] }
  | FairStrategy;

export interface Rotation {
  readonly id: RotationId;
  readonly role: string;
  /** Rank inside the role: higher hides lower; equal layers are on call together. */
  readonly layer: number;
  readonly hours: Hours;
  readonly timeZone: ZoneName;
  /** In force from this instant on; null means always. */
  readonly effectiveFrom: Instant | null;
  /** In force before this instant; null means for ever. */
  readonly effectiveUntil: Instant | null;
  readonly strategy: Strategy;
}

/**
 * A dated change that beats every layer of its role, in `[start, end)`.
 * `replace`: `people` (empty: nobody) take the place of `replaces` while they are on call, or, if `replaces`
 * is null, of everybody in the role for the whole window. `add` puts `people` on as well; `remove` takes `people` off.
 * The order of `Schedule.overrides` is the order of creation: where two overlap, the later one wins.
 */
export interface Override {
  readonly id: OverrideId;
  readonly role: string;
  readonly kind: 'replace' | 'add' | 'remove';
  readonly start: Instant;
  readonly end: Instant;
  readonly people: readonly PersonId[];
  readonly replaces: PersonId | null;
}

/** A checked schedule: what `makeSchedule` returns and every resolver takes. */
export interface Schedule {
  readonly id: ScheduleId;
  readonly timeZone: ZoneName;
  /** In order of who answers first. Never empty. */
  readonly roles: readonly string[];
  /** Empty when the schedule names no core hours. */
  readonly coreHours: readonly HoursWindow[];
  /** The hours that must be staffed, in every role. */
  readonly coverage: Hours;
  readonly rotations: readonly Rotation[];
  readonly overrides: readonly Override[];
}
