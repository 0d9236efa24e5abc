import { weekendsBy } from '../people/weekend.ts';
import type { FairRules, PersonId } from '../schedule/schedule.ts';
import { DAY_MS, HOUR_MS, type Interval, MINUTE_MS } from '../time/interval.ts';
import { toUtc, toWall } from '../time/zone.ts';
import type { PlanPerson, PlanProblem, PlanUnit } from './problem.ts';

/** A hard rule that a plan breaks. An audited plan has none. */
export interface Violation {
  readonly rule: string;
  readonly person: PersonId;
  readonly units: readonly string[];
}

const WEEK_MS = 7 * DAY_MS;
const ROUNDING_HOURS = 1e-9;

/**
 * Checks every hard rule again from the problem and the assignment alone. It shares no code with the search, so
 * that a mistake there cannot hide here.
 */
export function audit(problem: PlanProblem, assignment: ReadonlyMap<string, PersonId | null>): Violation[] {
  const found: Violation[] = [];
  const byPerson = new Map<PersonId, PlanUnit[]>();
  for (const unit of problem.units) {
    const person = assignment.get(unit.id) ?? null;
    if (person === null) continue;
    const list = byPerson.get(person) ?? [];
    list.push(unit);
    byPerson.set(person, list);
  }
  const people = new Map(problem.people.map((person) => [person.id, person]));
  for (const [id, units] of byPerson) {
    const person = people.get(id);
    if (person === undefined) {
      found.push({ rule: 'unknown-person', person: id, units: units.map((unit) => unit.id) });
      continue;
    }
    for (const unit of units) found.push(...auditUnit(person, unit));
    found.push(...auditRest(person, units));
    for (const { rules, units: own } of byRules(units)) {
      found.push(...auditDays(rules, person, own));
      found.push(...auditNights(rules, person, own));
      found.push(...auditWeekends(rules, person, own));
      found.push(...auditWeeks(rules, person, own));
      found.push(...auditShare({ rules, horizon: problem.horizon }, person, own));
    }
  }
  return found;
}

function meets(a: Interval, b: Interval, apart: number): boolean {
  return a.start - apart < b.end && b.start - apart < a.end;
}

function auditUnit(person: PlanPerson, unit: PlanUnit): Violation[] {
  if (unit.pinned) {
    return unit.previous === person.id ? [] : [{ rule: 'has-begun', person: person.id, units: [unit.id] }];
  }
  const rules: string[] = [];
  const start = Math.min(...unit.intervals.map((part) => part.start));
  const end = Math.max(...unit.intervals.map((part) => part.end));
  const rest = (unit.rules.restHours ?? 0) * HOUR_MS;
  if (unit.eligible !== null && !unit.eligible.includes(person.id)) rules.push('not-eligible');
  if (person.joined !== null && person.joined > start) rules.push('not-a-member');
  if (person.left !== null && person.left < end) rules.push('not-a-member');
  const isNew = person.shadowUntil !== null && person.shadowUntil > start;
  if (unit.role !== 'shadow' && isNew) rules.push('newcomer');
  if (unit.role === 'shadow' && !isNew) rules.push('not-a-newcomer');
  if (unit.intervals.some((part) => person.unavailable.some((off) => meets(part, off, 0))))
    rules.push('absent');
  const elsewhere = person.busy.filter(
    ({ byHand }) =>
      byHand === null ||
      unit.previous !== person.id ||
      byHand.schedule !== unit.schedule ||
      byHand.role !== unit.role,
  );
  const apart = (byHand: unknown): number => (byHand !== null && unit.previous === person.id ? 0 : rest);
  if (unit.intervals.some((part) => elsewhere.some((other) => meets(part, other, apart(other.byHand))))) {
    rules.push('busy-elsewhere');
  }
  return rules.map((rule) => ({ rule, person: person.id, units: [unit.id] }));
}

/** Begun units are facts: two of them cannot be told apart from a rule that came later. */
function auditRest(person: PlanPerson, units: readonly PlanUnit[]): Violation[] {
  const parts = units
    .flatMap((unit) => unit.intervals.map((part) => ({ ...part, unit })))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const longest = Math.max(...units.map((unit) => (unit.rules.restHours ?? 0) * HOUR_MS));
  const found: Violation[] = [];
  parts.forEach((a, k) => {
    for (const b of parts.slice(k + 1)) {
      if (b.start >= a.end + longest) break;
      if (a.unit === b.unit || (a.unit.pinned && b.unit.pinned)) continue;
      const rest = Math.max(a.unit.rules.restHours ?? 0, b.unit.rules.restHours ?? 0) * HOUR_MS;
      if (b.start >= a.end + rest) continue;
      found.push({ rule: 'overlap-or-rest', person: person.id, units: [a.unit.id, b.unit.id] });
    }
  });
  return found;
}

/** The units of one person by the rules they stand under, those that have only begun units left out. */
function byRules(units: readonly PlanUnit[]): { readonly rules: FairRules; readonly units: PlanUnit[] }[] {
  const groups = new Map<string, { readonly rules: FairRules; readonly units: PlanUnit[] }>();
  const keys = new Map<FairRules, string>();
  for (const unit of units) {
    const key = keys.get(unit.rules) ?? JSON.stringify(Object.entries(unit.rules).sort());
    keys.set(unit.rules, key);
    const group = groups.get(key) ?? { rules: unit.rules, units: [] };
    group.units.push(unit);
    groups.set(key, group);
  }
  return [...groups.values()].filter((group) => group.units.some((unit) => !unit.pinned));
}

