import { audit, type Violation } from '../planner/audit.ts';
import { DEFAULT_WEIGHTS, type PlanPerson, type PlanProblem, type PlanUnit } from '../planner/problem.ts';
import type { FairRules } from '../schedule/schedule.ts';
import { DAY_MS, HOUR_MS, type Interval, normalise } from '../time/interval.ts';
import type { CandidateReason } from './candidate.ts';
import type { Duty, WantedDuty } from './duty.ts';
import type { Place } from './place.ts';

/** Somebody, what they stand anyway, and what they would stand as well. */
export interface StandInput {
  readonly person: PlanPerson;
  /** Without what they give away in the same swap. */
  readonly stands: readonly Duty[];
  readonly wants: readonly (WantedDuty & { readonly place: Place })[];
  /** Over which a share of the time is measured. */
  readonly horizon: Interval;
}

/** Rules but the share of the time look no further than this around a shift. */
const NEAR_MS = 35 * DAY_MS;

/**
 * Why somebody should not stand these stretches, by the very rules that plans are audited by. What cannot be, and
 * what breaks a rule that the configuration names, refuses; rules that hold by default only speak against it.
 */
export function reasonsAgainst(input: StandInput): CandidateReason[] {
  const { wants } = input;
  const found: CandidateReason[] = [...membership(input), ...places(wants)];
  const doubles = input.stands.filter((duty) => wants.some((want) => overlap(duty, want)));
  if (doubles.length > 0) found.push(doubleBooked(doubles));
  else if (wants.some((want, k) => wants.slice(k + 1).some((other) => overlap(want, other)))) {
    found.push(refusing('double-booked', 'Two of these shifts are at the same time.'));
  }
  const stands = input.stands.filter((duty) => !doubles.includes(duty));
  const named = brokenRules({ ...input, stands }, 'named');
  const others = brokenRules({ ...input, stands }, 'all').filter((rule) => !named.includes(rule));
  found.push(...named.map((rule) => ruleReason(rule, 'refuses', { ...input, stands })));
  found.push(...others.map((rule) => ruleReason(rule, 'against', { ...input, stands })));
  return found;
}

function overlap(a: Interval, b: Interval): boolean {
  return a.start < b.end && b.start < a.end;
}

function refusing(code: string, message: string): CandidateReason {
  return { code, weighs: 'refuses', message };
}

function doubleBooked(duties: readonly Duty[]): CandidateReason {
  const where = [...new Set(duties.map(({ schedule, role }) => `${schedule} (${role})`))].sort();
  return refusing('double-booked', `Is on call for ${where.join(' and ')} at that time.`);
}

function places(wants: StandInput['wants']): CandidateReason[] {
  const outside = wants.find(({ place }) => place === 'outside');
  if (outside !== undefined) {
    const message = `Is neither in a roster of ${outside.schedule} nor in its team.`;
    return [refusing('not-eligible', message)];
  }
  const team = wants.find(({ place }) => place === 'team');
  if (team === undefined) return [];
  const message = `Is in no roster of ${team.schedule} for ${team.role}.`;
  return [{ code: 'not-in-roster', weighs: 'against', message }];
}

/** What depends on the person alone. */
function membership({ person, wants, horizon }: StandInput): CandidateReason[] {
  const units = wants.map((want, k) => unitOf({ id: `wanted-${k}`, duties: [want] }, NO_RULES));
  const rules = new Set(violations({ person, units, horizon }).map(({ rule }) => rule));
  const found: CandidateReason[] = [];
  const last = Math.max(...wants.map(({ end }) => end));
  if (person.left !== null && person.left < last) {
    found.push(refusing('left', 'Has left, or will have by then.'));
  } else if (rules.has('not-a-member')) {
    found.push(refusing('not-joined', 'Has not joined by then.'));
  }
  if (rules.has('newcomer')) found.push(refusing('newcomer', 'Is new and only shadows by then.'));
  if (rules.has('absent')) found.push(refusing('absent', 'Is away at that time.'));
  return found;
}

const NO_RULES: FairRules = {
  restHours: null,
  maxConsecutiveDays: null,
  maxConsecutiveNights: null,
  maxConsecutiveWeekends: null,
  maxUnitsIn7Days: null,
  maxHoursIn7Days: null,
  maxSharePercent: null,
};

/** Those that are not about how much one person stands. */
const OF_THE_PERSON: ReadonlySet<string> = new Set([
  'absent',
  'busy-elsewhere',
  'newcomer',
  'not-a-member',
  'not-a-newcomer',
  'not-eligible',
]);

