import { declineCounter } from '@watchbill/commands';
import { offerOf } from '../desk/offer-value.ts';
import type { Press } from '../desk/press.ts';
import { said } from '../desk/refusals.ts';
import { swapOutcome } from '../desk/swap-outcome.ts';
import { commandContext } from '../desk/visit.ts';

/** The requester does not take what somebody offered; the request stays open. */
export const swapOfferDecline: Press = {
  id: 'swap_offer_decline',
  changes: true,
  answer: async (visit, { value }) => {
    const offer = offerOf(value);
    if (offer === null) return said('That offer is not there any more.');
    const result = await declineCounter(commandContext(visit), offer);
    return swapOutcome(visit, offer.swap, {
      result,
      done: () => 'You declined the offer. Your request stays open.',
    });
  },
};
