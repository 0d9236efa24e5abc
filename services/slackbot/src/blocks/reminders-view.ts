import type { ModalView } from '@slack/types';
import { MINUTE_MS, showLength } from '@watchbill/core';
import { option } from './elements.ts';
import { checkboxes, input, modal } from './view-elements.ts';

export const REMINDERS_VIEW = 'reminders_submit';
export const MOVES = 'moves';
/** As many as Slack shows as boxes. */
const MOST_LEADS = 10;

export interface RemindersScene {
  /** How many minutes before a shift reminders can come. */
  readonly leads: readonly number[];
  readonly chosen: readonly number[];
  readonly moves: boolean;
}

/** The modal in which somebody says what the bot writes to them by itself. */
export function remindersView({ leads, chosen, moves }: RemindersScene): ModalView {
  const options = leads
    .slice(0, MOST_LEADS)
    .map((minutes) => option(`${showLength(minutes * MINUTE_MS)} before`, String(minutes)));
  const told = option('When a shift of mine to come moves', MOVES);
  return modal({
    callback: REMINDERS_VIEW,
    title: 'Reminders',
    submit: 'Save',
    blocks: [
      input(
        { id: 'leads', label: 'Remind me of my shifts', optional: true },
        checkboxes(options, chosen.map(String)),
      ),
      input({ id: 'told', label: 'Tell me', optional: true }, checkboxes([told], moves ? [MOVES] : [])),
    ],
  });
}
