/** Hours that make a night: the person's own sleep, or local hours of which more than some minutes are on call. */
export type NightHours =
  | 'own'
  | { readonly fromMinute: number; readonly toMinute: number; readonly moreThanMinutes: number };

/** A limit on what on-call time may look like, with its numbers as data. */
export type PracticeLimit =
  /** Time off between the end of one turn and the start of the next. */
  | { readonly kind: 'rest'; readonly hours: number }
  /** One unbroken stretch off call in any so many days. */
  | { readonly kind: 'free-stretch'; readonly hours: number; readonly inDays: number }
  /** On call at most this part of the time, over all that is looked at. */
  | { readonly kind: 'share-of-time'; readonly percent: number }
  /** Hours on call a week on the mean of any so many days; `fromNights`: only for who has so many nights in them. */
  | {
      readonly kind: 'week-hours';
      readonly hours: number;
      readonly inDays: number;
      readonly fromNights: { readonly nights: number; readonly night: NightHours } | null;
    }
  | { readonly kind: 'days-in-a-row'; readonly days: number }
  | { readonly kind: 'nights-in-a-row'; readonly nights: number; readonly night: NightHours }
  /** Days with on-call time in any so many days. */
  | { readonly kind: 'days-in-period'; readonly days: number; readonly inDays: number }
  | {
      readonly kind: 'nights-in-period';
      readonly nights: number;
      readonly inDays: number;
      readonly night: NightHours;
    }
  /** So many nights on call in any so many days ask for a working week of at most so many hours. */
  | {
      readonly kind: 'night-weeks';
      readonly nights: number;
      readonly inDays: number;
      readonly night: NightHours;
      readonly workHours: number;
    }
  /** How long one stretch with a night in it may be. */
  | { readonly kind: 'night-length'; readonly hours: number; readonly night: NightHours }
  /** Time off after a stretch with a night in it that ends later than so many minutes after midnight. */
  | {
      readonly kind: 'rest-after-night';
      readonly hours: number;
      readonly night: NightHours;
      readonly endsAfterMinute: number;
    }
  /** Time off after so many nights in a row. */
  | {
      readonly kind: 'rest-after-nights';
      readonly hours: number;
      readonly night: NightHours;
      readonly nights: number;
    }
  /** Blocks of whole days off call in any so many days. */
  | {
      readonly kind: 'free-blocks';
      readonly blocks: number;
      readonly daysEach: number;
      readonly inDays: number;
    }
  /** Weekends with on-call time, of any so many in order. */
  | { readonly kind: 'weekends'; readonly weekends: number; readonly of: number }
  | { readonly kind: 'weekends-in-a-row'; readonly weekends: number }
  /** Sundays with on-call time in any so many days. */
  | { readonly kind: 'sundays'; readonly sundays: number; readonly inDays: number }
  /** Nobody is on call on every public holiday of their place, once there are at least so many. */
  | { readonly kind: 'every-holiday'; readonly atLeast: number }
  /** Nobody is on call on the same public holiday as the year before. */
  | { readonly kind: 'same-holiday' }
  /** Whoever hands over and whoever takes over are in their working hours. */
  | { readonly kind: 'handoff-hours' }
  /** Pages of one person while on call within any so many hours. */
  | { readonly kind: 'pages-per-shift'; readonly pages: number; readonly inHours: number }
  /** A plan is published at least so many days ahead. */
  | { readonly kind: 'published-ahead'; readonly days: number }
  /** Turns change only if they must when they are at most so many days ahead. */
  | { readonly kind: 'told-ahead'; readonly days: number };

export interface PracticeRule {
  /** Unique in its pack. */
  readonly id: string;
  readonly limit: PracticeLimit;
  /** Where the number comes from, in words. */
  readonly source: string;
}

/** Named rules that a team may want to keep. They are no legal advice. */
export interface RulePack {
  readonly id: string;
  readonly title: string;
  /** How the rules look at on-call time, where that is a matter of reading the law. */
  readonly note: string | null;
  readonly rules: readonly PracticeRule[];
}

/** Rules that are the only ones of their kind in a pack go by its name. */
function rule(limit: PracticeLimit, source: string): PracticeRule {
  return { id: limit.kind, limit, source };
}

const EU_NOTE =
  'On-call time counts as time that is not free. Where stand-by at home hardly limits people, the law counts it as rest, and these rules are stricter than the law. Where it counts as work, ordinary work counts beside it, which a timeline does not know.';

/** More than an hour from midnight to six: what Dutch law calls a night shift. */
const DUTCH_NIGHT: NightHours = { fromMinute: 0, toMinute: 360, moreThanMinutes: 60 };
/** Any part of the same hours, for stand-by. */
const DUTCH_STANDBY_NIGHT: NightHours = { fromMinute: 0, toMinute: 360, moreThanMinutes: 0 };
const SIXTEEN_WEEKS = 16 * 7;

const GOOD_PRACTICE: RulePack = {
  id: 'goodPractice',
  title: 'Good practice for on-call teams',
  note: null,
  rules: [
    rule(
      { kind: 'share-of-time', percent: 25 },
      "at most a quarter of the time on call: Google's book on site reliability engineering, chapter 11",
    ),
    rule({ kind: 'days-in-a-row', days: 7 }, 'one week at a time: common practice'),
    rule(
      { kind: 'nights-in-a-row', nights: 4, night: 'own' },
      'nights harm health and sites in several zones avoid them: own default',
    ),
    rule({ kind: 'weekends', weekends: 2, of: 4 }, 'every other weekend off: common practice'),
    rule(
      { kind: 'weekends-in-a-row', weekends: 2 },
      'a weekend off after two on call: own default, maxConsecutiveWeekends holds fair rotations to it',
    ),
    rule(
      { kind: 'every-holiday', atLeast: 3 },
      'nobody works every holiday: the guide for managers of the going-on-call handbook',
    ),
    rule(
      { kind: 'same-holiday' },
      'nobody works the same holiday each year: the guide for managers of the going-on-call handbook',
    ),
    rule({ kind: 'handoff-hours' }, 'hand over in the working hours of both: the going-on-call handbook'),
    rule(
      { kind: 'pages-per-shift', pages: 2, inHours: 12 },
      "at most two calls in a shift of twelve hours: Google's book on site reliability engineering, chapter 11",
    ),
  ],
};

