import { acceptCounter } from '@watchbill/commands';
import { offerOf } from '../desk/offer-value.ts';
import type { Press } from '../desk/press.ts';
import { said } from '../desk/refusals.ts';
import { swapOutcome } from '../desk/swap-outcome.ts';
import { commandContext } from '../desk/visit.ts';

/** The requester takes what somebody offered instead. */
export const swapOfferAccept: Press = {
  id: 'swap_offer_accept',
  changes: true,
  answer: async (visit, { value }) => {
    const offer = offerOf(value);
    if (offer === null) return said('That offer is not there any more.');
    const result = await acceptCounter(commandContext(visit), offer);
    return swapOutcome(visit, offer.swap, {
      result,
      done: ({ state }) =>
        state === 'accepted'
          ? 'You took the offer. A manager has to approve it.'
          : 'You took the offer. It is done.',
    });
  },
};
