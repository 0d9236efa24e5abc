import { randomUUID } from 'node:crypto';
import {
  findIntakeRequest,
  type IntakeRequestRow,
  insertIntakeRequest,
  type OpenIntake,
} from '@watchbill/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api, ApiContext } from '../context.ts';
import { refusalOf } from '../http/error-handler.ts';
import { ApiError } from '../http/problem.ts';
import { type Acted, bytesOf, type Door, INTAKE_BODY_BYTES, sendJson, unserved } from './door.ts';
import { genieKeyOf, readOpsgenieAction, readOpsgenieAlert } from './opsgenie.ts';
import {
  type ActionEnd,
  ALERT_ACTIONS,
  type AlertName,
  actOnAlert,
  type IdentifierType,
  pageOfAlert,
} from './opsgenie-actions.ts';
import { alertJson, requestJson } from './opsgenie-alert.ts';
import { takeRawBodies } from './raw-bodies.ts';
import { readJson } from './read-json.ts';

const config = { unlimited: true };
const schema = { hide: true };
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const IDENTIFIER_TYPES: readonly IdentifierType[] = ['id', 'alias', 'tiny'];

interface AlertParams {
  readonly identifier: string;
  readonly action?: string;
}

/** The Opsgenie Alert API: what speaks to it speaks to us by another address. Answers have its shapes, not ours. */
export function addOpsgenieRoutes(app: Api, context: ApiContext, door: Door): void {
  void app.register(async (scope) => {
    takeRawBodies(scope, INTAKE_BODY_BYTES);
    scope.setErrorHandler(answerRefusal);
    scope.addHook('onRequest', (_request, reply, next) => {
      // Its clients ask for what became of a request by this header.
      void reply.header('x-request-id', randomUUID());
      next();
    });
    addAlertRoutes(scope as unknown as Api, context, door);
    addActionRoutes(scope as unknown as Api, context, door);
  });
}

function addAlertRoutes(scope: Api, { database }: ApiContext, door: Door): void {
  scope.post('/v2/alerts', { config, schema }, async (request, reply) => {
    const intake = await admitted(door, request);
    const read = readOpsgenieAlert(bodyOf(request));
    if (!read.ok) throw notProcessable(read.errors);
    const [acted] = await door.act(intake, { signals: [read.signal], request });
    const end = createdEnd(acted);
    await remember(reply, { database, intake, action: 'Create' }, end);
    return accepted(reply);
  });
  scope.get('/v2/alerts/requests/:identifier', { config, schema }, async (request, reply) => {
    const intake = await admitted(door, request);
    const { identifier: id } = request.params as AlertParams;
    const row = UUID.test(id) ? await findIntakeRequest(database, { id, intake: intake.id }) : null;
    if (row === null) throw new ApiError(404, 'opsgenie/request', 'Request not found.');
    return sendJson(reply, 200, { data: requestJson(row), ...footOf(reply) });
  });
  scope.get('/v2/alerts/:identifier', { config, schema }, async (request, reply) => {
    const intake = await admitted(door, request);
    const page = await pageOfAlert({ database, intake }, nameOf(request));
    if (page === null) throw new ApiError(404, 'opsgenie/alert', 'Alert does not exist.');
    return sendJson(reply, 200, { data: alertJson(page, intake), ...footOf(reply) });
  });
}

function addActionRoutes(scope: Api, { database }: ApiContext, door: Door): void {
  const act = async (request: FastifyRequest, reply: FastifyReply, action: string): Promise<FastifyReply> => {
    const intake = await admitted(door, request);
    const words = Object.hasOwn(ALERT_ACTIONS, action) ? ALERT_ACTIONS[action] : undefined;
    if (words === undefined) throw unsupported(action);
    const body = bodyOf(request);
    const read = readOpsgenieAction(action, body, Date.now());
    if (!read.ok) throw notProcessable(read.errors);
    const call = { database, intake, action, alert: nameOf(request), fields: read.fields, body };
    const end = await door.inTurn({ caller: intake.id, request }, () => actOnAlert(call));
    if ('error' in end) throw unserved(end.error.message);
    await remember(reply, { database, intake, action: words.name }, end);
    return accepted(reply);
  };
  for (const method of ['POST', 'PUT'] as const) {
    scope.route({
      ...{ method, url: '/v2/alerts/:identifier/:action', config, schema },
      handler: (request, reply) => act(request, reply, (request.params as AlertParams).action ?? ''),
    });
  }
  scope.delete('/v2/alerts/:identifier', { config, schema }, (request, reply) =>
    act(request, reply, 'delete'),
  );
}

function createdEnd(acted: Acted[number] | undefined): ActionEnd {
  return {
    done: true,
    status: acted?.outcome === 'triggered' ? 'Created alert' : 'Counted alert',
    page: acted?.page ?? null,
    alias: acted?.dedupKey ?? null,
  };
}

async function admitted(door: Door, request: FastifyRequest): Promise<OpenIntake> {
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

/** The body as JSON; undefined where there is none. */
function bodyOf(request: FastifyRequest): unknown {
  const bytes = bytesOf(request);
  if (bytes.length === 0) return undefined;
  const read = readJson(bytes);
  if (!read.ok) throw new ApiError(400, 'opsgenie/json', read.message);
  return read.value;
}

function nameOf(request: FastifyRequest): AlertName {
  const { identifier } = request.params as AlertParams;
  const { identifierType = 'id' } = request.query as { readonly identifierType?: unknown };
  const type = IDENTIFIER_TYPES.find((name) => name === identifierType);
  if (type === undefined) {
    throw notProcessable({ identifierType: 'identifierType must be one of [id, alias, tiny].' });
  }
  return { type, value: identifier };
}

async function remember(
  reply: FastifyReply,
  { database, intake, action }: { database: ApiContext['database']; intake: OpenIntake; action: string },
  end: ActionEnd,
): Promise<void> {
  const row: Omit<IntakeRequestRow, 'createdAt'> = {
    ...{ id: requestIdOf(reply), intake: intake.id, action, ...end },
  };
  await insertIntakeRequest(database, row);
}

function accepted(reply: FastifyReply): FastifyReply {
  return sendJson(reply, 202, { result: 'Request will be processed', ...footOf(reply) });
}

function footOf(reply: FastifyReply): { readonly took: number; readonly requestId: string } {
  return { took: Math.round(reply.elapsedTime) / 1000, requestId: requestIdOf(reply) };
}

function requestIdOf(reply: FastifyReply): string {
  return String(reply.getHeader('x-request-id'));
}

const NOT_PROCESSABLE = 'opsgenie/not-processable';
const UNSUPPORTED = 'opsgenie/unsupported';

function notProcessable(errors: Readonly<Record<string, string>>): ApiError {
  const items = Object.entries(errors).map(([code, detail]) => ({ code, detail }));
  const message = 'Request body is not processable. Please check the errors.';
  return new ApiError(422, NOT_PROCESSABLE, message, { errors: items });
}

function unsupported(action: string): ApiError {
  return new ApiError(403, UNSUPPORTED, `Watchbill has no action "${action.slice(0, 40)}" on alerts.`);
}

function answerRefusal(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
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
