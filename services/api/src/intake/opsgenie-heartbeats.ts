import { pingHeartbeat } from '@watchbill/commands';
import { type HeartbeatRow, heartbeatNamed, isoInstant, type OpenIntake } from '@watchbill/database';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/problem.ts';
import { sendJson, unserved } from './door.ts';
import { admitted, footOf, type OpsgenieRoutes } from './opsgenie-door.ts';

const UNITS = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
] as const;

/**
 * The Opsgenie Heartbeat API as far as programs call it: `/v2/heartbeats/{name}/ping`, and a look at one. The key of an
 * Opsgenie intake reaches the heartbeats whose pages go where its own go.
 */
export function addHeartbeatRoutes({ add, context, door }: OpsgenieRoutes): void {
  const { database } = context;
  const find = async (intake: OpenIntake, request: FastifyRequest): Promise<HeartbeatRow> => {
    const { name = '' } = request.params as { readonly name?: string };
    const found = await heartbeatNamed(database, { ...intake, name });
    if (found === null) throw new ApiError(404, 'opsgenie/heartbeat', 'Heartbeat does not exist.');
    return found;
  };
  for (const method of ['GET', 'POST', 'PUT', 'PATCH']) {
    add(method, '/v2/heartbeats/:name/ping', async (request, reply) => {
      const intake = await admitted(door, request);
      await door.inTurn({ caller: intake.id, request }, async () => {
        const pinged = await pingHeartbeat({ database }, { heartbeat: await find(intake, request) });
        if (!pinged.ok) throw unserved(pinged.error.message);
      });
      return sendJson(reply, 202, { result: 'PONG - Heartbeat received', ...footOf(reply) });
    });
  }
  add('GET', '/v2/heartbeats/:name', async (request, reply) => {
    const intake = await admitted(door, request);
    const data = heartbeatJson(await find(intake, request));
    return sendJson(reply, 200, { data, ...footOf(reply) });
  });
}

function heartbeatJson({ name, everyMs, paused, missedAt, lastPingAt }: HeartbeatRow): object {
  const [intervalUnit, unitMs] = UNITS.find(([, ms]) => everyMs % ms === 0) ?? (['minutes', 60_000] as const);
  return {
    ...{ name, description: '', interval: Math.max(1, Math.round(everyMs / unitMs)), intervalUnit },
    ...{ enabled: !paused, expired: missedAt !== null },
    ...(lastPingAt !== null && { lastPingTime: isoInstant(lastPingAt) }),
  };
}
