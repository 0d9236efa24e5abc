import {
  type BusyTime,
  DEFAULT_RULES,
  DEFAULT_WEIGHTS,
  type FairRules,
  type Interval,
  type PlanPerson,
  type PlanProblem,
  type PlanUnit,
  toUtc,
} from '@watchbill/core';

/** Problems of the planner made from a seed: the sizes that the benches measure, and small ones for brute force. */

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

export type Random = () => number;

/** The numbers of one seed: mulberry32, as in the planner, but on its own. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A person with nothing special, with changes. */
export function planPerson(id: string, timeZone: string, change: Partial<PlanPerson> = {}): PlanPerson {
  const hours = { days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020, timeZone, holidays: null } as const;
  return {
    id,
    timeZone,
    workingHours: [hours],
    sleep: { fromMinute: 1380, toMinute: 420 },
    weekend: [6, 7],
    holidays: null,
    share: 1,
    joined: null,
    left: null,
    shadowUntil: null,
    unavailable: [],
    busy: [] as BusyTime[],
    prefers: [],
    carried: 0,
    ...change,
  };
}

/** A unit of one stretch. */
export function planUnit(role: string, interval: Interval, change: Partial<PlanUnit> = {}): PlanUnit {
  const start = new Date(interval.start).toISOString().replace('.000Z', 'Z');
  return {
    id: `s/${role}@${start}#0`,
    schedule: 's',
    rotation: role,
    role,
    seat: 0,
    intervals: [interval],
    eligible: null,
    previous: null,
    frozen: false,
    pinned: false,
    rules: DEFAULT_RULES,
    ...change,
  };
}

/** A problem with the default weights. */
export function planProblem(
  of: Pick<PlanProblem, 'horizon' | 'people' | 'units'>,
  change: Partial<PlanProblem> = {},
): PlanProblem {
  return { weights: DEFAULT_WEIGHTS, keepPrevious: false, seed: 1, ...of, ...change };
}

const YEAR_START = Date.UTC(2026, 0, 5);
const ROLES = ['primary', 'secondary'] as const;
const SIZES = {
  S: { people: 6, days: 91, zones: ['Europe/Berlin'] },
  M: { people: 24, days: 182, zones: ['America/Los_Angeles', 'Europe/London', 'Asia/Singapore'] },
  L: {
    people: 120,
    days: 364,
    zones: [
      'America/Los_Angeles',
      'America/New_York',
      'Europe/London',
      'Europe/Berlin',
      'Asia/Kolkata',
      'Asia/Singapore',
    ],
  },
} as const;
export type Size = keyof typeof SIZES;
/** Seeds whose problems can be filled without a gap. */
const SEEDS: Readonly<Record<Size, number>> = { S: 4, M: 7, L: 7 };

/**
 * S: weekly primary and secondary for one team. M and L: follow the sun in turns of eight hours. With leave,
 * half-timers, a joiner who shadows first, a leaver, wishes, and burden carried over.
 */
export function sizedProblem(size: Size, seed = SEEDS[size]): PlanProblem {
  const random = randomOf(seed);
  const { people: count, days, zones } = SIZES[size];
  const people = Array.from({ length: count }, (_, i) => {
    const id = `p${String(i).padStart(3, '0')}`;
    const person = planPerson(id, zones[i % zones.length] as string, {
      unavailable: leaves(random, { start: YEAR_START, days, every: 60 }),
      share: random() < 0.15 ? 0.5 : 1,
      prefers: random() < 0.2 ? [{ days: [4], weight: -1 }] : [],
      carried: Math.round((random() - 0.5) * 16 * 60),
    });
    if (size !== 'S' && i % 24 === 5) {
      const joined = YEAR_START + 28 * DAY_MS;
      return { ...person, joined, shadowUntil: joined + 28 * DAY_MS, carried: 0 };
    }
    return size !== 'S' && i % 24 === 11 ? { ...person, left: YEAR_START + (days - 42) * DAY_MS } : person;
  });
  const horizon = { start: YEAR_START, end: YEAR_START + days * DAY_MS };
  return planProblem({ horizon, people, units: size === 'S' ? weeks(days / 7) : thirds(days) });
}

function leaves(random: Random, of: { start: number; days: number; every: number }): Interval[] {
  const found: Interval[] = [];
  for (let k = 0; k < of.days / of.every; k += 1) {
    if (random() >= 0.8) continue;
    const day = Math.floor(random() * of.days);
    const length = 3 + Math.floor(random() * 12);
    found.push({ start: of.start + day * DAY_MS, end: of.start + (day + length) * DAY_MS });
  }
  return found;
}

function weeks(count: number): PlanUnit[] {
  const rules: FairRules = { ...DEFAULT_RULES, restHours: 168 };
  const handoff = (week: number) =>
    toUtc(YEAR_START + week * 7 * DAY_MS + 9 * HOUR_MS, 'Europe/Berlin', 'first');
  return Array.from({ length: count }, (_, week) => ({
    start: handoff(week),
    end: handoff(week + 1),
  })).flatMap((interval) => ROLES.map((role) => planUnit(role, interval, { rules })));
}

