import { applyBoundaries, createOverride, fireBoundaries } from '@watchbill/commands';
import type { ScheduleDraft } from '@watchbill/core';
import { clockNow, setClock } from '@watchbill/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accepted,
  apply,
  HOUR_MS,
  openWorld,
  PEOPLE,
  passTime,
  storedEvents,
  storedShifts,
  type World,
} from './apply-fixture.ts';

const SCHEDULES = Array.from({ length: 8 }, (_, index) => `busy-${index}`);
/** A second is five and a half hours, so that there is always something due. */
const FACTOR = 20_000;
const HOURS = 48;
const EDITS_AT_LEAST = 20;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

function hourly(id: string, first: number): ScheduleDraft {
  const roster = PEOPLE.map((_, index) => PEOPLE[(index + first) % PEOPLE.length] ?? 'ann');
  const rotation = {
    id: 'hours',
    roster,
    cadence: { every: 2, unit: 'hour' as const },
    start: '2026-11-30T12:00',
  };
  return { id, timeZone: 'UTC', rotations: [{ ...rotation, strategy: 'in_order' }] };
}

/** Runs `work` again and again until time is over; a rejection ends the test. */
async function keepDoing(over: () => boolean, work: (round: number) => Promise<unknown>): Promise<void> {
  for (let round = 0; !over(); round += 1) {
    await work(round);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

describe('edits while boundaries fire and are applied by several at once', () => {
  it('lose nothing, double nothing, tell nothing early or out of order, and never deadlock for good', async () => {
    const context = { ...world.context, horizon: { horizonMs: 10 * 24 * HOUR_MS, leadMinutes: [30] } };
    const busy: World = { ...world, context };
    accepted(
      await apply(
        busy,
        SCHEDULES.map((id) => hourly(id, 0)),
      ),
    );
    const start = await clockNow(world.database);
    await setClock(world.database, { factor: FACTOR, start });
    let edits = 0;
    let now = start;
    const over = () => now > start + HOURS * HOUR_MS && edits >= EDITS_AT_LEAST;
    const edit = async (round: number) => {
      now = await clockNow(world.database);
      const schedule = SCHEDULES[(round * 5) % SCHEDULES.length] ?? 'busy-0';
      const people = [PEOPLE[round % PEOPLE.length] ?? 'ann'];
      const override = { schedule, kind: 'replace' as const, people, start: now, end: now + 20 * HOUR_MS };
      const made = await createOverride(context, override);
      // On a busy machine its time may be over before it is made.
      if (!made.ok) expect(made.error.reason).toBe('override/in-the-past');
      if (round % 3 === 0)
        accepted(
          await apply(
            busy,
            SCHEDULES.slice(0, 4).map((id) => hourly(id, round)),
          ),
        );
      edits += 1;
    };
    const fire = () => fireBoundaries(world.database, { wakeAgainMs: 30_000 });
    await Promise.all([
      keepDoing(over, fire),
      keepDoing(over, fire),
      keepDoing(over, () => applyBoundaries(world.database, SCHEDULES)),
      keepDoing(over, () => applyBoundaries(world.database, SCHEDULES.toReversed())),
      keepDoing(over, edit),
      keepDoing(over, (round) => edit(round + 1)),
    ]);
    const end = await world.at(await clockNow(world.database));
    await passTime(world);
    const events = await storedEvents(world.database);
    for (const schedule of SCHEDULES) {
      const shifts = (await storedShifts(world.database, schedule)).filter(
        ({ status }) => status === 'active',
      );
      const timed = events.filter(
        (event) => event.schedule === schedule && /^shift\.(started|ended)$/.test(event.type),
      );
      const due = timed.map(({ occurredAt }) => occurredAt);
      expect(due).toEqual([...due].sort((a, b) => a - b));
      const told = (type: string) =>
        timed
          .filter((event) => event.type === type)
          .map(({ data, occurredAt }) => `${data.shift.id} ${occurredAt}`);
      const active = new Set(shifts.map(({ id }) => id));
      const started = told('shift.started').filter((line) => active.has(line.slice(0, line.indexOf(' '))));
      expect(started.sort()).toEqual(
        shifts
          .filter((s) => s.start <= end)
          .map((s) => `${s.id} ${s.start}`)
          .sort(),
      );
      expect(told('shift.ended').sort()).toEqual(
        shifts
          .filter((s) => s.end <= end)
          .map((s) => `${s.id} ${s.end}`)
          .sort(),
      );
    }
    const early = events.filter(({ data }) => Date.parse(data.publishedAt) < Date.parse(data.dueAt));
    expect(early).toEqual([]);
    expect(edits).toBeGreaterThanOrEqual(EDITS_AT_LEAST);
  }, 180_000);
});
