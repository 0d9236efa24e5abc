import type { Swap } from '@watchbill/core';
import { pageSwaps, type Queryable, teamsManagedBy, waitingSwaps } from '@watchbill/database';

/** Requests that wait, sorted by who has to do something about them. */
export interface OwnRequests {
  /** The person was asked and has not answered. */
  readonly asked: readonly Swap[];
  /** The person manages a team that has yet to approve. */
  readonly approvals: readonly Swap[];
  /** The person's own, open or waiting for approval. */
  readonly own: readonly Swap[];
}

const LOOKED_AT = 100;

export async function ownRequests(queryable: Queryable, person: string): Promise<OwnRequests> {
  const [concerning, own, managed] = await Promise.all([
    pageSwaps(queryable, { person, states: ['open'], after: '', limit: LOOKED_AT }),
    waitingSwaps(queryable, person),
    teamsManagedBy(queryable, person),
  ]);
  const accepted =
    managed.length === 0
      ? []
      : await pageSwaps(queryable, { states: ['accepted'], after: '', limit: LOOKED_AT });
  return {
    asked: concerning.filter((swap) => isAsked(swap, person)),
    approvals: accepted.filter(({ awaiting }) => awaiting.some((team) => managed.includes(team))),
    own,
  };
}

function isAsked(swap: Swap, person: string): boolean {
  const answered = [...swap.offers, ...swap.refusals].some((answer) => answer.person === person);
  return swap.person !== person && swap.asked.includes(person) && !answered;
}

/** Everybody whom a message about these swaps names. */
export function peopleOfSwaps(swaps: readonly Swap[]): string[] {
  return swaps.flatMap((swap) => [
    swap.person,
    swap.createdBy,
    ...(swap.acceptedBy === null ? [] : [swap.acceptedBy]),
    ...(swap.closedBy === null ? [] : [swap.closedBy]),
    ...(swap.to.kind === 'person' ? [swap.to.person] : []),
    ...swap.takes.map(({ person }) => person),
    ...swap.offers.map(({ person }) => person),
    ...swap.refusals.map(({ person }) => person),
  ]);
}
