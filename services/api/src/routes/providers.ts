import {
  changeMirror,
  changeProvider,
  createMirror,
  createProvider,
  deleteMirror,
  deleteProvider,
  type ProviderRules,
} from '@watchbill/commands';
import {
  findMirror,
  findProvider,
  isoInstant,
  listMirrors,
  listProviders,
  type MirrorRow,
  type ProviderRow,
  pageDeliveries,
} from '@watchbill/database';
import { seal, sealKeysOf } from '@watchbill/runtime';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext, ApiSettings } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import { deliveryPage } from '../schemas/endpoint-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import {
  mirror,
  mirrorChange,
  mirrorPage,
  newMirror,
  newProvider,
  provider,
  providerChange,
  providerPage,
} from '../schemas/provider-schema.ts';
import { madeId } from '../schemas/scalars.ts';
import { deliveryJson } from './endpoints.ts';
import { isoOrNull } from './iso.ts';

const tags = ['providers'];
const params = z.strictObject({ provider: madeId('prv') });
const mirrorParams = z.strictObject({ mirror: madeId('mir') });
const idKey = z.tuple([z.string().max(64)]);
const deliveryStatus = z.enum(['pending', 'succeeded', 'failed', 'cancelled']);
const DEFAULT_ROLE = 'primary';

function providerJson(row: ProviderRow) {
  const { lastAttempt } = row;
  return {
    ...row,
    schedules: row.schedules === null ? null : [...row.schedules],
    policies: row.policies === null ? null : [...row.policies],
    oldestPendingAt: isoOrNull(row.oldestPendingAt),
    lastAttempt: lastAttempt === null ? null : { ...lastAttempt, at: isoInstant(lastAttempt.at) },
    createdAt: isoInstant(row.createdAt),
    updatedAt: isoInstant(row.updatedAt),
  };
}

function mirrorJson(row: MirrorRow) {
  return {
    ...row,
    found: row.found === null ? null : { ...row.found, unknown: [...row.found.unknown] },
    mirroredAt: isoOrNull(row.mirroredAt),
    nextLookAt: isoOrNull(row.nextLookAt),
    createdAt: isoInstant(row.createdAt),
    updatedAt: isoInstant(row.updatedAt),
  };
}

function rulesOf({ webhookAllowedNetworks, secretKeys = [] }: ApiSettings): ProviderRules {
  const keys = sealKeysOf(secretKeys);
  return {
    // Plain http only where the operator has named networks of their own.
    plainHttp: webhookAllowedNetworks.length > 0,
    seal: keys === null ? null : (text, about) => seal(text, about, keys),
  };
}

/** Providers to which pages are forwarded: make, change, delete. */
export function addProviderRoutes(app: Api, context: ApiContext): void {
  const rules = rulesOf(context.settings);
  app.post(
    '/v1/providers',
    guarded('endpoints:write', {
      operationId: 'createProvider',
      summary: 'Forward pages to PagerDuty or Opsgenie',
      description: 'The key is stored encrypted and is never shown again.',
      tags,
      body: newProvider,
      response: { 201: provider, ...refusals(409, 412, 413, 415, 422) },
    }),
    async (request, reply) => {
      const result = await createProvider(commandContext(context, request), request.body, rules);
      const made = valueFrom(result, reply).provider;
      void reply.code(201).header('location', `/v1/providers/${made.id}`);
      return providerJson(made);
    },
  );
  app.patch(
    '/v1/providers/:provider',
    guarded('endpoints:write', {
      operationId: 'changeProvider',
      summary: 'Change a provider, give it another key, or switch it off or on',
      tags,
      params,
      body: providerChange,
      response: { 200: provider, ...refusals(404, 412, 413, 415, 422) },
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      const result = await changeProvider(commandContext(context, request), input, rules);
      return providerJson(valueFrom(result, reply).provider);
    },
  );
  app.delete(
    '/v1/providers/:provider',
    guarded('endpoints:write', {
      operationId: 'deleteProvider',
      summary: 'Forward nothing more to a provider, and forget its key',
      description: 'What waits to be sent is cancelled. What is open there stays open there.',
      tags,
      params,
      response: { 204: z.undefined(), ...refusals(404) },
    }),
    async (request, reply) => {
      valueFrom(await deleteProvider(commandContext(context, request), request.params), reply);
      return reply.code(204).send();
    },
  );
}

/** Providers: list and read, with what waits and how the last attempt went. */
export function addProviderReadRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/v1/providers',
    guarded('endpoints:read', {
      operationId: 'listProviders',
      summary: 'List the providers to which pages are forwarded',
      tags,
      querystring: z.strictObject(pageQuery),
      response: { 200: providerPage, ...refusals() },
    }),
    async ({ query: { limit, cursor } }) => {
      const [after] = decodeCursor(cursor, idKey) ?? [''];
      const rows = await listProviders(database, after, limit + 1);
      return pageOf(rows, limit, { item: providerJson, key: (row) => [row.id] });
    },
  );
  app.get(
    '/v1/providers/:provider',
    guarded('endpoints:read', {
      operationId: 'getProvider',
      summary: 'One provider and how it does',
      tags,
      params,
      response: { 200: provider, ...refusals(404) },
    }),
    async (request) => providerJson(found(await findProvider(database, request.params.provider), 'provider')),
  );
  app.get(
    '/v1/providers/:provider/deliveries',
    guarded('endpoints:read', {
      operationId: 'listProviderDeliveries',
      summary: 'What was forwarded to a provider, newest first',
      tags,
      params,
      querystring: z.strictObject({ ...pageQuery, status: deliveryStatus.optional() }),
      response: { 200: deliveryPage, ...refusals(404) },
    }),
    async ({ params: { provider: id }, query: { limit, cursor, status } }) => {
      found(await findProvider(database, id), 'provider');
      const key = decodeCursor(cursor, z.tuple([z.int().positive()]));
      const page = { endpoint: id, before: key?.[0] ?? Number.MAX_SAFE_INTEGER };
      const rows = await pageDeliveries(database, { ...page, status: status ?? null, limit: limit + 1 });
      return pageOf(rows, limit, { item: deliveryJson, key: (row) => [row.sequence] });
    },
  );
}

