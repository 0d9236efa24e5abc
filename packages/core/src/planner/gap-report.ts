import type { FairRules, PersonId } from '../schedule/schedule.ts';
import { DAY_MS, type Interval } from '../time/interval.ts';
import type { PlanPerson, PlanProblem } from './problem.ts';

/** The kinds of rules that can clash. Nobody is ever in two places at once: that is no rule to give up. */
export const RULE_KINDS = [
  'rest',
  'consecutive-days',
  'consecutive-nights',
  'consecutive-weekends',
  'units-in-7-days',
  'hours-in-7-days',
  'share-of-time',
  'absences',
  'other-shifts',
  'membership',
  'rosters',
] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** A small change of the rules that would leave less uncovered. */
export type Relaxation =
  | {
      readonly kind: 'rule';
      readonly rule: keyof FairRules;
      readonly from: number;
      readonly to: number;
      /** Whether it fills all gaps of the place, or only some. */
      readonly fills: 'all' | 'some';
      readonly words: string;
    }
  | {
      readonly kind: 'absence';
      readonly person: PersonId;
      readonly from: Interval;
      readonly to: Interval;
      readonly fills: 'all' | 'some';
      readonly words: string;
    };

/** Why the gaps of one place cannot be avoided. */
export interface GapReport {
  /** The units that nobody holds; others may stand empty in their place, but not less. */
  readonly units: readonly string[];
  /** The stretch that the proof looks at. */
  readonly window: Interval;
  /**
   * A set of rules that clash: without any one of them there would be less uncovered. Empty: too few people, or not
   * worked out, as `words` says.
   */
  readonly clashing: readonly RuleKind[];
  /** The smallest changes found that help, the most helpful first. */
  readonly relaxations: readonly Relaxation[];
  readonly words: string;
}

/** A place with gaps that are proven to be the least there can be. */
interface Place {
  readonly problem: PlanProblem;
  readonly window: Interval;
  readonly units: readonly string[];
  /** Their price. */
  readonly gaps: number;
}

const UNKNOWN_WORDS = 'No plan can avoid this; which rules clash was not worked out.';

/** The least uncovered time of a variant in the same place, that of the place if it is no less; null: not known. */
type Least = (variant: PlanProblem) => Promise<number | null>;

/** The most relaxations that are tried for one place, and the most absences among them. */
const MAX_TRIALS = 16;
const MAX_ABSENCES = 4;

/** Finds which rules clash in a place and which small change would help, by solving it again without them. */
export async function reportGap(place: Place, least: Least): Promise<GapReport> {
  const { units, window } = place;
  const clashing = await clashingRules(place, least);
  if (clashing === null) return { units, window, clashing: [], relaxations: [], words: UNKNOWN_WORDS };
  const relaxations: Relaxation[] = [];
  for (const { variant, relaxation } of trials(place, clashing).slice(0, MAX_TRIALS)) {
    const rest = await least(variant);
    if (rest === null || rest >= place.gaps) continue;
    relaxations.push({ ...relaxation, fills: rest === 0 ? 'all' : 'some' });
  }
  relaxations.sort((a, b) => Number(b.fills === 'all') - Number(a.fills === 'all'));
  return { units, window, clashing, relaxations, words: wordsOf(clashing, relaxations) };
}

/** Drops one kind of rule after the other; what cannot be dropped without filling a gap, clashes. Null: not known. */
async function clashingRules(place: Place, least: Least): Promise<RuleKind[] | null> {
  let without = place.problem;
  const clashing: RuleKind[] = [];
  for (const kind of RULE_KINDS) {
    const variant = withoutRule(without, kind);
    if (variant === null) continue;
    const gaps = await least(variant);
    if (gaps === null) return null;
    if (gaps >= place.gaps) without = variant;
    else clashing.push(kind);
  }
  return clashing;
}

