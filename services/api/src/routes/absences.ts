import { cancelAbsence, enterAbsence } from '@watchbill/commands';
import {
  type AbsenceRow,
  absenceFeedStatus,
  findAbsence,
  findPersonSummary,
  isoInstant,
  pageAbsences,
} from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import { absence, absenceFeed, absencePage, newAbsence } from '../schemas/absence-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { flag, id, madeId } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const tags = ['people'];
const params = z.strictObject({ person: id });

function absenceJson({ startsAt, endsAt, ...row }: AbsenceRow) {
  return {
    ...row,
    start: isoInstant(startsAt),
    end: isoInstant(endsAt),
    createdAt: isoInstant(row.createdAt),
    cancelledAt: isoOrNull(row.cancelledAt),
  };
}

/** Absences of a person that do not stand in the configuration, and the calendar they come from. */
export function addAbsenceRoutes(app: Api, context: ApiContext): void {
  const { database } = context;
  app.get(
    '/v1/people/:person/absences',
    guarded('people:read', {
      operationId: 'listAbsences',
      summary: 'List the absences of a person that were entered, in the order of their making',
      tags,
      params,
      querystring: z.strictObject({
        ...pageQuery,
        cancelled: flag.optional().describe('Also cancelled ones.'),
      }),
      response: { 200: absencePage, ...refusals(404) },
    }),
    async ({ params: { person }, query: { limit, cursor, cancelled = false } }) => {
      found(await findPersonSummary(database, person), 'person');
      const [after] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [''];
      const rows = await pageAbsences(database, { person, after, limit: limit + 1, cancelled });
      return pageOf(rows, limit, { item: absenceJson, key: (row) => [row.id] });
    },
  );
  app.get(
    '/v1/people/:person/absence-feed',
    guarded('people:read', {
      operationId: 'getAbsenceFeed',
      summary: 'What came of the calendar of a person’s absences (`unavailableFeed`)',
      description: 'Its address is shown to nobody: it may be a secret. 404 for a person without one.',
      tags,
      params,
      response: { 200: absenceFeed, ...refusals(404) },
    }),
    async ({ params: { person } }) => {
      found(await findPersonSummary(database, person), 'person');
      const { polledAt, readAt, nextPollAt, ...row } = found(
        await absenceFeedStatus(database, person),
        'absence-feed',
      );
      return {
        ...row,
        polledAt: isoOrNull(polledAt),
        readAt: isoOrNull(readAt),
        nextPollAt: isoOrNull(nextPollAt),
      };
    },
  );
}

/** Enter an absence, and take one back. */
export function addAbsenceWriteRoutes(app: Api, context: ApiContext): void {
  const { database } = context;
  app.post(
    '/v1/people/:person/absences',
    guarded('absences:write', {
      operationId: 'enterAbsence',
      summary: 'Say when a person cannot be on call',
      description:
        'The plans that the person stands in are made again within moments, with as few changes as can be.',
      tags,
      params,
      body: newAbsence,
      response: { 201: absence, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { person } = request.params;
      const { start, end, reason } = request.body;
      const input = { person, start, end, ...(reason !== undefined && { reason }) };
      const value = valueFrom(await enterAbsence(commandContext(context, request), input), reply);
      const row = found(await findAbsence(database, person, value.id), 'absence');
      void reply.code(201).header('location', `/v1/people/${person}/absences/${row.id}`);
      return absenceJson(row);
    },
  );
  app.delete(
    '/v1/people/:person/absences/:absence',
    guarded('absences:write', {
      operationId: 'cancelAbsence',
      summary: 'Take an absence back; turns that others got meanwhile stay with them',
      tags,
      params: z.strictObject({ person: id, absence: madeId('abs') }),
      response: { 200: absence, ...refusals(404, 409, 422) },
    }),
    async (request, reply) => {
      const { person, absence: absenceId } = request.params;
      const input = { person, absence: absenceId };
      valueFrom(await cancelAbsence(commandContext(context, request), input), reply);
      return absenceJson(found(await findAbsence(database, person, absenceId), 'absence'));
    },
  );
}
