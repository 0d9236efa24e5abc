import { aheadOf, type Swap, type SwapStretch, type TeamDraft } from '@watchbill/core';
import type { Transaction } from '@watchbill/database';
import { type CommandContext, type CommandOutcome, done, refuse } from '../run-command.ts';
import { addressesOf, movesOf, overrideReason, planMoves, writeMoves } from './apply-deal.ts';
import { refuseChanged, refuseDeal } from './check-deal.ts';
import type { HeldSwap, Refusal } from './hold-swap.ts';
import { type DutyBook, readDuties } from './read-duties.ts';
import { actorOf, swapEvent } from './swap-events.ts';
import { writeAndTell, writeSwap } from './write-swap.ts';

/** What is agreed: who takes what is given, and what comes back. */
export interface Agreement {
  readonly person: string;
  readonly gives: readonly SwapStretch[];
  readonly takes: readonly SwapStretch[];
}

/**
 * Settles an open swap as agreed: checks everything again, then applies it, or lets it wait for the managers of teams
 * that want so. Everything it concerns must be held.
 */
export async function settleSwap(
  tx: Transaction,
  held: HeldSwap,
  by: { readonly agreement: Agreement; readonly context: CommandContext },
): Promise<CommandOutcome<Swap>> {
  const { now, swap } = held;
  const { context, agreement } = by;
  const checked = await checkAgreement(tx, held, agreement);
  if (!checked.ok) return checked;
  const { gives, takes, person } = checked.value.agreement;
  const awaiting = wantingApproval(checked.value.book, [...gives, ...takes]);
  const accepted: Swap = {
    ...swap,
    ...{ gives, takes, awaiting },
    state: 'accepted',
    acceptedBy: person,
    acceptedAt: now,
  };
  if (awaiting.length > 0) {
    const happening = { type: 'swap.accepted', by: actorOf(context) } as const;
    return writeAndTell(tx, swap, { after: accepted, happening, now });
  }
  return applySwap(tx, held, { accepted, context, told: [{ type: 'swap.accepted' }] });
}

/** Applies a swap that needs nobody's word any more; `told` are events before that of the application. */
export async function applySwap(
  tx: Transaction,
  held: HeldSwap,
  by: {
    readonly accepted: Swap;
    readonly context: CommandContext;
    readonly told: readonly { readonly type: 'swap.accepted' | 'swap.approved' }[];
  },
): Promise<CommandOutcome<Swap>> {
  const { now } = held;
  const { accepted, context } = by;
  const actor = actorOf(context);
  const to = accepted.acceptedBy ?? '';
  const moves = movesOf({ gives: accepted.gives, takes: accepted.takes, to });
  const placed = await planMoves(tx, held, { moves, reason: overrideReason(accepted), actor });
  if (!placed.ok) return placed;
  const after: Swap = {
    ...accepted,
    state: 'applied',
    awaiting: [],
    overrides: addressesOf(placed.value),
    closedBy: actor,
    closedAt: now,
  };
  const written = await writeSwap(tx, held.swap, after);
  if (!written.ok) return written;
  const events = [
    ...by.told.map(({ type }) => swapEvent(written.value, { type, by: actor }, now)),
    swapEvent(written.value, { type: 'swap.applied', by: actor }, now),
  ];
  const moved = await writeMoves(tx, placed.value, { context, now, events });
  return moved.ok ? done(written.value) : moved;
}

/** Checks that an agreement still holds: its time, the timeline, and the rules for both. */
export async function checkAgreement(
  tx: Transaction,
  { now }: Pick<HeldSwap, 'now'>,
  agreement: Agreement,
): Promise<CommandOutcome<{ readonly agreement: Agreement; readonly book: DutyBook }>> {
  const { person } = agreement;
  const gives = aheadOf(agreement.gives, now);
  const takes = aheadOf(agreement.takes, now);
  if (gives.length === 0) {
    const message = 'The shift is over; it stays where it was.';
    return refuse('conflict', 'swap/expired', { message });
  }
  const book = await readDuties(tx, { people: [person], stretches: [...gives, ...takes] });
  const refusal =
    refuseUnknown(book, person) ??
    refuseChanged(book, [...gives, ...takes]) ??
    refuseDeal(book, { person, gives, takes });
  return refusal ?? done({ agreement: { person, gives, takes }, book });
}

export function refuseUnknown(book: DutyBook, ...people: readonly string[]): Refusal | null {
  const unknown = people.find((id) => !book.people.has(id));
  if (unknown === undefined) return null;
  return refuse('invalid', 'person/unknown', { message: `There is no person ${JSON.stringify(unknown)}.` });
}

/** The teams whose managers are to approve, by id. */
function wantingApproval(book: DutyBook, stretches: readonly SwapStretch[]): string[] {
  const teams = stretches.flatMap(({ schedule }): TeamDraft[] => {
    const team = book.teams.get(book.schedules.get(schedule)?.team ?? '');
    return team?.swaps === 'approval' ? [team] : [];
  });
  return [...new Set(teams.map((team) => team.id))].sort();
}
