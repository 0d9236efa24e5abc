import { openForm } from '../desk/open-form.ts';
import type { Press } from '../desk/press.ts';
import { PART_TITLE, partForm } from '../forms/part-form.ts';

/** Opens the form in which a part, or a shift in return, is offered. */
export const swapPart: Press = {
  id: 'swap_part',
  answer: (visit, { value: swap }) =>
    openForm(visit, { title: PART_TITLE, fill: () => partForm(visit, swap) }),
};