/** The problem without a kind of rule; null if it has none of that kind. */
function withoutRule(problem: PlanProblem, kind: RuleKind): PlanProblem | null {
  switch (kind) {
    case 'rest':
      return withRule(problem, 'restHours', (hours) => (hours === null || hours === 0 ? null : 0));
    case 'consecutive-days':
      return withoutLimit(problem, 'maxConsecutiveDays');
    case 'consecutive-nights':
      return withoutLimit(problem, 'maxConsecutiveNights');
    case 'consecutive-weekends':
      return withoutLimit(problem, 'maxConsecutiveWeekends');
    case 'units-in-7-days':
      return withoutLimit(problem, 'maxUnitsIn7Days');
    case 'hours-in-7-days':
      return withoutLimit(problem, 'maxHoursIn7Days');
    case 'share-of-time':
      return withoutLimit(problem, 'maxSharePercent');
    case 'absences':
      return withPeople(
        problem,
        (person) => person.unavailable.length > 0,
        (person) => ({ ...person, unavailable: [] }),
      );
    case 'other-shifts':
      return withPeople(
        problem,
        (person) => person.busy.length > 0,
        (person) => ({ ...person, busy: [] }),
      );
    case 'membership':
      return withPeople(
        problem,
        ({ joined, left, shadowUntil }) => joined !== null || left !== null || shadowUntil !== null,
        (person) => ({ ...person, joined: null, left: null, shadowUntil: null }),
      );
    case 'rosters':
      return withoutRosters(problem);
  }
}

function withPeople(
  problem: PlanProblem,
  concerns: (person: PlanPerson) => boolean,
  change: (person: PlanPerson) => PlanPerson,
): PlanProblem | null {
  if (!problem.people.some(concerns)) return null;
  return { ...problem, people: problem.people.map((person) => (concerns(person) ? change(person) : person)) };
}

function withoutRosters(problem: PlanProblem): PlanProblem | null {
  const names = problem.people.map(({ id }) => id);
  const isOpen = ({ eligible }: { readonly eligible: readonly string[] | null }): boolean =>
    eligible === null || names.every((id) => eligible.includes(id));
  if (problem.units.every(isOpen)) return null;
  return { ...problem, units: problem.units.map((unit) => ({ ...unit, eligible: null })) };
}

function withoutLimit(problem: PlanProblem, rule: keyof FairRules): PlanProblem | null {
  if (problem.units.every(({ rules }) => (rules[rule] ?? null) === null)) return null;
  return {
    ...problem,
    units: problem.units.map((unit) => ({ ...unit, rules: { ...unit.rules, [rule]: null } })),
  };
}

/** The problem with another value of a rule wherever it is on; null if it is on nowhere. */
function withRule(
  problem: PlanProblem,
  rule: keyof FairRules,
  change: (value: number | null) => number | null,
): PlanProblem | null {
  if (problem.units.every(({ rules }) => change(rules[rule] ?? null) === null)) return null;
  const units = problem.units.map((unit) => {
    const value = change(unit.rules[rule] ?? null);
    return value === null ? unit : { ...unit, rules: { ...unit.rules, [rule]: value } };
  });
  return { ...problem, units };
}

interface Trial {
  readonly variant: PlanProblem;
  readonly relaxation: Relaxation;
}

/** What is tried for each kind of rule: by how much it may give, step by step, and the largest it may become. */
const STEPS: readonly {
  readonly kind: RuleKind;
  readonly rule: keyof FairRules;
  readonly by: readonly number[];
  readonly words: (to: number, from: number) => string;
}[] = [
  {
    kind: 'rest',
    rule: 'restHours',
    by: [-1, -2, -4],
    words: (to, from) => `a rest of ${to} hours instead of ${from}`,
  },
  {
    kind: 'consecutive-days',
    rule: 'maxConsecutiveDays',
    by: [1, 2],
    words: (to, from) => `up to ${to} days in a row instead of ${from}`,
  },
  {
    kind: 'consecutive-nights',
    rule: 'maxConsecutiveNights',
    by: [1, 2],
    words: (to, from) => `up to ${to} nights in a row instead of ${from}`,
  },
  {
    kind: 'consecutive-weekends',
    rule: 'maxConsecutiveWeekends',
    by: [1, 2],
    words: (to, from) => `up to ${to} weekends in a row instead of ${from}`,
  },
  {
    kind: 'units-in-7-days',
    rule: 'maxUnitsIn7Days',
    by: [1, 2],
    words: (to, from) => `up to ${to} turns in seven days instead of ${from}`,
  },
  {
    kind: 'hours-in-7-days',
    rule: 'maxHoursIn7Days',
    by: [8, 16],
    words: (to, from) => `up to ${to} hours in seven days instead of ${from}`,
  },
  {
    kind: 'share-of-time',
    rule: 'maxSharePercent',
    by: [5, 10],
    words: (to, from) => `up to ${to} % of the time instead of ${from} %`,
  },
];

