import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, PROBLEM_TYPE, problemDocument } from './problem.ts';

const RETRY_AFTER_SECONDS = '2';

/** Writes every refusal and every failure as a problem document. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(refusalOf(error, request), request, reply);
}

/** The refusal that an error is to the client. Only what is our fault is logged as an error. */
export function refusalOf(error: unknown, request: FastifyRequest): ApiError {
  const refusal = toRefusal(error);
  if (refusal.statusCode >= 500) {
    request.log.error({ requestId: request.id, err: error }, 'request failed');
  }
  return refusal;
}

export function sendProblem(refusal: ApiError, request: FastifyRequest, reply: FastifyReply): void {
  const document = problemDocument(refusal, request.id);
  // A stored ETag or calendar type of the answer that was under way does not belong to a refusal.
  reply.removeHeader('etag');
  void reply
    .code(refusal.statusCode)
    .headers(refusal.headers)
    .header('content-type', PROBLEM_TYPE)
    .send(JSON.stringify(document));
}

function toRefusal(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const code = codeOf(error);
  const known = KNOWN[code];
  if (known !== undefined) return known(error as FastifyError);
  if (isUnreachable(error, code)) {
    return new ApiError(503, 'unavailable', 'The database cannot be reached just now. Try again soon.', {
      headers: { 'retry-after': RETRY_AFTER_SECONDS },
    });
  }
  const status = statusOf(error);
  if (status >= 400 && status < 500) {
    return new ApiError(status, 'request/refused', 'The request cannot be read.');
  }
  return new ApiError(
    500,
    'internal',
    'Something failed on our side; nothing is known to be wrong with the request.',
  );
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function statusOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'statusCode' in error
    ? Number(error.statusCode)
    : 500;
}

/** Refusals of the HTTP framework itself, in our words. */
const KNOWN: Readonly<Record<string, (error: FastifyError) => ApiError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    // What is left of the body is not read, so the connection cannot be used again.
    new ApiError(413, 'body/too-large', 'The body is too large; the limit is 1 MB.', {
      headers: { connection: 'close' },
    }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new ApiError(
      415,
      'body/content-type',
      'Send the body with a content type that this address takes, such as application/json.',
    ),
  FST_ERR_CTP_EMPTY_JSON_BODY: () =>
    new ApiError(400, 'body/empty', 'The content type says JSON, but the body is empty.'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => new ApiError(400, 'body/invalid-json', 'The body is not valid JSON.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new ApiError(400, 'body/content-length', 'The body is not as long as Content-Length says.'),
  FST_ERR_BAD_URL: () =>
    new ApiError(400, 'url/invalid', 'The address is not a valid URL; check its % escapes.'),
  FST_ERR_MAX_PARAM_LENGTH: () => new ApiError(400, 'path/too-long', 'A part of the address is too long.'),
};

const UNREACHABLE_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
  // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
  ...['57P01', '57P02', '57P03', '53300'],
]);
const UNREACHABLE_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|client has encountered/i;

function isUnreachable(error: unknown, code: string): boolean {
  if (UNREACHABLE_CODES.has(code) || code.startsWith('08')) return true;
  return error instanceof Error && UNREACHABLE_MESSAGE.test(error.message);
}
