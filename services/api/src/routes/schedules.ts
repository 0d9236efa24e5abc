import { applyConfiguration, retireSchedule } from '@watchbill/commands';
import { configSchema } from '@watchbill/config';
import { DAY_MS, LAST_INSTANT, timelineJson } from '@watchbill/core';
import {
  fileOverrides,
  findScheduleDetail,
  findScheduleSummary,
  isoInstant,
  pageGaps,
  pageSchedules,
  type ScheduleSummaryRow,
  type StoredGapRow,
} from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import { appliedJson } from '../configuration/applied.ts';
import { draftOfSchedule } from '../configuration/one-schedule.ts';
import { withOverrides } from '../configuration/stored-model.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { etagOf, matchesNone, writeCondition } from '../http/etag.ts';
import { found } from '../http/not-found.ts';
import { ApiError } from '../http/problem.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { component, flag, id } from '../schemas/scalars.ts';
import {
  appliedConfiguration,
  applyQuery,
  gapPage,
  scheduleDetail,
  schedulePage,
} from '../schemas/schedule-schema.ts';
import { MAX_TIMELINE_DAYS, timeline, windowQuery } from '../schemas/timeline-schema.ts';
import { readTimeline } from '../timeline/resolve-stored.ts';
import { isoOrNull } from './iso.ts';

const tags = ['schedules'];
const params = z.strictObject({ schedule: id });
const definition = component('ScheduleDefinition', configSchema.shape.schedules.unwrap().element);
const preconditions = z.looseObject({
  'if-match': z.string().max(100).optional().describe('The ETag that you have read.'),
  'if-none-match': z.string().max(1000).optional().describe('`*` to create.'),
});

function summaryJson(row: ScheduleSummaryRow) {
  return {
    id: row.id,
    team: row.team,
    timeZone: row.timeZone,
    revision: row.revision,
    horizonUntil: isoOrNull(row.horizonUntil),
    retiredAt: isoOrNull(row.retiredAt),
    createdAt: isoInstant(row.createdAt),
    updatedAt: isoInstant(row.updatedAt),
  };
}

function gapJson({ startsAt, endsAt, foundAt, closedAt, ...row }: StoredGapRow) {
  const times = { start: isoInstant(startsAt), end: isoInstant(endsAt), foundAt: isoInstant(foundAt) };
  return { ...row, ...times, closedAt: isoOrNull(closedAt) };
}

/** Schedules: list and read. */
export function addScheduleRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/v1/schedules',
    guarded('schedules:read', {
      operationId: 'listSchedules',
      summary: 'List schedules',
      tags,
      querystring: z.strictObject({ ...pageQuery, retired: flag.optional().describe('Also retired ones.') }),
      response: { 200: schedulePage, ...refusals() },
    }),
    async ({ query: { limit, cursor, retired = false } }) => {
      const [after] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [''];
      const rows = await pageSchedules(database, { after, limit: limit + 1, retired });
      return pageOf(rows, limit, { item: summaryJson, key: (row) => [row.id] });
    },
  );
  app.get(
    '/v1/schedules/:schedule',
    guarded('schedules:read', {
      operationId: 'getSchedule',
      summary: 'One schedule with its definition',
      description: 'The ETag is its revision; send it as If-None-Match to hear only of changes.',
      tags,
      params,
      response: { 200: scheduleDetail, 304: z.undefined(), ...refusals(404) },
    }),
    async (request, reply) => {
      const row = found(await findScheduleDetail(database, request.params.schedule), 'schedule');
      const etag = etagOf(row.revision);
      void reply.header('etag', etag);
      if (matchesNone(request, etag)) return reply.code(304).send();
      const overrides = await fileOverrides(database, row.id);
      return {
        ...summaryJson(row),
        effectiveAt: isoInstant(row.effectiveAt),
        definition: withOverrides(row.definition, overrides),
      };
    },
  );
}

