import type { Problems } from '../problem.ts';
import { parseClock } from '../time/format.ts';
import { quote } from './check.ts';
import type { ConstraintsDraft, RotationDraft } from './draft.ts';
import type { DraftReading } from './draft-reading.ts';
import { LIMITS } from './limits.ts';
import { makeCadence, makeRoster } from './make-cadence.ts';
import type { FairRules, FairStrategy, PersonId, Rhythm } from './schedule.ts';

/** Between two turns of one person lie eleven hours; every other rule is off until a configuration names it. */
export const DEFAULT_RULES: FairRules = {
  restHours: 11,
  maxConsecutiveDays: null,
  maxConsecutiveNights: null,
  maxUnitsIn7Days: null,
  maxHoursIn7Days: null,
  maxSharePercent: null,
};

/** What each rule may be, from and to; whole numbers but for the percentage. */
const RULE_BOUNDS: Readonly<Record<keyof FairRules, readonly [from: number, to: number]>> = {
  restHours: [0, 168],
  maxConsecutiveDays: [1, 366],
  maxConsecutiveNights: [1, 366],
  // Turns that began up to 35 days before a plan are looked back at.
  maxConsecutiveWeekends: [1, 4],
  maxUnitsIn7Days: [1, 336],
  maxHoursIn7Days: [1, 168],
  maxSharePercent: [0, 100],
};

export const DEFAULT_PUBLISH_AHEAD_DAYS = 28;
export const DEFAULT_FREEZE_DAYS = 7;

/** The fair strategy of a draft, not yet planned; null after a problem. */
export function makeFair(
  draft: RotationDraft,
  reading: DraftReading,
  problems: Problems,
): FairStrategy | null {
  const roster = makeFairRoster(draft, reading, problems.at('roster'));
  const rhythm = makeRhythm(draft, reading, problems);
  const rules = makeRules(draft.constraints ?? {}, problems.at('constraints'));
  const seats = whole(draft.seats ?? 1, { key: 'seats', from: 1, to: LIMITS.seatsPerRotation }, problems);
  const publishAheadDays = whole(
    draft.publishAheadDays ?? DEFAULT_PUBLISH_AHEAD_DAYS,
    { key: 'publishAheadDays', from: 1, to: LIMITS.planDays },
    problems,
  );
  const freezeDays = whole(
    draft.freezeDays ?? DEFAULT_FREEZE_DAYS,
    { key: 'freezeDays', from: 0, to: LIMITS.planDays },
    problems,
  );
  if (rhythm === null) return null;
  return { kind: 'fair', roster, seats, rhythm, rules, publishAheadDays, freezeDays, turns: [] };
}

function makeFairRoster(draft: RotationDraft, reading: DraftReading, problems: Problems): PersonId[] {
  const members = makeRoster(draft.roster, reading, problems);
  const seen = new Set<PersonId>();
  members.forEach((member, index) => {
    const [person] = member;
    if (person === undefined || member.length > 1) {
      const message =
        'A fair roster lists people one by one: no groups, no nobody; seats says how many at once.';
      problems.add([index], 'rotation/fair-roster', message);
      return;
    }
    if (seen.has(person)) {
      problems.add([index], 'id/duplicate', `${quote(person)} stands here twice; keep one.`);
    }
    seen.add(person);
  });
  return [...seen];
}

function makeRhythm(draft: RotationDraft, reading: DraftReading, problems: Problems): Rhythm | null {
  if (draft.handoffs === undefined) {
    if (draft.cadence === undefined && draft.start === undefined) {
      const message = 'Say when turns change: handoffs such as ["09:00", "21:00"], or cadence and start.';
      problems.add([], 'rotation/fair-rhythm', message);
      return null;
    }
    const made = makeCadence(draft, reading, problems);
    return made === null ? null : { kind: 'cadence', ...made };
  }
  for (const key of ['cadence', 'start'] as const) {
    if (draft[key] === undefined) continue;
    problems.add([key], 'rotation/key-not-allowed', `${key} does not go with handoffs; keep one of them.`);
  }
  return makeHandoffs(draft.handoffs, problems.at('handoffs'));
}

function makeHandoffs(texts: readonly string[], problems: Problems): Rhythm | null {
  if (texts.length === 0) {
    problems.add([], 'rotation/no-handoffs', 'List at least one time of day, such as "09:00".');
    return null;
  }
  if (texts.length > LIMITS.handoffsPerDay) {
    const limit = LIMITS.handoffsPerDay;
    problems.add([], 'limit/handoffs', `At most ${limit} handoffs a day; got ${texts.length}.`);
    return null;
  }
  const minutes = new Set<number>();
  texts.forEach((text, index) => {
    const minute = parseClock(text);
    if (minute === null || minute === 1440) {
      const message = `${quote(text)} is not a time of day; write HH:mm, from "00:00" to "23:59".`;
      problems.add([index], 'time/invalid-clock', message);
    } else if (minutes.has(minute)) {
      problems.add([index], 'rotation/handoff-twice', `${quote(text)} stands here twice; keep one.`);
    } else {
      minutes.add(minute);
    }
  });
  return { kind: 'handoffs', minutes: [...minutes].sort((a, b) => a - b) };
}

function makeRules(draft: ConstraintsDraft, problems: Problems): FairRules {
  const rules: { -readonly [key in keyof FairRules]: FairRules[key] } = { ...DEFAULT_RULES };
  for (const key of Object.keys(draft) as (keyof FairRules)[]) {
    const bounds = RULE_BOUNDS[key];
    const value = draft[key];
    if (bounds === undefined) {
      const known = Object.keys(RULE_BOUNDS).join(', ');
      problems.add([key], 'constraints/unknown', `There is no such rule; the rules are ${known}.`);
    } else if (value !== undefined) {
      rules[key] = value;
      if (value !== null) checkRule(value, { key, bounds }, problems);
    }
  }
  return rules;
}

function checkRule(
  value: number,
  rule: { readonly key: keyof FairRules; readonly bounds: readonly [from: number, to: number] },
  problems: Problems,
): void {
  const { key, bounds } = rule;
  const isNumber = key === 'maxSharePercent' || Number.isInteger(value);
  if (isNumber && value >= bounds[0] && value <= bounds[1]) return;
  const kind = key === 'maxSharePercent' ? 'a number' : 'a whole number';
  const message = `${key} is ${kind} from ${bounds[0]} to ${bounds[1]}, or null for no rule; got ${value}.`;
  problems.add([key], 'constraints/out-of-range', message);
}

function whole(
  value: number,
  rule: { readonly key: string; readonly from: number; readonly to: number },
  problems: Problems,
): number {
  const { key, from, to } = rule;
  if (!Number.isInteger(value) || value < from || value > to) {
    problems.add(
      [key],
      'rotation/out-of-range',
      `${key} is a whole number from ${from} to ${to}; got ${value}.`,
    );
  }
  return value;
}
