import { cancelOverride, createOverride } from '@watchbill/commands';
import {
  findScheduleSummary,
  findStoredOverride,
  isoInstant,
  pageOverrides,
  type StoredOverrideRow,
} from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import { newOverride, override, overridePage } from '../schemas/override-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { flag, id } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const tags = ['schedules'];
const params = z.strictObject({ schedule: id });

function overrideJson({ sequence: _sequence, startsAt, endsAt, ...row }: StoredOverrideRow) {
  return {
    ...row,
    people: [...row.people],
    start: isoInstant(startsAt),
    end: isoInstant(endsAt),
    createdAt: isoInstant(row.createdAt),
    cancelledAt: isoOrNull(row.cancelledAt),
  };
}

/** Overrides of a schedule: list, make, cancel. */
export function addOverrideRoutes(app: Api, context: ApiContext): void {
  const { database, onCall } = context;

  app.get(
    '/v1/schedules/:schedule/overrides',
    guarded('schedules:read', {
      operationId: 'listOverrides',
      summary: 'List the overrides of a schedule in the order of their making',
      tags,
      params,
      querystring: z.strictObject({
        ...pageQuery,
        cancelled: flag.optional().describe('Also cancelled ones.'),
      }),
      response: { 200: overridePage, ...refusals(404) },
    }),
    async ({ params: { schedule }, query: { limit, cursor, cancelled = false } }) => {
      found(await findScheduleSummary(database, schedule), 'schedule');
      const [after] = decodeCursor(cursor, z.tuple([z.int().min(0)])) ?? [0];
      const rows = await pageOverrides(database, { schedule, after, limit: limit + 1, cancelled });
      return pageOf(rows, limit, { item: overrideJson, key: (row) => [row.sequence] });
    },
  );
  app.post(
    '/v1/schedules/:schedule/overrides',
    guarded('overrides:write', {
      operationId: 'createOverride',
      summary: 'Change who is on call for a while',
      tags,
      params,
      body: newOverride,
      response: { 201: override, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { schedule } = request.params;
      const { role, replaces, reason, ...rest } = request.body;
      const input = {
        schedule,
        ...rest,
        ...(role !== undefined && { role }),
        ...(replaces !== undefined && { replaces }),
        ...(reason !== undefined && { reason }),
      };
      const value = valueFrom(await createOverride(commandContext(context, request), input), reply);
      onCall.forget(schedule);
      const row = found(await findStoredOverride(database, schedule, value.id), 'override');
      void reply.code(201).header('location', `/v1/schedules/${schedule}/overrides/${row.id}`);
      return overrideJson(row);
    },
  );
  app.delete(
    '/v1/schedules/:schedule/overrides/:override',
    guarded('overrides:write', {
      operationId: 'cancelOverride',
      summary: 'Cancel an override; what is past stays as it was',
      tags,
      params: z.strictObject({ schedule: id, override: id }),
      response: { 200: override, ...refusals(404, 409, 422) },
    }),
    async (request, reply) => {
      const { schedule, override: overrideId } = request.params;
      const input = { schedule, override: overrideId };
      valueFrom(await cancelOverride(commandContext(context, request), input), reply);
      onCall.forget(schedule);
      return overrideJson(found(await findStoredOverride(database, schedule, overrideId), 'override'));
    },
  );
}
