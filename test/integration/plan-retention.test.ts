import { createPlan, discardPlan, prune, publishPlan, requestPlan, runPlanJobs } from '@watchbill/commands';
import { findPlanJob } from '@watchbill/database';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { accepted, apply, HORIZON, instantOf, openWorld, type World } from './apply-fixture.ts';
import { fairly, planAll, TOOLS } from './plan-fixture.ts';

const NOW = instantOf('2026-11-30T12:00:00Z');
const DAY_MS = 86_400_000;
let world: World;
beforeEach(async () => {
  world = await openWorld('2026-11-30T12:00:00Z');
  accepted(await apply(world, [fairly('duty')]));
  await planAll(world);
});
afterEach(() => world?.close());

async function versions(): Promise<string[]> {
  const { rows } = await world.database.pool.query<{ version: number; status: string }>(
    'SELECT m.version, p.status FROM plans p JOIN plan_schedules m ON m.plan_id = p.id ORDER BY m.version',
  );
  return rows.map(({ version, status }) => `${version} ${status}`);
}

const draft = async (seed: number) =>
  accepted(await createPlan(world.context, { schedule: 'duty', keep: 'begun', seed }, TOOLS));
const pruned = () => prune(world.database, { eventRetentionMs: 400 * DAY_MS });

it('old drafts go, then what was in force over a year ago; what is in force stays, and no version comes twice', async () => {
  accepted(await publishPlan(world.context, await draft(1)));
  accepted(await discardPlan(world.context, await draft(2)));
  await draft(3);
  await world.at(NOW + 29 * DAY_MS);
  expect((await pruned()).plans).toBe(0);
  await world.at(NOW + 31 * DAY_MS);
  expect((await pruned()).plans).toBe(1);
  expect(await versions()).toEqual(['1 superseded', '2 published', '4 draft']);
  await world.at(NOW + 400 * DAY_MS);
  const gone = await pruned();
  expect([gone.plans, gone.plannedTurns > 0]).toEqual([1, true]);
  expect(await versions()).toEqual(['2 published', '4 draft']);
  const { rows } = await world.database.pool.query('SELECT min(ends_at) AS first FROM planned_turns');
  expect(rows[0].first).toBeGreaterThanOrEqual(NOW + 34 * DAY_MS);
  expect((await draft(4)).version).toBe(5);
});

it('jobs are kept for a week after their end', async () => {
  const { id } = accepted(await requestPlan(world.context, { schedule: 'duty', keep: 'begun' }));
  await world.at(NOW + 30 * DAY_MS);
  expect((await pruned()).planJobs).toBe(0);
  await runPlanJobs(world.database, TOOLS, { horizon: HORIZON });
  await world.at(NOW + 36 * DAY_MS);
  expect((await pruned()).planJobs).toBe(0);
  await world.at(NOW + 38 * DAY_MS);
  expect((await pruned()).planJobs).toBe(1);
  expect(await findPlanJob(world.database, id)).toBeNull();
});
