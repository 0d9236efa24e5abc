import { enterAbsence, extendHorizon, planAhead, readMeanings, versionsOf } from '@watchbill/commands';
import type { Instant, ScheduleDraft } from '@watchbill/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accepted,
  apply,
  HORIZON,
  HOUR_MS,
  instantOf,
  openWorld,
  passTime,
  type ShiftFact,
  storedEvents,
  storedShifts,
  WEEK_MS,
  type World,
} from './apply-fixture.ts';
import { fairly, planAll } from './plan-fixture.ts';

const NOW = instantOf('2026-11-30T12:00:00Z');
/** In the middle of a turn. */
const LATER = instantOf('2026-12-14T15:00:00Z');
const DAY_MS = 24 * HOUR_MS;

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-11-30T12:00:00Z');
});
afterEach(() => world?.close());

function duty(change: object = {}): ScheduleDraft {
  return fairly('duty', {
    rotations: fairly('duty').rotations.map((rotation) => ({ ...rotation, ...change })),
  });
}

const active = async (): Promise<ShiftFact[]> =>
  (await storedShifts(world.database, 'duty')).filter(({ status }) => status === 'active');
const between = (shifts: readonly ShiftFact[], start: Instant, end: Instant) =>
  shifts.filter((shift) => shift.start < end && shift.end > start);

/** Everybody stored is who the versions say, one after the other without a gap. */
async function expectWhole(from: Instant, until: Instant): Promise<void> {
  const meaning = (await readMeanings(world.database, ['duty'], from)).get('duty');
  if (meaning === undefined) throw new Error('there is no schedule');
  const { shifts, gaps } = planAhead(versionsOf(meaning, from), { start: from, end: until });
  const told = ({ person, start, end }: { person: string; start: Instant; end: Instant }) =>
    `${person} ${Math.max(start, from)} ${Math.min(end, until)}`;
  expect(gaps).toEqual([]);
  const stored = between(await active(), from, until);
  expect(stored.map(told).sort()).toEqual(shifts.map(told).sort());
  let at = from;
  for (const { start, end } of stored.toSorted((a, b) => a.start - b.start)) {
    expect(Math.max(start, from)).toBe(at);
    at = end;
  }
  expect(at).toBeGreaterThanOrEqual(until);
}

