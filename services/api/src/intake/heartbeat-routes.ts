import { hashSecret, looksLikeIntakeKey, pingHeartbeat } from '@watchbill/commands';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api, ApiContext } from '../context.ts';
import { ApiError, commandRefusal } from '../http/problem.ts';
import { isoOrNull } from '../routes/iso.ts';
import { pinged } from '../schemas/heartbeat-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { type Door, INTAKE_BODY_BYTES, PINGS_PER_MINUTE } from './door.ts';
import { takeRawBodies } from './raw-bodies.ts';

const config = { unlimited: true };

/** Where programs ping: `/v1/heartbeats/{key}` by GET, HEAD or POST, with any body, which is not kept. */
export function addPingRoutes(app: Api, context: ApiContext, door: Door): void {
  const schema = {
    tags: ['intakes'],
    security: [],
    params: z.strictObject({ heartbeat: z.string().max(200).describe('The secret key of the heartbeat.') }),
    response: { 200: pinged, ...refusals(404, 413) },
  };
  const handler = async (request: FastifyRequest) => ping(context, door, request);
  void app.register(async (scope) => {
    takeRawBodies(scope, INTAKE_BODY_BYTES);
    const routes = scope as unknown as Api;
    const summary = 'Say that a program is alive';
    routes.get(
      '/v1/heartbeats/:heartbeat',
      { config, schema: { ...schema, operationId: 'ping', summary } },
      handler,
    );
    routes.post(
      '/v1/heartbeats/:heartbeat',
      { config, schema: { ...schema, operationId: 'pingWithBody', summary, body: z.unknown() } },
      handler,
    );
  });
}

async function ping({ database }: ApiContext, door: Door, request: FastifyRequest) {
  const { heartbeat: key } = request.params as { readonly heartbeat: string };
  if (!looksLikeIntakeKey(key)) throw door.failure(request, unknownKey());
  const keyHash = hashSecret(key);
  const caller = `ping ${keyHash.toString('base64')}`;
  door.limit(caller, PINGS_PER_MINUTE);
  const result = await door.inTurn({ caller, request }, () => pingHeartbeat({ database }, { keyHash }));
  if (!result.ok) {
    throw result.error.code === 'not_found'
      ? door.failure(request, unknownKey())
      : commandRefusal(result.error);
  }
  const { paused, dueAt } = result.value.heartbeat;
  return { status: paused ? ('paused' as const) : ('ok' as const), dueAt: isoOrNull(dueAt) };
}

function unknownKey(): ApiError {
  return new ApiError(404, 'heartbeat/unknown-key', 'There is no heartbeat with this key.');
}
