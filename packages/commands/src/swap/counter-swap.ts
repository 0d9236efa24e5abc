import { aheadOf, type Swap, type SwapOffer, type SwapStretch, withoutStretches } from '@watchbill/core';
import { holdPeopleOfSwap, saveOffer, type Transaction } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, refuse, runCommand } from '../run-command.ts';
import { refuseChanged, refuseDeal, refuseOverlaps, refuseTimes } from './check-deal.ts';
import { stretchProblems } from './check-request.ts';
import { holdAlone, type Refusal, refuseClosed } from './hold-swap.ts';
import { refuseAnswerer } from './may-answer.ts';
import { readDuties } from './read-duties.ts';
import { refuseUnknown } from './settle-swap.ts';
import { actorOf } from './swap-events.ts';
import type { SwapCounter } from './swap-input.ts';
import { writeAndTell } from './write-swap.ts';

/** Offers a part of what was asked, or other shifts back. The requester accepts or declines it. */
export function counterSwap(context: CommandContext, input: SwapCounter): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'counterSwap', input }, async (tx) => {
    const { person } = input;
    const problems = [
      ...stretchProblems(input.gives ?? [], 'gives'),
      ...stretchProblems(input.takes ?? [], 'takes'),
    ];
    const [first] = problems;
    if (first !== undefined) {
      const message = problems.map((problem) => problem.message).join(' ');
      return refuse('invalid', first.code, { message, problems });
    }
    await holdPeopleOfSwap(tx, [person]);
    const held = await holdAlone(tx, input.swap);
    if (!held.ok) return held;
    const { swap, now } = held.value;
    const refusal =
      (await refuseAnswerer(tx, context, { swap, person })) ?? (await refuseClosed(tx, swap, now));
    if (refusal !== null) return refusal;
    const gives = input.gives?.map((stretch): SwapStretch => ({ ...stretch, person: swap.person }));
    const own = swap.takes.filter((stretch) => stretch.person === person);
    const takes = input.takes?.map((stretch): SwapStretch => ({ ...stretch, person })) ?? own;
    const offer: SwapOffer = {
      person,
      gives: aheadOf(gives ?? swap.gives, now),
      takes: aheadOf(takes, now),
      at: now,
    };
    const wrong = refuseOffer(swap, offer) ?? (await refuseImpossible(tx, offer));
    if (wrong !== null) return wrong;
    await saveOffer(tx, swap.id, offer);
    const offers = [...swap.offers.filter((one) => one.person !== person), offer];
    const refusals = swap.refusals.filter((one) => one.person !== person);
    const happening = { type: 'swap.countered', by: actorOf(context), offer } as const;
    return writeAndTell(tx, swap, { after: { ...swap, offers, refusals }, happening, now });
  });
}

/** Refuses an offer that is none: beyond what was asked, or just what was asked. */
function refuseOffer(swap: Swap, { gives, takes, person }: SwapOffer): Refusal | null {
  if (gives.length === 0) {
    return refuse('invalid', 'swap/nothing-given', { message: 'Name a part that is still ahead.' });
  }
  if (withoutStretches(gives, swap.gives).length > 0) {
    const message = 'An offer is a part of what was asked: the same schedule and role, within its time.';
    return refuse('invalid', 'swap/not-a-part', { message });
  }
  if (swap.kind === 'cover' && takes.length > 0) {
    return refuse('invalid', 'swap/takes', { message: 'A cover goes one way; nothing comes back.' });
  }
  if (swap.kind === 'exchange' && takes.length === 0) {
    return refuse('invalid', 'swap/offer-needed', { message: 'Say which of your shifts comes back.' });
  }
  const asked = swap.takes.filter((stretch) => stretch.person === person);
  const whole = withoutStretches(swap.gives, gives).length === 0;
  const same =
    asked.length > 0 && withoutStretches(asked, takes).length + withoutStretches(takes, asked).length === 0;
  if (!whole || (swap.kind === 'exchange' && !same)) return null;
  return refuse('conflict', 'swap/not-a-part', { message: 'That is all that was asked. Accept it instead.' });
}

async function refuseImpossible(
  tx: Transaction,
  { person, gives, takes }: SwapOffer,
): Promise<Refusal | null> {
  const stretches = [...gives, ...takes];
  const book = await readDuties(tx, { people: [person], stretches });
  return (
    refuseUnknown(book, person) ??
    refuseTimes(book, stretches) ??
    refuseOverlaps(gives, takes) ??
    refuseChanged(book, stretches) ??
    refuseDeal(book, { person, gives, takes })
  );
}
