import type { RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';

/**
 * Hands everything below `/slack/` to the Slack bot of this process as it came: the bot checks the signature over the
 * bytes of the body, which nobody may have read before. Not in the OpenAPI document, since only Slack calls it.
 */
export function handToSlack(app: FastifyInstance, handler: RequestListener): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/slack/*',
    config: { unlimited: true },
    schema: { hide: true },
    onRequest: (request, reply) => {
      reply.hijack();
      handler(request.raw, reply.raw);
    },
    handler: () => undefined,
  });
}
