import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../context.ts';
import { ApiError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for what may be asked as often as anybody likes: health, and the description of the API. */
    unlimited?: boolean;
  }
}

const WINDOW_MS = 60_000;
const MAX_CALLERS = 10_000;
/** Requests without a valid token from one address in a minute: enough to mistype, too few to search. */
export const MAX_FAILURES_PER_MINUTE = 60;

export interface Standing {
  readonly exceeded: boolean;
  readonly remaining: number;
  readonly resetSeconds: number;
}

export interface RateLimiter {
  /** Counts one request of a caller, and says where the caller stands. */
  count(caller: string): Standing;
  /** Takes one back: what turned out well need not count. */
  takeBack(caller: string): void;
}

interface Window {
  used: number;
  endsAt: number;
}

/**
 * Counts requests in windows of a minute that begin with a caller's first request. Everything happens in memory and at
 * once: this stands before every request. `clock` is monotonic, in milliseconds.
 */
export function createRateLimiter(perMinute: number, clock = () => performance.now()): RateLimiter {
  const windows = new Map<string, Window>();
  return {
    count: (caller) => {
      const now = clock();
      let window = windows.get(caller);
      if (window === undefined || now >= window.endsAt) {
        // The order of a Map is the order of insertion: the first one is the oldest window.
        windows.delete(caller);
        if (windows.size >= MAX_CALLERS) windows.delete(windows.keys().next().value ?? caller);
        window = { used: 0, endsAt: now + WINDOW_MS };
        windows.set(caller, window);
      }
      window.used += 1;
      return {
        exceeded: window.used > perMinute,
        remaining: Math.max(0, perMinute - window.used),
        resetSeconds: Math.ceil((window.endsAt - now) / 1000),
      };
    },
    takeBack: (caller) => {
      const window = windows.get(caller);
      if (window !== undefined) window.used = Math.max(0, window.used - 1);
    },
  };
}

/**
 * Limits requests by token, and requests without one by address, each counted in this process. Every limited answer
 * carries `RateLimit-Limit`, `-Remaining` and `-Reset`.
 */
export function limitRates(app: Api, perMinute: number): void {
  const limiter = createRateLimiter(perMinute);
  app.addHook('onRequest', (request, reply, next) => {
    if (request.routeOptions.config.unlimited === true) return next();
    const standing = limiter.count(request.caller?.tokenId ?? request.ip);
    tell(reply, perMinute, standing);
    next(standing.exceeded ? tooMany(perMinute, standing) : undefined);
  });
}

function tell(reply: FastifyReply, perMinute: number, { remaining, resetSeconds }: Standing): void {
  void reply
    .header('ratelimit-limit', perMinute)
    .header('ratelimit-remaining', remaining)
    .header('ratelimit-reset', resetSeconds);
}

function tooMany(perMinute: number, { resetSeconds }: Standing): ApiError {
  const detail = `At most ${perMinute} requests a minute; go on in ${resetSeconds} seconds.`;
  return new ApiError(429, 'rate/too-many', detail, { headers: { 'retry-after': String(resetSeconds) } });
}

/** Counts requests that carried no valid token, by address, and says when there were too many. */
export function failureCounter(): (request: FastifyRequest) => Standing {
  const limiter = createRateLimiter(MAX_FAILURES_PER_MINUTE);
  return (request) => limiter.count(request.ip);
}
