import { FIRST_INSTANT, LAST_INSTANT, type Problem, type SwapStretch, sameSeatTime } from '@watchbill/core';
import { type Queryable, waitingSwaps } from '@watchbill/database';
import { refuse } from '../run-command.ts';
import type { Refusal } from './hold-swap.ts';
import { SWAP_REASON_LIMIT } from './refuse-reason.ts';
import type { GivenStretch, SwapRequest } from './swap-input.ts';

export const SWAP_LIMITS = {
  /** Stretches that one request gives, or takes. */
  stretches: 50,
  /** Requests of one person that wait. */
  waiting: 50,
} as const;

/** What is wrong with a request by itself; every problem at once. */
export function refuseInput(input: SwapRequest): Refusal | null {
  const problems: Problem[] = [];
  const takes = input.takes ?? [];
  const add = (path: Problem['path'], code: string, message: string) =>
    problems.push({ path, code, message });
  if (input.gives.length === 0)
    add(['gives'], 'swap/nothing-given', 'Name at least one stretch to give away.');
  for (const [field, list] of [
    ['gives', input.gives],
    ['takes', takes],
  ] as const) {
    problems.push(...stretchProblems(list, field));
  }
  if (input.kind === 'cover' && takes.length > 0) {
    add(['takes'], 'swap/takes', 'A cover goes one way. Leave takes out, or ask for an exchange.');
  }
  if (input.to.kind === 'person') {
    const { person } = input.to;
    if (person === input.person) add(['to'], 'swap/self', 'Nobody swaps with themselves. Ask somebody else.');
    if (takes.some((stretch) => stretch.person !== person)) {
      add(['takes'], 'swap/takes', `Only shifts of ${person}, who is asked, can come back.`);
    }
  } else if (takes.some((stretch) => stretch.person === input.person)) {
    add(['takes'], 'swap/self', 'Nobody swaps with themselves. Name shifts of others.');
  }
  if ((input.reason?.length ?? 0) > SWAP_REASON_LIMIT) {
    add(['reason'], 'limit/reason', `A reason has at most ${SWAP_REASON_LIMIT} characters.`);
  }
  const [first] = problems;
  if (first === undefined) return null;
  const message = problems.map((problem) => problem.message).join(' ');
  return refuse('invalid', first.code, { message, problems });
}

/** What is wrong with the times of stretches. */
export function stretchProblems(list: readonly GivenStretch[], field: string): Problem[] {
  if (list.length > SWAP_LIMITS.stretches) {
    const message = `At most ${SWAP_LIMITS.stretches} stretches; got ${list.length}.`;
    return [{ path: [field], code: 'limit/stretches', message }];
  }
  return list.flatMap(({ start, end }, index): Problem[] => {
    const sound = [start, end].every(
      (at) => Number.isInteger(at) && at >= FIRST_INSTANT && at <= LAST_INSTANT,
    );
    if (!sound) {
      const message = 'start and end must be instants from 1970 to 2199.';
      return [{ path: [field, index], code: 'time/out-of-range', message }];
    }
    if (start < end) return [];
    return [{ path: [field, index, 'end'], code: 'time/empty-range', message: 'end must be after start.' }];
  });
}

/** Refuses what a person asks for in another request already, and too many requests. */
export async function refuseRepeated(
  queryable: Queryable,
  person: string,
  gives: readonly SwapStretch[],
): Promise<Refusal | null> {
  const waiting = await waitingSwaps(queryable, person);
  const same = waiting.find((swap) =>
    swap.gives.some((one) => gives.some((other) => sameSeatTime(one, other))),
  );
  if (same !== undefined) {
    const message = `It is asked for already (${same.id}). Cancel that request first.`;
    return refuse('conflict', 'swap/asked-already', { message });
  }
  if (waiting.length < SWAP_LIMITS.waiting) return null;
  const message = `At most ${SWAP_LIMITS.waiting} requests of one person wait at a time. Cancel some first.`;
  return refuse('limit', 'swap/too-many', { message });
}