/** Changing one schedule, on the condition that nobody else did meanwhile. */
export function addScheduleWriteRoutes(app: Api, context: ApiContext): void {
  const { database, onCall } = context;

  app.put(
    '/v1/schedules/:schedule',
    guarded('schedules:write', {
      operationId: 'putSchedule',
      summary: 'Create or change one schedule',
      description:
        'Send If-Match with the ETag you have read, or If-None-Match: * to create. The change takes effect now, or at `effectiveAt`; until then, and in the past, everything stays as it was.',
      tags,
      params,
      headers: preconditions,
      querystring: z.strictObject(applyQuery),
      body: definition,
      response: { 200: appliedConfiguration, ...refusals(404, 409, 412, 413, 415, 422, 428) },
    }),
    async (request, reply) => {
      const { schedule } = request.params;
      const { dryRun = false, effectiveAt } = request.query;
      const condition = writeCondition(request);
      if (request.body.id !== schedule) {
        throw new ApiError(
          422,
          'schedule/other-id',
          `The body is the schedule "${request.body.id}", not the one of the address.`,
          {
            errors: [{ pointer: '#/id', detail: `Write "${schedule}" here, or send it to its own address.` }],
          },
        );
      }
      const input = {
        configuration: await draftOfSchedule(database, request.body),
        source: `api: ${schedule}`,
        ...{ dryRun, effectiveAt },
        expectedRevisions: { [schedule]: condition.kind === 'absent' ? 0 : condition.revision },
      };
      const value = valueFrom(await applyConfiguration(commandContext(context, request), input), reply);
      if (!dryRun) onCall.forget(schedule);
      const revision = value.schedules.find((entry) => entry.id === schedule)?.revision;
      if (revision !== undefined) void reply.header('etag', etagOf(revision));
      return appliedJson(value, dryRun);
    },
  );
  app.delete(
    '/v1/schedules/:schedule',
    guarded('schedules:write', {
      operationId: 'retireSchedule',
      summary: 'Retire a schedule: its past stays, its future is cancelled',
      tags,
      params,
      response: { 204: z.undefined(), ...refusals(404, 409, 422) },
    }),
    async (request, reply) => {
      const { schedule } = request.params;
      valueFrom(await retireSchedule(commandContext(context, request), { schedule }), reply);
      onCall.forget(schedule);
      return reply.code(204).send();
    },
  );
}

/** What is known of the time of a schedule: its timeline and its gaps. */
export function addTimelineRoutes(app: Api, { database, clock }: ApiContext): void {
  app.get(
    '/v1/schedules/:schedule/timeline',
    guarded('schedules:read', {
      operationId: 'timeline',
      summary: 'Who is on call when, and the gaps',
      description: 'As stored up to the horizon, the past included; beyond it as the schedule would resolve.',
      tags,
      params,
      querystring: windowQuery,
      response: { 200: timeline, ...refusals(404, 422) },
    }),
    async ({ params: { schedule }, query: { from, to } }) => {
      if (from >= to || to - from > MAX_TIMELINE_DAYS * DAY_MS) {
        throw new ApiError(
          400,
          'query/invalid',
          `A window ends after it starts, at most ${MAX_TIMELINE_DAYS} days later.`,
          {
            errors: [{ parameter: 'to', detail: 'Choose a later or nearer end.' }],
          },
        );
      }
      const row = found(await findScheduleSummary(database, schedule), 'schedule');
      const { shifts, gaps, ...rest } = timelineJson(await readTimeline(database, row, { from, to }));
      return { ...rest, shifts: [...shifts], gaps: [...gaps] };
    },
  );
  app.get(
    '/v1/schedules/:schedule/gaps',
    guarded('schedules:read', {
      operationId: 'listGaps',
      summary: 'Open gaps in coverage from now on, soonest first',
      tags,
      params,
      querystring: z.strictObject(pageQuery),
      response: { 200: gapPage, ...refusals(404) },
    }),
    async ({ params: { schedule }, query: { limit, cursor } }) => {
      found(await findScheduleSummary(database, schedule), 'schedule');
      const key = decodeCursor(cursor, z.tuple([z.int().min(0).max(LAST_INSTANT), z.string().max(64)]));
      const after = key === null ? { startsAt: 0, id: '' } : { startsAt: key[0], id: key[1] };
      const rows = await pageGaps(database, { schedule, from: clock.now(), after, limit: limit + 1 });
      return pageOf(rows, limit, { item: gapJson, key: (row) => [row.startsAt, row.id] });
    },
  );
}
