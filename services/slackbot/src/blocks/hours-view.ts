import type { ModalView } from '@slack/types';
import { DAY_NAMES, type DayName, type ZoneName } from '@watchbill/core';
import { context, option } from './elements.ts';
import { checkboxes, clockInput, input, modal, textInput } from './view-elements.ts';

export const HOURS_VIEW = 'hours_submit';

export interface HoursScene {
  readonly zone: ZoneName;
  readonly days: readonly DayName[];
  /** `HH:mm`. */
  readonly from: string;
  readonly to: string;
  /** The zone of the reader's profile, where it is another one. */
  readonly slackZone: ZoneName | null;
}

const DAY_WORDS: Readonly<Record<DayName, string>> = {
  ...{ mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday' },
  ...{ fri: 'Friday', sat: 'Saturday', sun: 'Sunday' },
};

/** The modal in which somebody says where they live and when they work. */
export function hoursView({ zone, days, from, to, slackZone }: HoursScene): ModalView {
  const options = DAY_NAMES.map((day) => option(DAY_WORDS[day], day));
  const slack = slackZone === null ? [] : [context(`Your Slack profile says ${slackZone}.`)];
  return modal({
    callback: HOURS_VIEW,
    title: 'Zone and hours',
    submit: 'Save',
    blocks: [
      input(
        { id: 'zone', label: 'Time zone', hint: 'An IANA name, such as Europe/London.' },
        textInput({ initial: zone, most: 64 }),
      ),
      ...slack,
      input({ id: 'days', label: 'Working days' }, checkboxes(options, days)),
      input({ id: 'from', label: 'From' }, clockInput(from)),
      input(
        { id: 'to', label: 'Until', hint: 'Earlier than the start: until the next day.' },
        clockInput(to),
      ),
      context('Nights, weekends and holidays are weighed by your own zone and hours.'),
    ],
  });
}
