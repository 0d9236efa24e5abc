/** A limit on what one person's on-call time may look like, with its numbers as data. */
export type PracticeLimit =
  /** Time off between the end of one turn and the start of the next. */
  | { readonly kind: 'rest'; readonly hours: number }
  /** One unbroken stretch off call in any so many days. */
  | { readonly kind: 'free-stretch'; readonly hours: number; readonly inDays: number }
  /** On call at most this part of the time, over all that is looked at. */
  | { readonly kind: 'share-of-time'; readonly percent: number }
  | { readonly kind: 'days-in-a-row'; readonly days: number }
  | { readonly kind: 'nights-in-a-row'; readonly nights: number }
  /** Days with on-call time in any so many days. */
  | { readonly kind: 'days-in-period'; readonly days: number; readonly inDays: number }
  /** Blocks of whole days off call in any so many days. */
  | {
      readonly kind: 'free-blocks';
      readonly blocks: number;
      readonly daysEach: number;
      readonly inDays: number;
    }
  /** Weekends with on-call time in any so many days. */
  | { readonly kind: 'weekends'; readonly weekends: number; readonly inDays: number }
  /** Nobody is on call on every public holiday of their place, once there are at least so many. */
  | { readonly kind: 'every-holiday'; readonly atLeast: number }
  /** A plan is published at least so many days ahead. */
  | { readonly kind: 'published-ahead'; readonly days: number };

export interface PracticeRule {
  readonly limit: PracticeLimit;
  /** Where the number comes from, in words. */
  readonly source: string;
}

/** Named rules that a team may want to keep. They warn; they are no legal advice. */
export interface RulePack {
  readonly id: string;
  readonly title: string;
  /** How the rules look at on-call time, where that is a matter of reading the law. */
  readonly note: string | null;
  readonly rules: readonly PracticeRule[];
}

const EU_NOTE =
  'On-call time counts as time that is not free. Where stand-by at home hardly limits people, the law counts it as rest, and these rules are stricter than the law.';

const GOOD_PRACTICE: RulePack = {
  id: 'goodPractice',
  title: 'Good practice for on-call teams',
  note: null,
  rules: [
    {
      limit: { kind: 'share-of-time', percent: 25 },
      source:
        "at most a quarter of the time on call: Google's book on site reliability engineering, chapter 11",
    },
    { limit: { kind: 'days-in-a-row', days: 7 }, source: 'one week at a time: common practice' },
    {
      limit: { kind: 'nights-in-a-row', nights: 4 },
      source: 'nights harm health and sites in several zones avoid them: own default',
    },
    {
      limit: { kind: 'weekends', weekends: 2, inDays: 28 },
      source: 'every other weekend off: common practice',
    },
    {
      limit: { kind: 'every-holiday', atLeast: 3 },
      source: 'nobody works every holiday: the guide for managers of the going-on-call handbook',
    },
  ],
};

const EU: RulePack = {
  id: 'eu',
  title: 'European Union, Working Time Directive',
  note: EU_NOTE,
  rules: [
    { limit: { kind: 'rest', hours: 11 }, source: 'daily rest: Directive 2003/88/EC, article 3' },
    {
      limit: { kind: 'free-stretch', hours: 35, inDays: 7 },
      source: 'weekly rest, 24 hours and the daily 11: Directive 2003/88/EC, article 5',
    },
  ],
};

const DE: RulePack = {
  id: 'de',
  title: 'Germany, Arbeitszeitgesetz',
  note: `${EU_NOTE} A call-out begins the eleven hours anew; a timeline does not know of call-outs.`,
  rules: [
    { limit: { kind: 'rest', hours: 11 }, source: 'uninterrupted rest: Arbeitszeitgesetz, section 5' },
    {
      limit: { kind: 'free-stretch', hours: 35, inDays: 7 },
      source: 'a day of rest joined to the daily rest: Arbeitszeitgesetz, sections 9 and 11',
    },
  ],
};

const FR: RulePack = {
  id: 'fr',
  title: 'France, astreinte',
  note: 'Stand-by apart from call-outs counts as rest, so that only the notice is checked.',
  rules: [
    {
      limit: { kind: 'published-ahead', days: 15 },
      source: 'each person is told 15 days ahead: Code du travail, article L3121-12',
    },
  ],
};

const NL: RulePack = {
  id: 'nl',
  title: 'Netherlands, consignatie',
  note: 'A day counts as a stand-by day when a shift starts on it or covers its noon.',
  rules: [
    {
      limit: { kind: 'days-in-period', days: 14, inDays: 28 },
      source: 'at most 14 days of stand-by in four weeks: Arbeidstijdenwet',
    },
    {
      limit: { kind: 'free-blocks', blocks: 2, daysEach: 2, inDays: 28 },
      source: 'two times two days without work and stand-by in four weeks: Arbeidstijdenwet',
    },
  ],
};

/** Every rule pack there is, by id. */
export const RULE_PACKS: readonly RulePack[] = [GOOD_PRACTICE, EU, DE, FR, NL];
