import { loadSchedule, readFairness } from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import { DAY_MS, factSheetMarkdown, factSheetOf } from '@watchbill/core';
import { findScheduleDetail, readPeople } from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { found } from '../http/not-found.ts';
import { ApiError } from '../http/problem.ts';
import { sendText } from '../http/send-text.ts';
import { factSheet } from '../schemas/fact-sheet-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id } from '../schemas/scalars.ts';

/** A quarter ahead: what whoever joins now can expect. */
const AHEAD_MS = 13 * 7 * DAY_MS;

/** A rotation in a few figures. */
export function addFactSheetRoutes(app: Api, { database, clock }: ApiContext): void {
  app.get(
    '/v1/schedules/:schedule/fact-sheet',
    guarded('schedules:read', {
      operationId: 'getFactSheet',
      summary: 'A schedule in a few figures: what it covers, who takes part, how often one is on call',
      description:
        'By the shifts of the next 13 weeks. With `Accept: text/markdown` the same as a page of Markdown.',
      tags: ['schedules'],
      params: z.strictObject({ schedule: id }),
      response: {
        200: {
          description: 'The fact sheet.',
          content: { 'application/json': { schema: factSheet }, 'text/markdown': { schema: z.string() } },
        },
        ...refusals(404, 422),
      },
    }),
    async (request, reply) => {
      const { schedule: scheduleId } = request.params;
      const row = found(await findScheduleDetail(database, scheduleId), 'schedule');
      const schedule = found(await loadSchedule(database, scheduleId), 'schedule');
      const from = clock.now();
      const window = { start: from, end: from + AHEAD_MS };
      const want = { schedule: scheduleId, from, to: window.end };
      const stood = found(
        await withinLimits(() => readFairness(database, want, { holidayCalendar })),
        'schedule',
      );
      const people = await readPeople(
        database,
        stood.people.map(({ person }) => person),
      );
      const names = new Map(people.map((person) => [person.id, person.name]));
      const sheet = factSheetOf({ schedule, window, names, stood: stood.people });
      const { name = scheduleId } = row.definition as { readonly name?: string };
      void reply.header('vary', 'accept');
      if (request.headers.accept?.includes('text/markdown') === true) {
        return sendText(reply, 'text/markdown; charset=utf-8', factSheetMarkdown(sheet, name));
      }
      return reply
        .type('application/json; charset=utf-8')
        .send({ ...sheet, name, roles: [...sheet.roles], people: sheet.people.map((one) => ({ ...one })) });
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
