import {
  createEndpoint,
  disableEndpoint,
  enableEndpoint,
  replayDelivery,
  rotateEndpointSecret,
} from '@watchbill/commands';
import {
  type AttemptRow,
  type DeliverySummaryRow,
  type EndpointSummaryRow,
  findDeliverySummary,
  findEndpointSummary,
  isoInstant,
  listAttempts,
  pageDeliveries,
  pageEndpoints,
} from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import {
  deliveryDetail,
  deliveryPage,
  endpoint,
  endpointChange,
  endpointPage,
  endpointSecret,
  newEndpoint,
  replayed,
  secretRotation,
} from '../schemas/endpoint-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { madeId } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const endpointParams = z.strictObject({ endpoint: madeId('end') });
const deliveryParams = z.strictObject({ delivery: madeId('dlv') });
const deliveryStatus = z.enum(['pending', 'succeeded', 'failed', 'cancelled']);
const tags = ['endpoints'];

function endpointJson(row: EndpointSummaryRow) {
  return {
    ...row,
    eventTypes: [...row.eventTypes],
    schedules: row.schedules === null ? null : [...row.schedules],
    createdAt: isoInstant(row.createdAt),
    updatedAt: isoInstant(row.updatedAt),
  };
}

/** A delivery as answers show it. */
export function deliveryJson(row: DeliverySummaryRow) {
  return {
    id: row.id,
    endpoint: row.endpoint,
    event: { id: row.eventId, type: row.eventType, schedule: row.schedule },
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: isoOrNull(row.nextAttemptAt),
    replayOf: row.replayOf,
    createdAt: isoInstant(row.createdAt),
    finishedAt: isoOrNull(row.finishedAt),
  };
}

function attemptJson(row: AttemptRow) {
  return { ...row, startedAt: isoInstant(row.startedAt) };
}

/** Webhook endpoints: make, switch off and on, give a new secret. */
export function addEndpointRoutes(app: Api, context: ApiContext): void {
  // Plain http only where the operator has named networks of their own.
  const rules = { plainHttp: context.settings.webhookAllowedNetworks.length > 0 };

  app.post(
    '/v1/endpoints',
    guarded('endpoints:write', {
      operationId: 'createEndpoint',
      summary: 'Make a webhook endpoint',
      description: 'The answer holds the secret that signs its messages; it is shown this once.',
      tags,
      body: newEndpoint,
      response: { 201: endpointSecret, ...refusals(409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { url, description, eventTypes, schedules } = request.body;
      const input = {
        url,
        eventTypes: eventTypes ?? ['*'],
        schedules: schedules ?? null,
        ...(description !== undefined && { description }),
      };
      const issued = valueFrom(await createEndpoint(commandContext(context, request), input, rules), reply);
      void reply.code(201).header('location', `/v1/endpoints/${issued.endpoint.id}`);
      return { endpoint: endpointJson(issued.endpoint), secret: issued.secret };
    },
  );
  app.patch(
    '/v1/endpoints/:endpoint',
    guarded('endpoints:write', {
      operationId: 'changeEndpoint',
      summary: 'Switch a webhook endpoint off or on',
      tags,
      params: endpointParams,
      body: endpointChange,
      response: { 200: endpoint, ...refusals(404, 413, 415, 422) },
    }),
    async (request, reply) => {
      const change = request.body.status === 'active' ? enableEndpoint : disableEndpoint;
      const result = await change(commandContext(context, request), request.params);
      return endpointJson(valueFrom(result, reply).endpoint);
    },
  );
  app.post(
    '/v1/endpoints/:endpoint/rotate-secret',
    guarded('endpoints:write', {
      operationId: 'rotateEndpointSecret',
      summary: 'Give a webhook endpoint a new secret',
      description: 'Until the old secret runs out, messages carry a signature of each.',
      tags,
      params: endpointParams,
      body: secretRotation.optional(),
      response: { 200: endpointSecret, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const oldSecretValidMs = request.body?.oldSecretValidMs;
      const input = { ...request.params, ...(oldSecretValidMs !== undefined && { oldSecretValidMs }) };
      const issued = valueFrom(await rotateEndpointSecret(commandContext(context, request), input), reply);
      return { endpoint: endpointJson(issued.endpoint), secret: issued.secret };
    },
  );
}

/** Webhook endpoints: list and read. */
export function addEndpointReadRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/v1/endpoints',
    guarded('endpoints:read', {
      operationId: 'listEndpoints',
      summary: 'List webhook endpoints',
      tags,
      querystring: z.strictObject(pageQuery),
      response: { 200: endpointPage, ...refusals() },
    }),
    async ({ query: { limit, cursor } }) => {
      const [after] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [''];
      const rows = await pageEndpoints(database, after, limit + 1);
      return pageOf(rows, limit, { item: endpointJson, key: (row) => [row.id] });
    },
  );
  app.get(
    '/v1/endpoints/:endpoint',
    guarded('endpoints:read', {
      operationId: 'getEndpoint',
      summary: 'One webhook endpoint',
      tags,
      params: endpointParams,
      response: { 200: endpoint, ...refusals(404) },
    }),
    async ({ params }) =>
      endpointJson(found(await findEndpointSummary(database, params.endpoint), 'endpoint')),
  );
}

/** What was sent to an endpoint, how it went, and sending it again. */
export function addDeliveryRoutes(app: Api, context: ApiContext): void {
  const { database } = context;

  app.get(
    '/v1/endpoints/:endpoint/deliveries',
    guarded('endpoints:read', {
      operationId: 'listDeliveries',
      summary: 'Deliveries to an endpoint, newest first',
      tags,
      params: endpointParams,
      querystring: z.strictObject({ ...pageQuery, status: deliveryStatus.optional() }),
      response: { 200: deliveryPage, ...refusals(404) },
    }),
    async ({ params, query: { limit, cursor, status } }) => {
      found(await findEndpointSummary(database, params.endpoint), 'endpoint');
      const key = decodeCursor(cursor, z.tuple([z.int().positive()]));
      const page = { endpoint: params.endpoint, before: key?.[0] ?? Number.MAX_SAFE_INTEGER };
      const rows = await pageDeliveries(database, { ...page, status: status ?? null, limit: limit + 1 });
      return pageOf(rows, limit, { item: deliveryJson, key: (row) => [row.sequence] });
    },
  );
  app.get(
    '/v1/deliveries/:delivery',
    guarded('endpoints:read', {
      operationId: 'getDelivery',
      summary: 'One delivery with every attempt',
      tags,
      params: deliveryParams,
      response: { 200: deliveryDetail, ...refusals(404) },
    }),
    async ({ params }) => {
      const row = found(await findDeliverySummary(database, params.delivery), 'delivery');
      const tries = await listAttempts(database, row.id);
      return { ...deliveryJson(row), tries: tries.map(attemptJson) };
    },
  );
  app.post(
    '/v1/deliveries/:delivery/replay',
    guarded('endpoints:write', {
      operationId: 'replayDelivery',
      summary: 'Send an event to its endpoint once more',
      tags,
      params: deliveryParams,
      response: { 201: replayed, ...refusals(404, 409, 412, 422) },
    }),
    async (request, reply) => {
      const value = valueFrom(await replayDelivery(commandContext(context, request), request.params), reply);
      void reply.code(201).header('location', `/v1/deliveries/${value.delivery}`);
      return { ...value };
    },
  );
}