/** The limits that the wanted stretches would break, beside what the person stands. */
function brokenRules(input: StandInput, which: 'all' | 'named'): string[] {
  const { person, wants, horizon } = input;
  const first = Math.min(...wants.map(({ start }) => start));
  const last = Math.max(...wants.map(({ end }) => end));
  const near = input.stands.filter(({ start, end }) => end > first - NEAR_MS && start < last + NEAR_MS);
  const rulesOf = (duty: Duty): FairRules => ({ ...duty.rules[which], maxSharePercent: null });
  const shareOf = (duty: Duty): FairRules => ({
    ...NO_RULES,
    maxSharePercent: duty.rules[which].maxSharePercent,
  });
  const found = [
    ...violations({ person, units: unitsOf([...near, ...wants], wants, rulesOf), horizon }),
    ...(wants.some((want) => want.rules[which].maxSharePercent !== null)
      ? violations({ person, units: unitsOf([...input.stands, ...wants], wants, shareOf), horizon })
      : []),
  ];
  return [...new Set(found.map(({ rule }) => rule))].filter((rule) => !OF_THE_PERSON.has(rule));
}

/** One unit a turn: a turn of which a part is wanted is open, all others are facts. */
function unitsOf(
  duties: readonly Duty[],
  wants: readonly Duty[],
  rulesOf: (duty: Duty) => FairRules,
): PlanUnit[] {
  const turns = new Map<string, Duty[]>();
  for (const duty of duties) turns.set(duty.turn, [...(turns.get(duty.turn) ?? []), duty]);
  return [...turns].map(([id, own]) => {
    const [first] = own;
    const unit = unitOf({ id, duties: own }, first === undefined ? NO_RULES : rulesOf(first));
    return { ...unit, pinned: !own.some((duty) => wants.includes(duty)) };
  });
}

function unitOf(of: { readonly id: string; readonly duties: readonly Duty[] }, rules: FairRules): PlanUnit {
  const [first] = of.duties;
  return {
    id: of.id,
    schedule: first?.schedule ?? '',
    rotation: '',
    role: first?.role ?? '',
    seat: 0,
    intervals: normalise(of.duties),
    eligible: null,
    previous: null,
    frozen: false,
    pinned: false,
    rules,
  };
}

function violations(of: {
  readonly person: PlanPerson;
  readonly units: readonly PlanUnit[];
  readonly horizon: Interval;
}): Violation[] {
  const { person, units, horizon } = of;
  const problem: PlanProblem = {
    horizon,
    people: [{ ...person, busy: [] }],
    units: units.map((unit) => ({ ...unit, previous: person.id })),
    weights: DEFAULT_WEIGHTS,
    keepPrevious: false,
    seed: 0,
  };
  const broken = audit(problem, new Map(units.map(({ id }) => [id, person.id])));
  return broken.filter(({ rule }) => rule !== 'not-a-newcomer');
}

function ruleReason(rule: string, weighs: 'refuses' | 'against', input: StandInput): CandidateReason {
  if (rule !== 'overlap-or-rest')
    return { code: rule, weighs, message: LIMIT_WORDS[rule] ?? `Breaks the rule ${rule}.` };
  const message = `Would have ${hoursOf(shortestRest(input))} between this and another shift.`;
  return { code: 'short-rest', weighs, message };
}

const LIMIT_WORDS: Readonly<Record<string, string>> = {
  'consecutive-days': 'Would be on call for too many days in a row.',
  'consecutive-nights': 'Would be on call for too many nights in a row.',
  'consecutive-weekends': 'Would be on call for too many weekends in a row.',
  'units-in-7-days': 'Would have too many turns in seven days.',
  'hours-in-7-days': 'Would be on call for too many hours in seven days.',
  'share-of-time': 'Would be on call for too large a part of the time.',
};

/** The shortest pause between a wanted stretch and a turn beside it, in ms. */
function shortestRest({ stands, wants }: StandInput): number {
  const pauses = wants.flatMap((want) =>
    [...stands, ...wants]
      .filter((duty) => duty.turn !== want.turn)
      .map((duty) => Math.max(want.start - duty.end, duty.start - want.end, 0)),
  );
  return Math.min(...pauses);
}

/** `3 h`, `1.5 h`, `no rest`. */
function hoursOf(ms: number): string {
  return ms === 0 ? 'no rest' : `only ${Math.round((10 * ms) / HOUR_MS) / 10} h`;
}
