import { takeOver } from '../answers/answer-take.ts';
import { readObject } from '../desk/offer-value.ts';
import type { Press } from '../desk/press.ts';
import { said } from '../desk/refusals.ts';

/** Takes over the running shift that was chosen. */
export const takeOverPress: Press = {
  id: 'take_over',
  changes: true,
  answer: async (visit, { value }) => {
    const { schedule, role, from, until } = readObject(value);
    if (typeof schedule !== 'string' || typeof role !== 'string' || typeof from !== 'string') {
      return said('I cannot read that button any more. Type `/oncall take` again.');
    }
    return takeOver(visit, { schedule, role, from, until: typeof until === 'number' ? until : null }, []);
  },
};
