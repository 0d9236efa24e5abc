import { type CommandError, requestPlan } from '@watchbill/commands';
import { findPlanJob, findScheduleSummary, isoInstant, type PlanJobRow } from '@watchbill/database';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { found } from '../http/not-found.ts';
import { preferenceOf } from '../http/prefer.ts';
import { commandRefusal } from '../http/problem.ts';
import { newPlan, planDetail, planJob } from '../schemas/plan-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';
import { planDetailJson } from './plans.ts';

const tags = ['plans'];
/** How long a request waits for its plan, unless it says how long. */
const WAIT_MS = 5_000;
/** And at most. */
const MAX_WAIT_MS = 25_000;
/** When to ask again how far a job is, in seconds. */
const ASK_AGAIN_S = '1';

function jobJson(row: PlanJobRow): z.output<typeof planJob> {
  const { schedule, state, stage, progress, plan, version, made, refusal, requestedBy } = row;
  const href = `/v1/schedules/${schedule}/plans/${version}`;
  return {
    ...{ id: row.id, schedule, state, stage, progress, requestedBy },
    plan: version === null ? null : { id: plan, version, made: made === true, href },
    refusal: refusal === null ? null : { code: refusal.reason, detail: refusal.message },
    requestedAt: isoInstant(row.requestedAt),
    startedAt: isoOrNull(row.startedAt),
    finishedAt: isoOrNull(row.finishedAt),
  };
}

function answerWithJob(row: PlanJobRow, reply: FastifyReply): z.output<typeof planJob> {
  if (row.finishedAt === null) void reply.header('retry-after', ASK_AGAIN_S);
  return jobJson(row);
}

/** Making plans: long work, which goes on whatever becomes of the request. */
export function addPlanJobRoutes(app: Api, context: ApiContext): void {
  const { database, planJobs } = context;
  app.post(
    '/v1/schedules/:schedule/plans',
    guarded('plans:write', {
      operationId: 'createPlan',
      summary: 'Make a plan as a draft; nobody is on call by it until it is published',
      description:
        'The same input gives the same plan: then the answer is 200 with the one that is there. A plan that takes longer than 5 seconds (`Prefer: wait=…`, up to 25), or `Prefer: respond-async`, is answered with 202 and a job.',
      tags,
      params: z.strictObject({ schedule: id }),
      body: newPlan,
      response: { 200: planDetail, 201: planDetail, 202: planJob, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { schedule } = request.params;
      found(await findScheduleSummary(database, schedule), 'schedule');
      const { async: asked = false, ...wish } = request.body;
      const preference = preferenceOf(request);
      const isAsync = asked || preference.async;
      const input = { schedule, ...wish };
      const { id: job } = valueFrom(await requestPlan(commandContext(context, request), input), reply);
      const waitMs = isAsync ? 0 : Math.min(preference.waitMs ?? WAIT_MS, MAX_WAIT_MS);
      const row = found(await planJobs.wait(job, waitMs), 'plan-job');
      if (row.refusal !== null && !isAsync) throw commandRefusal(row.refusal as CommandError);
      if (row.plan === null || row.version === null || isAsync) {
        if (preference.async) void reply.header('preference-applied', 'respond-async');
        void reply.code(202).header('location', `/v1/plan-jobs/${job}`);
        return answerWithJob(row, reply);
      }
      void reply.code(row.made === true ? 201 : 200);
      void reply.header('location', `/v1/schedules/${schedule}/plans/${row.version}`);
      return planDetailJson(database, schedule, row.version);
    },
  );
  app.get(
    '/v1/plan-jobs/:job',
    guarded('schedules:read', {
      operationId: 'getPlanJob',
      summary: 'How far a plan is that somebody asked for, and what came of it',
      description: 'A job is kept for a week after its end.',
      tags,
      params: z.strictObject({ job: z.string().min(1).max(64) }),
      response: { 200: planJob, ...refusals(404) },
    }),
    async ({ params }, reply) =>
      answerWithJob(found(await findPlanJob(database, params.job), 'plan-job'), reply),
  );
}
