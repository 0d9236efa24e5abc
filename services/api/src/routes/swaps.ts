import {
  acceptCounter,
  acceptSwap,
  approveSwap,
  cancelSwap,
  candidatesFor,
  counterSwap,
  declineCounter,
  declineSwap,
  refuseSwap,
  requestSwap,
  takeBackShift,
  takeShift,
} from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import type { Swap, SwapStretch } from '@watchbill/core';
import { findStoredShift, findSwap, isoInstant, pageSwaps } from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import { ApiError } from '../http/problem.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id, instantInput, madeId } from '../schemas/scalars.ts';
import {
  candidates,
  newSwap,
  newTake,
  newTakeBack,
  offerAcceptance,
  offerAnswer,
  SWAP_STATES,
  swap,
  swapAnswer,
  swapCounter,
  swapId,
  swapNote,
  swapPage,
  swapRefusal,
} from '../schemas/swap-schema.ts';
import { isoOrNull } from './iso.ts';

const tags = ['swaps'];
const params = z.strictObject({ swap: swapId });
const changed = refusals(404, 409, 413, 415, 422);

function stretchJson({ schedule, role, person, start, end }: SwapStretch) {
  return { schedule, role, person, start: isoInstant(start), end: isoInstant(end) };
}

function swapJson(row: Swap) {
  return {
    ...row,
    gives: row.gives.map(stretchJson),
    takes: row.takes.map(stretchJson),
    asked: [...row.asked],
    awaiting: [...row.awaiting],
    overrides: [...row.overrides],
    offers: row.offers.map(({ person, gives, takes, at }) => ({
      person,
      gives: gives.map(stretchJson),
      takes: takes.map(stretchJson),
      at: isoInstant(at),
    })),
    refusals: row.refusals.map((one) => ({ ...one, at: isoInstant(one.at) })),
    startsAt: isoInstant(row.startsAt),
    expiresAt: isoInstant(row.expiresAt),
    createdAt: isoInstant(row.createdAt),
    acceptedAt: isoOrNull(row.acceptedAt),
    closedAt: isoOrNull(row.closedAt),
  };
}

/** What the API knows of who is on call is no longer true for these schedules. */
function forget({ onCall }: ApiContext, row: Swap): void {
  if (row.state !== 'applied') return;
  for (const { schedule } of [...row.gives, ...row.takes]) onCall.forget(schedule);
}

/** Swaps: ask, list, read. */
export function addSwapRoutes(app: Api, context: ApiContext): void {
  const { database } = context;
  app.post(
    '/v1/swaps',
    guarded('swaps:write', {
      operationId: 'requestSwap',
      summary: 'Ask that shifts change hands',
      description: 'Whoever is asked must be free now; it is checked again when they accept.',
      tags,
      body: newSwap,
      response: { 201: swap, ...changed },
    }),
    async (request, reply) => {
      const row = valueFrom(await requestSwap(commandContext(context, request), request.body), reply);
      void reply.code(201).header('location', `/v1/swaps/${row.id}`);
      return swapJson(row);
    },
  );
  app.get(
    '/v1/swaps',
    guarded('schedules:read', {
      operationId: 'listSwaps',
      summary: 'List swaps in the order of their making',
      tags,
      querystring: z.strictObject({
        ...pageQuery,
        person: id.optional().describe('Those that the person asked for, is asked, or takes part in.'),
        schedule: id.optional(),
        state: z
          .union([z.enum(SWAP_STATES), z.array(z.enum(SWAP_STATES)).max(SWAP_STATES.length)])
          .optional()
          .describe('May be given several times. Default: all.'),
      }),
      response: { 200: swapPage, ...refusals() },
    }),
    async ({ query: { limit, cursor, person, schedule, state } }) => {
      const [after] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [''];
      const states = state === undefined ? undefined : [state].flat();
      const rows = await pageSwaps(database, { person, schedule, states, after, limit: limit + 1 });
      return pageOf(rows, limit, { item: swapJson, key: (row) => [row.id] });
    },
  );
  app.get(
    '/v1/swaps/:swap',
    guarded('schedules:read', {
      operationId: 'getSwap',
      summary: 'One swap with its offers and refusals',
      tags,
      params,
      response: { 200: swap, ...refusals(404) },
    }),
    async (request) => swapJson(found(await findSwap(database, request.params.swap), 'swap')),
  );
}

/** Who could stand a shift instead. */
export function addCandidateRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/v1/shifts/:shift/candidates',
    guarded('schedules:read', {
      operationId: 'listCandidates',
      summary: 'Who could stand a shift instead, the best first',
      tags,
      params: z.strictObject({ shift: madeId('shf') }),
      querystring: z.strictObject({
        from: instantInput.optional().describe('A part of the shift. Default: its start.'),
        to: instantInput.optional().describe('Default: its end.'),
      }),
      response: { 200: candidates, ...refusals(404) },
    }),
    async ({ params: { shift: shiftId }, query: { from, to } }) => {
      const row = found(await findStoredShift(database, shiftId), 'shift');
      const start = Math.max(row.startsAt, from ?? row.startsAt);
      const end = Math.min(row.endsAt, to ?? row.endsAt);
      if (start >= end || row.status === 'cancelled') {
        throw new ApiError(404, 'shift/not-found', 'The shift is cancelled, or has no such part.');
      }
      const { schedule, role, person } = row;
      const gives = [{ schedule, role, person, start, end }];
      const list = await candidatesFor(database, { gives }, { holidayCalendar });
      return {
        shift: row.id,
        start: isoInstant(start),
        end: isoInstant(end),
        candidates: list.map((one) => ({ ...one, reasons: [...one.reasons] })),
      };
    },
  );
}

