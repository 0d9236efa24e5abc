import { personOfValue } from '../../blocks/change-view.ts';
import { isOverrideKind, OVERRIDE_ACTIONS } from '../../blocks/override-view.ts';
import { fillView } from '../desk/open-form.ts';
import type { Press } from '../desk/press.ts';
import { type Filled, filled } from '../desk/view-values.ts';
import { OVERRIDE_TITLE, overrideForm } from '../forms/override-form.ts';

/** Offers the roles and people of the schedule that was picked, or asks what another kind of override needs. */
function again(id: string): Press {
  return {
    id,
    answer: async (visit, { view }) => {
      if (view === null || view === undefined) return null;
      const fields = filled(view.state.values);
      // Another schedule has other roles and people.
      const same = id !== OVERRIDE_ACTIONS.schedule;
      const kind = fields.option('kind');
      const wish = {
        schedule: fields.option('schedule'),
        kind: isOverrideKind(kind) ? kind : ('replace' as const),
        role: same ? fields.option('role') : null,
        person: same ? personIn(fields, 'person') : null,
        replaces: same ? personIn(fields, 'replaces') : null,
        ...{ start: fields.moment('from'), end: fields.moment('until'), reason: fields.text('reason') },
      };
      await fillView(visit, view.id, { title: OVERRIDE_TITLE, fill: () => overrideForm(visit, wish) });
      return null;
    },
  };
}

function personIn(fields: Filled, name: string): string | null {
  return personOfValue(fields.option(name) ?? '');
}

/** The inputs of the form whose change is answered at once. */
export const overrideAgain: readonly Press[] = Object.values(OVERRIDE_ACTIONS).map(again);
