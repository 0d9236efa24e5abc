import {
  endSession,
  plainEmail,
  purposeOfLink,
  type SignInPlace,
  setUpAccount,
  startSession,
} from '@watchbill/commands';
import { countAccounts, findPasswordHash, isoInstant, sessionsOf, teamsManagedBy } from '@watchbill/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf, guarded, open } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { valueFrom } from '../http/command-call.ts';
import { ApiError } from '../http/problem.ts';
import { createRateLimiter } from '../http/rate-limit.ts';
import {
  currentSession,
  linkPurpose,
  sessionList,
  setUp,
  signIn,
  signInWays,
} from '../schemas/account-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { madeId } from '../schemas/scalars.ts';
import { createPasswords, type Passwords } from '../sign-in/password.ts';
import {
  clearSessionCookie,
  isSecure,
  refuseForeign,
  sessionOf,
  setSessionCookie,
} from '../sign-in/session-cookie.ts';

const tags = ['sign-in'];
const linkParams = z.strictObject({ link: z.string().min(1).max(100) });
/** Failed tries within a minute, from one address of the network and for one account or link. */
export const SIGN_INS_PER_MINUTE = { address: 20, account: 8 } as const;
const MAX_SESSIONS_SHOWN = 100;

/** From where a request comes, for the list of sessions. */
export function placeOf(request: FastifyRequest): SignInPlace {
  return { userAgent: request.headers['user-agent'] ?? '', address: request.ip };
}

/** Signing in by password, the link that sets one, and one's own sessions. */
export function addSignInRoutes(app: Api, context: ApiContext): void {
  const passwords = createPasswords();
  const limit = signInLimit();
  addPasswordRoute(app, context, { passwords, limit });
  addLinkRoutes(app, context, { passwords, limit });
  addSessionRoutes(app, context);
  addOwnSessionRoutes(app, context);
}

/** Counts a try before it is made, so that many at once do not slip through; gives back what takes it back. */
type Limit = (request: FastifyRequest, account: string) => () => void;

interface Doors {
  readonly passwords: Passwords;
  readonly limit: Limit;
}

function signInLimit(): Limit {
  const byAddress = createRateLimiter(SIGN_INS_PER_MINUTE.address);
  const byAccount = createRateLimiter(SIGN_INS_PER_MINUTE.account);
  return (request, account) => {
    const standings = [byAddress.count(request.ip), byAccount.count(account)];
    const over = standings.filter((standing) => standing.exceeded);
    if (over.length > 0) {
      const seconds = Math.max(...over.map((standing) => standing.resetSeconds));
      const headers = { 'retry-after': String(seconds) };
      const detail = `Too many tries. Try again in ${seconds} seconds.`;
      throw new ApiError(429, 'sign-in/too-many', detail, { headers });
    }
    return () => {
      byAddress.takeBack(request.ip);
      byAccount.takeBack(account);
    };
  };
}

function addPasswordRoute(app: Api, context: ApiContext, { passwords, limit }: Doors): void {
  const { database } = context;
  app.get(
    '/v1/sign-in-ways',
    open({
      operationId: 'signInWays',
      summary: 'How one can sign in here',
      tags,
      response: { 200: signInWays },
    }),
    async (request) => ({
      needsSetUp: (await countAccounts(database)).all === 0,
      signedIn: await isSignedIn(request, context),
      providers: context.signInProviders.map(({ id, name }) => ({ id, name })),
    }),
  );
  app.post(
    '/v1/session',
    open({
      operationId: 'signIn',
      summary: 'Sign in by password; the session comes as a cookie',
      tags,
      body: signIn,
      response: { 204: z.undefined(), ...refusals(401, 403, 413, 415, 429) },
    }),
    async (request, reply) => {
      refuseIfForeign(request);
      const email = plainEmail(request.body.email);
      const wentWell = limit(request, email);
      const known = await findPasswordHash(database, email);
      const fits = await passwords.verify(request.body.password, known?.passwordHash ?? null);
      if (known === null || !fits) {
        throw new ApiError(401, 'sign-in/wrong', 'The address or the password is wrong.');
      }
      const command = { database, actor: `sign-in of ${known.id}` };
      const result = await startSession(command, { account: known.id, place: placeOf(request) });
      const begun = valueFrom(result, reply);
      wentWell();
      beginInBrowser(reply, begun.secret, context);
      return reply.code(204).send();
    },
  );
}

