import { SESSION_LIFE_MS } from '@watchbill/commands';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/problem.ts';

/** The cookie of a session: out of reach of scripts, and sent only to this server. */

const PLAIN = 'watchbill_session';
/** Browsers take this name over https only, from this very host, for all of its paths. */
const SECURE = '__Host-watchbill_session';
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A page of another site cannot send this without being asked for it first, and we never say yes. */
const OWN_HEADER = 'x-watchbill-request';

export function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}

/** The secret of the session's cookie that came with a request. */
export function sessionOf(request: FastifyRequest): string | undefined {
  const header = request.headers.cookie;
  if (header === undefined) return undefined;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    if (at > 0 && (name === PLAIN || name === SECURE)) return part.slice(at + 1).trim();
  }
  return undefined;
}

export function setSessionCookie(reply: FastifyReply, secret: string, secure: boolean): void {
  const parts = [
    `${secure ? SECURE : PLAIN}=${secret}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    `Max-Age=${Math.floor(SESSION_LIFE_MS / 1000)}`,
    ...(secure ? ['Secure'] : []),
  ];
  void reply.header('set-cookie', parts.join('; '));
}

export function clearSessionCookie(reply: FastifyReply, secure: boolean): void {
  const rest = `Path=/; HttpOnly; SameSite=Lax; Max-Age=0${secure ? '; Secure' : ''}`;
  void reply.header('set-cookie', `${secure ? SECURE : PLAIN}=; ${rest}`);
}

/** Refuses a change that a page of another site could have sent with the cookie of whoever looks at it. */
export function refuseForeign(request: FastifyRequest): ApiError | null {
  if (SAFE_METHODS.has(request.method)) return null;
  const site = request.headers['sec-fetch-site'];
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (!foreign && request.headers[OWN_HEADER] !== undefined) return null;
  const message =
    'A change by a session needs the header X-Watchbill-Request, and must come from a page of this server.';
  return new ApiError(403, 'session/foreign-request', message);
}