/** Schedules of PagerDuty that follow a role of one of ours: make, change, delete. */
export function addMirrorRoutes(app: Api, context: ApiContext): void {
  const rules = rulesOf(context.settings);
  app.post(
    '/v1/mirrors',
    guarded('endpoints:write', {
      operationId: 'createMirror',
      summary: 'Let a schedule of PagerDuty follow who is on call',
      description:
        'By overrides, as few as can be; those that others make are left alone. The token is stored encrypted and is never shown again.',
      tags,
      body: newMirror,
      response: { 201: mirror, ...refusals(404, 409, 412, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { role = DEFAULT_ROLE, ...rest } = request.body;
      const result = await createMirror(commandContext(context, request), { ...rest, role }, rules);
      const made = valueFrom(result, reply).mirror;
      void reply.code(201).header('location', `/v1/mirrors/${made.id}`);
      return mirrorJson(made);
    },
  );
  app.patch(
    '/v1/mirrors/:mirror',
    guarded('endpoints:write', {
      operationId: 'changeMirror',
      summary: 'Change a mirror, give it another token, or switch it off or on',
      description: 'It looks at the schedule there at once.',
      tags,
      params: mirrorParams,
      body: mirrorChange,
      response: { 200: mirror, ...refusals(404, 412, 413, 415, 422) },
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      const result = await changeMirror(commandContext(context, request), input, rules);
      return mirrorJson(valueFrom(result, reply).mirror);
    },
  );
  app.delete(
    '/v1/mirrors/:mirror',
    guarded('endpoints:write', {
      operationId: 'deleteMirror',
      summary: 'Mirror no more, and forget the token',
      description: 'The overrides made so far stay there.',
      tags,
      params: mirrorParams,
      response: { 204: z.undefined(), ...refusals(404) },
    }),
    async (request, reply) => {
      valueFrom(await deleteMirror(commandContext(context, request), request.params), reply);
      return reply.code(204).send();
    },
  );
}

/** Mirrors: list and read, with what the last look found. */
export function addMirrorReadRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/v1/mirrors',
    guarded('endpoints:read', {
      operationId: 'listMirrors',
      summary: 'List mirrors and how they do',
      tags,
      querystring: z.strictObject(pageQuery),
      response: { 200: mirrorPage, ...refusals() },
    }),
    async ({ query: { limit, cursor } }) => {
      const [after] = decodeCursor(cursor, idKey) ?? [''];
      const rows = await listMirrors(database, after, limit + 1);
      return pageOf(rows, limit, { item: mirrorJson, key: (row) => [row.id] });
    },
  );
  app.get(
    '/v1/mirrors/:mirror',
    guarded('endpoints:read', {
      operationId: 'getMirror',
      summary: 'One mirror and how it does',
      tags,
      params: mirrorParams,
      response: { 200: mirror, ...refusals(404) },
    }),
    async (request) => mirrorJson(found(await findMirror(database, request.params.mirror), 'mirror')),
  );
}
