import { createHash } from 'node:crypto';
import { hashSecret, looksLikeFeedSecret } from '@watchbill/commands';
import { DAY_MS } from '@watchbill/core';
import { feedShifts, findFeedByHash } from '@watchbill/database';
import { z } from 'zod';
import type { Api, ApiContext } from '../context.ts';
import { calendarText } from '../feed/calendar.ts';
import { matchesNone } from '../http/etag.ts';
import { ApiError } from '../http/problem.ts';
import { refusals } from '../schemas/problem-schema.ts';

/** How far back a calendar goes. */
const PAST_MS = 90 * DAY_MS;
const MAX_SHIFTS = 10_000;
const SUFFIX = '.ics';

/** The calendars themselves. The secret in the address is the only key. */
export function addFeedRoutes(app: Api, { database, clock }: ApiContext): void {
  app.get(
    '/feeds/:file',
    {
      schema: {
        operationId: 'readFeed',
        summary: 'A calendar of shifts (iCalendar)',
        description:
          'The last 90 days and as far ahead as shifts are stored. Cancelled shifts stay, as cancelled.',
        tags: ['access'],
        security: [],
        querystring: z.strictObject({}),
        params: z.strictObject({ file: z.string().max(100).describe('The secret, and `.ics`.') }),
        response: {
          200: { description: 'An iCalendar file.', content: { 'text/calendar': { schema: z.string() } } },
          304: z.undefined(),
          ...refusals(404),
        },
      },
    },
    async (request, reply) => {
      const { file } = request.params;
      const secret = file.endsWith(SUFFIX) ? file.slice(0, -SUFFIX.length) : '';
      // A secret of the wrong form is looked up all the same, so that every miss takes the same way.
      const row = await findFeedByHash(database, hashSecret(secret));
      if (row === null || !looksLikeFeedSecret(secret)) {
        throw new ApiError(404, 'feed/not-found', 'There is no calendar at this address.');
      }
      const shifts = await feedShifts(database, row, { from: clock.now() - PAST_MS, limit: MAX_SHIFTS });
      const text = calendarText(row, shifts);
      const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
      void reply.header('etag', etag).header('cache-control', 'private, max-age=300');
      if (matchesNone(request, etag)) return reply.code(304).send();
      return reply.type('text/calendar; charset=utf-8').send(text);
    },
  );
}
