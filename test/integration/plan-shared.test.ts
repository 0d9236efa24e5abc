import { createOverride, enterAbsence, explainHere, explainTurns, extendHorizon } from '@watchbill/commands';
import type { ScheduleDraft } from '@watchbill/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  accepted,
  apply,
  HORIZON,
  HOUR_MS,
  instantOf,
  openWorld,
  PEOPLE,
  type ShiftFact,
  storedEvents,
  storedShifts,
  WEEK_MS,
  type World,
  weekly,
} from './apply-fixture.ts';
import { fairly, planAll } from './plan-fixture.ts';

const NOW = instantOf('2026-11-30T12:00:00Z');

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-11-30T12:00:00Z');
});
afterEach(() => world?.close());

/** Ann, Ben and Cleo share the desk by day, a week each: a schedule beside the fair one, with the same people. */
const DESK = weekly('desk', {
  rotations: weekly('desk').rotations.map((rotation) => ({
    ...rotation,
    hours: [{ days: ['mon', 'tue', 'wed'], from: '10:00', to: '16:00' }],
  })),
});

function fixed(id: string, from: string, to: string): ScheduleDraft {
  const rotation = { id: 'once', strategy: 'fixed', turns: [{ from, to, person: 'ann' }] } as const;
  return { id, timeZone: 'Europe/London', rotations: [rotation] };
}

const SCHEDULES = ['duty', 'desk', 'rare'];

async function active(schedule: string): Promise<(ShiftFact & { readonly schedule: string })[]> {
  const shifts = await storedShifts(world.database, schedule);
  return shifts.filter(({ status }) => status === 'active').map((shift) => ({ ...shift, schedule }));
}

/** Pairs of shifts that have one person on call twice from an instant on. */
async function doubles(from: number): Promise<string[]> {
  const shifts = (await Promise.all(SCHEDULES.map(active))).flat().filter(({ end }) => end > from);
  expect(shifts.length).toBeGreaterThan(100);
  return shifts.flatMap((a) =>
    shifts
      .filter((b) => a.id < b.id && a.person === b.person && a.start < b.end && b.start < a.end)
      .map((b) => `${a.person}: ${a.schedule} and ${b.schedule} at ${new Date(b.start).toISOString()}`),
  );
}

it('nobody is on call twice at any time while the horizons of schedules that share people roll on', async () => {
  // Its only turn lies where a plan reaches, and where nothing of it is stored yet.
  const rare = fixed('rare', '2027-02-08T00:00', '2027-02-12T00:00');
  accepted(await apply(world, [fairly('duty'), DESK, rare]));
  await planAll(world);
  expect(await doubles(NOW)).toEqual([]);
  for (let week = 2; week <= 6; week += 2) {
    const now = await world.at(NOW + week * WEEK_MS);
    await extendHorizon(world.database, HORIZON);
    // The plan was made before these shifts were stored, and knew of the desk already.
    expect((await doubles(now)).filter((pair) => !pair.includes('rare'))).toEqual([]);
    await planAll(world);
    expect(await doubles(now)).toEqual([]);
  }
  expect((await active('rare')).map(({ person }) => person)).toEqual(['ann']);
});

it('a schedule that comes later and needs somebody moves only the turns that meet it, and says why', async () => {
  accepted(await apply(world, [fairly('duty')]));
  await planAll(world);
  const before = await active('duty');
  const span = { start: NOW + 2 * WEEK_MS, end: NOW + 3 * WEEK_MS };
  const asText = (at: number) => new Date(at).toISOString().slice(0, 16);
  accepted(await apply(world, [fairly('duty'), fixed('rare', asText(span.start), asText(span.end))]));
  const count = (await storedEvents(world.database)).length;
  const [planned] = await planAll(world);
  expect(planned).toMatchObject({ schedule: 'duty', reason: 'elsewhere' });
  expect(await doubles(NOW)).toEqual([]);
  const events = (await storedEvents(world.database)).slice(count);
  const told = events.filter(({ type }) => type === 'shift.cancelled');
  const anns = told.filter(({ data }) => data.shift.person === 'ann');
  expect(anns.length).toBeGreaterThan(0);
  for (const { data } of anns) expect(data).toMatchObject({ reason: 'forced', rule: 'busy-elsewhere' });
  const [published] = events.filter(({ type }) => type === 'schedule.published');
  expect(published?.data.plan).toMatchObject({ reason: 'elsewhere' });
  const kept = new Set((await active('duty')).map(({ id }) => id));
  const lost = before.filter(({ id, start }) => start > NOW && !kept.has(id));
  expect(new Set(lost.map(({ person }) => person)).size).toBeLessThan(PEOPLE.length);
});

it('a turn that somebody else stands is explained: who holds it, who stands it, and what it weighs for both', async () => {
  accepted(await apply(world, [fairly('duty')]));
  await planAll(world);
  const [turn] = (await active('duty')).filter(
    ({ person, start }) => person === 'ann' && start > NOW + WEEK_MS,
  );
  if (turn === undefined) throw new Error('ann has no turn');
  const free = await freeAt(turn.start - HOUR_MS * 12, turn.end + HOUR_MS * 12);
  const { start, end } = turn;
  const wish = { schedule: 'duty', kind: 'replace', people: [free], replaces: 'ann' } as const;
  const override = accepted(await createOverride(world.context, { ...wish, start, end }));
  const planner = { explain: async (task: Parameters<typeof explainHere>[0]) => explainHere(task) };
  const want = { schedule: 'duty', at: start, role: null };
  const [before] = await explainTurns(world.database, want, planner);
  expect(before?.candidates.map(({ person }) => person)).toContain('ann');
  const part = { start, end, person: free, override: override.id, burden: expect.any(Number) };
  expect(before).toMatchObject({
    assigned: 'ann',
    covered: [{ ...part, spared: before?.covered[0]?.burden }],
  });
  // The next plan has no part in the turn any more.
  accepted(await enterAbsence(world.context, { person: 'ann', start, end: end + WEEK_MS }));
  await planAll(world);
  const [after] = await explainTurns(world.database, want, planner);
  expect(after).toMatchObject({ assigned: 'ann', candidates: [], covered: [part] });
});

/** Somebody who stands nothing in a stretch. */
async function freeAt(start: number, end: number): Promise<string> {
  const busy = (await active('duty')).filter((shift) => shift.start < end && shift.end > start);
  const free = PEOPLE.find((id) => !busy.some(({ person }) => person === id));
  if (free === undefined) throw new Error('nobody is free');
  return free;
}
