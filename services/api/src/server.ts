import type { Socket } from 'node:net';
import type { Histogram } from '@watchbill/runtime';
import Fastify, { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { guardRoutes } from './access/guard.ts';
import type { Api, ApiContext } from './context.ts';
import { watchUnused } from './http/close-unused.ts';
import { handleError } from './http/error-handler.ts';
import { handToSlack } from './http/hand-to-slack.ts';
import { answerUnknownRoutes } from './http/method-not-allowed.ts';
import { describeRoutes } from './http/openapi.ts';
import { ApiError, PROBLEM_TYPE, problemDocument } from './http/problem.ts';
import { failureCounter, limitRates } from './http/rate-limit.ts';
import { requestIds } from './http/request-ids.ts';
import { SECURITY_HEADERS } from './http/security-headers.ts';
import { validatorCompiler } from './http/validation.ts';
import { ROUTES } from './routes/routes.ts';
import { readPage, serveSite } from './site/serve-site.ts';

/** The largest body of a request, in bytes. */
export const BODY_LIMIT_BYTES = 1_048_576;
/** Of one part of an address: senders name alerts by keys of up to 512 characters, escaped. */
const MAX_PARAM_CHARACTERS = 1_600;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 72_000;

/** Builds the server with all its routes; it does not listen yet. */
export async function buildServer(context: ApiContext): Promise<Api> {
  const app = Fastify({
    loggerInstance: context.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    // Without proxies to trust, a caller could name any address as its own.
    trustProxy: context.settings.trustedProxies.length === 0 ? false : [...context.settings.trustedProxies],
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // Lines carry the request's id where they need it: a logger of its own for each request costs more than an answer.
    childLoggerFactory: (logger) => logger,
    genReqId: requestIds(),
    requestIdHeader: false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { maxParamLength: MAX_PARAM_CHARACTERS },
    frameworkErrors: (error, request, reply) => {
      void reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
      handleError(error, request as FastifyRequest, reply as unknown as FastifyReply);
    },
    clientErrorHandler: answerUnreadable,
  }) as unknown as Api;
  app.setValidatorCompiler(validatorCompiler);
  // Answers are made by us and checked by tests against their schemas; checking each again would only cost time.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(handleError);
  app.removeContentTypeParser('text/plain');

  refuseWhileClosing(app);
  app.addHook('onRequest', (request, reply, next) => {
    void reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
    next();
  });
  guardRoutes(app, context.authenticator, failureCounter());
  limitRates(app, context.settings.rateLimitPerMinute);
  const sendPage = await readPage();
  answerUnknownRoutes(app, sendPage);
  noteRequests(app, context);
  await describeRoutes(app, context.settings.publicUrl);
  await app.register(async (routes) => {
    for (const addRoutes of ROUTES) addRoutes(routes as Api, context);
    if (context.slackHandler) handToSlack(routes, context.slackHandler);
    await serveSite(routes as Api, sendPage);
  });
  await app.ready();
  return app;
}

/** While the server drains, requests under way are finished, and new ones are sent elsewhere. */
function refuseWhileClosing(app: Api): void {
  let closing = false;
  const closeUnused = watchUnused(app.server);
  app.addHook('preClose', async () => {
    closing = true;
    closeUnused();
  });
  app.addHook('onRequest', (_request, _reply, next) => {
    if (!closing) return next();
    const headers = { connection: 'close', 'retry-after': '1' };
    next(new ApiError(503, 'closing', 'This server is being stopped. Try again.', { headers }));
  });
}

/** One line for each change and each refusal; addresses are left out, since those of feeds are secret. */
function noteRequests(app: Api, { metrics }: ApiContext): void {
  const seconds: Histogram = metrics.histogram({
    name: 'watchbill_api_request_seconds',
    help: 'Time to answer a request.',
    labels: ['method', 'route', 'status'],
  });
  const children = new Map<string, ReturnType<Histogram['labels']>>();
  const childOf = (method: string, route: string, status: string): ReturnType<Histogram['labels']> => {
    const key = `${method} ${route} ${status}`;
    const known = children.get(key);
    if (known !== undefined) return known;
    const made = seconds.labels(method, route, status);
    children.set(key, made);
    return made;
  };
  app.addHook('onResponse', (request, reply, next) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    childOf(method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1000);
    if (reply.statusCode >= 400 || (method !== 'GET' && method !== 'HEAD')) {
      const { id: requestId, caller } = request;
      const tokenId = caller?.tokenId ?? null;
      request.log.info(
        { requestId, method, route, status: reply.statusCode, tokenId, ms: Math.round(reply.elapsedTime) },
        'request',
      );
    }
    next();
  });
}

/** What is not even HTTP gets an answer too, where the socket still takes one. */
function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = UNREADABLE[error.code ?? ''] ?? 400;
  const refusal = new ApiError(
    status,
    'request/unreadable',
    'The request is not HTTP that this server reads.',
  );
  const body = JSON.stringify(problemDocument(refusal, 'none'));
  const head = [
    `HTTP/1.1 ${status} Refused`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const UNREADABLE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
