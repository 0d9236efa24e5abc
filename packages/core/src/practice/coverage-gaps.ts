import type { Schedule } from '../schedule/schedule.ts';
import { totalMs } from '../time/interval.ts';
import { showInstant, showLength } from '../time/show.ts';
import type { Gap } from '../timeline/timeline.ts';
import type { CheckWarning, Saying } from './check-warning.ts';

/** How far gaps, rest and double bookings are looked for. */
export const CHECK_DAYS = 90;

/** Hours to be covered in which a role has nobody: one warning for each role. */
export function coverageGaps(schedule: Schedule, gaps: readonly Gap[], { zone }: Saying): CheckWarning[] {
  const shown = zone ?? schedule.timeZone;
  return schedule.roles.flatMap((role) => {
    const own = gaps.filter((gap) => gap.role === role);
    const [first] = own;
    if (first === undefined) return [];
    const span = `${showInstant(first.start, shown)} to ${showInstant(first.end, shown)} (${shown})`;
    const total = `${own.length} gaps in the next ${CHECK_DAYS} days, ${showLength(totalMs(own))} in all; the first is`;
    const what = own.length === 1 ? 'nobody is on call from' : total;
    const message = `${schedule.id}, ${role}: ${what} ${span}`;
    const about = { schedule: schedule.id, role, person: null, at: first.start };
    return [{ code: 'coverage/gap', level: 'warning' as const, ...about, message }];
  });
}
