import { readdirSync, readFileSync } from 'node:fs';
import {
  type Config,
  type ConfigModel,
  formatErrors,
  jsonSchema,
  parseConfig,
  printConfig,
} from '@watchbill/config';
import {
  DAY_MS,
  HOUR_MS,
  makePlan,
  planFileOf,
  plannedTurnsOf,
  planProblemOf,
  resolveTimeline,
  type Schedule,
  toWall,
  withPlan,
} from '@watchbill/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

const EXAMPLES = new URL('../../examples/', import.meta.url);
const NAMES = readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml'));
const FIRST_DAY = Date.UTC(2026, 1, 2);

function read(name: string): string {
  return readFileSync(new URL(name, EXAMPLES), 'utf8');
}

function parse(text: string, file: string) {
  const result = parseConfig(text, { file });
  if (!result.ok) throw new Error(formatErrors(result.errors));
  return result;
}

function scheduleOf(name: string, id: string): Schedule {
  const schedule = parse(read(name), name).config.schedules.find((each) => each.id === id);
  if (schedule === undefined) throw new Error(`${name} has no schedule ${id}`);
  return schedule;
}

/** The schedules with a plan for their fair rotations, from a week before `days` on from the first day. */
function plannedSchedules({ schedules, people }: Config, days: number): Schedule[] {
  const horizon = { start: FIRST_DAY - 7 * DAY_MS, end: FIRST_DAY + days * DAY_MS };
  const planned = planProblemOf({ schedules, people, horizon }).map((problem) => makePlan(problem));
  if (planned.length === 0) return [...schedules];
  const turns = plannedTurnsOf(planFileOf(planned, { tzdata: 'any' }));
  return schedules.map((schedule) => withPlan(schedule, turns.get(schedule.id) ?? new Map()));
}

const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(jsonSchema());

/** What an editor that knows the JSON Schema would mark. */
function complaints(model: unknown): unknown {
  return validate(model) ? [] : validate.errors;
}

it('has the examples that the documentation names', () => {
  expect(NAMES).toEqual(
    expect.arrayContaining([
      'business-days-24x5.yaml',
      'core-non-core-weekends.yaml',
      'follow-the-sun.yaml',
      'weekly-primary-secondary.yaml',
    ]),
  );
});

describe.each(NAMES)('examples/%s', (name) => {
  it('is read without errors or warnings', () => {
    expect(parse(read(name), name).warnings).toEqual([]);
  });

  it('leaves no gap in ninety days', () => {
    for (const schedule of plannedSchedules(parse(read(name), name).config, 90)) {
      const timeline = resolveTimeline(schedule, { start: FIRST_DAY, end: FIRST_DAY + 90 * DAY_MS });
      expect(timeline.gaps).toEqual([]);
      expect(timeline.shifts.length).toBeGreaterThan(2);
    }
  });

  it('is accepted by the JSON Schema', () => {
    expect(complaints(parse(read(name), name).config.source)).toEqual([]);
  });

  it('is the same after it is printed', () => {
    const before = parse(read(name), name).config;
    expect(parse(printConfig(before.source), 'printed.yaml').config).toEqual(before);
  });

  it('names only people who are on call at some time of a year', () => {
    const { config } = parse(read(name), name);
    const onCall = new Set<string>();
    for (const schedule of plannedSchedules(config, 364)) {
      const year = resolveTimeline(schedule, { start: FIRST_DAY, end: FIRST_DAY + 364 * DAY_MS });
      for (const { person } of year.shifts) onCall.add(person);
    }
    expect([...onCall].sort()).toEqual(config.people.map(({ id }) => id).sort());
  });
});

