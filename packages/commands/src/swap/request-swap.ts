import { aheadOf, expiryOf, type Instant, type Swap, type SwapStretch } from '@watchbill/core';
import {
  addSwap,
  clockNow,
  holdPeopleOfSwap,
  insertEvents,
  newId,
  type Transaction,
} from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import {
  againstGiver,
  againstTaker,
  refuseChanged,
  refuseDeal,
  refuseOverlaps,
  refusePast,
  refuseTimes,
} from './check-deal.ts';
import { refuseInput, refuseRepeated } from './check-request.ts';
import type { Refusal } from './hold-swap.ts';
import { peopleNear } from './people-near.ts';
import { type DutyBook, readDuties } from './read-duties.ts';
import { refuseUnknown } from './settle-swap.ts';
import { actorOf, swapEvent } from './swap-events.ts';
import type { SwapRequest } from './swap-input.ts';

/** Asks that shifts change hands. Whoever is asked must be able to take them now; it is checked again when they do. */
export function requestSwap(context: CommandContext, input: SwapRequest): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'requestSwap', input }, async (tx) => {
    const wrong = refuseInput(input);
    if (wrong !== null) return wrong;
    const { person } = input;
    await holdPeopleOfSwap(tx, [person]);
    const now = await clockNow(tx);
    const all = input.gives.map((stretch): SwapStretch => ({ ...stretch, person }));
    const past = refusePast([...all, ...(input.takes ?? [])], now);
    if (past !== null) return past;
    const gives = aheadOf(all, now);
    const takes = aheadOf(input.takes ?? [], now);
    const named = input.to.kind === 'person' ? [input.to.person] : [];
    const near = await peopleNear(tx, [...gives, ...takes], input.to);
    const stretches = [...gives, ...takes];
    const book = await readDuties(tx, { people: [person, ...named, ...near], stretches });
    const refusal =
      refuseUnknown(book, person, ...named, ...takes.map((stretch) => stretch.person)) ??
      refusePlaces(book, stretches) ??
      (await refuseCaller(tx, context, { person, gives })) ??
      refuseTimes(book, stretches) ??
      refuseOverlaps(gives, takes) ??
      refuseNotStood(book, stretches) ??
      (await refuseRepeated(tx, person, gives));
    if (refusal !== null) return refusal;
    const asked = whomToAsk(book, { ...input, gives, takes, near });
    if (!asked.ok) return asked;
    return open(tx, { input, gives, takes, asked: asked.value, now, context });
  });
}

function refusePlaces(book: DutyBook, stretches: readonly SwapStretch[]): Refusal | null {
  for (const { schedule } of stretches) {
    const row = book.schedules.get(schedule);
    if (row === undefined) {
      return refuse('not_found', 'schedule/unknown', { message: `There is no schedule "${schedule}".` });
    }
    if (row.retiredAt === null) continue;
    const message = `The schedule "${schedule}" is retired: nobody is on call by it any more.`;
    return refuse('conflict', 'schedule/retired', { message });
  }
  return null;
}

async function refuseCaller(
  tx: Transaction,
  { caller }: CommandContext,
  of: { readonly person: string; readonly gives: readonly SwapStretch[] },
): Promise<Refusal | null> {
  for (const schedule of new Set(of.gives.map((stretch) => stretch.schedule))) {
    const refusal = await ownOrManager(tx, caller, { person: of.person, schedule });
    if (refusal !== null) return refusal;
  }
  return null;
}

function refuseNotStood(book: DutyBook, stretches: readonly SwapStretch[]): Refusal | null {
  if (refuseChanged(book, stretches) === null) return null;
  const message =
    'By the timeline, somebody here does not stand what is named, or not all of it. Look at their shifts.';
  return refuse('conflict', 'swap/not-on-call', { message });
}

/** Who is told of it: the one who is named, or all near the schedule whom nothing keeps from it. */
function whomToAsk(
  book: DutyBook,
  of: Pick<SwapRequest, 'to' | 'person' | 'kind'> & {
    readonly gives: readonly SwapStretch[];
    readonly takes: readonly SwapStretch[];
    readonly near: readonly string[];
  },
): CommandOutcome<string[]> {
  const { to, gives, takes } = of;
  if (to.kind === 'person') {
    const refusal = refuseDeal(book, { person: to.person, gives, takes });
    return refusal ?? done([to.person]);
  }
  const asked = of.near.filter((person) => {
    const back = takes.filter((stretch) => stretch.person === person);
    if (person === of.person || (takes.length > 0 && back.length === 0)) return false;
    const deal = { person, gives, takes: back };
    const reasons = againstTaker(book, deal);
    if (againstGiver(book, deal).some(({ weighs }) => weighs === 'refuses')) return false;
    const away = reasons.some(({ code }) => code === 'not-in-roster');
    return reasons.every(({ weighs }) => weighs !== 'refuses') && (to.kind === 'team' || !away);
  });
  if (asked.length > 0) return done(asked);
  const message =
    to.kind === 'eligible'
      ? 'Nobody of the roster is free at that time. Ask for a part of it, ask the team, or tell a manager.'
      : 'Nobody of the team is free at that time. Ask for a part of it, or tell a manager.';
  return refuse('conflict', 'swap/nobody-eligible', { message });
}

/** A request as it is made. */
export interface Opening {
  readonly input: Pick<SwapRequest, 'kind' | 'person' | 'to' | 'reason'>;
  readonly gives: readonly SwapStretch[];
  readonly takes: readonly SwapStretch[];
  readonly asked: readonly string[];
  readonly restOf?: string | undefined;
  readonly now: Instant;
  readonly context: CommandContext;
}

/** Writes a new request and tells it. */
export async function open(tx: Transaction, opening: Opening): Promise<CommandOutcome<Swap>> {
  const { input, gives, takes, asked, now, context } = opening;
  const all = [...gives, ...takes];
  const swap: Swap = {
    id: newId('swp'),
    kind: input.kind,
    origin: 'request',
    state: 'open',
    version: 0,
    person: input.person,
    ...{ gives, takes, asked },
    to: input.to,
    reason: input.reason ?? null,
    acceptedBy: null,
    acceptedAt: null,
    awaiting: [],
    offers: [],
    refusals: [],
    overrides: [],
    restOf: opening.restOf ?? null,
    startsAt: Math.min(...all.map(({ start }) => start)),
    expiresAt: expiryOf(all, now),
    createdBy: actorOf(context),
    createdAt: now,
    closedBy: null,
    closedReason: null,
    closedAt: null,
  };
  await addSwap(tx, swap);
  await insertEvents(tx, [swapEvent(swap, { type: 'swap.requested' }, now)]);
  return done(swap);
}