/** Small changes of the rules that clash, the smallest of each first. */
function trials(place: Place, clashing: readonly RuleKind[]): Trial[] {
  const found: Trial[] = [];
  for (const { kind, rule, by, words } of STEPS) {
    if (!clashing.includes(kind)) continue;
    const from = strictest(place.problem, rule);
    if (from === null) continue;
    for (const step of by) {
      const to = from + step;
      const variant = withRule(place.problem, rule, (value) =>
        value === null ? null : Math.max(0, value + step),
      );
      if (to < 0 || variant === null) continue;
      found.push({
        variant,
        relaxation: { kind: 'rule', rule, from, to, fills: 'some', words: words(to, from) },
      });
    }
  }
  if (clashing.includes('absences')) found.push(...absenceTrials(place));
  return found;
}

function strictest(problem: PlanProblem, rule: keyof FairRules): number | null {
  const values = problem.units.flatMap(({ rules }) => rules[rule] ?? []);
  if (values.length === 0) return null;
  const pick = rule === 'restHours' ? Math.max : Math.min;
  return values.reduce((a, b) => pick(a, b));
}

/** Absences near the gaps that would begin a day later or end a day earlier. */
function absenceTrials({ problem, units, window }: Place): Trial[] {
  const gaps = problem.units.filter(({ id }) => units.includes(id)).flatMap(({ intervals }) => intervals);
  const touching = problem.people.flatMap((person) =>
    person.unavailable
      .filter(({ start, end }) => start < window.end && end > window.start)
      .filter(({ start, end }) => gaps.some((gap) => start < gap.end && end > gap.start))
      .map((absence) => ({ person, absence })),
  );
  return touching.slice(0, MAX_ABSENCES).flatMap(({ person, absence }) => {
    if (absence.end - absence.start <= DAY_MS) return [];
    const later = { start: absence.start + DAY_MS, end: absence.end };
    const earlier = { start: absence.start, end: absence.end - DAY_MS };
    return [
      absenceTrial(problem, person, { from: absence, to: later, words: 'begins a day later' }),
      absenceTrial(problem, person, { from: absence, to: earlier, words: 'ends a day earlier' }),
    ];
  });
}

function absenceTrial(
  problem: PlanProblem,
  person: PlanPerson,
  of: { readonly from: Interval; readonly to: Interval; readonly words: string },
): Trial {
  const { from, to } = of;
  const unavailable = person.unavailable.map((one) => (one === from ? to : one));
  const people = problem.people.map((one) => (one === person ? { ...one, unavailable } : one));
  const words = `an absence of ${person.id} that ${of.words}`;
  return {
    variant: { ...problem, people },
    relaxation: { kind: 'absence', person: person.id, from, to, fills: 'some', words },
  };
}

const KIND_WORDS: Readonly<Record<RuleKind, string>> = {
  rest: 'the rest between turns',
  'consecutive-days': 'the days in a row',
  'consecutive-nights': 'the nights in a row',
  'consecutive-weekends': 'the weekends in a row',
  'units-in-7-days': 'the turns in seven days',
  'hours-in-7-days': 'the hours in seven days',
  'share-of-time': 'the share of time',
  absences: 'absences',
  'other-shifts': 'shifts of other rotations',
  membership: 'who has joined, left or is new',
  rosters: 'who is in the roster',
};

function wordsOf(clashing: readonly RuleKind[], relaxations: readonly Relaxation[]): string {
  const reason =
    clashing.length === 0
      ? 'There are too few people for the seats at the same time.'
      : `No plan can avoid this: ${list(clashing.map((kind) => KIND_WORDS[kind]))} clash${clashing.length === 1 ? 'es with the demand' : ''}.`;
  const all = relaxations.filter(({ fills }) => fills === 'all').map(({ words }) => words);
  const some = relaxations.filter(({ fills }) => fills === 'some').map(({ words }) => words);
  const ways = all.length > 0 ? all : some;
  if (ways.length === 0) return reason;
  return `${reason} What would ${all.length > 0 ? 'close it' : 'help'}: ${ways.join('; or ')}.`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
