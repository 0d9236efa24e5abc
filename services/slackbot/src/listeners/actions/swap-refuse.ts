import { refuseSwap } from '@watchbill/commands';
import type { Press } from '../desk/press.ts';
import { swapOutcome } from '../desk/swap-outcome.ts';
import { commandContext } from '../desk/visit.ts';

/** A manager does not let an accepted swap happen. */
export const swapRefuse: Press = {
  id: 'swap_refuse',
  changes: true,
  answer: async (visit, { value: swap }) => {
    const result = await refuseSwap(commandContext(visit), { swap });
    return swapOutcome(visit, swap, {
      result,
      done: () => 'Refused. The shift stays where it is, and both know.',
    });
  },
};
