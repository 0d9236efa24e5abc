import {
  formatInstant,
  formatWall,
  type HoursDraft,
  type HoursWindowDraft,
  makeSchedule,
  type OverrideDraft,
  type RotationDraft,
  type Schedule,
  type ScheduleDraft,
} from '@watchbill/core';
import fc from 'fast-check';

/** Clock changes of every kind, with their zone; around each, schedules are made. */
const CHANGES = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Africa/Cairo', '2026-04-24'],
  ['Africa/Cairo', '2026-10-29'],
  ['Asia/Beirut', '2026-03-29'],
  ['Asia/Beirut', '2026-10-25'],
  ['Pacific/Apia', '2011-12-30'],
  ['Asia/Kolkata', '2026-06-01'],
] as const;

const QUARTER = 15 * 60_000;
const DAY = 86_400_000;
export const PEOPLE = ['ann', 'ben', 'cyd', 'dan'];
const ROLES = ['primary', 'secondary'];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export interface Case {
  readonly draft: ScheduleDraft;
  readonly schedule: Schedule;
  readonly window: { readonly start: number; readonly end: number };
}

const person = fc.constantFrom(...PEOPLE);
const group = fc.subarray(PEOPLE, { minLength: 2, maxLength: 3 });
const member = fc.oneof({ weight: 4, arbitrary: person }, fc.constant('nobody'), group);
const zoneName = fc.constantFrom(...CHANGES.map(([zone]) => zone));

function clock(quarters: number): string {
  const minutes = quarters * 15;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Times near midnight and the small hours come often: there clocks change. */
const quarter = fc.oneof(
  fc.constantFrom(0, 4, 8, 12),
  fc.integer({ min: 0, max: 14 }),
  fc.integer({ min: 0, max: 95 }),
);

function windowDraft(date: string): fc.Arbitrary<HoursWindowDraft> {
  return fc.record(
    {
      days: fc.subarray([...DAYS], { minLength: 1 }),
      from: quarter.map(clock),
      to: fc.oneof(quarter, fc.constant(96)).map(clock),
      timeZone: zoneName,
      holidays: fc.constant([date]),
    },
    { requiredKeys: ['from', 'to', 'days'] },
  );
}

function hours(date: string): fc.Arbitrary<HoursDraft> {
  return fc.oneof(
    fc.constantFrom<HoursDraft>('all', 'core', 'non-core'),
    fc.array(windowDraft(date), { minLength: 1, maxLength: 3 }),
  );
}

/** A wall time within some days of a date, on the quarter. */
function near(date: string, days: number): fc.Arbitrary<string> {
  const base = Date.parse(`${date}T00:00:00Z`);
  return fc
    .tuple(fc.integer({ min: -days, max: days }), quarter)
    .map(([day, quarters]) => formatWall(base + day * DAY + quarters * QUARTER));
}

const cadence = fc.oneof(
  fc.record({ every: fc.constantFrom(1, 1, 2, 3, 8, 12, 25), unit: fc.constant('hour' as const) }),
  fc.record({ every: fc.integer({ min: 1, max: 4 }), unit: fc.constant('day' as const) }),
  fc.record({
    every: fc.integer({ min: 1, max: 2 }),
    unit: fc.constantFrom('week' as const, 'month' as const),
  }),
);

function rotation(date: string): fc.Arbitrary<Omit<RotationDraft, 'id'>> {
  const shared = {
    role: fc.constantFrom(...ROLES),
    layer: fc.integer({ min: 0, max: 1 }),
    hours: hours(date),
    timeZone: zoneName,
    effectiveFrom: near(date, 2),
  };
  const inOrder = cadence.chain((chosen) =>
    fc.record(
      {
        ...shared,
        strategy: fc.constant('in_order' as const),
        roster: fc.array(member, { minLength: 1, maxLength: 4 }),
        cadence: fc.constant(chosen),
        start: near(date, chosen.unit === 'hour' ? 3 : 25),
        count: fc.constantFrom('elapsed' as const, 'worked' as const),
      },
      { requiredKeys: ['role', 'strategy', 'roster', 'cadence', 'start'] },
    ),
  );
  const fixed = fc.record(
    {
      ...shared,
      strategy: fc.constant('fixed' as const),
      turns: fc
        .array(member, { minLength: 1, maxLength: 5 })
        .map((members) =>
          members.map((who, i) => ({ from: wallOn(date, i - 3), to: wallOn(date, i - 2), person: who })),
        ),
    },
    { requiredKeys: ['role', 'strategy', 'turns'] },
  );
  return fc.oneof({ weight: 4, arbitrary: inOrder }, fixed);
}

function wallOn(date: string, day: number): string {
  return formatWall(Date.parse(`${date}T02:30:00Z`) + day * DAY);
}

export function override(date: string): fc.Arbitrary<OverrideDraft> {
  const base = Date.parse(`${date}T00:00:00Z`);
  const when = fc
    .tuple(fc.integer({ min: -150, max: 150 }), fc.integer({ min: 1, max: 200 }))
    .map(([from, length]) => ({
      from: formatInstant(base + from * QUARTER),
      to: formatInstant(base + (from + length) * QUARTER),
    }));
  const people = fc.oneof(person, group);
  const deed = fc.oneof(
    { weight: 3, arbitrary: fc.record({ person: fc.oneof(member), replaces: person }) },
    fc.record({ person: member }),
    fc.record({ add: people }),
    fc.record({ remove: people }),
  );
  return fc
    .tuple(when, deed, fc.constantFrom(...ROLES))
    .map(([at, what, role]) => ({ ...at, ...what, role }));
}

/** A window of up to `days` days that begins within a day of a date, on the quarter. */
export function windowNear(date: string, days: number): fc.Arbitrary<Case['window']> {
  const base = Date.parse(`${date}T00:00:00Z`);
  return fc
    .tuple(fc.integer({ min: -96, max: 60 }), fc.integer({ min: 1, max: days * 96 }))
    .map(([from, length]) => ({ start: base + from * QUARTER, end: base + (from + length) * QUARTER }));
}

export interface CaseOptions {
  readonly maxOverrides?: number;
  readonly maxRotations?: number;
}

/** A schedule of some rotations and overrides near a clock change, and a window of days around that. */
export function cases({ maxOverrides = 6, maxRotations = 4 }: CaseOptions = {}): fc.Arbitrary<Case> {
  return fc.constantFrom(...CHANGES).chain(([timeZone, date]) =>
    fc
      .record(
        {
          roles: fc.constant(ROLES),
          timeZone: fc.constant(timeZone),
          coreHours: fc.array(windowDraft(date), { minLength: 1, maxLength: 2 }),
          coverage: hours(date),
          rotations: fc.array(rotation(date), { minLength: 1, maxLength: maxRotations }),
          overrides: fc.array(override(date), { maxLength: maxOverrides }),
        },
        { requiredKeys: ['roles', 'timeZone', 'coreHours', 'rotations', 'overrides'] },
      )
      .map((parts) => {
        const rotations = parts.rotations.map((draft, i) => ({ ...draft, id: `r${i}` }));
        const draft: ScheduleDraft = { ...parts, id: 'case', rotations };
        return { draft, schedule: made(draft) };
      })
      .chain(({ draft, schedule }) =>
        windowNear(date, 2).map((window): Case => ({ draft, schedule, window })),
      ),
  );
}

/** The schedule of a draft, which must have no problem. */
export function made(draft: ScheduleDraft): Schedule {
  const result = makeSchedule(draft, { people: PEOPLE, teamMembers: null, holidayCalendar: () => null });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}
