import { applyConfiguration, createPlan } from '@watchbill/commands';
import { HOLIDAY_SOURCE } from '@watchbill/config';
import type { PersonDraft, PlanFile, ScheduleDraft } from '@watchbill/core';
import { findPlan } from '@watchbill/database';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  accepted,
  configurationOf,
  HOUR_MS,
  instantOf,
  openWorld,
  PEOPLE,
  type ShiftFact,
  storedEvents,
  storedShifts,
  WEEK_MS,
  type World,
} from './apply-fixture.ts';
import { fairly, planAll, TOOLS } from './plan-fixture.ts';

const NOW = instantOf('2026-11-30T12:00:00Z');
/** `publishAheadDays`: what lies nearer is kept when a rotation changes. */
const AHEAD_MS = 28 * 24 * HOUR_MS;

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-11-30T12:00:00Z');
  await applied(duty());
  await planAll(world);
});
afterEach(() => world?.close());

function duty(change: object = {}): ScheduleDraft {
  return fairly('duty', {
    rotations: fairly('duty').rotations.map((rotation) => ({ ...rotation, ...change })),
  });
}

/** Applies the schedule with people who are somehow changed. */
async function applied(
  schedule: ScheduleDraft,
  changes: Readonly<Record<string, Partial<PersonDraft>>> = {},
): Promise<void> {
  const drafted = configurationOf([schedule], { people: [...PEOPLE, 'fay'] });
  const people = drafted.people.map((person) => ({
    ...person,
    definition: { ...person.definition, ...changes[person.id] },
  }));
  const configuration = { ...drafted, people };
  accepted(await applyConfiguration(world.context, { configuration, source: 'test', dryRun: false }));
}

const active = async (): Promise<ShiftFact[]> =>
  (await storedShifts(world.database, 'duty')).filter(({ status }) => status === 'active');
const told = (shifts: readonly ShiftFact[]) =>
  shifts.map(({ id, person, start, end }) => [id, person, start, end].join(' '));

/** The shift events since an earlier number of them. */
async function changesSince(count: number) {
  const events = (await storedEvents(world.database)).slice(count);
  return events.filter(({ type }) => type.startsWith('shift.'));
}

it('a joiner leaves what is published as it is, and takes their part beyond', async () => {
  const before = await active();
  const count = (await storedEvents(world.database)).length;
  await applied(duty({ roster: [...PEOPLE, 'fay'] }));
  const [planned] = await planAll(world);
  expect(planned?.reason).toBe('configuration');
  const after = await active();
  const near = (shifts: readonly ShiftFact[]) =>
    shifts.filter(({ start }) => start < NOW + AHEAD_MS - 24 * HOUR_MS);
  expect(told(near(after))).toEqual(told(near(before)));
  const theirs = after.filter(({ person }) => person === 'fay');
  expect(theirs.length).toBeGreaterThan(3);
  expect(Math.min(...theirs.map(({ start }) => start))).toBeGreaterThanOrEqual(NOW + AHEAD_MS - 24 * HOUR_MS);
  const reasons = (await changesSince(count)).map(({ data }) => data.reason);
  expect(new Set(reasons)).toEqual(new Set(['chosen']));
});

it('a leaver gives up what lies behind their last day, and nothing else that need not be', async () => {
  const lastDay = '2026-12-14';
  const before = await active();
  const count = (await storedEvents(world.database)).length;
  await applied(duty(), { ben: { left: lastDay } });
  const [planned] = await planAll(world);
  expect(planned?.reason).toBe('people');
  const left = instantOf(`${lastDay}T00:00:00Z`);
  const after = await active();
  expect(after.filter(({ person, end }) => person === 'ben' && end > left)).toEqual([]);
  const lost = before.filter(({ person, end }) => person === 'ben' && end > left);
  expect(lost.length).toBeGreaterThan(3);
  const changes = await changesSince(count);
  const forced = changes.filter(({ type, data }) => type === 'shift.cancelled' && data.reason === 'forced');
  expect(forced).toHaveLength(lost.length);
  for (const { data } of forced)
    expect(data).toMatchObject({ shift: { person: 'ben' }, rule: 'not-a-member' });
  for (const { data } of changes) expect(['forced', 'consequential']).toContain(data.reason);
  const [published] = await storedEvents(world.database, 'schedule.published').then((all) => all.reverse());
  expect(published?.data.plan).toMatchObject({ version: 2, reason: 'people' });
});

it('a stricter rule moves the turns that break it, and says which rule', async () => {
  const count = (await storedEvents(world.database)).length;
  await applied(duty({ constraints: { restHours: 24 } }));
  await planAll(world);
  const after = (await active()).filter(({ start }) => start > NOW);
  for (const person of PEOPLE) {
    const own = after.filter((shift) => shift.person === person);
    own.forEach(({ end }, index) => {
      const next = own[index + 1];
      if (next !== undefined) expect(next.start - end).toBeGreaterThanOrEqual(24 * HOUR_MS);
    });
  }
  const forced = (await changesSince(count)).filter(({ data }) => data.reason === 'forced');
  expect(new Set(forced.map(({ data }) => data.rule))).toEqual(new Set(['overlap-or-rest']));
});

it('holidays of people change nobody’s turns at once; the next plan weighs them, and keeps their dates', async () => {
  const before = told(await active());
  await applied(duty(), { ann: { holidays: 'GB-ENG' }, ben: { holidays: 'DE-BE' } });
  await planAll(world);
  expect(told(await active())).toEqual(before);
  expect(await findPlan(world.database, 'duty', 2)).toBeNull();
  const { version } = accepted(await createPlan(world.context, { schedule: 'duty', keep: 'begun' }, TOOLS));
  const plan = await findPlan(world.database, 'duty', version);
  const file = JSON.parse(plan?.file ?? '{}') as PlanFile;
  expect(file.holidays).toEqual([HOLIDAY_SOURCE]);
  const [problem] = (plan?.problem ?? []) as {
    people: { id: string; holidays: { dates: string[] } | null }[];
  }[];
  const datesOf = (id: string) => problem?.people.find((person) => person.id === id)?.holidays?.dates;
  expect(datesOf('ann')).toContain('2026-12-28');
  expect(datesOf('ben')).toContain('2026-12-25');
  expect(datesOf('cleo')).toBeUndefined();
});

it('holidays of a schedule change its turns with them', async () => {
  const hours = {
    coreHours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
  } as const;
  const rotations = duty({ hours: 'core', handoffs: ['09:00'] }).rotations;
  const core = (holidays?: string): ScheduleDraft =>
    fairly('duty', {
      coreHours: { ...hours.coreHours, ...(holidays !== undefined && { holidays }) } as never,
      rotations,
    });
  await applied(core());
  await planAll(world);
  const christmas = instantOf('2026-12-25T10:00:00Z');
  const at = async () => (await active()).filter(({ start, end }) => start <= christmas && end > christmas);
  expect(await at()).toHaveLength(1);
  const holidays = [{ id: 'GB-ENG', source: HOLIDAY_SOURCE, dates: ['2026-12-25'] }];
  const drafted = configurationOf([core('GB-ENG')], { people: [...PEOPLE, 'fay'], holidays });
  accepted(
    await applyConfiguration(world.context, { configuration: drafted, source: 'test', dryRun: false }),
  );
  const planned = await planAll(world);
  expect(planned.map(({ reason }) => reason)).toEqual(['configuration']);
  expect(await at()).toEqual([]);
  expect((await active()).some(({ start }) => start > christmas && start < christmas + WEEK_MS)).toBe(true);
});
