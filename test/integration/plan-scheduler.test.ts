import { enterAbsence, startPlanner } from '@watchbill/commands';
import { openQueues } from '@watchbill/queue';
import { createLogger, createMetrics, SETTING_DEFAULTS } from '@watchbill/runtime';
import { startScheduler } from '@watchbill/scheduler';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  accepted,
  apply,
  HOUR_MS,
  instantOf,
  openWorld,
  storedEvents,
  storedShifts,
  type World,
} from './apply-fixture.ts';
import { fairly } from './plan-fixture.ts';
import { eventually } from './queue-places.ts';

const NOW = instantOf('2026-11-30T12:00:00Z');
let world: World;
let closing: (() => Promise<void>)[];
beforeEach(async () => {
  world = await openWorld('2026-11-30T12:00:00Z');
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  await world?.close();
});

it('a scheduler plans after an apply, and again after an absence, woken by the database', async () => {
  const { connectionString } = world.database;
  const queues = openQueues({ postgres: { connectionString }, onError: () => undefined });
  closing.push(queues.close);
  const scheduler = await startScheduler({
    database: world.database,
    queues,
    logger: createLogger({ logLevel: 'silent' }, 'scheduler'),
    metrics: createMetrics({ processFigures: false }),
    settings: { ...SETTING_DEFAULTS, horizonWeeks: 8 },
  });
  closing.push(scheduler.close);
  accepted(await apply(world, [fairly('duty')]));
  const active = async () =>
    (await storedShifts(world.database, 'duty')).filter((shift) => shift.status === 'active');
  await eventually('the first plan', async () => (await active()).length > 0);
  const mine = (await active()).find((shift) => shift.person === 'ann' && shift.start > NOW);
  if (mine === undefined) throw new Error('ann has no shifts');
  accepted(
    await enterAbsence(world.context, { person: 'ann', start: mine.start, end: mine.start + HOUR_MS }),
  );
  await eventually(
    'the plan without ann',
    async () => !(await active()).some((shift) => shift.id === mine.id),
  );
  const reasons = (await storedEvents(world.database, 'shift.cancelled')).map((event) => event.data.reason);
  expect(reasons).toContain('forced');
}, 60_000);

it('a planner that takes too long is given up, and the next plan is made in a new thread', async () => {
  const hasty = startPlanner({ budgetMs: 1 });
  closing.push(hasty.close);
  await expect(hasty.planner([])).rejects.toThrow(RangeError);
  const patient = startPlanner({ budgetMs: 60_000 });
  closing.push(patient.close);
  await expect(patient.planner([])).rejects.toThrow('There is no plan');
  await patient.close();
  await expect(patient.planner([])).rejects.toThrow('closed');
});
