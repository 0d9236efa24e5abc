import { hasScope, looksLikeSession, type Scope } from '@watchbill/commands';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../http/problem.ts';
import type { Standing } from '../http/rate-limit.ts';
import { refuseForeign, sessionOf } from '../sign-in/session-cookie.ts';
import type { Authenticator, Caller } from './authenticator.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token must be allowed to do; a route without it is open to everybody. */
    scope?: Scope;
  }
}

/** A route that names no query parameters takes none. */
const NO_QUERY = z.strictObject({});

/** The config and schema of a route that needs a scope; the OpenAPI document names it. */
export function guarded<S extends FastifySchema>(scope: Scope, schema: S) {
  return { config: { scope }, schema: { security: [{ bearer: [scope] }], querystring: NO_QUERY, ...schema } };
}

/** The schema of a route that is open to everybody; probes may add what they like to its query. */
export function open<S extends FastifySchema>(schema: S) {
  return { config: { unlimited: true }, schema: { security: [], ...schema } };
}

const BEARER = /^Bearer +([^\s]{1,200})$/i;
/** Only these may do without a scope. */
const OPEN_ROUTES =
  /^\/(?:a\/:link|f\/:file|v1\/twilio\/.*|v2\/.*|generic\/2010-04-15\/.*|v1\/intakes\/(?::key\/)?(?:alertmanager|grafana|generic|datadog|sentry|sns)|v1\/heartbeats\/:heartbeat|healthz|readyz|openapi\.json|feeds\/.*|assets\/.*|icon\.svg|favicon\.ico|v1\/session|v1\/sign-in-ways|v1\/setup\/.*|auth\/.*|slack\/\*|)$/;

/** Asks every request for its token. `countFailure` counts refusals by address. */
export function guardRoutes(
  app: FastifyInstance,
  authenticator: Authenticator,
  countFailure: (request: FastifyRequest) => Standing,
): void {
  app.decorateRequest('caller', null);
  app.addHook('onRoute', ({ url, config }) => {
    const scope = config?.scope;
    if (scope === undefined && !OPEN_ROUTES.test(url)) throw new Error(`the route ${url} names no scope`);
  });
  app.addHook('onRequest', (request, _reply, next) => {
    const { scope } = request.routeOptions.config;
    if (scope === undefined) return next();
    const bearer = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const token = bearer ?? sessionOf(request);
    // What a script sends is a token; a session's secret comes as a cookie, or not at all.
    if (bearer !== undefined && looksLikeSession(bearer)) return next(notAuthenticated(request));
    const foreign = bearer === undefined && token !== undefined ? refuseForeign(request) : null;
    if (foreign !== null) return next(foreign);
    const known = token === undefined ? null : authenticator.recall(token);
    if (known !== undefined && known !== null) return admit(known, scope, { request, next });
    const found = token === undefined || known === null ? Promise.resolve(null) : authenticator.look(token);
    found.then((caller) => {
      if (caller !== null) return admit(caller, scope, { request, next });
      const standing = countFailure(request);
      next(standing.exceeded ? tooManyFailures(standing) : notAuthenticated(request));
    }, next);
  });
}

function admit(
  caller: Caller,
  scope: Scope,
  { request, next }: { readonly request: FastifyRequest; readonly next: (error?: Error) => void },
): void {
  request.caller = caller;
  if (hasScope(caller.scopes, scope)) next();
  else if (caller.session !== null) {
    const message = 'Your account may not do this. Ask a manager of the team or an admin.';
    next(new ApiError(403, 'account/scope', message));
  } else {
    const headers = {
      'www-authenticate': `Bearer realm="watchbill", error="insufficient_scope", scope="${scope}"`,
    };
    next(new ApiError(403, 'token/scope', `This needs a token with the scope ${scope}.`, { headers }));
  }
}

function notAuthenticated(request: FastifyRequest): ApiError {
  const given = request.headers.authorization !== undefined;
  if (!given && sessionOf(request) !== undefined) {
    return new ApiError(401, 'session/ended', 'You are not signed in any more. Sign in again.');
  }
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

function tooManyFailures({ resetSeconds }: Standing): ApiError {
  const detail = 'Too many requests without a valid token from this address.';
  const headers = { 'retry-after': String(resetSeconds) };
  return new ApiError(429, 'token/too-many-failures', detail, { headers });
}

/** The caller of a guarded route. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('a guarded route was reached without a caller');
  return request.caller;
}
