import { createFeed, createToken, revokeFeed, revokeToken } from '@watchbill/commands';
import { type FeedRow, isoInstant, listFeeds, listTokens, type TokenRow } from '@watchbill/database';
import { z } from 'zod';
import { callerOf, guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { feedPage, issuedFeed, issuedToken, newFeed, newToken, tokenPage } from '../schemas/access-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { madeId } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const tags = ['access'];
const idKey = z.tuple([z.string().max(64)]);

function tokenJson(row: TokenRow) {
  return {
    ...row,
    scopes: [...row.scopes],
    createdAt: isoInstant(row.createdAt),
    expiresAt: isoOrNull(row.expiresAt),
    lastUsedAt: isoOrNull(row.lastUsedAt),
    revokedAt: isoOrNull(row.revokedAt),
  };
}

function feedJson(row: FeedRow) {
  return { ...row, createdAt: isoInstant(row.createdAt), revokedAt: isoOrNull(row.revokedAt) };
}

/** Bearer tokens: make, list without the tokens themselves, revoke. */
export function addTokenRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/tokens',
    guarded('tokens:write', {
      operationId: 'createToken',
      summary: 'Make a token',
      description: 'The token is shown this once; only its hash is stored.',
      tags,
      body: newToken,
      response: { 201: issuedToken, ...refusals(409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { name, scopes, expiresAt } = request.body;
      const grantedBy = callerOf(request).scopes;
      const input = { name, scopes, expiresAt: expiresAt ?? null, grantedBy };
      const issued = valueFrom(await createToken(commandContext(context, request), input), reply);
      void reply.code(201);
      return { ...issued, scopes: [...issued.scopes] };
    },
  );
  app.get(
    '/v1/tokens',
    guarded('tokens:read', {
      operationId: 'listTokens',
      summary: 'List tokens',
      tags,
      querystring: z.strictObject(pageQuery),
      response: { 200: tokenPage, ...refusals() },
    }),
    async ({ query: { limit, cursor } }) => {
      const [after] = decodeCursor(cursor, idKey) ?? [''];
      const rows = await listTokens(context.database, after, limit + 1);
      return pageOf(rows, limit, { item: tokenJson, key: (row) => [row.id] });
    },
  );
  app.delete(
    '/v1/tokens/:token',
    guarded('tokens:write', {
      operationId: 'revokeToken',
      summary: 'Revoke a token at once',
      tags,
      params: z.strictObject({ token: madeId('tok') }),
      response: { 204: z.undefined(), ...refusals(404) },
    }),
    async (request, reply) => {
      valueFrom(await revokeToken(commandContext(context, request), request.params), reply);
      context.authenticator.forget();
      return reply.code(204).send();
    },
  );
}

/** Secret calendar addresses: make, list without the secrets, revoke. */
export function addFeedAdminRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/feeds',
    guarded('feeds:write', {
      operationId: 'createFeed',
      summary: 'Make a calendar address of a schedule or a person',
      description: 'The address is secret and shown this once: whoever has it can read the calendar.',
      tags,
      body: newFeed,
      response: { 201: issuedFeed, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { schedule, person } = request.body;
      const input =
        schedule !== undefined ? { schedule, person: null } : { schedule: null, person: person ?? '' };
      const { secret, ...issued } = valueFrom(
        await createFeed(commandContext(context, request), input),
        reply,
      );
      void reply.code(201);
      const url = secret === null ? null : `${context.settings.publicUrl}/feeds/${secret}.ics`;
      return { ...issued, url };
    },
  );
  app.get(
    '/v1/feeds',
    guarded('feeds:read', {
      operationId: 'listFeeds',
      summary: 'List calendar addresses',
      tags,
      querystring: z.strictObject(pageQuery),
      response: { 200: feedPage, ...refusals() },
    }),
    async ({ query: { limit, cursor } }) => {
      const [after] = decodeCursor(cursor, idKey) ?? [''];
      const rows = await listFeeds(context.database, after, limit + 1);
      return pageOf(rows, limit, { item: feedJson, key: (row) => [row.id] });
    },
  );
  app.delete(
    '/v1/feeds/:feed',
    guarded('feeds:write', {
      operationId: 'revokeFeed',
      summary: 'Revoke a calendar address at once',
      tags,
      params: z.strictObject({ feed: madeId('fed') }),
      response: { 204: z.undefined(), ...refusals(404) },
    }),
    async (request, reply) => {
      valueFrom(await revokeFeed(commandContext(context, request), request.params), reply);
      return reply.code(204).send();
    },
  );
}
