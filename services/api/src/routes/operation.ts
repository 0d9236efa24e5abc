import { statement } from '@watchbill/database';
import { runChecks } from '@watchbill/runtime';
import { z } from 'zod';
import { guarded, open } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { sendText } from '../http/send-text.ts';
import { refusals } from '../schemas/problem-schema.ts';

const tags = ['operation'];
const PING = statement('api.ping', 'SELECT 1 AS one');

const health = z.object({ status: z.literal('ok') });
const readiness = z.object({
  status: z.enum(['ready', 'not ready']),
  problems: z.array(z.string()).describe('What keeps this process from its work, in plain words.'),
});

/** Health, readiness, figures and the description of all routes. */
export function addOperationRoutes(app: Api, { database, queues, metrics }: ApiContext): void {
  const checks = [
    { name: 'database', check: () => database.query(PING).then(() => []) },
    { name: 'queues', check: () => queues.check() },
  ];
  app.get(
    '/healthz',
    open({ operationId: 'health', summary: 'Whether the process runs', tags, response: { 200: health } }),
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    open({
      operationId: 'readiness',
      summary: 'Whether the process can do its work',
      tags,
      response: { 200: readiness, 503: readiness },
    }),
    async (_request, reply) => {
      const problems = await runChecks(checks);
      const ready = problems.length === 0;
      void reply.code(ready ? 200 : 503);
      return { status: ready ? ('ready' as const) : ('not ready' as const), problems: [...problems] };
    },
  );
  app.get(
    '/metrics',
    guarded('metrics:read', {
      operationId: 'metrics',
      summary: 'Figures for Prometheus',
      tags,
      response: {
        200: { description: 'Prometheus text.', content: { 'text/plain': { schema: z.string() } } },
        ...refusals(),
      },
    }),
    async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.text()),
  );
  let document: string | undefined;
  app.get(
    '/openapi.json',
    open({
      operationId: 'openapi',
      summary: 'This document',
      tags,
      response: {
        200: {
          description: 'An OpenAPI 3.1 document.',
          content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
        },
      },
    }),
    (_request, reply) => {
      document ??= JSON.stringify(app.swagger());
      sendText(reply, 'application/json; charset=utf-8', document);
    },
  );
}
