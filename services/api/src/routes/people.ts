import { DAY_MS, LAST_INSTANT } from '@watchbill/core';
import {
  findPersonSummary,
  isoInstant,
  pagePeople,
  pageShiftsOfPerson,
  type StoredShiftRow,
} from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import { ApiError } from '../http/problem.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id, instantInput } from '../schemas/scalars.ts';
import { person, personPage, shiftPage } from '../schemas/schedule-schema.ts';
import { personJson } from './person-json.ts';

const tags = ['people'];
const params = z.strictObject({ person: id });

export function shiftJson({ seat: _seat, startsAt, endsAt, ...row }: StoredShiftRow) {
  return { ...row, start: isoInstant(startsAt), end: isoInstant(endsAt) };
}

/** People as the configuration names them. */
export function addPeopleRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/v1/people',
    guarded('people:read', {
      operationId: 'listPeople',
      summary: 'List people',
      tags,
      querystring: z.strictObject(pageQuery),
      response: { 200: personPage, ...refusals() },
    }),
    async ({ query: { limit, cursor } }) => {
      const [after] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [''];
      const rows = await pagePeople(database, after, limit + 1);
      return pageOf(rows, limit, { item: personJson, key: (row) => [row.id] });
    },
  );
  app.get(
    '/v1/people/:person',
    guarded('people:read', {
      operationId: 'getPerson',
      summary: 'One person',
      tags,
      params,
      response: { 200: person, ...refusals(404) },
    }),
    async ({ params: { person: personId } }) =>
      personJson(found(await findPersonSummary(database, personId), 'person')),
  );
}

/** The shifts of a person over all schedules. */
export function addPersonShiftRoutes(app: Api, { database, clock }: ApiContext): void {
  app.get(
    '/v1/people/:person/shifts',
    guarded('people:read', {
      operationId: 'listShiftsOfPerson',
      summary: 'The stored shifts of a person, soonest end first',
      tags,
      params,
      querystring: z.strictObject({
        ...pageQuery,
        from: instantInput.optional().describe('Shifts that end after this. Default: now.'),
        to: instantInput
          .optional()
          .describe('Shifts that start before this. Default: as far as shifts are stored.'),
      }),
      response: { 200: shiftPage, ...refusals(404) },
    }),
    async ({
      params: { person: personId },
      query: { limit, cursor, from = clock.now(), to = LAST_INSTANT },
    }) => {
      if (from >= to) throw new ApiError(400, 'query/invalid', 'from must be before to.');
      found(await findPersonSummary(database, personId), 'person');
      const key = decodeCursor(
        cursor,
        z.tuple([
          z
            .int()
            .min(0)
            .max(LAST_INSTANT + 400 * DAY_MS),
          z.string().max(64),
        ]),
      );
      const after = key === null ? { endsAt: 0, id: '' } : { endsAt: key[0], id: key[1] };
      const rows = await pageShiftsOfPerson(database, {
        person: personId,
        from,
        to,
        after,
        limit: limit + 1,
      });
      return pageOf(rows, limit, { item: shiftJson, key: (row) => [row.endsAt, row.id] });
    },
  );
}
