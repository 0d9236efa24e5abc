import type { Made, Problems } from '../problem.ts';
import { collectProblems } from '../problem.ts';
import { LIMITS } from '../schedule/limits.ts';
import { parseInstant } from '../time/format.ts';
import type { Instant } from '../time/interval.ts';
import type { PlanFile, PlanFileUnit } from './plan-file.ts';
import { PLAN_LIMITS } from './problem.ts';

/** The longest text that is read: a plan of the largest size is about a quarter of it. */
const MAX_TEXT = 64 * 1024 * 1024;
/** The most problems that are reported of one file. */
const MAX_PROBLEMS = 20;
/** The most stretches of one unit. */
const MAX_STRETCHES = 2_000;

/**
 * A plan from its file. Checks all that the timeline and a replan go by: version, instants, and that nobody holds
 * two overlapping seats of a rotation. The tables beside it are taken as they are if they have their shape.
 */
export function readPlan(text: string): Made<PlanFile> {
  const problems = collectProblems();
  const failed = (): Made<PlanFile> => ({ ok: false, problems: problems.all.slice(0, MAX_PROBLEMS) });
  if (text.length > MAX_TEXT) {
    problems.add([], 'limit/plan', `A plan's file has at most ${MAX_TEXT} characters; got ${text.length}.`);
    return failed();
  }
  const value = parse(text, problems);
  if (value === null) return failed();
  if (value.version !== 1) {
    const got = JSON.stringify(value.version ?? null).slice(0, 40);
    problems.add(['version'], 'plan/version', `This program reads plans of version 1; got ${got}.`);
    return failed();
  }
  checkHead(value, problems);
  checkLists(value, problems);
  if (problems.all.length > 0) return failed();
  const units = value.units as readonly unknown[];
  if (units.length > PLAN_LIMITS.units * LIMITS.seatsPerRotation) {
    problems.add(['units'], 'limit/plan', `The plan has ${units.length} units: more than can be planned.`);
    return failed();
  }
  units.forEach((unit, index) => {
    if (problems.all.length < MAX_PROBLEMS) checkUnit(unit, problems.at('units', index));
  });
  if (problems.all.length > 0) return failed();
  const file = value as unknown as PlanFile;
  checkDoubles(file.units, problems.at('units'));
  return problems.all.length > 0 ? failed() : { ok: true, value: file };
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string, problems: Problems): Fields | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    problems.add([], 'plan/no-json', 'This is no JSON; a plan is what "watchbill plan --out" has written.');
    return null;
  }
  if (isFields(value)) return value;
  problems.add([], 'plan/shape', 'A plan is a JSON object, as "watchbill plan --out" has written it.');
  return null;
}

function checkHead(value: Fields, problems: Problems): void {
  for (const key of ['engine', 'inputHash', 'tzdata']) {
    if (typeof value[key] !== 'string') problems.add([key], 'plan/shape', `${key} must be text.`);
  }
  for (const key of ['from', 'to']) readTime(value[key], problems.at(key));
  const { asFair = [] } = value;
  if (!Array.isArray(asFair) || asFair.some((place) => typeof place !== 'string')) {
    problems.add(['asFair'], 'plan/shape', 'asFair must be a list of schedule/rotation.');
  }
  if (!Number.isInteger(value.seed)) problems.add(['seed'], 'plan/shape', 'seed must be a whole number.');
}

function checkLists(value: Fields, problems: Problems): void {
  for (const key of ['schedules', 'parts', 'units', 'gaps', 'changes', 'people']) {
    if (!Array.isArray(value[key])) problems.add([key], 'plan/shape', `${key} must be a list.`);
  }
}

function readTime(value: unknown, problems: Problems): Instant | null {
  const instant = typeof value === 'string' ? parseInstant(value) : null;
  if (instant === null) {
    problems.add([], 'time/invalid', 'This must be an instant such as 2026-11-30T09:00:00Z.');
  }
  return instant;
}

function checkUnit(value: unknown, problems: Problems): void {
  if (!isFields(value)) {
    problems.add([], 'plan/shape', 'A unit must be an object.');
    return;
  }
  for (const key of ['unit', 'schedule', 'rotation', 'role']) {
    if (typeof value[key] !== 'string' || value[key] === '') {
      problems.add([key], 'plan/shape', `${key} must be text.`);
    }
  }
  const { seat, person, intervals } = value;
  if (!Number.isInteger(seat) || Number(seat) < 0 || Number(seat) >= LIMITS.seatsPerRotation) {
    const most = LIMITS.seatsPerRotation - 1;
    problems.add(['seat'], 'plan/shape', `seat must be a whole number from 0 to ${most}.`);
  }
  if (person !== null && (typeof person !== 'string' || person === '')) {
    problems.add(['person'], 'plan/shape', 'person must be an id, or null where nobody is on call.');
  }
  if (!Array.isArray(intervals) || intervals.length === 0 || intervals.length > MAX_STRETCHES) {
    const message = `intervals must be a list of 1 to ${MAX_STRETCHES} stretches.`;
    problems.add(['intervals'], 'plan/shape', message);
    return;
  }
  checkStretches(intervals, problems.at('intervals'));
}

function checkStretches(intervals: readonly unknown[], problems: Problems): void {
  let last = Number.NEGATIVE_INFINITY;
  intervals.forEach((interval, index) => {
    const at = problems.at(index);
    const fields = isFields(interval) ? interval : {};
    const start = readTime(fields.start, at.at('start'));
    const end = readTime(fields.end, at.at('end'));
    if (start === null || end === null) return;
    if (start >= end) at.add(['end'], 'time/empty-range', 'A stretch must end after it starts.');
    if (start < last) at.add(['start'], 'plan/order', 'Stretches must be in order and must not overlap.');
    last = end;
  });
}

/** No unit twice, no seat held by two, nobody on two seats of a rotation at once. */
function checkDoubles(units: readonly PlanFileUnit[], problems: Problems): void {
  const ids = new Set<string>();
  const lanes = new Map<string, { start: Instant; end: Instant; index: number }[]>();
  units.forEach((unit, index) => {
    if (ids.has(unit.unit)) problems.add([index, 'unit'], 'id/duplicate', `${unit.unit} stands here twice.`);
    ids.add(unit.unit);
    const place = `${unit.schedule} ${unit.rotation}`;
    const keys = [
      `${place} seat ${unit.seat}`,
      ...(unit.person === null ? [] : [`${place} by ${unit.person}`]),
    ];
    for (const key of keys) {
      const lane = lanes.get(key) ?? [];
      lanes.set(key, lane);
      for (const { start, end } of unit.intervals) {
        lane.push({ start: parseInstant(start) ?? 0, end: parseInstant(end) ?? 0, index });
      }
    }
  });
  for (const lane of lanes.values()) {
    lane.sort((a, b) => a.start - b.start);
    lane.forEach(({ start, index }, k) => {
      const before = lane[k - 1];
      if (before === undefined || before.end <= start || problems.all.length >= MAX_PROBLEMS) return;
      const other = units[before.index]?.unit ?? '';
      problems.add([index], 'plan/overlap', `The same seat or person is taken by ${other} at that time.`);
    });
  }
}
