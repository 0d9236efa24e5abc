import type { ModalView } from '@slack/types';
import { option, section } from './elements.ts';
import { escapeWithin } from './text.ts';
import { input, modal, radios } from './view-elements.ts';

export const SNOOZE_VIEW = 'snooze_submit';

/** How long a page can be left alone, in minutes. */
const CHOICES: readonly (readonly [minutes: number, text: string])[] = [
  [15, '15 minutes'],
  [30, '30 minutes'],
  [60, '1 hour'],
  [120, '2 hours'],
  [240, '4 hours'],
  [480, '8 hours'],
];

/** The modal that asks for how long a page is left alone. */
export function snoozeView(page: {
  readonly id: string;
  readonly number: number;
  readonly summary: string;
}): ModalView {
  const options = CHOICES.map(([minutes, text]) => option(text, String(minutes)));
  return modal({
    callback: SNOOZE_VIEW,
    title: 'Snooze',
    submit: 'Snooze',
    state: { page: page.id },
    blocks: [
      section(`*Page ${page.number}:* ${escapeWithin(page.summary, 500)}`),
      input({ id: 'minutes', label: 'Leave everybody alone for' }, radios(options, '30')),
    ],
  });
}
