import type { ModalView } from '@slack/types';
import { DAY_NAMES, type PersonDraft } from '@watchbill/core';
import { readPeople } from '@watchbill/database';
import { section } from '../../blocks/elements.ts';
import { hoursView } from '../../blocks/hours-view.ts';
import { outcomeView } from '../../blocks/view-elements.ts';
import type { KnownVisit } from '../desk/visit.ts';

export const HOURS_TITLE = 'Zone and hours';
const USUAL = { from: '09:00', to: '17:00' };
const USUAL_DAYS = DAY_NAMES.slice(0, 5);

/** What somebody's working hours are, as they were written, or as is usual. */
export function hoursOf(draft: Pick<PersonDraft, 'workingHours'>): {
  readonly days: typeof DAY_NAMES;
  readonly from: string;
  readonly to: string;
} {
  const { days = USUAL_DAYS, from, to } = draft.workingHours ?? { ...USUAL };
  return { days, from, to };
}

/** The modal of somebody's own zone and working hours. */
export async function hoursForm({ desk, person, profile }: KnownVisit): Promise<ModalView> {
  const [row] = await readPeople(desk.deps.database, [person]);
  if (row === undefined)
    return outcomeView(HOURS_TITLE, [section('You are not in the configuration any more.')]);
  const { days, from, to } = hoursOf(row.definition as PersonDraft);
  const slackZone = profile === null || profile.zone === row.timeZone ? null : profile.zone;
  // Slack has no 24:00; midnight as an end means the same.
  return hoursView({ zone: row.timeZone, days, from, to: to === '24:00' ? '00:00' : to, slackZone });
}
