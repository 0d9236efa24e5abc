import { DAY_MS, type Instant, MINUTE_MS } from '../time/interval.ts';
import { toUtc, toWall } from '../time/zone.ts';

/** Wall times of every day, in minutes from midnight; from after to means over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/**
 * When somebody may be told who would be told at an instant: then, or at the end of their quiet hours. Through a clock
 * change the hours keep their wall times: quiet until 07:00 is until 07:00.
 */
export function afterQuietHours(at: Instant, quiet: QuietHours | null, zone: string): Instant {
  if (quiet === null) return at;
  const wall = toWall(at, zone);
  const midnight = Math.floor(wall / DAY_MS) * DAY_MS;
  const minute = (wall - midnight) / MINUTE_MS;
  const over = quiet.from > quiet.to;
  const inside = over ? minute >= quiet.from || minute < quiet.to : minute >= quiet.from && minute < quiet.to;
  if (!inside) return at;
  const endsTomorrow = over && minute >= quiet.from;
  const end = toUtc(midnight + (endsTomorrow ? DAY_MS : 0) + quiet.to * MINUTE_MS, zone, 'first');
  return Math.max(at, end);
}
