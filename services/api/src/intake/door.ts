import type { OpenIntake } from '@watchbill/database';
import type { Counter } from '@watchbill/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.ts';
import { ApiError } from '../http/problem.ts';
import { failureCounter } from '../http/rate-limit.ts';
import { type ActedSignals, actOnSignals } from './act-on-signals.ts';
import { createFairTurns } from './fair-turns.ts';
import { createOpenIntakes, type OpenIntakes } from './open-intakes.ts';
import { createRateBuckets } from './rate-buckets.ts';
import type { Signal } from './signal.ts';

/** The largest body that an intake takes, in bytes. */
export const INTAKE_BODY_BYTES = 524_288;
/** Requests that an intake takes in a minute, in each process, unless its settings say otherwise. */
export const DEFAULT_RATE_PER_MINUTE = 1_200;
/** Pings of one heartbeat in a minute. */
export const PINGS_PER_MINUTE = 60;
/** Of the connections to the database intakes never take all: people ask for things, too. */
const TURNS = {
  ...{ runningOfOne: 2, runningOfAll: 5, waitingOfOne: 1_000, waitingOfAll: 4_000, waitMs: 10_000 },
  ...{ bytesOfOne: 16 * 1_048_576, bytesOfAll: 64 * 1_048_576 },
};
/** What a request holds beside its body, roughly. */
const REQUEST_BYTES = 4_096;
const FULL_RETRY_SECONDS = '1';
/** Soon enough for a page, and late enough that somebody could have mended what is wrong. */
export const UNSERVED_RETRY_SECONDS = '5';

/** What every intake shares: who may come in, how often, and how many at once. */
export interface Door {
  readonly intakes: OpenIntakes;
  /** The intake of a key. Throws 401 for a key that is none, and 429 when it, or its address, asks too often. */
  admit(key: string, request: FastifyRequest): Promise<OpenIntake>;
  /** Throws 429 when a caller asks too often. */
  limit(caller: string, perMinute: number): void;
  /** Counts a request with a wrong key, and gives the answer: `refusal`, or 429 after too many of them. */
  failure(request: FastifyRequest, refusal: ApiError): ApiError;
  /** Runs work for a caller when it is its turn; throws 429 when too much waits already. */
  inTurn<T>(of: Visit, work: () => Promise<T>): Promise<T>;
  /** Does what a sender asks for, in its turn. Throws 503 when it cannot be served now, so that it sends it again. */
  act(intake: OpenIntake, asked: AskedSignals): Promise<Acted>;
}

/** Somebody's request that waits for its turn. */
export interface Visit {
  /** The id of an intake, or another name for whoever sends. */
  readonly caller: string;
  readonly request: FastifyRequest;
}

export interface AskedSignals {
  readonly signals: readonly Signal[];
  readonly request: FastifyRequest;
  /** What makes sure that a signed message is acted on once. */
  readonly onceKey?: string | undefined;
}

export type Acted = Extract<ActedSignals, { readonly ok: true }>['acted'];

export function openDoor(context: ApiContext): Door {
  const { database, logger, metrics } = context;
  const intakes = createOpenIntakes(database, logger);
  const rates = createRateBuckets();
  const turns = createFairTurns(TURNS);
  const countFailure = failureCounter();
  const counted: Counter = metrics.counter({
    name: 'watchbill_intake_signals_total',
    help: 'Signals that senders gave, by kind of intake and by what became of them.',
    labels: ['kind', 'outcome'],
  });

  const door: Door = {
    intakes,
    admit: async (key, request) => {
      const intake = await intakes.find(key);
      if (intake === null) throw door.failure(request, unknownKey());
      door.limit(intake.id, intake.settings.ratePerMinute ?? DEFAULT_RATE_PER_MINUTE);
      return intake;
    },
    limit: (caller, perMinute) => {
      const seconds = rates.take(caller, perMinute);
      if (seconds > 0)
        throw tooMany(`At most ${perMinute} requests a minute; go on in ${seconds} s.`, seconds);
    },
    failure: (request, refusal) => {
      const { exceeded, resetSeconds } = countFailure(request);
      if (!exceeded) return refusal;
      return tooMany('Too many requests with a wrong key from this address.', resetSeconds);
    },
    inTurn: async ({ caller, request }, work) => {
      const end = await turns.take({ caller, bytes: REQUEST_BYTES + bytesOf(request).length }, work);
      if (end === 'full') throw tooMany('Too many requests wait already; send it again.', FULL_RETRY_SECONDS);
      return end.value;
    },
    act: async (intake, { signals, request, onceKey }) => {
      const call = { database, intake, ...(onceKey !== undefined && { onceKey }) };
      const visit = { caller: intake.id, request };
      const result = await door.inTurn(visit, () => actOnSignals(call, signals));
      if (!result.ok) {
        const { code, reason, message } = result.error;
        counted.inc({ kind: intake.kind, outcome: 'refused' });
        if (code === 'invalid') throw new ApiError(422, reason, message);
        // Somebody is to be woken and cannot be: that is worth an error, whatever the sender does about it.
        logger.error({ intake: intake.id, reason, detail: message }, 'the pages of an intake are refused');
        throw unserved(message);
      }
      for (const { outcome } of result.acted) counted.inc({ kind: intake.kind, outcome });
      return result.acted;
    },
  };
  return door;
}

function unknownKey(): ApiError {
  const detail =
    'There is no intake with this key: it may be mistyped or past its time, or the intake disabled.';
  return new ApiError(401, 'intake/unknown-key', detail);
}

/** The page cannot be stored as things stand: the sender is to keep it and to send it again. */
export function unserved(detail: string): ApiError {
  const headers = { 'retry-after': UNSERVED_RETRY_SECONDS };
  return new ApiError(503, 'intake/unserved', `The page cannot be stored now: ${detail}`, { headers });
}

function tooMany(detail: string, seconds: number | string): ApiError {
  return new ApiError(429, 'intake/too-many', detail, { headers: { 'retry-after': String(seconds) } });
}

/** The bytes of a body, whatever its content type; none where there is no body. */
export function bytesOf(request: FastifyRequest): Uint8Array {
  return Buffer.isBuffer(request.body) ? request.body : new Uint8Array();
}

/** Sends JSON as the cloned API does: no content type of ours, no fields of ours. */
export function sendJson(reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply.code(status).header('content-type', 'application/json').send(JSON.stringify(body));
}
