import { enterAbsence } from '@watchbill/commands';
import { DAY_MS, isZone, MINUTE_MS, parseClock, parseDate, type ZoneName } from '@watchbill/core';
import { ABSENCE_VIEW } from '../../blocks/absence-view.ts';
import { noteLines } from '../../blocks/note-lines.ts';
import { type Edge, placeWall, type TimeNote } from '../../words/time-reading.ts';
import { ABSENCE_TITLE, absent } from '../answers/answer-off.ts';
import { fieldErrors } from '../desk/field-errors.ts';
import type { Submit } from '../desk/submission.ts';
import { type Filled, stateOf } from '../desk/view-values.ts';
import { commandContext } from '../desk/visit.ts';

/** Enters an absence. Days and times are those of the zone that the form has named. */
export const absenceSubmit: Submit = {
  callback: ABSENCE_VIEW,
  changes: true,
  work: async (visit, fields, view) => {
    const { zone: named } = stateOf(view);
    const zone = typeof named === 'string' && isZone(named) ? named : visit.zone;
    const start = pointOf(fields, 'from', { zone, edge: 'start' });
    const end = pointOf(fields, 'until', { zone, edge: 'end' });
    if (start === null) return { errors: { from_on: 'Name the first day.' } };
    if (end === null) return { errors: { until_on: 'Name the last day.' } };
    if (end.at <= start.at) {
      const place = fields.clock('until_time') === null ? 'until_on' : 'until_time';
      return { errors: { [place]: 'The end must come after the start.' } };
    }
    const reason = fields.text('reason');
    const { person } = visit;
    const input = { person, start: start.at, end: end.at, reason: reason === '' ? null : reason };
    const result = await enterAbsence(commandContext(visit), input);
    if (!result.ok) {
      return fieldErrors(result.error, { start: 'from_on', end: 'until_on', reason: 'reason' }, 'until_on');
    }
    const notes = noteLines([...start.notes, ...end.notes]);
    const span = { start: start.at, end: end.at };
    const answer = await absent(visit, { span, replanned: result.value.replanned, notes });
    return { title: ABSENCE_TITLE, answer };
  },
};

/** The instant of a day and, if there is one, a time; without one the day's midnight, as an end the one after it. */
function pointOf(
  fields: Filled,
  name: 'from' | 'until',
  { zone, edge }: { readonly zone: ZoneName; readonly edge: Edge },
): { readonly at: number; readonly notes: readonly TimeNote[] } | null {
  const day = parseDate(fields.date(`${name}_on`) ?? '');
  if (day === null) return null;
  const minutes = parseClock(fields.clock(`${name}_time`) ?? '');
  if (minutes !== null) return placeWall(day * DAY_MS + minutes * MINUTE_MS, zone, edge);
  return { at: placeWall((edge === 'start' ? day : day + 1) * DAY_MS, zone, 'start').at, notes: [] };
}
