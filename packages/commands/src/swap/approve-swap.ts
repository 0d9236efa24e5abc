import type { Swap, TeamDraft } from '@watchbill/core';
import { type Queryable, readTeams } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import { type HeldSwap, holdAlone, holdWhole, type Refusal, refuseClosed } from './hold-swap.ts';
import { refuseReason } from './refuse-reason.ts';
import { applySwap, checkAgreement } from './settle-swap.ts';
import { actorOf } from './swap-events.ts';
import { closed, writeAndTell } from './write-swap.ts';

/** A manager approves an accepted swap for their teams; with the last approval it is applied. */
export function approveSwap(
  context: CommandContext,
  input: { readonly swap: string },
): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'approveSwap', input }, async (tx) => {
    const held = await holdWhole(tx, { swap: input.swap });
    if (!held.ok) return held;
    const { swap, now } = held.value;
    const managed = await managedTeams(tx, context, swap);
    if (!managed.ok) return managed;
    const late = await refuseUnaccepted(tx, held.value);
    if (late !== null) return late;
    const awaiting = swap.awaiting.filter((team) => !managed.value.includes(team));
    const accepted: Swap = { ...swap, awaiting };
    if (awaiting.length > 0) {
      const happening = { type: 'swap.approved', by: actorOf(context) } as const;
      return writeAndTell(tx, swap, { after: accepted, happening, now });
    }
    const { gives, takes, acceptedBy } = swap;
    const checked = await checkAgreement(tx, { now }, { person: acceptedBy ?? '', gives, takes });
    if (!checked.ok) return checked;
    const agreed = { gives: checked.value.agreement.gives, takes: checked.value.agreement.takes };
    const told = [{ type: 'swap.approved' }] as const;
    return applySwap(tx, held.value, { accepted: { ...accepted, ...agreed }, context, told });
  });
}

/** A manager refuses an accepted swap; the shifts stay where they are. */
export function refuseSwap(
  context: CommandContext,
  input: { readonly swap: string; readonly reason?: string | null | undefined },
): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'refuseSwap', input }, async (tx) => {
    const reason = input.reason ?? null;
    const long = refuseReason(reason);
    if (long !== null) return long;
    const held = await holdAlone(tx, input.swap);
    if (!held.ok) return held;
    const { swap, now } = held.value;
    const managed = await managedTeams(tx, context, swap);
    if (!managed.ok) return managed;
    const late = await refuseUnaccepted(tx, held.value);
    if (late !== null) return late;
    const after = closed(swap, { state: 'declined', context, reason, now });
    const happening = { type: 'swap.declined', by: actorOf(context), person: null, reason } as const;
    return writeAndTell(tx, swap, { after, happening, now });
  });
}

/** The teams for which the caller may speak; refuses where there is none of those that are waited for. */
async function managedTeams(
  queryable: Queryable,
  { caller }: CommandContext,
  swap: Swap,
): Promise<CommandOutcome<readonly string[]>> {
  if (caller === undefined || swap.awaiting.length === 0) return done(swap.awaiting);
  const teams = await readTeams(queryable, swap.awaiting);
  const managed = teams
    .map(({ definition }) => definition as TeamDraft)
    .filter(({ managers }) => (managers ?? []).includes(caller.person))
    .map((team) => team.id);
  if (managed.length > 0) return done(managed);
  const message = `Only a manager of ${swap.awaiting.join(' or ')} may do that. Ask one of them.`;
  return refuse('forbidden', 'access/managers-only', { message });
}

async function refuseUnaccepted(
  queryable: Queryable,
  { swap, now }: Pick<HeldSwap, 'swap' | 'now'>,
): Promise<Refusal | null> {
  if (swap.state === 'accepted') {
    if (swap.expiresAt > now) return null;
    return refuse('conflict', 'swap/expired', { message: 'The shift has begun; it stays where it was.' });
  }
  if (swap.state === 'open' && swap.expiresAt > now) {
    return refuse('conflict', 'swap/not-accepted', {
      message: 'Nobody has accepted it yet; it is still open.',
    });
  }
  if (swap.state === 'applied') {
    return refuse('conflict', 'swap/applied', { message: 'It was approved and applied already.' });
  }
  return refuseClosed(queryable, swap, now);
}
