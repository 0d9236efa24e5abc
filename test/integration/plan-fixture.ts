import { makePlanHere, type PlanTools, planRequested, runPlanJobs } from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import type { ScheduleDraft } from '@watchbill/core';
import { HORIZON, type World } from './apply-fixture.ts';

/** Plans in this thread, with a tenth of the search: these tests ask what becomes of plans, not how fair they can be. */
export const TOOLS: PlanTools = {
  planner: (problems, progress) => makePlanHere(problems, progress, { effort: 0.1 }),
  holidayCalendar,
};

/** Days and nights round the clock, shared fairly by the first five; two turns a day. */
export function fairly(id: string, changes: Partial<ScheduleDraft> = {}): ScheduleDraft {
  return {
    id,
    timeZone: 'Europe/London',
    rotations: [
      {
        id: 'duty',
        strategy: 'fair',
        roster: ['ann', 'ben', 'cleo', 'dev', 'eve'],
        handoffs: ['09:00', '21:00'],
        constraints: { restHours: 11 },
      },
    ],
    ...changes,
  };
}

/** Plans all that waits for it, as the scheduler does. */
export async function planAll(world: Pick<World, 'database'>) {
  const result = await planRequested(world.database, TOOLS, { horizon: HORIZON });
  if (result.failed.length > 0) throw new Error(`not planned: ${JSON.stringify(result.failed)}`);
  return result.planned;
}

/** Makes the plans that are asked for until it is stopped, as the scheduler does. */
export function answerPlanJobs(world: Pick<World, 'database'>): () => Promise<void> {
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      await runPlanJobs(world.database, TOOLS, { horizon: HORIZON });
      await new Promise((done) => setTimeout(done, 20));
    }
  })();
  return async () => {
    stopped = true;
    await running;
  };
}
