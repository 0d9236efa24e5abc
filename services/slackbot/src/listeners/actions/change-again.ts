import type { SwapKind } from '@watchbill/core';
import { CHANGE_ACTIONS, changeTitle, personOfValue } from '../../blocks/change-view.ts';
import { fillView } from '../desk/open-form.ts';
import type { Press } from '../desk/press.ts';
import { filled, stateOf } from '../desk/view-values.ts';
import { type ChangeWish, changeForm } from '../forms/change-form.ts';

/**
 * Ranks anew who could take it when another shift, part or person is picked in the form. Another shift begins with
 * the whole of it, another person with their next one.
 */
function again(id: string): Press {
  return {
    id,
    answer: async (visit, { view, value }) => {
      if (view === null || view === undefined) return null;
      const fields = filled(view.state.values);
      const state = stateOf(view);
      const kind: SwapKind = state.kind === 'exchange' ? 'exchange' : 'cover';
      if (id === CHANGE_ACTIONS.whose) {
        const next = { kind, whose: personOfValue(value), chosen: null, part: null, to: null };
        const fill = () => changeForm(visit, { ...next, reason: fields.text('reason') });
        await fillView(visit, view.id, { title: changeTitle(kind), fill });
        return null;
      }
      const shift = fields.option('shift');
      const [from, until] = [fields.moment('from'), fields.moment('until')];
      const keeps = id !== CHANGE_ACTIONS.shift && from !== null && until !== null && from < until;
      const wish: ChangeWish = {
        kind,
        whose: typeof state.whose === 'string' ? state.whose : null,
        chosen: shift === null ? null : { by: 'id', id: shift },
        part: keeps ? { start: from, end: until } : null,
        to: fields.option('to'),
        reason: fields.text('reason'),
      };
      await fillView(visit, view.id, { title: changeTitle(kind), fill: () => changeForm(visit, wish) });
      return null;
    },
  };
}

/** The inputs of the form whose change is answered at once. */
export const changeAgain: readonly Press[] = Object.values(CHANGE_ACTIONS).map(again);
