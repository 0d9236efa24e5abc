import type { ModalView } from '@slack/types';
import type { ZoneName } from '@watchbill/core';
import { context } from './elements.ts';
import { escapeText } from './text.ts';
import { clockInput, dateInput, input, modal, textInput } from './view-elements.ts';

export const ABSENCE_VIEW = 'absence_submit';

export interface AbsenceScene {
  readonly zone: ZoneName;
  /** `YYYY-MM-DD`; null: not known yet. */
  readonly fromOn: string | null;
  /** The last day of it. */
  readonly untilOn: string | null;
  /** `HH:mm`; null: whole days. */
  readonly fromTime: string | null;
  readonly untilTime: string | null;
  readonly reason: string;
}

/** The modal in which somebody says when they cannot be on call. */
export function absenceView(scene: AbsenceScene): ModalView {
  const hint = 'Leave empty for the whole day.';
  return modal({
    callback: ABSENCE_VIEW,
    title: 'Time off',
    submit: 'Enter',
    state: { zone: scene.zone },
    blocks: [
      input({ id: 'from_on', label: 'First day' }, dateInput(scene.fromOn)),
      input({ id: 'from_time', label: 'From what time', optional: true, hint }, clockInput(scene.fromTime)),
      input({ id: 'until_on', label: 'Last day' }, dateInput(scene.untilOn)),
      input(
        { id: 'until_time', label: 'Until what time', optional: true, hint },
        clockInput(scene.untilTime),
      ),
      input(
        { id: 'reason', label: 'Reason', optional: true, hint: 'Your managers can see it.' },
        textInput({ initial: scene.reason, most: 500, example: 'Leave' }),
      ),
      context(`Days and times are in your time zone, ${escapeText(scene.zone)}.`),
    ],
  });
}
