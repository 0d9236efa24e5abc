import { brotliDecompress, gunzip, type InputType, inflate } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../http/problem.ts';

type Unpack = (
  bytes: InputType,
  options: { readonly maxOutputLength: number },
  done: (error: Error | null, bytes: Buffer) => void,
) => void;

/** How senders pack what they send, as `Content-Encoding` names it. */
const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompress,
};

/**
 * Gives the routes of this scope the bytes of every body, unpacked: signatures are over bytes, and senders name any
 * type. What is larger than the limit, packed or not, is refused with 413.
 */
export function takeRawBodies(scope: FastifyInstance, bodyLimit: number): void {
  // A content type that is none would be refused before any parser is asked.
  scope.addHook('onRequest', (request, _reply, next) => {
    request.headers['content-type'] = 'application/octet-stream';
    next();
  });
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (request, body, done) => {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    if (encoding === 'identity' || encoding === '' || body.length === 0) return done(null, body);
    const unpack = Object.hasOwn(UNPACK, encoding) ? UNPACK[encoding] : undefined;
    if (unpack === undefined) return done(unknownEncoding());
    unpack(body, { maxOutputLength: bodyLimit }, (error, bytes) =>
      error === null ? done(null, bytes) : done(refusalOf(error)),
    );
  });
}

function refusalOf(error: Error): ApiError {
  if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
    return new ApiError(413, 'body/too-large', 'The body is too large when it is unpacked.');
  }
  return new ApiError(400, 'body/encoding', 'The body is not packed in the way that Content-Encoding says.');
}

function unknownEncoding(): ApiError {
  const detail = 'The Content-Encoding is not known here; send gzip, deflate, br or none.';
  return new ApiError(415, 'body/content-encoding', detail);
}