describe('between now and a revision that takes effect later', () => {
  beforeEach(async () => {
    accepted(await apply(world, [duty()]));
    await planAll(world);
  });

  it('turns are those of the revision in force, and an absence is met in both', async () => {
    const before = await active();
    accepted(await apply(world, [duty({ roster: ['ann', 'ben', 'cleo'] })], { effectiveAt: LATER }));
    await planAll(world);
    await expectWhole(NOW, NOW + 7 * WEEK_MS);
    const after = await active();
    const until = between(before, NOW, LATER - DAY_MS).map(({ id }) => id);
    expect(between(after, NOW, LATER - DAY_MS).map(({ id }) => id)).toEqual(until);
    expect(new Set(between(after, LATER + DAY_MS, NOW + 7 * WEEK_MS).map(({ person }) => person))).toEqual(
      new Set(['ann', 'ben', 'cleo']),
    );
    // Dev is in the roster of today only; ann in both.
    for (const person of ['dev', 'ann']) {
      const [mine] = between(await active(), NOW + DAY_MS, LATER).filter((shift) => shift.person === person);
      if (mine === undefined) throw new Error(`${person} has no shifts`);
      const start = mine.start - HOUR_MS;
      const end = person === 'ann' ? LATER + 3 * DAY_MS : mine.end;
      accepted(await enterAbsence(world.context, { person, start, end }));
      await planAll(world);
      expect(between(await active(), start, end).filter((shift) => shift.person === person)).toEqual([]);
      await expectWhole(NOW, NOW + 7 * WEEK_MS);
    }
    const reasons = (await storedEvents(world.database, 'shift.cancelled')).map(({ data }) => data.reason);
    expect(reasons).toContain('forced');
  });

  it('another rhythm begins at its instant, with no hour twice or left out, and time passes over it', async () => {
    accepted(await apply(world, [duty({ handoffs: ['12:00'] })], { effectiveAt: LATER }));
    await planAll(world);
    await expectWhole(NOW, NOW + 7 * WEEK_MS);
    const handoffs = between(await active(), LATER + 2 * DAY_MS, LATER + 9 * DAY_MS).map(({ start }) =>
      new Date(start).getUTCHours(),
    );
    expect(new Set(handoffs)).toEqual(new Set([12]));
    for (const later of [LATER + HOUR_MS, LATER + 2 * DAY_MS]) {
      await world.at(later);
      await passTime(world);
      await extendHorizon(world.database, HORIZON);
      accepted(
        await enterAbsence(world.context, { person: 'eve', start: later + DAY_MS, end: later + 5 * DAY_MS }),
      );
      await planAll(world);
      await expectWhole(later, later + 6 * WEEK_MS);
    }
  });

  it('a roster of others takes over in the middle of a turn', async () => {
    accepted(
      await apply(world, [duty({ roster: ['cleo', 'dev'], handoffs: ['09:00'] })], { effectiveAt: LATER }),
    );
    await planAll(world);
    accepted(
      await apply(world, [duty({ roster: ['ann', 'eve'], handoffs: ['09:00'] })], {
        effectiveAt: LATER + WEEK_MS,
      }),
    );
    await planAll(world);
    await expectWhole(NOW, NOW + 7 * WEEK_MS);
    const shifts = await active();
    const people = (start: Instant, end: Instant) =>
      [...new Set(between(shifts, start, end).map(({ person }) => person))].sort();
    expect(people(LATER, LATER + WEEK_MS)).toEqual(['cleo', 'dev']);
    expect(people(LATER + WEEK_MS, NOW + 7 * WEEK_MS)).toEqual(['ann', 'eve']);
  });

  it('a rotation that is planned no more then is planned until then', async () => {
    const plain = {
      strategy: 'in_order',
      cadence: { every: 1, unit: 'day' },
      start: '2026-11-30T09:00',
    } as const;
    const { handoffs: _, constraints: __, ...rotation } = duty().rotations[0] ?? { id: 'duty' };
    const draft = fairly('duty', { rotations: [{ ...rotation, ...plain }] });
    accepted(await apply(world, [draft], { effectiveAt: LATER }));
    await planAll(world);
    const [mine] = between(await active(), NOW + DAY_MS, LATER - DAY_MS).filter(
      ({ person }) => person === 'ben',
    );
    if (mine === undefined) throw new Error('ben has no shifts');
    accepted(await enterAbsence(world.context, { person: 'ben', start: mine.start, end: mine.end }));
    await planAll(world);
    expect(between(await active(), mine.start, mine.end).map(({ person }) => person)).not.toContain('ben');
    await expectWhole(NOW, NOW + 7 * WEEK_MS);
  });
});

it('a schedule that begins later is planned from then on', async () => {
  accepted(await apply(world, [duty()], { effectiveAt: LATER }));
  await planAll(world);
  expect(between(await active(), NOW, LATER)).toEqual([]);
  await expectWhole(LATER, NOW + 7 * WEEK_MS);
  expect((await active())[0]?.start).toBe(LATER);
});

it('another rhythm from now on leaves no hour out where the running turn ends', async () => {
  accepted(await apply(world, [duty()]));
  await planAll(world);
  accepted(await apply(world, [duty({ handoffs: ['09:00'] })]));
  await planAll(world);
  await expectWhole(NOW, NOW + 7 * WEEK_MS);
  accepted(await apply(world, [duty({ handoffs: ['06:00', '18:00'] })]));
  await planAll(world);
  await expectWhole(NOW, NOW + 7 * WEEK_MS);
});
