import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { Api } from '../context.ts';
import { ApiError } from './problem.ts';

const WINDOW_MS = 60_000;
const MAX_CALLERS = 10_000;
/** Requests without a valid token from one address in a minute: enough to mistype, too few to search. */
export const MAX_FAILURES_PER_MINUTE = 60;

/**
 * Limits requests by token, and requests without one by address, each counted in this process. Every limited answer
 * carries `RateLimit-Limit`, `-Remaining` and `-Reset`.
 */
export async function limitRates(app: Api, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: WINDOW_MS,
    cache: MAX_CALLERS,
    enableDraftSpec: true,
    keyGenerator: (request) => request.caller?.tokenId ?? request.ip,
    errorResponseBuilder: (_request, { max, after }) =>
      new ApiError(429, 'rate/too-many', `At most ${max} requests a minute; go on in ${after}.`),
  });
}

/** Counts requests that carried no valid token, by address, and says when there were too many. */
export function failureCounter(app: Api): (request: FastifyRequest) => Promise<boolean> {
  const count = app.createRateLimit({
    max: MAX_FAILURES_PER_MINUTE,
    timeWindow: WINDOW_MS,
    keyGenerator: (request) => `failed ${request.ip}`,
  });
  return async (request) => {
    const result = await count(request);
    return !result.isAllowed && result.isExceeded;
  };
}
