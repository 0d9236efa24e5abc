/**
 * What a configuration says, as text, before its meaning is checked: exactly the keys of watchbill.yaml.
 * Shapes are checked by the reader of the file; meaning by `makePerson`, `makeTeam` and `makeSchedule`.
 *
 * Date-times are `YYYY-MM-DD`, `YYYY-MM-DDTHH:mm[:ss]` (local to the thing they belong to) or either of the last
 * with `Z` or an offset (an instant). Clock times are `HH:mm`; `24:00` is the end of the day.
 */

export type DayName = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** A place id (`GB-ENG`), whose calendar the context gives, or a list of dates `YYYY-MM-DD`. */
export type HolidaysDraft = string | readonly string[];

/** A weekly window of hours. `days` defaults to every day; `to <= from` ends the next day. */
export interface HoursWindowDraft {
  readonly days?: readonly DayName[] | undefined;
  readonly from: string;
  readonly to: string;
  readonly timeZone?: string | undefined;
  readonly holidays?: HolidaysDraft | undefined;
}

/** `all` and `always` both mean round the clock. */
export type HoursDraft = 'all' | 'always' | 'core' | 'non-core' | readonly HoursWindowDraft[];

/** One place in a roster: a person, `nobody`, or people who are on call together. */
export type MemberDraft = string | readonly string[];

export interface CadenceDraft {
  readonly every: number;
  readonly unit: 'hour' | 'day' | 'week' | 'month';
}

export interface FixedTurnDraft {
  readonly from: string;
  readonly to: string;
  /** A person, `nobody`, or people who are on call together. */
  readonly person: MemberDraft;
}

/** Hard rules of the planner. What is left out keeps its default; null switches a rule off. */
export interface ConstraintsDraft {
  readonly restHours?: number | null | undefined;
  readonly maxConsecutiveDays?: number | null | undefined;
  readonly maxConsecutiveNights?: number | null | undefined;
  readonly maxConsecutiveWeekends?: number | null | undefined;
  readonly maxUnitsIn7Days?: number | null | undefined;
  readonly maxHoursIn7Days?: number | null | undefined;
  readonly maxSharePercent?: number | null | undefined;
}

/** The keys of all strategies together; `makeSchedule` says which do not go with the strategy named. */
export interface RotationDraft {
  readonly id: string;
  readonly role?: string | undefined;
  readonly layer?: number | undefined;
  readonly hours?: HoursDraft | undefined;
  readonly strategy?: 'in_order' | 'fixed' | 'fair' | undefined;
  /** `team`: everybody of the schedule's team, in the team's order. */
  readonly roster?: 'team' | readonly MemberDraft[] | undefined;
  readonly cadence?: CadenceDraft | undefined;
  readonly start?: string | undefined;
  readonly effectiveFrom?: string | undefined;
  readonly effectiveUntil?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly count?: 'elapsed' | 'worked' | undefined;
  readonly turns?: readonly FixedTurnDraft[] | undefined;
  /** Local times of day `HH:mm`. */
  readonly handoffs?: readonly string[] | undefined;
  readonly seats?: number | undefined;
  readonly constraints?: ConstraintsDraft | undefined;
  readonly publishAheadDays?: number | undefined;
  readonly freezeDays?: number | undefined;
}

/** Exactly one of `person`, `add` and `remove` says what the override does. */
export interface OverrideDraft {
  readonly id?: string | undefined;
  readonly role?: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly person?: MemberDraft | undefined;
  readonly replaces?: string | undefined;
  readonly add?: MemberDraft | undefined;
  readonly remove?: MemberDraft | undefined;
  /** Why, for people to read. */
  readonly reason?: string | undefined;
}

export interface ScheduleDraft {
  readonly id: string;
  readonly team?: string | undefined;
  readonly timeZone: string;
  readonly roles?: readonly string[] | undefined;
  readonly coreHours?: HoursWindowDraft | readonly HoursWindowDraft[] | undefined;
  readonly coverage?: HoursDraft | undefined;
  readonly rotations: readonly RotationDraft[];
  readonly overrides?: readonly OverrideDraft[] | undefined;
}

export interface AbsenceDraft {
  /** A date means whole local days, both ends included. */
  readonly from: string;
  readonly to: string;
  readonly reason?: string | undefined;
}

export interface PreferenceDraft {
  readonly days: readonly DayName[];
  readonly weight: number;
}

/** Local times of day; may cross midnight. */
export interface SleepDraft {
  readonly from: string;
  readonly to: string;
}

export interface PersonDraft {
  readonly id: string;
  readonly name: string;
  readonly email?: string | undefined;
  readonly timeZone: string;
  readonly workingHours?: HoursWindowDraft | undefined;
  readonly sleep?: SleepDraft | undefined;
  readonly weekend?: readonly DayName[] | undefined;
  readonly holidays?: HolidaysDraft | undefined;
  readonly slack?: string | undefined;
  readonly share?: number | undefined;
  readonly joined?: string | undefined;
  /** First day on which they stand alone; before it they only shadow. */
  readonly shadowUntil?: string | undefined;
  readonly left?: string | undefined;
  readonly unavailable?: readonly AbsenceDraft[] | undefined;
  readonly unavailableFeed?: string | undefined;
  readonly prefers?: readonly PreferenceDraft[] | undefined;
}

/** Whether swaps of a team's schedules are applied at once, or wait for one of its managers. */
export type SwapApproval = 'free' | 'approval';

export interface TeamDraft {
  readonly id: string;
  readonly name?: string | undefined;
  readonly members: readonly string[];
  readonly managers?: readonly string[] | undefined;
  /** `approval`: a manager approves each accepted swap of the team's schedules. Default: `free`. */
  readonly swaps?: SwapApproval | undefined;
}
