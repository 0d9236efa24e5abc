import { hasScope, type Scope } from '@watchbill/commands';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../http/problem.ts';
import type { Authenticator, Caller } from './authenticator.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token must be allowed to do; a route without it is open to everybody. */
    scope?: Scope;
  }
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** A route that names no query parameters takes none. */
const NO_QUERY = z.strictObject({});

/** The config and schema of a route that needs a scope; the OpenAPI document names it. */
export function guarded<S extends FastifySchema>(scope: Scope, schema: S) {
  return { config: { scope }, schema: { security: [{ bearer: [scope] }], querystring: NO_QUERY, ...schema } };
}

/** The schema of a route that is open to everybody. */
export function open<S extends FastifySchema>(schema: S) {
  return {
    config: { rateLimit: false as const },
    schema: { security: [], querystring: NO_QUERY, ...schema },
  };
}

const BEARER = /^Bearer +([^\s]{1,200})$/i;
/** Only these may do without a scope. */
const OPEN_ROUTES = /^\/(?:healthz|readyz|openapi\.json|feeds\/.*)$/;

/** Asks every request for its token. `tooManyFailures` counts refusals by address and says when there are too many. */
export function guardRoutes(
  app: FastifyInstance,
  authenticator: Authenticator,
  tooManyFailures: (request: FastifyRequest) => Promise<boolean>,
): void {
  app.decorateRequest('caller', null);
  app.addHook('onRoute', ({ url, config }) => {
    const scope = config?.scope;
    if (scope === undefined && !OPEN_ROUTES.test(url)) throw new Error(`the route ${url} names no scope`);
  });
  app.addHook('onRequest', (request, reply, next) => {
    const { scope } = request.routeOptions.config;
    if (scope === undefined) return next();
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const known = token === undefined ? null : authenticator.recall(token);
    if (known !== undefined && known !== null) return admit(known, scope, { request, next });
    const found = token === undefined || known === null ? Promise.resolve(null) : authenticator.look(token);
    found
      .then(async (caller) => {
        if (caller !== null) return admit(caller, scope, { request, next });
        const tooMany = await tooManyFailures(request);
        next(tooMany ? tooManyAttempts(reply) : notAuthenticated(request));
      })
      .catch(next);
  });
}

function admit(
  caller: Caller,
  scope: Scope,
  { request, next }: { readonly request: FastifyRequest; readonly next: (error?: Error) => void },
): void {
  request.caller = caller;
  if (hasScope(caller.scopes, scope)) next();
  else {
    const headers = {
      'www-authenticate': `Bearer realm="watchbill", error="insufficient_scope", scope="${scope}"`,
    };
    next(new ApiError(403, 'token/scope', `This needs a token with the scope ${scope}.`, { headers }));
  }
}

function notAuthenticated(request: FastifyRequest): ApiError {
  const given = request.headers.authorization !== undefined;
  const error = given ? ', error="invalid_token"' : '';
  return new ApiError(
    401,
    given ? 'token/invalid' : 'token/missing',
    given
      ? 'The token is not valid: it may be mistyped, revoked or past its time.'
      : 'Send "Authorization: Bearer wb_…" with a token.',
    { headers: { 'www-authenticate': `Bearer realm="watchbill"${error}` } },
  );
}

function tooManyAttempts(reply: FastifyReply): ApiError {
  return new ApiError(
    429,
    'token/too-many-failures',
    'Too many requests without a valid token from this address.',
    {
      headers: { 'retry-after': String(reply.getHeader('retry-after') ?? 60) },
    },
  );
}

/** The caller of a guarded route. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('a guarded route was reached without a caller');
  return request.caller;
}
