import type { ModalView } from '@slack/types';
import { DEFAULT_HORIZON } from '@watchbill/commands';
import { findSlackPreferences } from '@watchbill/database';
import { remindersView } from '../../blocks/reminders-view.ts';
import type { KnownVisit } from '../desk/visit.ts';

export const REMINDERS_TITLE = 'Reminders';

/** Minutes before a shift at which the bot can remind: those at which the server tells that a shift starts soon. */
export function leadsOf({ desk }: KnownVisit): readonly number[] {
  const { leadMinutes } = desk.deps.horizon ?? DEFAULT_HORIZON;
  return [...leadMinutes].sort((a, b) => b - a);
}

/** The modal of what somebody is told by the bot itself. */
export async function remindersForm(visit: KnownVisit): Promise<ModalView> {
  const { reminderMinutes, shiftChanges } = await findSlackPreferences(
    visit.desk.deps.database,
    visit.person,
  );
  const leads = leadsOf(visit);
  return remindersView({ leads, chosen: reminderMinutes ?? leads, moves: shiftChanges });
}
