import { randomUUID } from 'node:crypto';
import { findIntakeRequest, insertIntakeRequest, type OpenIntake } from '@watchbill/database';
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Api, ApiContext } from '../context.ts';
import { ApiError } from '../http/problem.ts';
import { type Acted, type Door, INTAKE_BODY_BYTES, sendJson, unserved } from './door.ts';
import { readOpsgenieAction, readOpsgenieAlert } from './opsgenie.ts';
import { type ActionEnd, ALERT_ACTIONS, actOnAlert, pageOfAlert } from './opsgenie-actions.ts';
import { alertJson, requestJson } from './opsgenie-alert.ts';
import {
  accepted,
  admitted,
  answerRefusal,
  bodyOf,
  footOf,
  nameOf,
  notProcessable,
  type OpsgenieRoutes,
  requestIdOf,
  unsupported,
} from './opsgenie-door.ts';
import { addHeartbeatRoutes } from './opsgenie-heartbeats.ts';
import { addListRoutes } from './opsgenie-lists.ts';
import { takeRawBodies } from './raw-bodies.ts';

const options = { config: { unlimited: true }, schema: { hide: true } };
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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
    const routes: OpsgenieRoutes = {
      ...{ context, door },
      add: (method, url, handler) => {
        // Its own library for Node.js ends every address with a slash.
        for (const way of [url, `${url}/`]) {
          scope.route({ method: method as HTTPMethods, url: way, ...options, handler });
        }
      },
    };
    addAlertRoutes(routes);
    addActionRoutes(routes);
    addListRoutes(routes);
    addHeartbeatRoutes(routes);
  });
}

function addAlertRoutes({ add, context, door }: OpsgenieRoutes): void {
  const { database } = context;
  add('POST', '/v2/alerts', async (request, reply) => {
    const intake = await admitted(door, request);
    const read = readOpsgenieAlert(bodyOf(request));
    if (!read.ok) throw notProcessable(read.errors);
    const [acted] = await door.act(intake, { signals: [read.signal], request });
    const end = createdEnd(acted);
    await remember(reply, { database, intake, action: 'Create' }, end);
    return accepted(reply);
  });
  add('GET', '/v2/alerts/requests/:identifier', async (request, reply) => {
    const intake = await admitted(door, request);
    const { identifier: id = '' } = request.params as { readonly identifier?: string };
    const row = UUID.test(id) ? await findIntakeRequest(database, { id, intake: intake.id }) : null;
    if (row === null) throw new ApiError(404, 'opsgenie/request', 'Request not found.');
    return sendJson(reply, 200, { data: requestJson(row), ...footOf(reply) });
  });
  add('GET', '/v2/alerts/:identifier', async (request, reply) => {
    const intake = await admitted(door, request);
    const page = await pageOfAlert({ database, intake }, nameOf(request));
    if (page === null) throw new ApiError(404, 'opsgenie/alert', 'Alert does not exist.');
    return sendJson(reply, 200, { data: alertJson(page, intake), ...footOf(reply) });
  });
}

function addActionRoutes({ add, context, door }: OpsgenieRoutes): void {
  const { database } = context;
  const act = async (request: FastifyRequest, reply: FastifyReply, action: string): Promise<FastifyReply> => {
    const intake = await admitted(door, request);
    const words = Object.hasOwn(ALERT_ACTIONS, action) ? ALERT_ACTIONS[action] : undefined;
    if (words === undefined) throw unsupported(action);
    const body = bodyOf(request);
    const read = readOpsgenieAction(action, body, Date.now());
    if (!read.ok) throw notProcessable(read.errors);
    const { name } = request.params as { readonly name?: string };
    const said = body ?? { ...(request.query as object), ...(name !== undefined && { action: name }) };
    const call = { database, intake, action, alert: nameOf(request), fields: read.fields, body: said };
    const end = await door.inTurn({ caller: intake.id, request }, () => actOnAlert(call));
    if ('error' in end) throw unserved(end.error.message);
    await remember(reply, { database, intake, action: words.name }, end);
    return accepted(reply);
  };
  const actionOf = (request: FastifyRequest): string =>
    (request.params as { readonly action?: string }).action ?? '';
  for (const method of ['POST', 'PUT', 'PATCH']) {
    add(method, '/v2/alerts/:identifier/:action', (request, reply) => act(request, reply, actionOf(request)));
  }
  add('POST', '/v2/alerts/:identifier/actions/:name', (request, reply) => act(request, reply, 'action'));
  add('DELETE', '/v2/alerts/:identifier', (request, reply) => act(request, reply, 'delete'));
  // What is taken away is noted, as what is added is.
  for (const field of ['tags', 'details']) {
    add('DELETE', `/v2/alerts/:identifier/${field}`, (request, reply) =>
      act(request, reply, `remove ${field}`),
    );
  }
}

function createdEnd(acted: Acted[number] | undefined): ActionEnd {
  return {
    done: true,
    status: acted?.outcome === 'triggered' ? 'Created alert' : 'Counted alert',
    page: acted?.page ?? null,
    alias: acted?.dedupKey ?? null,
  };
}

async function remember(
  reply: FastifyReply,
  { database, intake, action }: { database: ApiContext['database']; intake: OpenIntake; action: string },
  end: ActionEnd,
): Promise<void> {
  await insertIntakeRequest(database, { id: requestIdOf(reply), intake: intake.id, action, ...end });
}
