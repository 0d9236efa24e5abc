import {
  PlannerFailedError,
  type PlanStep,
  type PlanTools,
  publishPlan,
  requestPlan,
  runPlanJobs,
  startPlanner,
} from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import {
  claimPlanJob,
  findPlan,
  findPlanJob,
  finishPlanJob,
  keepPlanJob,
  type PlanJobRow,
} from '@watchbill/database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServiceProcess, spawnService } from '../support/service-process.ts';
import { accepted, apply, HORIZON, openWorld, refusalOf, type World } from './apply-fixture.ts';
import { fairly, planAll, TOOLS } from './plan-fixture.ts';
import { eventually } from './queue-places.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld('2026-11-30T12:00:00Z');
  const rotations = fairly('duty').rotations.map((rotation) => ({ ...rotation, handoffs: ['09:00'] }));
  accepted(await apply(world, [fairly('duty', { rotations })]));
});
afterEach(() => world?.close());

const ask = async (seed: number): Promise<string> =>
  accepted(await requestPlan(world.context, { schedule: 'duty', keep: 'begun', seed })).id;
const run = (tools: PlanTools = TOOLS) => runPlanJobs(world.database, tools, { horizon: HORIZON });
const read = async (id: string): Promise<PlanJobRow> => {
  const row = await findPlanJob(world.database, id);
  if (row === null) throw new Error('the job is gone');
  return row;
};
const countPlans = async (): Promise<number> =>
  (await world.database.pool.query('SELECT FROM plans')).rowCount ?? 0;

describe('a plan that is asked for', () => {
  it('is made once, and the job tells which it is', async () => {
    await planAll(world);
    const id = await ask(1);
    expect(await read(id)).toMatchObject({
      state: 'waiting',
      progress: 0,
      attempts: 0,
      requestedBy: 'tester',
    });
    expect(await run()).toEqual([{ id, schedule: 'duty', end: 'done', reason: null }]);
    const row = await read(id);
    expect(row).toMatchObject({ state: 'done', progress: 1, made: true, version: 2, refusal: null });
    const plan = await findPlan(world.database, 'duty', 2);
    expect([plan?.id, plan?.status, plan?.createdBy]).toEqual([row.plan, 'draft', 'tester']);
    const again = await ask(1);
    await run();
    expect(await read(again)).toMatchObject({ made: false, version: 2 });
    expect(await run()).toEqual([]);
  });

  it('tells how far it is, and that never goes back', async () => {
    const id = await ask(1);
    const job = await claimPlanJob(world.database, { token: 'one', leaseMs: 60_000 });
    if (job === null) throw new Error('there is no job');
    const keep = (stage: string, progress: number) =>
      keepPlanJob(world.database, job, { stage, progress, leaseMs: 60_000 });
    expect(await keep('searching', 0.5)).toBe(true);
    expect(await keep('preparing', 0)).toBe(true);
    expect(await read(id)).toMatchObject({ state: 'running', stage: 'preparing', progress: 0.5 });
    expect(
      await keepPlanJob(
        world.database,
        { ...job, leaseToken: 'two' },
        { stage: null, progress: 1, leaseMs: 1 },
      ),
    ).toBe(false);
    const steps: PlanStep[] = [];
    await world.database.pool.query('UPDATE plan_jobs SET leased_until = NULL');
    const planner: PlanTools['planner'] = (problems, progress) =>
      TOOLS.planner(problems, (step) => {
        steps.push(step);
        progress?.(step);
      });
    expect(await run({ holidayCalendar, planner })).toMatchObject([{ end: 'done' }]);
    expect(new Set(steps.map(({ stage }) => stage))).toEqual(
      new Set(['preparing', 'searching', 'bounding', 'proving']),
    );
    const far = steps.map(({ progress }) => progress);
    expect(far).toEqual(far.toSorted((one, other) => one - other));
    expect(far.at(-1)).toBeLessThan(1);
  });

  it('is refused where there is nothing fair, and where it is too large', async () => {
    expect(refusalOf(await requestPlan(world.context, { schedule: 'none' })).code).toBe('not_found');
    const large: PlanTools = {
      holidayCalendar,
      planner: () => Promise.reject(new RangeError('Too many turns. Plan fewer.')),
    };
    const id = await ask(1);
    expect(await run(large)).toMatchObject([{ end: 'refused', reason: 'plan/too-large' }]);
    expect((await read(id)).refusal).toEqual({
      code: 'limit',
      reason: 'plan/too-large',
      message: 'Too many turns. Plan fewer.',
    });
  });

  it('is made anew where another one came into force meanwhile', async () => {
    await planAll(world);
    const draft = await ask(1);
    await run();
    const { version } = await read(draft);
    const id = await ask(2);
    let makings = 0;
    const tools: PlanTools = {
      holidayCalendar,
      planner: async (problems) => {
        makings += 1;
        const outcome = await TOOLS.planner(problems);
        if (makings === 1)
          accepted(await publishPlan(world.context, { schedule: 'duty', version: version ?? 0 }));
        return outcome;
      },
    };
    expect(await run(tools)).toMatchObject([{ id, end: 'done' }]);
    expect(makings).toBe(2);
    accepted(await publishPlan(world.context, { schedule: 'duty', version: (await read(id)).version ?? 0 }));
  });
});

