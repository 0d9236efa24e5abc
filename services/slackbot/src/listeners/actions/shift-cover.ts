import { openChange } from '../desk/open-change.ts';
import type { Press } from '../desk/press.ts';

/** Opens the form in which a shift is given away. */
export const shiftCover: Press = {
  id: 'shift_cover',
  answer: (visit, pressed) => openChange(visit, 'cover', pressed),
};
