import { setPersonHours } from '@watchbill/commands';
import { DAY_NAMES, isZone, knownZones, nearest } from '@watchbill/core';
import { HOURS_VIEW } from '../../blocks/hours-view.ts';
import { escapeText, listed } from '../../blocks/text.ts';
import { fieldErrors } from '../desk/field-errors.ts';
import { said } from '../desk/refusals.ts';
import type { Submit } from '../desk/submission.ts';
import { commandContext } from '../desk/visit.ts';
import { HOURS_TITLE } from '../forms/hours-form.ts';

/** Keeps where somebody lives and when they work. */
export const hoursSubmit: Submit = {
  callback: HOURS_VIEW,
  changes: true,
  work: async (visit, fields) => {
    const timeZone = fields.text('zone');
    if (!isZone(timeZone)) {
      const near = nearest(timeZone, knownZones());
      const hint = near === null ? 'Write one such as Europe/London.' : `Did you mean ${near}?`;
      return { errors: { zone: `That is no IANA time zone. ${hint}` } };
    }
    const days = DAY_NAMES.filter((day) => fields.options('days').includes(day));
    if (days.length === 0) return { errors: { days: 'Pick at least one day.' } };
    const workingHours = { days, from: fields.clock('from') ?? '', to: fields.clock('to') ?? '' };
    const input = { person: visit.person, timeZone, workingHours };
    const result = await setPersonHours(commandContext(visit), input);
    if (!result.ok) return fieldErrors(result.error, { timeZone: 'zone', workingHours: 'from' }, 'from');
    const { replanned } = result.value;
    const plans =
      replanned.length === 0
        ? ''
        : ` ${escapeText(listed(replanned))} ${replanned.length === 1 ? 'is' : 'are'} planned again.`;
    const text = `Kept: ${escapeText(timeZone)}, ${listed(days)} ${workingHours.from}–${workingHours.to}.${plans} If your team keeps a \`watchbill.yaml\`, change it there as well: its next apply counts.`;
    return { title: HOURS_TITLE, answer: said(text) };
  },
};
