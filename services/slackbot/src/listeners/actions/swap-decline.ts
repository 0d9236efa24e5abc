import { declineSwap } from '@watchbill/commands';
import type { Press } from '../desk/press.ts';
import { swapOutcome } from '../desk/swap-outcome.ts';
import { commandContext } from '../desk/visit.ts';

/** Says no to a request. */
export const swapDecline: Press = {
  id: 'swap_decline',
  changes: true,
  answer: async (visit, { value: swap }) => {
    const result = await declineSwap(commandContext(visit), { swap, person: visit.person });
    return swapOutcome(visit, swap, {
      result,
      done: ({ state }) =>
        state === 'declined' ? 'You said no, and they know.' : 'You said no. The others can still take it.',
    });
  },
};
