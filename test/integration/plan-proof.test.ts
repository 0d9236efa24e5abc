import { createPlan, discardPlan, enterAbsence, type PlanTools, startPlanner } from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import type { PlanFile } from '@watchbill/core';
import { findPlan, openGaps } from '@watchbill/database';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { accepted, apply, HOUR_MS, instantOf, openWorld, type World } from './apply-fixture.ts';
import { fairly, planAll } from './plan-fixture.ts';

const NOW = instantOf('2026-11-30T12:00:00Z');
let world: World;
beforeEach(async () => {
  world = await openWorld('2026-11-30T12:00:00Z');
});
afterEach(() => world?.close());

/** Two people who take turns by half a day: one of them away, and the other cannot stand it all. */
async function planWithout(person: string): Promise<PlanFile> {
  const [rotation] = fairly('duty').rotations;
  if (rotation === undefined) throw new Error('there is no rotation');
  accepted(await apply(world, [fairly('duty', { rotations: [{ ...rotation, roster: ['ann', 'ben'] }] })]));
  await planAll(world);
  const start = NOW + 9 * 24 * HOUR_MS;
  accepted(await enterAbsence(world.context, { person, start, end: start + 48 * HOUR_MS }));
  await planAll(world);
  const plan = await findPlan(world.database, 'duty', 2);
  return JSON.parse(plan?.file ?? '{}') as PlanFile;
}

it('a gap that a server’s plan leaves is proven, with the rules that clash and what would help', async () => {
  const file = await planWithout('ann');
  expect(file.gaps.length).toBeGreaterThan(0);
  for (const gap of file.gaps) {
    expect(gap.proof).toBe('unavoidable');
    expect(gap.words).toContain('absences');
    expect(gap.words).toContain('an absence of ann that begins a day later');
  }
  expect(file.exact).toMatchObject({ fewestChanges: 'proven', gaveUp: null });
  expect(file.exact?.solver).toMatch(/^highs \d/);
  expect((await openGaps(world.database, ['duty'], NOW)).length).toBeGreaterThan(0);
});

it('the same input gives the same bytes, with the solver, in whichever thread', async () => {
  await planWithout('ben');
  const threads = [startPlanner({ budgetMs: 60_000 }), startPlanner({ budgetMs: 60_000 })];
  const files: string[] = [];
  for (const { planner, close } of threads) {
    const tools: PlanTools = { planner, holidayCalendar };
    const draft = accepted(await createPlan(world.context, { schedule: 'duty', keep: 'begun' }, tools));
    expect(draft.made).toBe(true);
    files.push((await findPlan(world.database, 'duty', draft.version))?.file ?? '');
    accepted(await discardPlan(world.context, draft));
    await close();
  }
  expect(files[1]).toBe(files[0]);
  expect((JSON.parse(files[0] ?? '{}') as PlanFile).gaps.every(({ proof }) => proof === 'unavoidable')).toBe(
    true,
  );
});