function auditDays(rules: FairRules, person: PlanPerson, units: readonly PlanUnit[]): Violation[] {
  if (rules.maxConsecutiveDays === null) return [];
  const zone = person.timeZone;
  const touched = (list: readonly PlanUnit[]): Set<number> => {
    const days = new Set<number>();
    for (const { start, end } of list.flatMap((unit) => unit.intervals)) {
      const first = Math.floor(toWall(start, zone) / DAY_MS);
      days.add(first);
      for (let day = first; day * DAY_MS <= toWall(end, zone); day += 1) {
        const noon = toUtc(day * DAY_MS + 12 * HOUR_MS, zone, 'first');
        if (noon >= start && noon < end) days.add(day);
      }
    }
    return days;
  };
  return streaks('consecutive-days', { most: rules.maxConsecutiveDays, person, units, touched });
}

function auditNights(rules: FairRules, person: PlanPerson, units: readonly PlanUnit[]): Violation[] {
  if (rules.maxConsecutiveNights === null) return [];
  const touched = (list: readonly PlanUnit[]): Set<number> => {
    const nights = new Set<number>();
    for (const { start, end } of list.flatMap((unit) => unit.intervals)) {
      const first = Math.floor(toWall(start, person.timeZone) / DAY_MS) - 1;
      for (let day = first; day * DAY_MS <= toWall(end, person.timeZone); day += 1) {
        if (meets({ start, end }, nightOf(person, day), 0)) nights.add(day);
      }
    }
    return nights;
  };
  return streaks('consecutive-nights', { most: rules.maxConsecutiveNights, person, units, touched });
}

function auditWeekends(rules: FairRules, person: PlanPerson, units: readonly PlanUnit[]): Violation[] {
  const most = rules.maxConsecutiveWeekends ?? null;
  if (most === null) return [];
  const weekendOf = weekendsBy(person.weekend);
  const touched = (list: readonly PlanUnit[]): Set<number> => {
    const weekends = new Set<number>();
    for (const { start, end } of list.flatMap((unit) => unit.intervals)) {
      for (let at = start; at < end; at = Math.min(end, at + DAY_MS)) {
        weekends.add(weekendOf(Math.floor(toWall(at, person.timeZone) / DAY_MS)) ?? Number.NaN);
      }
      weekends.add(weekendOf(Math.floor(toWall(end - 1, person.timeZone) / DAY_MS)) ?? Number.NaN);
    }
    weekends.delete(Number.NaN);
    return weekends;
  };
  return streaks('consecutive-weekends', { most, person, units, touched });
}

/** A streak that is too long counts only if a unit that has not begun has a part in it. */
function streaks(
  rule: string,
  of: {
    readonly most: number;
    readonly person: PlanPerson;
    readonly units: readonly PlanUnit[];
    readonly touched: (units: readonly PlanUnit[]) => Set<number>;
  },
): Violation[] {
  const all = of.touched(of.units);
  const open = of.touched(of.units.filter((unit) => !unit.pinned));
  for (const day of all) {
    if (all.has(day - 1)) continue;
    let length = 0;
    let isOpen = false;
    while (all.has(day + length)) {
      isOpen ||= open.has(day + length);
      length += 1;
    }
    if (length > of.most && isOpen) return [{ rule, person: of.person.id, units: [] }];
  }
  return [];
}

/** The night that begins on the evening of a local day, or after the midnight that ends it. */
function nightOf(person: PlanPerson, day: number): Interval {
  const { fromMinute, toMinute } = person.sleep;
  const at = (d: number, minute: number) => toUtc(d * DAY_MS + minute * MINUTE_MS, person.timeZone, 'first');
  if (fromMinute > toMinute) return { start: at(day, fromMinute), end: at(day + 1, toMinute) };
  const begins = fromMinute < 12 * 60 ? day + 1 : day;
  return { start: at(begins, fromMinute), end: at(begins, toMinute) };
}

function auditWeeks(rules: FairRules, person: PlanPerson, units: readonly PlanUnit[]): Violation[] {
  const { maxUnitsIn7Days, maxHoursIn7Days } = rules;
  const found: Violation[] = [];
  if (maxUnitsIn7Days === null && maxHoursIn7Days === null) return found;
  const starts = units.map((unit) => Math.min(...unit.intervals.map((part) => part.start)));
  for (const from of starts) {
    const week = units.filter((_, k) => isWithinWeek(starts[k] as number, from));
    if (week.every((unit) => unit.pinned)) continue;
    const names = week.map((unit) => unit.id);
    if (maxUnitsIn7Days !== null && week.length > maxUnitsIn7Days) {
      found.push({ rule: 'units-in-7-days', person: person.id, units: names });
    }
    if (maxHoursIn7Days !== null && hoursOf(week) > maxHoursIn7Days + ROUNDING_HOURS) {
      found.push({ rule: 'hours-in-7-days', person: person.id, units: names });
    }
  }
  return found;
}

function isWithinWeek(start: number, from: number): boolean {
  return start >= from && start < from + WEEK_MS;
}

function auditShare(
  of: { readonly rules: FairRules; readonly horizon: Interval },
  person: PlanPerson,
  units: readonly PlanUnit[],
): Violation[] {
  const most = of.rules.maxSharePercent;
  if (most === null) return [];
  const whole = (of.horizon.end - of.horizon.start) / HOUR_MS;
  if (hoursOf(units) <= (whole * most) / 100 + ROUNDING_HOURS) return [];
  return [{ rule: 'share-of-time', person: person.id, units: [] }];
}

function hoursOf(units: readonly PlanUnit[]): number {
  const parts = units.flatMap((unit) => unit.intervals);
  return parts.reduce((sum, part) => sum + (part.end - part.start) / HOUR_MS, 0);
}
