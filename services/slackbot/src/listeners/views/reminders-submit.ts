import { setSlackPreferences } from '@watchbill/commands';
import { MINUTE_MS, showLength } from '@watchbill/core';
import { MOVES, REMINDERS_VIEW } from '../../blocks/reminders-view.ts';
import { listed } from '../../blocks/text.ts';
import { fieldErrors } from '../desk/field-errors.ts';
import { said } from '../desk/refusals.ts';
import type { Submit } from '../desk/submission.ts';
import { commandContext } from '../desk/visit.ts';
import { leadsOf, REMINDERS_TITLE } from '../forms/reminders-form.ts';

/** Keeps what somebody wants to be told by the bot itself. */
export const remindersSubmit: Submit = {
  callback: REMINDERS_VIEW,
  work: async (visit, fields) => {
    const chosen = fields.options('leads').map(Number);
    const leads = leadsOf(visit);
    // All of them: as the settings say, also when those change.
    const reminderMinutes = leads.every((lead) => chosen.includes(lead)) ? null : chosen;
    const shiftChanges = fields.options('told').includes(MOVES);
    const input = { person: visit.person, reminderMinutes, shiftChanges };
    const result = await setSlackPreferences(commandContext(visit), input);
    if (!result.ok) return fieldErrors(result.error, {}, 'leads');
    const told = (reminderMinutes ?? leads).map((minutes) => showLength(minutes * MINUTE_MS));
    const reminders =
      told.length === 0 ? 'I do not remind you of shifts' : `I remind you ${listed(told)} before a shift`;
    const moves = shiftChanges ? 'and tell you when one moves' : 'and do not tell you when one moves';
    return { title: REMINDERS_TITLE, answer: said(`Kept: ${reminders}, ${moves}. Pages come in any case.`) };
  },
};
