import type { FastifyInstance } from 'fastify';

/** Gives the routes of this scope the bytes of every body: signatures are over bytes, and senders name any type. */
export function takeRawBodies(scope: FastifyInstance, bodyLimit: number): void {
  // A content type that is none would be refused before any parser is asked.
  scope.addHook('onRequest', (request, _reply, next) => {
    request.headers['content-type'] = 'application/octet-stream';
    next();
  });
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body),
  );
}
