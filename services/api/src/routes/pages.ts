import {
  acknowledgePage,
  type CommandResult,
  escalatePage,
  notePage,
  type PageAct,
  reassignPage,
  resolvePage,
  snoozePage,
  triggerPage,
} from '@watchbill/commands';
import { PAGE_STATES } from '@watchbill/core';
import { findPage, pageLog, pageMoment, pagePages } from '@watchbill/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf, guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import { ApiError } from '../http/problem.ts';
import {
  acted,
  newPage,
  pageAct,
  pageDetail,
  pageEscalation,
  pageNote,
  pageOfPages,
  pageReassignment,
  pageRef,
  pageSnooze,
  triggered,
} from '../schemas/page-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id } from '../schemas/scalars.ts';
import { pageDetailJson, pageJson } from './page-json.ts';

const tags = ['pages'];
const params = z.strictObject({ page: pageRef });
const MINUTE_MS = 60_000;

/** Pages: trigger, list, read. */
export function addPageRoutes(app: Api, context: ApiContext): void {
  const { database } = context;
  app.post(
    '/v1/pages',
    guarded('pages:write', {
      operationId: 'triggerPage',
      summary: 'Call for the attention of people',
      description:
        'The first step of the policy is fired before the answer is sent. While a page of the key is open, a signal only counts. 201 for a new page, 200 for one that is open already.',
      tags,
      body: newPage,
      response: { 200: triggered, 201: triggered, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const value = valueFrom(await triggerPage(commandContext(context, request), request.body), reply);
      const isNew = value.outcome === 'triggered';
      if (isNew) void reply.header('location', `/v1/pages/${value.page}`);
      void reply.code(isNew ? 201 : 200);
      return { ...value };
    },
  );
  app.get(
    '/v1/pages',
    guarded('pages:read', {
      operationId: 'listPages',
      summary: 'List pages, the newest first',
      tags,
      querystring: z.strictObject({
        ...pageQuery,
        state: z
          .union([z.enum(PAGE_STATES), z.array(z.enum(PAGE_STATES)).max(PAGE_STATES.length)])
          .optional()
          .describe('May be given several times. Default: all.'),
        schedule: id.optional(),
        person: id
          .optional()
          .describe('Those of which the person was told, that they acknowledged or that were given to them.'),
      }),
      response: { 200: pageOfPages, ...refusals() },
    }),
    async ({ query: { limit, cursor, state, schedule, person } }) => {
      const [after] = decodeCursor(cursor, z.tuple([z.int().min(0)])) ?? [null];
      const states = state === undefined ? null : [state].flat();
      const rows = await pagePages(database, {
        ...{ states, schedule: schedule ?? null, person: person ?? null, after, limit: limit + 1 },
      });
      return pageOf(rows, limit, { item: pageJson, key: (row) => [row.number] });
    },
  );
  app.get(
    '/v1/pages/:page',
    guarded('pages:read', {
      operationId: 'readPage',
      summary: 'A page: the steps it took, who was told, and what happened',
      tags,
      params,
      response: { 200: pageDetail, ...refusals(404) },
    }),
    async (request) => {
      const row = found(await findPage(database, request.params.page), 'page');
      return pageDetailJson(row, await pageLog(database, row.id));
    },
  );
}

/** What people and programs do to a page. */
export function addPageActRoutes(app: Api, context: ApiContext): void {
  for (const [verb, summary, command] of [
    ['acknowledge', 'Say that somebody takes care of it: nobody else is told', acknowledgePage],
    ['resolve', 'End it', resolvePage],
  ] as const) {
    app.post(
      `/v1/pages/:page/${verb}`,
      actRoute({ operationId: `${verb}Page`, summary, body: pageAct.optional() }),
      async (request, reply) => {
        const input = actOf(request, request.body ?? {});
        return actedJson(await command(commandContext(context, request), input), reply);
      },
    );
  }
  app.post(
    '/v1/pages/:page/escalate',
    actRoute({
      operationId: 'escalatePage',
      summary: 'Fire the next step at once',
      body: pageEscalation.optional(),
    }),
    async (request, reply) => {
      const { fired, ...body } = request.body ?? {};
      const input = { ...actOf(request, body), fired };
      return actedJson(await escalatePage(commandContext(context, request), input), reply);
    },
  );
  app.post(
    '/v1/pages/:page/reassign',
    actRoute({
      operationId: 'reassignPage',
      summary: 'Give it to a person first, or to another policy or schedule instead',
      body: pageReassignment,
    }),
    async (request, reply) => {
      const { to, ...body } = request.body;
      const input = { ...actOf(request, body), to };
      return actedJson(await reassignPage(commandContext(context, request), input), reply);
    },
  );
  app.post(
    '/v1/pages/:page/notes',
    actRoute({ operationId: 'notePage', summary: 'Add a note to its log', body: pageNote }),
    async (request, reply) => {
      const { text, ...body } = request.body;
      const input = { ...actOf(request, body), text };
      return actedJson(await notePage(commandContext(context, request), input), reply);
    },
  );
  addSnoozeRoute(app, context);
}

function addSnoozeRoute(app: Api, context: ApiContext): void {
  app.post(
    '/v1/pages/:page/snooze',
    actRoute({
      operationId: 'snoozePage',
      summary: 'Leave everybody alone until an instant; then it calls again',
      body: pageSnooze,
    }),
    async (request, reply) => {
      const { until, minutes, ...body } = request.body;
      if ((until === undefined) === (minutes === undefined)) {
        throw new ApiError(422, 'page/snooze-until', 'Say until when: send either `until` or `minutes`.');
      }
      const { now } = await pageMoment(context.database);
      const input = { ...actOf(request, body), until: until ?? now + (minutes ?? 0) * MINUTE_MS };
      return actedJson(await snoozePage(commandContext(context, request), input), reply);
    },
  );
}

function actRoute<B extends z.ZodType>(of: {
  readonly operationId: string;
  readonly summary: string;
  readonly body: B;
}) {
  const response = { 200: acted, ...refusals(404, 409, 413, 415, 422) };
  return guarded('pages:write', { ...of, tags, params, response });
}

/** Whoever is signed in acts in their own name; a token may act for somebody. */
function actOf(
  request: FastifyRequest,
  { person, via }: { readonly person?: string | undefined; readonly via?: 'api' | 'cli' | undefined },
): PageAct {
  const { page } = request.params as { readonly page: string };
  const { session } = callerOf(request);
  if (session === null) return { page, by: person ?? null, via: via ?? 'api' };
  return { page, by: session.person, via: 'web' };
}

function actedJson(
  result: CommandResult<{ readonly page: Parameters<typeof pageJson>[0]; readonly acted: boolean }>,
  reply: FastifyReply,
) {
  const { page, acted: did } = valueFrom(result, reply);
  return { acted: did, page: pageJson(page) };
}
