import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './problem.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** The `Idempotency-Key` of a request, or undefined. Throws 400 for one that is too long or has odd characters. */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new ApiError(400, 'header/invalid', 'Idempotency-Key takes 1 to 200 visible ASCII characters.', {
    errors: [
      { header: 'idempotency-key', detail: 'Use a random text such as a UUID, once for each thing to do.' },
    ],
  });
}

/** Says that the answer is the stored one of an earlier request with the same key. */
export function markReplayed(reply: FastifyReply, replayed: boolean): void {
  if (replayed) void reply.header('idempotency-replayed', 'true');
}