const answered = { tags, params, response: { 200: swap, ...changed } };

/** The swap after an answer; from then on the API looks anew at who is on call. */
function answerJson(context: ApiContext, row: Swap) {
  forget(context, row);
  return swapJson(row);
}

/** Answers of those who are asked. */
export function addSwapAnswerRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/swaps/:swap/accept',
    guarded('swaps:write', {
      ...answered,
      operationId: 'acceptSwap',
      summary: 'Take the shifts; the first one wins',
      description: 'Applied at once, or `accepted` until the managers of the teams in `awaiting` approve.',
      body: swapAnswer,
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      return answerJson(context, valueFrom(await acceptSwap(commandContext(context, request), input), reply));
    },
  );
  app.post(
    '/v1/swaps/:swap/decline',
    guarded('swaps:write', {
      ...answered,
      operationId: 'declineSwap',
      summary: 'Say no, or withdraw an acceptance that waits for approval',
      body: swapRefusal,
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      return answerJson(
        context,
        valueFrom(await declineSwap(commandContext(context, request), input), reply),
      );
    },
  );
}

/** Offers of something else: a part, or other shifts back. */
export function addSwapOfferRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/swaps/:swap/counter',
    guarded('swaps:write', {
      ...answered,
      operationId: 'counterSwap',
      summary: 'Offer a part of it, or other shifts back',
      body: swapCounter,
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      return answerJson(
        context,
        valueFrom(await counterSwap(commandContext(context, request), input), reply),
      );
    },
  );
  app.post(
    '/v1/swaps/:swap/accept-offer',
    guarded('swaps:write', {
      ...answered,
      operationId: 'acceptSwapOffer',
      summary: 'Take what somebody offers',
      body: offerAcceptance,
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      return answerJson(
        context,
        valueFrom(await acceptCounter(commandContext(context, request), input), reply),
      );
    },
  );
  app.post(
    '/v1/swaps/:swap/decline-offer',
    guarded('swaps:write', {
      ...answered,
      operationId: 'declineSwapOffer',
      summary: 'Decline what somebody offers; the swap stays open',
      body: offerAnswer,
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      return answerJson(
        context,
        valueFrom(await declineCounter(commandContext(context, request), input), reply),
      );
    },
  );
}

/** How a swap ends otherwise: taken back by the one who asks, approved or refused by managers. */
export function addSwapEndRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/swaps/:swap/cancel',
    guarded('swaps:write', {
      ...answered,
      operationId: 'cancelSwap',
      summary: 'Take a request back that is not applied',
      body: swapNote.optional(),
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      return answerJson(context, valueFrom(await cancelSwap(commandContext(context, request), input), reply));
    },
  );
  app.post(
    '/v1/swaps/:swap/approve',
    guarded('swaps:write', {
      ...answered,
      operationId: 'approveSwap',
      summary: 'Approve an accepted swap as a manager; with the last approval it is applied',
    }),
    async (request, reply) =>
      answerJson(
        context,
        valueFrom(await approveSwap(commandContext(context, request), request.params), reply),
      ),
  );
  app.post(
    '/v1/swaps/:swap/refuse',
    guarded('swaps:write', {
      ...answered,
      operationId: 'refuseSwap',
      summary: 'Refuse an accepted swap as a manager',
      body: swapNote.optional(),
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      return answerJson(context, valueFrom(await refuseSwap(commandContext(context, request), input), reply));
    },
  );
}

/** Running shifts: take over, and give back. */
export function addTakeRoutes(app: Api, context: ApiContext): void {
  const place = z.strictObject({ schedule: id });
  app.post(
    '/v1/schedules/:schedule/take',
    guarded('swaps:write', {
      operationId: 'takeShift',
      summary: 'Take over the running shift of somebody at once',
      description: 'For emergencies: nobody is asked, nobody approves, and rules about rest do not refuse.',
      tags,
      params: place,
      body: newTake,
      response: { 200: swap, ...changed },
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      const row = valueFrom(await takeShift(commandContext(context, request), input), reply);
      forget(context, row);
      return swapJson(row);
    },
  );
  app.post(
    '/v1/schedules/:schedule/take-back',
    guarded('swaps:write', {
      operationId: 'takeBackShift',
      summary: 'Give a shift that was taken over back',
      tags,
      params: place,
      body: newTakeBack,
      response: { 200: swap, ...changed },
    }),
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      const row = valueFrom(await takeBackShift(commandContext(context, request), input), reply);
      forget(context, row);
      return swapJson(row);
    },
  );
}
