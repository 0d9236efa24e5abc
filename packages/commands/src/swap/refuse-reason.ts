import { refuse } from '../run-command.ts';
import type { Refusal } from './hold-swap.ts';

export const SWAP_REASON_LIMIT = 500;

/** Refuses a reason that is too long. */
export function refuseReason(reason: string | null): Refusal | null {
  if ((reason?.length ?? 0) <= SWAP_REASON_LIMIT) return null;
  const message = `A reason has at most ${SWAP_REASON_LIMIT} characters.`;
  return refuse('invalid', 'limit/reason', { message });
}
