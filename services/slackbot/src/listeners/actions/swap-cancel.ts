import { cancelSwap } from '@watchbill/commands';
import type { Press } from '../desk/press.ts';
import { swapOutcome } from '../desk/swap-outcome.ts';
import { commandContext } from '../desk/visit.ts';

/** Takes an own request back. */
export const swapCancel: Press = {
  id: 'swap_cancel',
  changes: true,
  answer: async (visit, { value: swap }) => {
    const result = await cancelSwap(commandContext(visit), { swap });
    return swapOutcome(visit, swap, {
      result,
      done: ({ person }) =>
        person === visit.person
          ? 'Taken back. The shift is yours as before.'
          : 'Taken back. The shift stays with whom it was.',
    });
  },
};
