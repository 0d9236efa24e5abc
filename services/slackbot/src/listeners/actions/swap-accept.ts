import { acceptSwap } from '@watchbill/commands';
import type { Press } from '../desk/press.ts';
import { swapOutcome } from '../desk/swap-outcome.ts';
import { commandContext } from '../desk/visit.ts';

/** Takes the shift that somebody gives away. The first one wins; whoever comes later hears who it was. */
export const swapAccept: Press = {
  id: 'swap_accept',
  changes: true,
  answer: async (visit, { value: swap }) => {
    const result = await acceptSwap(commandContext(visit), { swap, person: visit.person });
    return swapOutcome(visit, swap, {
      result,
      done: ({ state }) =>
        state === 'accepted'
          ? 'Thank you. A manager has to approve it; until then the shift stays where it is. I tell you when.'
          : 'Thank you, it is yours now. `/oncall me` shows it.',
    });
  },
};
