import { changeHeartbeat, createHeartbeat, deleteHeartbeat } from '@watchbill/commands';
import { type HeartbeatRow, isoInstant, listHeartbeats } from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import {
  heartbeat,
  heartbeatChange,
  heartbeatPage,
  issuedHeartbeat,
  newHeartbeat,
} from '../schemas/heartbeat-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { madeId } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const tags = ['intakes'];
const params = z.strictObject({ heartbeat: madeId('hbt') });
const DEFAULT_GRACE_MS = 60_000;

function heartbeatJson(row: HeartbeatRow) {
  const { paused: _, ...shown } = row;
  return {
    ...shown,
    status: statusOf(row),
    lastPingAt: isoOrNull(row.lastPingAt),
    dueAt: isoOrNull(row.dueAt),
    missedAt: isoOrNull(row.missedAt),
    createdAt: isoInstant(row.createdAt),
    updatedAt: isoInstant(row.updatedAt),
  };
}

function statusOf({ paused, missedAt, dueAt, lastPingAt }: HeartbeatRow) {
  if (paused) return 'paused' as const;
  if (missedAt !== null || (dueAt !== null && dueAt <= Date.now())) return 'missed' as const;
  return lastPingAt === null ? ('new' as const) : ('alive' as const);
}

/** Heartbeats: make, list without their keys, change, pause, delete. Pings come in elsewhere, by the key. */
export function addHeartbeatRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/heartbeats',
    guarded('intakes:write', {
      operationId: 'createHeartbeat',
      summary: 'Expect a ping at least every so often',
      description: 'Its key is shown this once; only its hash is stored.',
      tags,
      body: newHeartbeat,
      response: { 201: issuedHeartbeat, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { graceMs = DEFAULT_GRACE_MS, severity = 'error', expected = false, ...rest } = request.body;
      const input = { ...rest, graceMs, severity, expected };
      const made = valueFrom(await createHeartbeat(commandContext(context, request), input), reply);
      void reply.code(201);
      const url = made.key === null ? null : `${context.settings.publicUrl}/v1/heartbeats/${made.key}`;
      return { heartbeat: heartbeatJson(made.heartbeat), key: made.key, url };
    },
  );
  app.get(
    '/v1/heartbeats',
    guarded('intakes:read', {
      operationId: 'listHeartbeats',
      summary: 'List heartbeats',
      tags,
      querystring: z.strictObject(pageQuery),
      response: { 200: heartbeatPage, ...refusals() },
    }),
    async ({ query: { limit, cursor } }) => {
      const [after] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [''];
      const rows = await listHeartbeats(context.database, after, limit + 1);
      return pageOf(rows, limit, { item: heartbeatJson, key: (row) => [row.id] });
    },
  );
  app.patch(
    '/v1/heartbeats/:heartbeat',
    guarded('intakes:write', {
      operationId: 'changeHeartbeat',
      summary: 'Change a heartbeat, pause it or let it go on',
      tags,
      params,
      body: heartbeatChange,
      response: { 200: heartbeat, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      const result = await changeHeartbeat(commandContext(context, request), input);
      return heartbeatJson(valueFrom(result, reply).heartbeat);
    },
  );
  app.delete(
    '/v1/heartbeats/:heartbeat',
    guarded('intakes:write', {
      operationId: 'deleteHeartbeat',
      summary: 'Expect nothing more; its page is resolved',
      tags,
      params,
      response: { 204: z.undefined(), ...refusals(404) },
    }),
    async (request, reply) => {
      valueFrom(await deleteHeartbeat(commandContext(context, request), request.params), reply);
      return reply.code(204).send();
    },
  );
}
