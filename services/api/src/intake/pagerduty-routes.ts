import { recordChange } from '@watchbill/commands';
import type { OpenIntake } from '@watchbill/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api, ApiContext } from '../context.ts';
import { refusalOf } from '../http/error-handler.ts';
import { ApiError } from '../http/problem.ts';
import { intakeActor } from './act-on-signals.ts';
import { bytesOf, type Door, INTAKE_BODY_BYTES, sendJson, unserved } from './door.ts';
import { readPagerdutyChange, readPagerdutyEvent, routingKeyOf } from './pagerduty.ts';
import { readPagerdutyFirst, serviceKeyOf } from './pagerduty-first.ts';
import { takeRawBodies } from './raw-bodies.ts';
import { readJson } from './read-json.ts';

const KEY_LENGTH = 32;
const options = { config: { unlimited: true }, schema: { hide: true } };

/**
 * The PagerDuty Events API, v2 and v1: what speaks to it speaks to us by another address. Answers have its shapes and
 * statuses, not ours.
 */
export function addPagerdutyRoutes(app: Api, { database }: ApiContext, door: Door): void {
  void app.register(async (scope) => {
    takeRawBodies(scope, INTAKE_BODY_BYTES);
    scope.setErrorHandler(answerRefusal);

    const post = (url: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown): void => {
      for (const way of [url, `${url}/`]) scope.post(way, options, handler);
    };

    post('/v2/enqueue', async (request, reply) => {
      const { intake, body } = await admitted(door, request, routingKeyIn);
      const reading = readPagerdutyEvent(body);
      if (!reading.ok) throw invalidEvent(reading.errors);
      const [acted] = await door.act(intake, { signals: reading.signals, request });
      return sendJson(reply, 202, {
        status: 'success',
        message: 'Event processed',
        dedup_key: acted?.dedupKey,
      });
    });

    post('/generic/2010-04-15/create_event.json', async (request, reply) => {
      const { intake, body } = await admitted(door, request, serviceKeyIn);
      const reading = readPagerdutyFirst(body);
      if (!reading.ok) throw invalidEvent(reading.errors);
      const [acted] = await door.act(intake, { signals: reading.signals, request });
      return sendJson(reply, 200, {
        status: 'success',
        message: 'Event processed',
        incident_key: acted?.dedupKey,
      });
    });

    post('/v2/change/enqueue', async (request, reply) => {
      const { intake, body } = await admitted(door, request, routingKeyIn);
      const reading = readPagerdutyChange(body, Date.now());
      if (!reading.ok) throw invalidEvent(reading.errors);
      const input = { ...reading.change, intake: intake.id };
      const kept = await door.inTurn({ caller: intake.id, request }, () =>
        recordChange({ database, actor: intakeActor(intake) }, input),
      );
      if (!kept.ok) throw unserved(kept.error.message);
      return sendJson(reply, 202, { status: 'success', message: 'Change event processed' });
    });
  });
}

/** Where an event has its key, and under which name. */
interface NamedKey {
  readonly name: 'routing_key' | 'service_key';
  readonly key: string;
}

function routingKeyIn(body: unknown, request: FastifyRequest): NamedKey {
  const header = request.headers['x-routing-key'];
  return { name: 'routing_key', key: routingKeyOf(body, typeof header === 'string' ? header : undefined) };
}

function serviceKeyIn(body: unknown): NamedKey {
  return { name: 'service_key', key: serviceKeyOf(body) };
}

async function admitted(
  door: Door,
  request: FastifyRequest,
  keyIn: (body: unknown, request: FastifyRequest) => NamedKey,
): Promise<{ readonly intake: OpenIntake; readonly body: unknown }> {
  const read = readJson(bytesOf(request));
  if (!read.ok) throw new ApiError(400, UNRECOGNIZED, read.message);
  const { name, key } = keyIn(read.value, request);
  if (key === '') throw invalidEvent([`'${name}' is missing or blank`]);
  if (key.length !== KEY_LENGTH) {
    const wrong = invalidEvent([`Length of '${name}' is incorrect (should be ${KEY_LENGTH} characters)`]);
    throw door.failure(request, wrong);
  }
  const intake = await door.admit(key, request);
  if (intake.kind !== 'pagerduty') throw invalidEvent(['Invalid routing key']);
  return { intake, body: read.value };
}

const INVALID = 'pagerduty/invalid-event';
const UNRECOGNIZED = 'pagerduty/unrecognized';

function invalidEvent(errors: readonly string[]): ApiError {
  return new ApiError(400, INVALID, 'Event object is invalid', {
    errors: errors.map((detail) => ({ detail })),
  });
}

function answerRefusal(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = refusalOf(error, request);
  void sendJson(reply.headers(refusal.headers), ...answerTo(refusal));
}

function answerTo({ statusCode, code, message, errors }: ApiError): [number, object] {
  const invalid = (...details: readonly string[]) => ({
    status: 'invalid event',
    message: 'Event object is invalid',
    errors: details,
  });
  if (code === INVALID) return [400, invalid(...errors.map(({ detail }) => detail))];
  switch (statusCode) {
    case 400:
      return [
        400,
        {
          status: 'Unrecognized object',
          message: 'Event object format is unrecognized',
          errors: ['JSON parse error', message],
        },
      ];
    case 401:
      return [400, invalid('Invalid routing key')];
    case 422:
      return [400, invalid(message)];
    case 413:
      return [413, invalid('Event object is too large (should be at most 512 KB)')];
    case 429:
      return [429, { status: 'throttle exceeded', message }];
    default:
      return [statusCode, { status: 'internal error', message, errors: [message] }];
  }
}
