import type { ModalView } from '@slack/types';
import {
  DAY_MS,
  dayOfWall,
  formatClock,
  formatDate,
  type Interval,
  MINUTE_MS,
  toWall,
} from '@watchbill/core';
import { absenceView } from '../../blocks/absence-view.ts';
import type { Visit } from '../desk/visit.ts';

/** The modal of an absence, in the visitor's own zone. */
export function absenceForm(
  { zone, now }: Visit,
  wish: { readonly span: Interval | null; readonly reason: string },
): ModalView {
  const today = formatDate(dayOfWall(toWall(now, zone)));
  if (wish.span === null) {
    return absenceView({
      zone,
      reason: wish.reason,
      fromOn: today,
      untilOn: today,
      fromTime: null,
      untilTime: null,
    });
  }
  const start = toWall(wish.span.start, zone);
  const end = toWall(wish.span.end, zone);
  const whole = start % DAY_MS === 0 && end % DAY_MS === 0;
  return absenceView({
    zone,
    reason: wish.reason,
    fromOn: formatDate(dayOfWall(start)),
    untilOn: formatDate(dayOfWall(whole ? end - 1 : end)),
    fromTime: whole ? null : clockOf(start),
    untilTime: whole ? null : clockOf(end),
  });
}

function clockOf(wall: number): string {
  return formatClock(Math.floor((wall - dayOfWall(wall) * DAY_MS) / MINUTE_MS));
}
