import { openChange } from '../desk/open-change.ts';
import type { Press } from '../desk/press.ts';

/** Opens the form in which a shift is exchanged. */
export const shiftSwap: Press = {
  id: 'shift_swap',
  answer: (visit, pressed) => openChange(visit, 'exchange', pressed),
};
