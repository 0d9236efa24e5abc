import { explainTurns, readFairness } from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import { DAY_MS } from '@watchbill/core';
import { findScheduleSummary, isoInstant } from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { found } from '../http/not-found.ts';
import { ApiError } from '../http/problem.ts';
import { explainQuery, explanation, fairness } from '../schemas/plan-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id } from '../schemas/scalars.ts';
import { MAX_TIMELINE_DAYS, windowQuery } from '../schemas/timeline-schema.ts';

const tags = ['plans'];
const params = z.strictObject({ schedule: id });

/** Why somebody is on call, and how fairly the load is shared. */
export function addFairnessRoutes(app: Api, { database, clock, planning }: ApiContext): void {
  app.get(
    '/v1/schedules/:schedule/explain',
    guarded('schedules:read', {
      operationId: 'explainTurns',
      summary: 'Why those who are planned at an instant are, and what it would cost with others',
      description:
        'By the plan in force, with what others stand by overrides. No turns: no fair rotation plans anybody then.',
      tags,
      params,
      querystring: explainQuery,
      response: { 200: explanation, ...refusals(404, 422) },
    }),
    async ({ params: { schedule }, query: { at = clock.now(), role = null } }) => {
      found(await findScheduleSummary(database, schedule), 'schedule');
      const turns = await withinLimits(() => explainTurns(database, { schedule, at, role }, planning));
      return {
        at: isoInstant(at),
        turns: turns.map(({ start, end, candidates, refused, covered, ...turn }) => ({
          ...turn,
          start: isoInstant(start),
          end: isoInstant(end),
          candidates: candidates.map((candidate) => ({ ...candidate })),
          refused: refused.map((refusal) => ({ ...refusal })),
          covered: covered.map(({ start, end, ...part }) => {
            return { ...part, start: isoInstant(start), end: isoInstant(end) };
          }),
        })),
      };
    },
  );
  app.get(
    '/v1/schedules/:schedule/fairness',
    guarded('schedules:read', {
      operationId: 'getFairness',
      summary: 'What each person stands in a window, and how far that is from fair',
      description: 'By the stored shifts of all rotations, after overrides, weighed by local time.',
      tags,
      params,
      querystring: windowQuery,
      response: { 200: fairness, ...refusals(404, 422) },
    }),
    async ({ params: { schedule }, query: { from, to } }) => {
      if (from >= to) throw new ApiError(400, 'query/invalid', 'from must be before to.');
      if (to - from > MAX_TIMELINE_DAYS * DAY_MS) {
        const told = `At most ${MAX_TIMELINE_DAYS} days at once. Ask for a shorter window.`;
        throw new ApiError(400, 'query/invalid', told);
      }
      const tools = { holidayCalendar };
      const report = await withinLimits(() => readFairness(database, { schedule, from, to }, tools));
      const { people, spread } = found(report, 'schedule');
      return {
        ...{ schedule, from: isoInstant(from), to: isoInstant(to), spread },
        people: people.map((line) => ({ ...line })),
      };
    },
  );
}

/** What is too large is for whoever asked to mend. */
async function withinLimits<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ApiError(422, 'limit/plan', error.message);
  }
}
