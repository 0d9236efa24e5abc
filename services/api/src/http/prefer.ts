import type { FastifyRequest } from 'fastify';

/** What a client would rather have (RFC 7240), of what there is to choose. */
export interface Preference {
  /** Not to wait at all. */
  readonly async: boolean;
  /** How long to wait at most, in ms; null where it says nothing. */
  readonly waitMs: number | null;
}

const WAIT = /^wait\s*=\s*"?(\d{1,6})"?$/;

/** Reads `Prefer`. What is not understood is not meant for us, so the RFC says. */
export function preferenceOf(request: FastifyRequest): Preference {
  const header = request.headers.prefer;
  const parts = (Array.isArray(header) ? header.join() : (header ?? ''))
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';')[0]?.trim() ?? '');
  const seconds = parts.map((part) => WAIT.exec(part)?.[1]).find((found) => found !== undefined);
  return {
    async: parts.includes('respond-async'),
    waitMs: seconds === undefined ? null : Number(seconds) * 1_000,
  };
}