const EU: RulePack = {
  id: 'eu',
  title: 'European Union, Working Time Directive',
  note: EU_NOTE,
  rules: [
    rule({ kind: 'rest', hours: 11 }, 'daily rest: Directive 2003/88/EC, article 3'),
    rule(
      { kind: 'free-stretch', hours: 35, inDays: 7 },
      'weekly rest, 24 hours and the daily 11: Directive 2003/88/EC, article 5',
    ),
    rule(
      { kind: 'week-hours', hours: 48, inDays: 17 * 7, fromNights: null },
      'at most 48 hours a week on the mean of four months: Directive 2003/88/EC, articles 6 and 16',
    ),
  ],
};

const DE: RulePack = {
  id: 'de',
  title: 'Germany, Arbeitszeitgesetz',
  note: `${EU_NOTE} A call-out begins the eleven hours anew; a timeline does not know of call-outs.`,
  rules: [
    rule({ kind: 'rest', hours: 11 }, 'uninterrupted rest: Arbeitszeitgesetz, section 5'),
    rule(
      { kind: 'free-stretch', hours: 35, inDays: 7 },
      'a day of rest joined to the daily rest: Arbeitszeitgesetz, sections 9 and 11',
    ),
    rule(
      { kind: 'week-hours', hours: 48, inDays: 24 * 7, fromNights: null },
      'eight hours each working day on the mean of 24 weeks: Arbeitszeitgesetz, section 3',
    ),
    rule(
      { kind: 'sundays', sundays: 37, inDays: 52 * 7 },
      'at least 15 Sundays of a year off: Arbeitszeitgesetz, section 11',
    ),
  ],
};

const FR: RulePack = {
  id: 'fr',
  title: 'France, astreinte',
  note: 'Stand-by apart from call-outs counts as rest, so that only the notice is checked.',
  rules: [
    rule(
      { kind: 'published-ahead', days: 15 },
      'each person is told 15 days ahead: Code du travail, article L3121-12',
    ),
    rule(
      { kind: 'told-ahead', days: 2 },
      'at least one clear day ahead in exceptional circumstances: Code du travail, article L3121-12',
    ),
  ],
};

const NL: RulePack = {
  id: 'nl',
  title: 'Netherlands, consignatie',
  note: 'For stand-by at home. A day counts as a stand-by day when a shift starts on it or covers its noon.',
  rules: [
    rule(
      { kind: 'days-in-period', days: 14, inDays: 28 },
      'at most 14 days of stand-by in four weeks: Arbeidstijdenwet, article 5:9',
    ),
    rule(
      { kind: 'free-blocks', blocks: 2, daysEach: 2, inDays: 28 },
      'two times two days without work and stand-by in four weeks: Arbeidstijdenwet, article 5:9',
    ),
    rule(
      {
        kind: 'night-weeks',
        nights: 16,
        inDays: SIXTEEN_WEEKS,
        night: DUTCH_STANDBY_NIGHT,
        workHours: 40,
      },
      'with stand-by on 16 nights in 16 weeks, a working week of at most 40 hours: Arbeidstijdenwet, article 5:9',
    ),
  ],
};

const NL_NIGHT: RulePack = {
  id: 'nlNight',
  title: 'Netherlands, night shifts',
  note: 'For people who are at work in their turns, with more than an hour of them between midnight and six. Stand-by at home is no night shift.',
  rules: [
    rule(
      { kind: 'night-length', hours: 10, night: DUTCH_NIGHT },
      'a night shift lasts at most 10 hours: Arbeidstijdenwet, article 5:8',
    ),
    rule(
      { kind: 'rest-after-night', hours: 14, night: DUTCH_NIGHT, endsAfterMinute: 120 },
      '14 hours of rest after a night shift that ends after two: Arbeidstijdenwet, article 5:8',
    ),
    rule(
      { kind: 'rest-after-nights', hours: 46, night: DUTCH_NIGHT, nights: 3 },
      '46 hours of rest after three or more night shifts in a row: Arbeidstijdenwet, article 5:8',
    ),
    rule(
      { kind: 'nights-in-a-row', nights: 7, night: DUTCH_NIGHT },
      'at most seven shifts in a row where one is at night: Arbeidstijdenwet, article 5:8',
    ),
    rule(
      { kind: 'nights-in-period', nights: 36, inDays: SIXTEEN_WEEKS, night: DUTCH_NIGHT },
      'at most 36 night shifts in 16 weeks: Arbeidstijdenwet, article 5:8',
    ),
    rule(
      {
        kind: 'week-hours',
        hours: 40,
        inDays: SIXTEEN_WEEKS,
        fromNights: { nights: 16, night: DUTCH_NIGHT },
      },
      'with 16 night shifts in 16 weeks, at most 40 hours a week on the mean: Arbeidstijdenwet, article 5:8',
    ),
  ],
};

/** Every rule pack there is, by id. */
export const RULE_PACKS: readonly RulePack[] = [GOOD_PRACTICE, EU, DE, FR, NL, NL_NIGHT];
