import { cancelAbsence } from '@watchbill/commands';
import type { Press } from '../desk/press.ts';
import { refusal } from '../desk/refusals.ts';
import { commandContext } from '../desk/visit.ts';

/** Cancels an own absence; the home tab then shows it no more. */
export const homeCancelAbsence: Press = {
  id: 'home_cancel_absence',
  changes: true,
  answer: async (visit, { value: absence }) => {
    const result = await cancelAbsence(commandContext(visit), { person: visit.person, absence });
    return result.ok ? null : refusal(result.error);
  },
};
