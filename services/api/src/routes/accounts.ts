import { changeAccount, createAccount, createSetupLink, endSession } from '@watchbill/commands';
import { type AccountRow, findAccount, isoInstant, pageAccounts } from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import {
  account,
  accountChange,
  accountPage,
  issuedAccount,
  issuedLink,
  newAccount,
} from '../schemas/account-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { madeId } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const tags = ['sign-in'];
const params = z.strictObject({ account: madeId('acc') });

function accountJson(row: AccountRow) {
  return {
    ...row,
    createdAt: isoInstant(row.createdAt),
    lastSignedInAt: isoOrNull(row.lastSignedInAt),
    disabledAt: isoOrNull(row.disabledAt),
  };
}

/** Accounts: list, look, change. For admins. */
export function addAccountRoutes(app: Api, context: ApiContext): void {
  const { database, authenticator } = context;
  app.get(
    '/v1/accounts',
    guarded('admin', {
      operationId: 'listAccounts',
      summary: 'List accounts',
      tags,
      querystring: z.strictObject(pageQuery),
      response: { 200: accountPage, ...refusals() },
    }),
    async ({ query: { limit, cursor } }) => {
      const [after] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [''];
      const rows = await pageAccounts(database, after, limit + 1);
      return pageOf(rows, limit, { item: accountJson, key: (row) => [row.id] });
    },
  );
  app.get(
    '/v1/accounts/:account',
    guarded('admin', {
      operationId: 'getAccount',
      summary: 'One account',
      tags,
      params,
      response: { 200: account, ...refusals(404) },
    }),
    async (request) => accountJson(found(await findAccount(database, request.params.account), 'account')),
  );
  app.patch(
    '/v1/accounts/:account',
    guarded('admin', {
      operationId: 'changeAccount',
      summary: 'Change an account; what it may not do any more ends at once',
      tags,
      params,
      body: accountChange,
      response: { 200: account, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const input = { account: request.params.account, change: request.body };
      const row = valueFrom(await changeAccount(commandContext(context, request), input), reply);
      authenticator.forget();
      return accountJson(row);
    },
  );
}

/** Who comes in and who goes out: invite, send another link, sign out everywhere. For admins. */
export function addInvitationRoutes(app: Api, context: ApiContext): void {
  const { database, authenticator, settings } = context;
  const address = (link: string | null) => (link === null ? null : `${settings.publicUrl}/setup/${link}`);
  app.post(
    '/v1/accounts',
    guarded('admin', {
      operationId: 'createAccount',
      summary: 'Invite somebody: an account, and the link that sets its password',
      tags,
      body: newAccount,
      response: { 201: issuedAccount, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const input = { ...request.body, person: request.body.person ?? null };
      const { id, link } = valueFrom(await createAccount(commandContext(context, request), input), reply);
      void reply.code(201).header('location', `/v1/accounts/${id}`);
      return { id, link: address(link) };
    },
  );
  app.post(
    '/v1/accounts/:account/link',
    guarded('admin', {
      operationId: 'createSetupLink',
      summary: 'Make another link that sets a password; the earlier ones lead nowhere',
      tags,
      params,
      response: { 201: issuedLink, ...refusals(404, 409) },
    }),
    async (request, reply) => {
      const input = { account: request.params.account };
      const { link } = valueFrom(await createSetupLink(commandContext(context, request), input), reply);
      void reply.code(201);
      return { link: address(link) };
    },
  );
  app.delete(
    '/v1/accounts/:account/sessions',
    guarded('admin', {
      operationId: 'endSessionsOfAccount',
      summary: 'Sign an account out everywhere at once',
      tags,
      params,
      response: { 204: z.undefined(), ...refusals(404) },
    }),
    async (request, reply) => {
      const row = found(await findAccount(database, request.params.account), 'account');
      valueFrom(await endSession(commandContext(context, request), { account: row.id }), reply);
      authenticator.forget();
      return reply.code(204).send();
    },
  );
}
