import { discardPlan, publishPlan } from '@watchbill/commands';
import {
  findPlan,
  findScheduleSummary,
  isoInstant,
  type PlanRow,
  pagePlans,
  type Queryable,
  schedulesOfPlan,
} from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import { planDetail, planPage, planVersion, publishedPlan } from '../schemas/plan-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const tags = ['plans'];
const params = z.strictObject({ schedule: id });
const planParams = z.strictObject({ schedule: id, version: planVersion });
const NEWEST = 2 ** 31 - 1;

function planJson(row: PlanRow & { readonly version: number }) {
  const { id, version, status, seed, engine, tzdata, inputHash, value, bound, reason, createdBy } = row;
  return {
    ...{ id, version, status, seed, engine, tzdata, inputHash, value, bound, reason, createdBy },
    from: isoInstant(row.startsAt),
    to: isoInstant(row.endsAt),
    createdAt: isoInstant(row.createdAt),
    publishedBy: row.publishedBy,
    publishedAt: isoOrNull(row.publishedAt),
  };
}

/** What stands in the columns and the file was checked before it was stored. */
export async function planDetailJson(queryable: Queryable, schedule: string, version: number) {
  const row = found(await findPlan(queryable, schedule, version), 'plan');
  const members = await schedulesOfPlan(queryable, row.id);
  const file = JSON.parse(row.file) as z.output<typeof planDetail>['file'];
  return {
    ...planJson({ ...row, version }),
    schedules: members.map((member) => ({ schedule: member.schedule, version: member.version })),
    difference: row.difference as z.output<typeof planDetail>['difference'],
    changes: row.changes.map((change) => ({ ...change })),
    gaps: file.gaps,
    file,
  };
}

/** Plans of fair rotations: list, read. */
export function addPlanRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/v1/schedules/:schedule/plans',
    guarded('schedules:read', {
      operationId: 'listPlans',
      summary: 'List the plans of a schedule, newest first',
      tags,
      params,
      querystring: z.strictObject(pageQuery),
      response: { 200: planPage, ...refusals(404) },
    }),
    async ({ params: { schedule }, query: { limit, cursor } }) => {
      found(await findScheduleSummary(database, schedule), 'schedule');
      const [before] = decodeCursor(cursor, z.tuple([z.int().min(0).max(NEWEST)])) ?? [NEWEST];
      const rows = await pagePlans(database, { schedule, before, limit: limit + 1 });
      return pageOf(rows, limit, { item: planJson, key: (row) => [row.version] });
    },
  );
  app.get(
    '/v1/schedules/:schedule/plans/:version',
    guarded('schedules:read', {
      operationId: 'getPlan',
      summary: 'One plan with its file, what it changes for whom, and its gaps with the reasons',
      tags,
      params: planParams,
      response: { 200: planDetail, ...refusals(404) },
    }),
    ({ params: { schedule, version } }) => planDetailJson(database, schedule, version),
  );
}

/** Publishing and discarding plans. */
export function addPlanWriteRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/schedules/:schedule/plans/:version/publish',
    guarded('plans:write', {
      operationId: 'publishPlan',
      summary: 'Publish a draft: from now on its turns count',
      tags,
      params: planParams,
      response: { 200: publishedPlan, ...refusals(404, 409, 422) },
    }),
    async (request, reply) => {
      const value = valueFrom(await publishPlan(commandContext(context, request), request.params), reply);
      for (const { schedule } of value.schedules) context.onCall.forget(schedule);
      return { ...value, schedules: value.schedules.map((entry) => ({ ...entry })) };
    },
  );
  app.post(
    '/v1/schedules/:schedule/plans/:version/discard',
    guarded('plans:write', {
      operationId: 'discardPlan',
      summary: 'Put a draft away',
      tags,
      params: planParams,
      response: { 200: z.object({ id: z.string() }), ...refusals(404, 409, 422) },
    }),
    async (request, reply) =>
      valueFrom(await discardPlan(commandContext(context, request), request.params), reply),
  );
}
