import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { preferenceOf } from './prefer.ts';

const read = (prefer: string | undefined) =>
  preferenceOf({ headers: { prefer } } as unknown as FastifyRequest);

it('reads what a client would rather have, and nothing that it does not know', () => {
  expect(read(undefined)).toEqual({ async: false, waitMs: null });
  expect(read('respond-async')).toEqual({ async: true, waitMs: null });
  expect(read('Respond-Async, wait=10')).toEqual({ async: true, waitMs: 10_000 });
  expect(read('wait="3"; foo=bar, return=minimal')).toEqual({ async: false, waitMs: 3_000 });
  expect(read('wait=-1, wait=soon, respond-asynchronously')).toEqual({ async: false, waitMs: null });
});
