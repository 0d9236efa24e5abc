import { approveSwap } from '@watchbill/commands';
import type { Press } from '../desk/press.ts';
import { swapOutcome } from '../desk/swap-outcome.ts';
import { commandContext } from '../desk/visit.ts';

/** A manager lets an accepted swap happen. */
export const swapApprove: Press = {
  id: 'swap_approve',
  changes: true,
  answer: async (visit, { value: swap }) => {
    const result = await approveSwap(commandContext(visit), { swap });
    return swapOutcome(visit, swap, {
      result,
      done: ({ state }) =>
        state === 'applied'
          ? 'Approved. It is done, and both know.'
          : 'Approved. It waits for the managers of another team as well.',
    });
  },
};
