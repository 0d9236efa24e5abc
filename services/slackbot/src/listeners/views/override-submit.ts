import { createOverride } from '@watchbill/commands';
import { personOfValue } from '../../blocks/change-view.ts';
import { ALL_OF_ROLE, isOverrideKind, OVERRIDE_VIEW, VACANT } from '../../blocks/override-view.ts';
import { overridden } from '../answers/answer-override.ts';
import { fieldErrors } from '../desk/field-errors.ts';
import type { Submit } from '../desk/submission.ts';
import { commandContext } from '../desk/visit.ts';
import { OVERRIDE_TITLE } from '../forms/override-form.ts';

/** Puts an override on a schedule. */
export const overrideSubmit: Submit = {
  callback: OVERRIDE_VIEW,
  changes: true,
  work: async (visit, fields) => {
    const [start, end] = [fields.moment('from'), fields.moment('until')];
    const role = fields.option('role');
    const errors = {
      ...(role === null ? { [fields.block('role')]: 'Pick the role.' } : {}),
      ...(start === null ? { [fields.block('from')]: 'Say from when.' } : {}),
      ...(end === null || (start !== null && end <= start)
        ? { [fields.block('until')]: 'The end must come after the start.' }
        : {}),
    };
    if (role === null || start === null || end === null || Object.keys(errors).length > 0) return { errors };
    const person = fields.option('person') ?? VACANT;
    const replaces = fields.option('replaces') ?? ALL_OF_ROLE;
    const reason = fields.text('reason');
    const picked = fields.option('kind');
    const kind = isOverrideKind(picked) ? picked : 'replace';
    const result = await createOverride(commandContext(visit), {
      schedule: fields.option('schedule') ?? '',
      role,
      kind,
      people: person === VACANT ? [] : [personOfValue(person) ?? person],
      replaces: replaces === ALL_OF_ROLE ? null : personOfValue(replaces),
      start,
      end,
      reason: reason === '' ? null : reason,
    });
    if (result.ok) return { title: OVERRIDE_TITLE, answer: await overridden(visit, result.value, []) };
    const places = {
      ...{ start: fields.block('from'), end: fields.block('until'), role: fields.block('role') },
      ...{ people: fields.block('person'), replaces: fields.block('replaces'), reason: 'reason' },
    };
    return fieldErrors(result.error, places, 'schedule');
  },
};
