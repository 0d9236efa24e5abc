import { counterSwap, type GivenStretch } from '@watchbill/commands';
import { findSwap } from '@watchbill/database';
import { PART_VIEW } from '../../blocks/part-view.ts';
import { fieldErrors } from '../desk/field-errors.ts';
import { said } from '../desk/refusals.ts';
import type { Submit } from '../desk/submission.ts';
import { swapOutcome } from '../desk/swap-outcome.ts';
import { stateOf } from '../desk/view-values.ts';
import { commandContext, type KnownVisit } from '../desk/visit.ts';
import { CHANGE_AHEAD_MS, SHIFTS_OFFERED } from '../forms/change-form.ts';
import { PART_TITLE } from '../forms/part-form.ts';
import { ownShifts } from '../reads/own-shifts.ts';

/** Offers a part of what was asked, or a shift in return. */
export const partSubmit: Submit = {
  callback: PART_VIEW,
  changes: true,
  work: async (visit, fields, view) => {
    const id = String(stateOf(view).swap ?? '');
    const swap = await findSwap(visit.desk.deps.database, id);
    if (swap === null) return { title: PART_TITLE, answer: said('That request is not there any more.') };
    const [start, end] = [fields.moment('from'), fields.moment('until')];
    if (start === null || end === null || end <= start)
      return { errors: { until: 'The end must come after the start.' } };
    const asked = swap.gives[Number(fields.option('stretch') ?? 0)] ?? swap.gives[0];
    if (asked === undefined || start < asked.start || end > asked.end) {
      return {
        errors: {
          [start < (asked?.start ?? 0) ? 'from' : 'until']: 'Only a part of what was asked can be offered.',
        },
      };
    }
    const takes = swap.kind === 'exchange' ? await ownShift(visit, fields.option('own')) : [];
    if (takes === null) return { errors: { own: 'This shift has changed meanwhile. Pick another one.' } };
    const gives = [{ schedule: asked.schedule, role: asked.role, start, end }];
    const result = await counterSwap(commandContext(visit), { swap: id, person: visit.person, gives, takes });
    if (!result.ok && result.error.code === 'invalid') {
      return fieldErrors(result.error, { gives: 'until', takes: 'own' }, 'until');
    }
    const done = () => 'Your offer is made. They say yes or no to it, and I tell you.';
    return { title: PART_TITLE, answer: await swapOutcome(visit, id, { result, done }) };
  },
};

/** The shift given in return; null where it is not there any more. */
async function ownShift(
  { desk, now, person }: KnownVisit,
  id: string | null,
): Promise<GivenStretch[] | null> {
  const window = { from: now, to: now + CHANGE_AHEAD_MS };
  const { shifts } = await ownShifts(desk.deps.database, { person, ...window, limit: SHIFTS_OFFERED });
  const shift = shifts.find((each) => each.id === id);
  if (shift === undefined) return null;
  const { schedule, role, start, end } = shift;
  return [{ schedule, role, start: Math.max(start, now), end }];
}