describe('a planner that dies', () => {
  it('leaves its job to another one when its lease has run out, and what it says afterwards counts no more', async () => {
    const id = await ask(1);
    const dead = await claimPlanJob(world.database, { token: 'dead', leaseMs: 300 });
    if (dead === null) throw new Error('there is no job');
    expect(await run()).toEqual([]);
    await eventually('the lease to run out', async () => (await run()).length > 0);
    const row = await read(id);
    expect(row).toMatchObject({ state: 'done', attempts: 2 });
    const late = await world.database.transaction((tx) =>
      finishPlanJob(tx, dead, { id: row.plan ?? '', version: 99, made: true }),
    );
    expect([late, (await read(id)).version]).toEqual([false, row.version]);
    expect(await countPlans()).toBe(1);
  });

  it('is not followed by more than two others', async () => {
    const id = await ask(1);
    for (let deaths = 0; deaths < 3; deaths += 1) {
      await eventually('the lease to run out', async () => {
        return (await claimPlanJob(world.database, { token: `dead ${deaths}`, leaseMs: 20 })) !== null;
      });
    }
    await eventually('the job to be given up', async () => (await run()).length > 0);
    expect(await read(id)).toMatchObject({ state: 'refused', refusal: { reason: 'plan/planner-failed' } });
    expect(await countPlans()).toBe(0);
  });

  it('in its thread is told as a refusal, for want of memory and of anything else', async () => {
    const starved = startPlanner({ budgetMs: 60_000, memoryMb: 4 });
    const id = await ask(1);
    await run({ holidayCalendar, planner: starved.planner });
    const { refusal } = await read(id);
    expect(['plan/too-large', 'plan/planner-failed']).toContain(refusal?.reason);
    await starved.close();
    const broken: PlanTools = {
      holidayCalendar,
      planner: () => Promise.reject(new PlannerFailedError('The planner broke.')),
    };
    const other = await ask(2);
    await run(broken);
    expect((await read(other)).refusal).toMatchObject({ reason: 'plan/planner-failed' });
  });

  it('because its process is told to stop gives the job back at once', async () => {
    const id = await ask(1);
    const thread = startPlanner({ budgetMs: 60_000 });
    const running = run({ holidayCalendar, planner: thread.planner });
    await eventually('the job to be taken up', async () => (await read(id)).state === 'running');
    await thread.close();
    await expect(running).rejects.toThrow('closed');
    expect(await read(id)).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(await run()).toMatchObject([{ id, end: 'done' }]);
  });
});

describe('a scheduler that is killed over a plan', () => {
  const running: ServiceProcess[] = [];
  afterEach(() => Promise.all(running.splice(0).map((service) => service.end('SIGKILL'))));
  const spawn = (): ServiceProcess => {
    const service = spawnService('scheduler', { DATABASE_URL: world.database.connectionString });
    running.push(service);
    return service;
  };

  it('loses nothing: another one makes the plan, once', async () => {
    const first = spawn();
    await eventually('the first plan', async () => (await countPlans()) === 1, 60_000);
    const id = await ask(1);
    await eventually('the job to be taken up', async () => (await read(id)).state !== 'waiting');
    expect(await first.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    expect((await read(id)).state).toBe('running');
    spawn();
    await eventually('the plan', async () => (await read(id)).finishedAt !== null, 60_000);
    expect(await read(id)).toMatchObject({ state: 'done', made: true, attempts: 2 });
    expect(await countPlans()).toBe(2);
  }, 150_000);
});
