import type { CommandContext, CommandResult } from '@watchbill/commands';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../access/guard.ts';
import type { ApiContext } from '../context.ts';
import { idempotencyKey, markReplayed } from './idempotency-key.ts';
import { commandRefusal } from './problem.ts';

/** What a command is to know of a request: who asks, and its idempotency key if it carries one. */
export function commandContext(context: ApiContext, request: FastifyRequest): CommandContext {
  // Every other method is idempotent by itself.
  const key = request.method === 'POST' ? idempotencyKey(request) : undefined;
  const { actor, session } = callerOf(request);
  const person = session === null || session.role === 'admin' ? null : session.person;
  return {
    database: context.database,
    actor,
    origin: `${request.ip} ${request.id}`,
    horizon: context.horizon,
    ...(person !== null && { caller: { person } }),
    ...(key !== undefined && { idempotencyKey: key }),
  };
}

/** The value of a command; throws its refusal as the answer. A stored answer is marked as such. */
export function valueFrom<T>(result: CommandResult<T>, reply: FastifyReply): T {
  if (!result.ok) throw commandRefusal(result.error);
  markReplayed(reply, result.replayed);
  return result.value;
}
