import { signInByProvider } from '@watchbill/commands';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { open } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { valueFrom } from '../http/command-call.ts';
import { ApiError } from '../http/problem.ts';
import { createRateLimiter } from '../http/rate-limit.ts';
import type { IdentityProvider, SignInTry } from '../sign-in/identity-provider.ts';
import { isSecure } from '../sign-in/session-cookie.ts';
import { beginInBrowser, placeOf, SIGN_INS_PER_MINUTE } from './sign-in.ts';

const COOKIE = 'watchbill_sign_in';
const TRY_SECONDS = 600;
const params = z.strictObject({ provider: z.string().max(40) });
const tryShape = z.strictObject({
  provider: z.string().max(40),
  state: z.string().max(200),
  nonce: z.string().max(200),
  verifier: z.string().max(200),
});

/** Signing in at an identity provider: leave for it, and come back from it. */
export function addProviderSignInRoutes(app: Api, context: ApiContext): void {
  const byAddress = createRateLimiter(SIGN_INS_PER_MINUTE.address);
  const limited = (request: FastifyRequest): void => {
    const { exceeded, resetSeconds } = byAddress.count(request.ip);
    if (!exceeded) return;
    const headers = { 'retry-after': String(resetSeconds) };
    throw new ApiError(429, 'sign-in/too-many', `Too many tries. Try again in ${resetSeconds} seconds.`, {
      headers,
    });
  };
  app.get(
    '/auth/:provider',
    { ...open({ params }), schema: { hide: true, params } },
    async (request, reply) => {
      limited(request);
      const provider = providerOf(context, request.params.provider);
      const { url, attempt } = await provider.leave(redirectUri(context, provider)).catch(unreachable);
      keepTry(reply, attempt, context);
      return reply.redirect(url, 303);
    },
  );
  app.get(
    '/auth/:provider/callback',
    { ...open({ params }), schema: { hide: true, params } },
    async (request, reply) => {
      limited(request);
      const provider = providerOf(context, request.params.provider);
      const attempt = readTry(request);
      dropTry(reply);
      if (attempt === null || attempt.provider !== provider.id) {
        throw new ApiError(
          400,
          'sign-in/no-try',
          'This sign-in took too long or began elsewhere. Begin again.',
        );
      }
      const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
      const back = new URL(`${redirectUri(context, provider)}${query}`);
      const identity = await provider.comeBack(back, attempt).catch((error: unknown) => {
        context.logger.warn({ err: error, provider: provider.id }, 'sign-in refused');
        throw new ApiError(403, 'sign-in/refused', 'The sign-in did not work. Begin again.');
      });
      const command = { database: context.database, actor: `${provider.name} sign-in` };
      const result = await signInByProvider(command, { identity, place: placeOf(request) });
      beginInBrowser(reply, valueFrom(result, reply).secret, context);
      return reply.redirect('/', 303);
    },
  );
}

function providerOf(context: ApiContext, id: string): IdentityProvider {
  const provider = context.signInProviders.find((known) => known.id === id);
  if (provider !== undefined) return provider;
  throw new ApiError(404, 'provider/not-found', 'There is no such way to sign in here.');
}

function redirectUri({ settings }: ApiContext, provider: IdentityProvider): string {
  return `${settings.publicUrl}/auth/${provider.id}/callback`;
}

function unreachable(): never {
  const detail = 'The identity provider cannot be reached now. Try again, or sign in by password.';
  throw new ApiError(503, 'provider/unreachable', detail);
}

function keepTry(reply: FastifyReply, attempt: SignInTry, { settings }: ApiContext): void {
  const value = Buffer.from(JSON.stringify(attempt)).toString('base64url');
  const secure = isSecure(settings.publicUrl) ? '; Secure' : '';
  const rest = `Path=/auth; HttpOnly; SameSite=Lax; Max-Age=${TRY_SECONDS}${secure}`;
  void reply.header('set-cookie', `${COOKIE}=${value}; ${rest}`);
}

function dropTry(reply: FastifyReply): void {
  void reply.header('set-cookie', `${COOKIE}=; Path=/auth; HttpOnly; SameSite=Lax; Max-Age=0`);
}

function readTry(request: FastifyRequest): SignInTry | null {
  const value = new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]{1,2000})`).exec(
    request.headers.cookie ?? '',
  )?.[1];
  if (value === undefined) return null;
  try {
    return tryShape.parse(JSON.parse(Buffer.from(value, 'base64url').toString()));
  } catch {
    return null;
  }
}
