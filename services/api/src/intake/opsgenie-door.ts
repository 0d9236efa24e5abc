import type { OpenIntake } from '@watchbill/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.ts';
import { refusalOf } from '../http/error-handler.ts';
import { ApiError } from '../http/problem.ts';
import { bytesOf, type Door, sendJson } from './door.ts';
import { genieKeyOf } from './opsgenie.ts';
import type { AlertName, IdentifierType } from './opsgenie-actions.ts';
import { readJson } from './read-json.ts';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** What the routes of the clone are made of; each is added with and without a slash at its end. */
export interface OpsgenieRoutes {
  readonly context: ApiContext;
  readonly door: Door;
  add(method: string, url: string, handler: Handler): void;
}

const IDENTIFIER_TYPES: readonly IdentifierType[] = ['id', 'alias', 'tiny'];

/** The intake of a request. Throws 401 without a key of one, 403 with that of another kind. */
export async function admitted(door: Door, request: FastifyRequest): Promise<OpenIntake> {
  const key = genieKeyOf(request.headers.authorization);
  if (key === '') {
    throw door.failure(request, new ApiError(401, 'opsgenie/key', 'Could not authenticate'));
  }
  const intake = await door.admit(key, request);
  if (intake.kind !== 'opsgenie') {
    throw new ApiError(403, 'opsgenie/kind', 'To perform this action, use the key of an Opsgenie intake.');
  }
  return intake;
}

/** The body as JSON; undefined where there is none. Throws 400. */
export function bodyOf(request: FastifyRequest): unknown {
  const bytes = bytesOf(request);
  if (bytes.length === 0) return undefined;
  const read = readJson(bytes);
  if (!read.ok) throw new ApiError(400, 'opsgenie/json', read.message);
  return read.value;
}

/** How the path and `identifierType` name an alert. Throws 422. */
export function nameOf(request: FastifyRequest): AlertName {
  const { identifier = '' } = request.params as { readonly identifier?: string };
  const { identifierType = 'id' } = request.query as { readonly identifierType?: unknown };
  const type = IDENTIFIER_TYPES.find((name) => name === identifierType);
  if (type === undefined) {
    throw notProcessable({ identifierType: 'identifierType must be one of [id, alias, tiny].' });
  }
  return { type, value: identifier };
}

export function accepted(reply: FastifyReply): FastifyReply {
  return sendJson(reply, 202, { result: 'Request will be processed', ...footOf(reply) });
}

/** What ends each answer. */
export function footOf(reply: FastifyReply): { readonly took: number; readonly requestId: string } {
  return { took: Math.round(reply.elapsedTime) / 1000, requestId: requestIdOf(reply) };
}

export function requestIdOf(reply: FastifyReply): string {
  return String(reply.getHeader('x-request-id'));
}

const NOT_PROCESSABLE = 'opsgenie/not-processable';
const UNSUPPORTED = 'opsgenie/unsupported';

export function notProcessable(errors: Readonly<Record<string, string>>): ApiError {
  const items = Object.entries(errors).map(([code, detail]) => ({ code, detail }));
  const message = 'Request body is not processable. Please check the errors.';
  return new ApiError(422, NOT_PROCESSABLE, message, { errors: items });
}

export function unsupported(action: string): ApiError {
  return new ApiError(403, UNSUPPORTED, `Watchbill has no action "${action.slice(0, 40)}" on alerts.`);
}

/** Writes refusals in the shape of that API. */
export function answerRefusal(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode, code, message, errors, headers } = refusalOf(error, request);
  const codes: Readonly<Record<string, number>> = { [UNSUPPORTED]: 40302, 'opsgenie/kind': 40301 };
  void sendJson(reply.headers(headers), statusCode, {
    ...(codes[code] !== undefined && { code: codes[code] }),
    message: statusCode === 401 ? 'Could not authenticate' : message,
    ...(code === NOT_PROCESSABLE && {
      errors: Object.fromEntries(errors.map((item) => [item.code ?? '', item.detail])),
    }),
    ...footOf(reply),
  });
}