function thirds(days: number): PlanUnit[] {
  const rules: FairRules = { ...DEFAULT_RULES, restHours: 12, maxConsecutiveDays: 5, maxUnitsIn7Days: 5 };
  return Array.from({ length: days * 3 }, (_, k) => {
    const start = YEAR_START + k * 8 * HOUR_MS;
    return { start, end: start + 8 * HOUR_MS };
  }).flatMap((interval) => ROLES.map((role) => planUnit(role, interval, { rules })));
}

const MIXED_START = Date.UTC(2026, 2, 2);
const MIXED_ZONES = ['America/Los_Angeles', 'Europe/London', 'Asia/Singapore', 'Europe/Berlin'];

/** A problem of 6 to 24 people: weekly turns over a quarter, or turns of eight hours over one to six months. */
export function mixedProblem(seed: number): PlanProblem {
  const random = randomOf(seed);
  const count = 6 + Math.floor(random() * 19);
  const weekly = random() < 0.5;
  const days = weekly ? 91 : 28 + Math.floor(random() * 6) * 28;
  const zones = MIXED_ZONES.slice(0, 1 + Math.floor(random() * 4));
  const people = Array.from({ length: count }, (_, i) =>
    planPerson(`p${String(i).padStart(2, '0')}`, zones[i % zones.length] as string, {
      unavailable: leaves(random, { start: MIXED_START, days, every: 45 }),
      share: random() < 0.15 ? 0.5 : 1,
      prefers: random() < 0.2 ? [{ days: [4], weight: -1 }] : [],
      carried: Math.round((random() - 0.5) * 2000),
    }),
  );
  const rules: FairRules = weekly
    ? { ...DEFAULT_RULES, restHours: 168 }
    : { ...DEFAULT_RULES, restHours: 12, maxConsecutiveDays: 5, maxUnitsIn7Days: 5 };
  const step = weekly ? 7 * DAY_MS : 8 * HOUR_MS;
  const units: PlanUnit[] = [];
  for (let at = 0; at + step <= days * DAY_MS; at += step) {
    const interval = { start: MIXED_START + at, end: MIXED_START + at + step };
    for (const role of ROLES) units.push(planUnit(role, interval, { rules }));
  }
  return planProblem({ horizon: { start: MIXED_START, end: MIXED_START + days * DAY_MS }, people, units });
}

const TINY_START = Date.UTC(2026, 2, 23);
const TINY_ZONES = ['America/New_York', 'Europe/London', 'Asia/Tokyo', 'Europe/Berlin'];

/** A tight problem that brute force can solve: 2 to 4 people, at most `most` units, around the clock changes. */
export function tinyProblem(seed: number, most = 8): PlanProblem {
  const random = randomOf(seed);
  const count = 2 + Math.floor(random() * 3);
  const days = 3 + Math.floor(random() * 3);
  const people = Array.from({ length: count }, (_, i) => {
    const from = TINY_START + Math.floor(random() * days) * DAY_MS;
    return planPerson(`p${i}`, TINY_ZONES[Math.floor(random() * 4)] as string, {
      unavailable: random() < 0.5 ? [{ start: from, end: from + Math.ceil(random() * 2) * DAY_MS }] : [],
      share: random() < 0.2 ? 0.5 : 1,
      prefers: random() < 0.3 ? [{ days: [2], weight: -1 }] : [],
      carried: Math.round((random() - 0.5) * 600),
    });
  });
  const roles = random() < 0.4 ? ROLES : (['primary'] as const);
  const length = random() < 0.5 ? 12 : 24;
  const rules: FairRules = {
    ...DEFAULT_RULES,
    restHours: [0, 11, 12, 24][Math.floor(random() * 4)] as number,
    maxConsecutiveDays: random() < 0.3 ? 2 : null,
    maxUnitsIn7Days: random() < 0.3 ? 3 : null,
    maxConsecutiveNights: random() < 0.2 ? 1 : null,
    maxHoursIn7Days: random() < 0.1 ? 48 : null,
    maxSharePercent: random() < 0.1 ? 50 : null,
  };
  const units: PlanUnit[] = [];
  for (let hour = 0; hour < days * 24; hour += length) {
    const start = TINY_START + hour * HOUR_MS;
    for (const role of roles) {
      const eligible = random() < 0.15 ? people.slice(0, 1).map(({ id }) => id) : null;
      if (units.length === most) break;
      units.push(planUnit(role, { start, end: start + length * HOUR_MS }, { rules, eligible }));
    }
  }
  return planProblem({ horizon: { start: TINY_START, end: TINY_START + days * DAY_MS }, people, units });
}
