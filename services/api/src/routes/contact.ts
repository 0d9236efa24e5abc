import {
  addContactMethod,
  removeContactMethod,
  resendContactCode,
  setNotificationRules,
  verifyContactMethod,
} from '@watchbill/commands';
import { formatClock, parseClock } from '@watchbill/core';
import {
  type ContactMethodRow,
  contactMethodsOf,
  type Database,
  findContactMethod,
  findPersonSummary,
  isoInstant,
  notificationRulesOf,
  quietHoursOf,
} from '@watchbill/database';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf, guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { found } from '../http/not-found.ts';
import { ApiError } from '../http/problem.ts';
import {
  contactCode,
  contactMethod,
  contactMethodList,
  contactParams,
  newContactMethod,
  notificationRules,
  waysConfigured,
} from '../schemas/contact-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const tags = ['people'];
const params = z.strictObject({ person: id });
const URGENCIES = ['high', 'low'] as const;

function methodJson(row: ContactMethodRow) {
  return { ...row, verifiedAt: isoOrNull(row.verifiedAt), createdAt: isoInstant(row.createdAt) };
}

/** Where somebody can be called is theirs, and an admin's, to know. */
function refuseOthers(request: FastifyRequest, person: string): void {
  const { session } = callerOf(request);
  if (session === null || session.role === 'admin' || session.person === person) return;
  throw new ApiError(403, 'access/not-yours', 'Only the person themselves or an admin may look at this.');
}

async function methodOf(
  database: Database,
  { person, contactMethod: method }: z.output<typeof contactParams>,
) {
  const row = await findContactMethod(database, method);
  return found(row?.person === person ? row : null, 'contact method');
}

const METHODS = '/v1/people/:person/contact-methods';

/** How people are reached: look, add, remove. */
export function addContactRoutes(app: Api, context: ApiContext): void {
  const { database } = context;
  app.get(
    METHODS,
    guarded('contacts:read', {
      operationId: 'listContactMethods',
      summary: 'The ways to reach a person',
      tags,
      params,
      response: { 200: contactMethodList, ...refusals(404) },
    }),
    async (request) => {
      const { person } = request.params;
      refuseOthers(request, person);
      found(await findPersonSummary(database, person), 'person');
      return { data: (await contactMethodsOf(database, [person])).map(methodJson) };
    },
  );
  app.post(
    METHODS,
    guarded('contacts:write', {
      operationId: 'addContactMethod',
      summary: 'Add a way to reach a person; a code is sent to it',
      tags,
      params,
      body: newContactMethod,
      response: { 201: contactMethod, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const input = { person: request.params.person, ...request.body };
      const value = valueFrom(await addContactMethod(commandContext(context, request), input), reply);
      void reply.code(201);
      return methodJson(found(await findContactMethod(database, value.id), 'contact method'));
    },
  );
  app.delete(
    `${METHODS}/:contactMethod`,
    guarded('contacts:write', {
      operationId: 'removeContactMethod',
      summary: 'Take a way away, and the rules that name it',
      tags,
      params: contactParams,
      response: { 204: z.undefined(), ...refusals(404) },
    }),
    async (request, reply) => {
      const { id: method } = await methodOf(database, request.params);
      valueFrom(
        await removeContactMethod(commandContext(context, request), { contactMethod: method }),
        reply,
      );
      return reply.code(204).send();
    },
  );
}

/** The code that shows that a way reaches the person: enter it, or have another one sent. */
export function addContactCodeRoutes(app: Api, context: ApiContext): void {
  const { database } = context;
  app.post(
    `${METHODS}/:contactMethod/verify`,
    guarded('contacts:write', {
      operationId: 'verifyContactMethod',
      summary: 'Enter the code that was sent',
      tags,
      params: contactParams,
      body: contactCode,
      response: { 200: contactMethod, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const row = await methodOf(database, request.params);
      const input = { contactMethod: row.id, code: request.body.code };
      valueFrom(await verifyContactMethod(commandContext(context, request), input), reply);
      return methodJson(await methodOf(database, request.params));
    },
  );
  app.post(
    `${METHODS}/:contactMethod/code`,
    guarded('contacts:write', {
      operationId: 'resendContactCode',
      summary: 'Send another code',
      tags,
      params: contactParams,
      response: { 204: z.undefined(), ...refusals(404, 409, 422) },
    }),
    async (request, reply) => {
      const { id: method } = await methodOf(database, request.params);
      valueFrom(await resendContactCode(commandContext(context, request), { contactMethod: method }), reply);
      return reply.code(204).send();
    },
  );
}

/** By which ways, after how long, and when not. */
export function addNotificationRuleRoutes(app: Api, context: ApiContext): void {
  const { database, settings } = context;
  const path = '/v1/people/:person/notification-rules';
  app.get(
    '/v1/ways',
    guarded('contacts:read', {
      operationId: 'listWays',
      summary: 'Which ways this server is set up for',
      tags,
      response: { 200: waysConfigured, ...refusals() },
    }),
    async () => {
      const { mail, twilio, ntfy } = settings.notify;
      const phone = twilio !== null;
      return { email: mail !== null, sms: phone, voice: phone, ntfy: ntfy !== null, webhook: true };
    },
  );
  app.get(
    path,
    guarded('contacts:read', {
      operationId: 'getNotificationRules',
      summary: 'How a person is told of pages',
      tags,
      params,
      response: { 200: notificationRules, ...refusals(404) },
    }),
    (request) => {
      refuseOthers(request, request.params.person);
      return readRules(database, request.params.person);
    },
  );
  app.put(
    path,
    guarded('contacts:write', {
      operationId: 'setNotificationRules',
      summary: 'Say how a person is told of pages',
      tags,
      params,
      body: notificationRules,
      response: { 200: notificationRules, ...refusals(404, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { person } = request.params;
      const { quietHours } = request.body;
      const rules = URGENCIES.flatMap((urgency) =>
        request.body[urgency].map(({ contactMethod: method, afterSeconds }) => ({
          ...{ urgency, contactMethod: method },
          afterMs: afterSeconds * 1_000,
        })),
      );
      const minute = (text: string): number => parseClock(text) ?? 0;
      const quiet = quietHours === null ? null : { from: minute(quietHours.from), to: minute(quietHours.to) };
      const input = { person, rules, quietHours: quiet };
      valueFrom(await setNotificationRules(commandContext(context, request), input), reply);
      return readRules(database, person);
    },
  );
}

async function readRules(database: Database, person: string) {
  found(await findPersonSummary(database, person), 'person');
  const rows = await notificationRulesOf(database, [person]);
  const [quiet] = await quietHoursOf(database, [person]);
  const of = (urgency: (typeof URGENCIES)[number]) =>
    rows
      .filter((row) => row.urgency === urgency)
      .map((row) => ({ contactMethod: row.contactMethod, afterSeconds: row.afterMs / 1_000 }));
  return {
    high: of('high'),
    low: of('low'),
    quietHours: quiet === undefined ? null : { from: formatClock(quiet.from), to: formatClock(quiet.to) },
  };
}
