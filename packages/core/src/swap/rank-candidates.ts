import { burdenHours, burdenOf, type PersonBurden } from '../fairness/burden.ts';
import type { PlanPerson, PlanWeights } from '../planner/problem.ts';
import { weekdayOf } from '../time/civil.ts';
import { DAY_MS, HOUR_MS, type Interval, intersect, normalise, totalMs } from '../time/interval.ts';
import { toWall } from '../time/zone.ts';
import { windowsIn } from '../timeline/hours.ts';
import type { Candidate, CandidateReason } from './candidate.ts';
import type { Duty } from './duty.ts';
import { reasonsAgainst, type StandInput } from './reasons-against.ts';

/** Somebody who could stand, and what is known of them. */
export interface CandidateInput extends StandInput {
  readonly name: string;
  /** Burden-hours above their fair part. */
  readonly load: number;
}

/** More than so many burden-hours above the fair part are told. */
const HEAVY_LOAD = 8;
/** With so many hours free on both sides somebody is rested. */
const RESTED_HOURS = 24;
/** Pauses are looked for this far. */
const PAUSE_MS = 14 * DAY_MS;

interface Priced {
  readonly candidate: Candidate;
  /** Burden-hours above the fair part that they would have carried afterwards. */
  readonly price: number;
}

/**
 * People in the order in which they should be asked: those who may, of the role's own roster, whom no rule speaks
 * against, and of these who would have carried least afterwards, each hour weighed in their own local time.
 */
export function rankCandidates(inputs: readonly CandidateInput[], weights: PlanWeights): Candidate[] {
  const priced = inputs.map((input) => priceOf(input, weights));
  const rank = (a: Priced, b: Priced): number =>
    Number(b.candidate.eligible) - Number(a.candidate.eligible) ||
    Number(isForeign(a.candidate)) - Number(isForeign(b.candidate)) ||
    rulesAgainst(a.candidate) - rulesAgainst(b.candidate) ||
    a.price - b.price ||
    (a.candidate.person < b.candidate.person ? -1 : 1);
  const ranked = [...priced].sort(rank).map(({ candidate }) => candidate);
  const loads = ranked.filter(({ eligible }) => eligible).map(({ load }) => load);
  const least = Math.min(...loads);
  return ranked.map((candidate) =>
    candidate.eligible && candidate.load === least && loads.some((load) => load > least)
      ? withReason(candidate, { code: 'least-burdened', weighs: 'for', message: leastWords(least) })
      : candidate,
  );
}

function withReason(candidate: Candidate, reason: CandidateReason): Candidate {
  return { ...candidate, reasons: [...candidate.reasons, reason] };
}

function leastWords(load: number): string {
  if (load >= 0) return 'Has carried the least of all who are free.';
  return `Has carried the least of all who are free: ${rounded(-load)} burden-hours below the fair part.`;
}

function isForeign({ reasons }: Candidate): boolean {
  return reasons.some(({ code }) => code === 'not-in-roster');
}

/** What the price holds already; all else that speaks against somebody is a rule. */
const PRICED: ReadonlySet<string> = new Set(['burdened', 'night', 'prefers-not']);

function rulesAgainst({ reasons }: Candidate): number {
  return reasons.filter(({ weighs, code }) => weighs === 'against' && !PRICED.has(code)).length;
}

function priceOf(input: CandidateInput, weights: PlanWeights): Priced {
  const { person, wants, load } = input;
  const window = {
    start: Math.min(...wants.map(({ start }) => start)),
    end: Math.max(...wants.map(({ end }) => end)),
  };
  const stretches = wants.map(({ start, end, role }) => ({ start, end, role, person: person.id }));
  const burden = burdenOf(stretches, [person], { window, weights })[0];
  const rests = restsOf(input.stands, wants);
  const time = normalise(wants);
  const inWorkingHours = totalMs(intersect(time, windowsIn(person.workingHours, window))) / totalMs(time);
  const against = reasonsAgainst(input);
  const eligible = against.every(({ weighs }) => weighs !== 'refuses');
  const reasons = [
    ...against,
    ...(load > HEAVY_LOAD ? [burdened(load)] : []),
    ...nightReasons(burden),
    ...wishReasons(person, time),
    ...(eligible ? speakingFor(inWorkingHours, rests) : []),
  ];
  const candidate: Candidate = {
    person: person.id,
    name: input.name,
    eligible,
    reasons,
    load,
    restHoursBefore: rests.before,
    restHoursAfter: rests.after,
    inWorkingHours,
  };
  return { candidate, price: load + burdenHours(burden?.burden ?? 0) };
}

function burdened(load: number): CandidateReason {
  const message = `Has carried ${rounded(load)} burden-hours more than the fair part.`;
  return { code: 'burdened', weighs: 'against', message };
}

function nightReasons(burden: PersonBurden | undefined): CandidateReason[] {
  if (burden === undefined) return [];
  const { night, weekendNight, holidayNight } = burden.byClass;
  const hours = night + weekendNight + holidayNight;
  if (hours === 0) return [];
  return [{ code: 'night', weighs: 'against', message: `${rounded(hours)} h of it are at night there.` }];
}

function wishReasons({ prefers, timeZone }: PlanPerson, time: readonly Interval[]): CandidateReason[] {
  const days = new Set<number>();
  for (const { start, end } of time) {
    const last = Math.floor(toWall(end - 1, timeZone) / DAY_MS);
    for (let day = Math.floor(toWall(start, timeZone) / DAY_MS); day <= last; day += 1)
      days.add(weekdayOf(day));
  }
  const wishes = prefers.filter((wish) => wish.days.some((day) => days.has(day)));
  const reasons: CandidateReason[] = [];
  if (wishes.some(({ weight }) => weight < 0)) {
    reasons.push({
      code: 'prefers-not',
      weighs: 'against',
      message: 'Would rather not stand on such a day.',
    });
  }
  if (wishes.some(({ weight }) => weight > 0)) {
    reasons.push({ code: 'prefers', weighs: 'for', message: 'Gladly stands on such a day.' });
  }
  return reasons;
}

interface Rests {
  readonly before: number | null;
  readonly after: number | null;
}

function speakingFor(inWorkingHours: number, { before, after }: Rests): CandidateReason[] {
  const reasons: CandidateReason[] = [{ code: 'available', weighs: 'for', message: 'Is free at that time.' }];
  if ((before ?? RESTED_HOURS) >= RESTED_HOURS && (after ?? RESTED_HOURS) >= RESTED_HOURS) {
    reasons.push({ code: 'rested', weighs: 'for', message: 'Has a day or more off before and after.' });
  }
  if (inWorkingHours >= 1 / 2) {
    const message = `${Math.round(100 * inWorkingHours)} % of it are in their own working hours.`;
    reasons.push({ code: 'working-hours', weighs: 'for', message });
  }
  return reasons;
}

function restsOf(stands: readonly Duty[], wants: readonly Duty[]): Rests {
  const before = wants.flatMap((want) =>
    stands.filter(({ end }) => end <= want.start).map(({ end }) => want.start - end),
  );
  const after = wants.flatMap((want) =>
    stands.filter(({ start }) => start >= want.end).map(({ start }) => start - want.end),
  );
  return { before: shortest(before), after: shortest(after) };
}

function shortest(pauses: readonly number[]): number | null {
  const least = Math.min(...pauses);
  return least > PAUSE_MS ? null : least / HOUR_MS;
}

function rounded(hours: number): number {
  return Math.round(10 * hours) / 10;
}
