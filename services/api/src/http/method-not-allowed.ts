import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asksForPage } from '../site/serve-site.ts';
import { handleError } from './error-handler.ts';
import { ApiError } from './problem.ts';

interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Remembers the routes as they are added, and answers 405 with `Allow` where only the method is wrong, else 404. */
export function answerUnknownRoutes(
  app: FastifyInstance,
  sendPage: (reply: FastifyReply) => FastifyReply,
): void {
  const paths = new Map<string, KnownPath>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const name of [method].flat()) known.methods.add(name);
    paths.set(url, known);
  });
  app.setNotFoundHandler((request, reply) => {
    // A page of the app has its address in the browser only: the one file answers for all of them.
    if (asksForPage(request)) return sendPage(reply);
    return handleError(refusalFor(request, paths), request, reply);
  });
}

function refusalFor(request: FastifyRequest, paths: ReadonlyMap<string, KnownPath>): ApiError {
  const path = request.url.split('?', 1)[0] ?? '';
  for (const { pattern, methods } of paths.values()) {
    if (!pattern.test(path)) continue;
    if (methods.has(request.method)) break;
    const allow = [...methods].sort().join(', ');
    return new ApiError(405, 'method/not-allowed', `This address takes ${allow}.`, { headers: { allow } });
  }
  return new ApiError(
    404,
    'route/not-found',
    'There is nothing at this address. GET /openapi.json lists all addresses.',
  );
}

function patternOf(url: string): RegExp {
  const escaped = url.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replace(/:[A-Za-z]+/g, '[^/]+')}$`);
}
