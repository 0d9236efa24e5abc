import { formatInstant, type Instant } from '@watchbill/core';
import { findScheduleSummary, onCallRows, pageSchedules, type ScheduleSummaryRow } from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import { sendText } from '../http/send-text.ts';
import { shapeRefusal } from '../http/validation.ts';
import { entryText, whoEntry } from '../on-call/who.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { onCall, onCallQuery } from '../schemas/timeline-schema.ts';
import { resolvedEntry } from '../timeline/resolve-stored.ts';

const DEFAULT_PAGE = 50;
const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * "Who is on call now" is asked far more often than everything else together: for one schedule and no other parameter
 * the answer comes from memory, without any check by schema and without a database.
 */
export function addOnCallRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/on-call',
    {
      ...guarded('schedules:read', {
        operationId: 'onCall',
        summary: 'Who is on call, and who is next',
        description:
          'Now and in the past: as stored, at most as old as the notices of changes take. Beyond the stored horizon: as the schedule would resolve.',
        tags: ['on-call'],
        querystring: onCallQuery,
        response: {
          200: { description: 'Who is on call.', content: { 'application/json': { schema: onCall } } },
          ...refusals(404),
        },
      }),
      // The slow way below checks by the same schema; the fast way needs no check.
      validatorCompiler: () => (data: unknown) => ({ value: data }),
    },
    (request, reply) => {
      const query = request.query as Readonly<Record<string, unknown>>;
      const { schedule } = query;
      if (typeof schedule === 'string') {
        const now = context.clock.now();
        const known = context.onCall.recall(schedule, now);
        if (known !== undefined && isOnlyKey(query)) {
          sendText(reply, JSON_TYPE, bodyOf(now, known));
          return;
        }
      }
      const checked = onCallQuery.safeParse(query);
      if (!checked.success) throw shapeRefusal(checked.error.issues, 'querystring');
      answer(context, checked.data).then(
        (body) => sendText(reply, JSON_TYPE, body),
        (error: unknown) => void reply.send(error as never),
      );
    },
  );
}

function isOnlyKey(query: object): boolean {
  let count = 0;
  for (const _key in query) count += 1;
  return count === 1;
}

function bodyOf(at: Instant, entries: string, rest = ''): string {
  return `{"at":"${formatInstant(at)}","schedules":[${entries}]${rest}}`;
}

async function answer(context: ApiContext, query: z.output<typeof onCallQuery>): Promise<string> {
  const now = context.clock.now();
  if (query.schedule === undefined) return answerAll(context, query.at ?? now, query);
  if (query.at !== undefined) {
    const row = found(await findScheduleSummary(context.database, query.schedule), 'schedule');
    return bodyOf(query.at, (await entriesAt(context, [row], query.at)).join(','));
  }
  const loaded = found(await context.onCall.load(query.schedule), 'schedule');
  return bodyOf(now, loaded);
}

async function answerAll(
  context: ApiContext,
  at: Instant,
  { limit = DEFAULT_PAGE, cursor }: z.output<typeof onCallQuery>,
): Promise<string> {
  const [after] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [''];
  const rows = await pageSchedules(context.database, { after, limit: limit + 1, retired: false });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const nextCursor = last === undefined ? null : encodeCursor([last.id]);
  const entries = await entriesAt(context, page, at);
  return bodyOf(at, entries.join(','), `,"nextCursor":${JSON.stringify(nextCursor)}`);
}

/** Each schedule's part of the body: from stored shifts where the instant is within them, else resolved. */
async function entriesAt(
  context: ApiContext,
  rows: readonly ScheduleSummaryRow[],
  at: Instant,
): Promise<string[]> {
  const stored = rows.filter(
    (row) => row.retiredAt !== null || row.horizonUntil === null || at < row.horizonUntil,
  );
  const ids = new Set(stored.map((row) => row.id));
  const shifts = ids.size === 0 ? [] : await onCallRows(context.database, [...ids], at);
  const texts: string[] = [];
  for (const row of rows) {
    const entry = ids.has(row.id)
      ? whoEntry(row.id, shifts)
      : await resolvedEntry(context.database, row.id, at);
    texts.push(entryText(entry));
  }
  return texts;
}