function addLinkRoutes(app: Api, context: ApiContext, { passwords, limit }: Doors): void {
  const { database } = context;
  app.get(
    '/v1/setup/:link',
    open({
      operationId: 'getSetupLink',
      summary: 'What a set-up link is for',
      tags,
      params: linkParams,
      response: { 200: linkPurpose, ...refusals(404, 429) },
    }),
    async (request) => {
      const wentWell = limit(request, request.params.link);
      const purpose = await purposeOfLink(database, request.params.link);
      if (purpose === null)
        throw new ApiError(404, 'link/not-found', 'This link was used, or its time is over.');
      wentWell();
      return { purpose };
    },
  );
  app.post(
    '/v1/setup/:link',
    open({
      operationId: 'setUp',
      summary: 'Set a password by a link that works once, and sign in',
      tags,
      params: linkParams,
      body: setUp,
      response: { 204: z.undefined(), ...refusals(403, 404, 413, 415, 422, 429) },
    }),
    async (request, reply) => {
      refuseIfForeign(request);
      const { link } = request.params;
      const wentWell = limit(request, link);
      if ((await purposeOfLink(database, link)) === null) {
        throw new ApiError(404, 'link/not-found', 'This link was used, or its time is over.');
      }
      const { password, email, name } = request.body;
      const input = {
        link,
        passwordHash: await passwords.hash(password),
        first: email === undefined || name === undefined ? null : { email, name },
        place: placeOf(request),
      };
      const begun = valueFrom(await setUpAccount({ database, actor: 'set-up link' }, input), reply);
      wentWell();
      context.authenticator.forget();
      beginInBrowser(reply, begun.secret, context);
      return reply.code(204).send();
    },
  );
}

function addSessionRoutes(app: Api, context: ApiContext): void {
  const { database } = context;
  app.get(
    '/v1/session',
    guarded('schedules:read', {
      operationId: 'currentSession',
      summary: 'Who is signed in, and what they may manage',
      tags,
      response: { 200: currentSession, ...refusals(404) },
    }),
    async (request) => {
      const { session } = callerOf(request);
      if (session === null) throw new ApiError(404, 'session/none', 'This is a token, not a session.');
      const { account: accountId, name, role, person, expiresAt } = session;
      return {
        account: { id: accountId, name, role },
        person,
        managerOf: person === null ? [] : [...(await teamsManagedBy(database, person))],
        expiresAt: isoInstant(expiresAt),
      };
    },
  );
  app.delete(
    '/v1/session',
    guarded('schedules:read', {
      operationId: 'signOut',
      summary: 'Sign out',
      tags,
      response: { 204: z.undefined(), ...refusals(403) },
    }),
    async (request, reply) => {
      const { session, actor } = callerOf(request);
      if (session !== null) {
        const { account, session: only } = session;
        valueFrom(await endSession({ database, actor }, { account, session: only }), reply);
        context.authenticator.forget();
      }
      clearSessionCookie(reply, isSecure(context.settings.publicUrl));
      return reply.code(204).send();
    },
  );
}

function addOwnSessionRoutes(app: Api, context: ApiContext): void {
  const { database } = context;
  app.get(
    '/v1/sessions',
    guarded('schedules:read', {
      operationId: 'listSessions',
      summary: 'The sessions of the account that is signed in',
      tags,
      response: { 200: sessionList, ...refusals(404) },
    }),
    async (request) => {
      const { session } = callerOf(request);
      if (session === null) throw new ApiError(404, 'session/none', 'This is a token, not a session.');
      const rows = await sessionsOf(database, session.account, MAX_SESSIONS_SHOWN);
      return {
        data: rows.map(({ account: _account, ...row }) => ({
          ...row,
          createdAt: isoInstant(row.createdAt),
          lastUsedAt: isoInstant(row.lastUsedAt),
          expiresAt: isoInstant(row.expiresAt),
          current: row.id === session.session,
        })),
      };
    },
  );
  app.delete(
    '/v1/sessions/:session',
    guarded('schedules:read', {
      operationId: 'endSession',
      summary: 'End one of one’s own sessions at once',
      tags,
      params: z.strictObject({ session: madeId('ses') }),
      response: { 204: z.undefined(), ...refusals(403, 404) },
    }),
    async (request, reply) => {
      const { session, actor } = callerOf(request);
      if (session === null) throw new ApiError(404, 'session/none', 'This is a token, not a session.');
      const input = { account: session.account, session: request.params.session };
      valueFrom(await endSession({ database, actor }, input), reply);
      context.authenticator.forget();
      return reply.code(204).send();
    },
  );
}

async function isSignedIn(request: FastifyRequest, { authenticator }: ApiContext): Promise<boolean> {
  const secret = sessionOf(request);
  if (secret === undefined) return false;
  const known = authenticator.recall(secret);
  return (known === undefined ? await authenticator.look(secret) : known) !== null;
}

/** Signing somebody in by a form of another site would let its owner watch what they do here. */
function refuseIfForeign(request: FastifyRequest): void {
  const foreign = refuseForeign(request);
  if (foreign !== null) throw foreign;
}

export function beginInBrowser(reply: FastifyReply, secret: string, context: ApiContext): void {
  setSessionCookie(reply, secret, isSecure(context.settings.publicUrl));
}