describe('follow the sun', () => {
  const schedule = scheduleOf('follow-the-sun.yaml', 'platform');
  const { people } = parse(read('follow-the-sun.yaml'), 'follow-the-sun.yaml').config;
  const zoneOf = new Map(people.map(({ id, timeZone }) => [id, timeZone]));
  const { shifts, gaps } = resolveTimeline(schedule, { start: FIRST_DAY, end: FIRST_DAY + 364 * DAY_MS });

  it('has exactly one person on call, always', () => {
    expect(gaps).toEqual([]);
    let end = FIRST_DAY;
    for (const shift of shifts) {
      expect(shift.start).toBe(end);
      end = shift.end;
    }
    expect(end).toBe(FIRST_DAY + 364 * DAY_MS);
  });

  it('calls nobody at night', () => {
    for (const { start, end, person } of shifts) {
      const zone = zoneOf.get(person) ?? '';
      const dayStart = Math.floor(toWall(start, zone) / DAY_MS) * DAY_MS;
      expect(toWall(start, zone) - dayStart).toBeGreaterThanOrEqual(8 * HOUR_MS);
      expect(toWall(end, zone) - dayStart).toBeLessThanOrEqual(18 * HOUR_MS);
    }
  });

  it('gives everybody core hours, non-core hours and weekends', () => {
    for (const { id, timeZone } of people) {
      const own = shifts.filter(({ person }) => person === id);
      const weekend = own.filter(({ start }) =>
        [0, 6].includes(new Date(toWall(start, timeZone)).getUTCDay()),
      );
      expect(own.some(({ rotation }) => rotation?.startsWith('core-'))).toBe(true);
      expect(own.some(({ rotation }) => rotation?.startsWith('non-core-'))).toBe(true);
      expect(weekend.length).toBeGreaterThan(10);
    }
  });
});

describe('core hours, weeknights and weekends', () => {
  const schedule = scheduleOf('core-non-core-weekends.yaml', 'checkout');
  const during = (start: string, end: string) => {
    const window = { start: Date.parse(start), end: Date.parse(end) };
    return resolveTimeline(schedule, window).shifts.map(({ person, rotation }) => `${person} ${rotation}`);
  };

  it('has every person in core hours on every weekday within a year', () => {
    const days = new Map<string, Set<number>>();
    for (const { person, rotation, start } of resolveTimeline(schedule, {
      start: FIRST_DAY,
      end: FIRST_DAY + 364 * DAY_MS,
    }).shifts) {
      if (rotation !== 'core') continue;
      days.set(person, (days.get(person) ?? new Set()).add(new Date(start).getUTCDay()));
    }
    expect(days.size).toBe(6);
    for (const seen of days.values()) expect([...seen].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('treats a bank holiday as non-core', () => {
    const [shift, ...more] = during('2026-05-04T09:00:00Z', '2026-05-04T15:00:00Z');
    expect(shift).toMatch(/ weeknights$/);
    expect(more).toEqual([]);
  });

  it('has overrides that change something, one of each kind', () => {
    const bare = { ...schedule, overrides: [] };
    for (const override of schedule.overrides) {
      const window = { start: override.start, end: override.end };
      expect(resolveTimeline({ ...schedule, overrides: [override] }, window).shifts).not.toEqual(
        resolveTimeline(bare, window).shifts,
      );
    }
    expect(new Set(schedule.overrides.map(({ kind }) => kind))).toEqual(
      new Set(['replace', 'add', 'remove']),
    );
  });
});

it('covers business days round the clock and nothing else', () => {
  const schedule = scheduleOf('business-days-24x5.yaml', 'data');
  const { shifts } = resolveTimeline(schedule, { start: FIRST_DAY, end: FIRST_DAY + 28 * DAY_MS });
  const hours = shifts.reduce((sum, { start, end }) => sum + end - start, 0) / HOUR_MS;
  expect(hours).toBe(4 * 5 * 24);
});

it('describes wrong files as wrong, too', () => {
  const good = parse(read('weekly-primary-secondary.yaml'), 'x').config.source;
  const wrong: unknown[] = [
    { ...good, peple: [] },
    { ...good, version: 2 },
    { ...good, people: [{ id: 7 }] },
    {
      ...good,
      schedules: [{ ...(good.schedules ?? [])[0], overrides: [{ from: '2026-01-01', to: '2026-01-02' }] }],
    },
  ];
  for (const model of wrong) expect(complaints(model as ConfigModel)).not.toEqual([]);
});
