import type { Instant, Interval, Rotation, Schedule } from '@watchbill/core';
import { DAY_MS, demandOf, formatDate, parseInstant, withPlan } from '@watchbill/core';
import { localDay } from '../format/clock.ts';

/** Stands where the planner will put somebody. No id may hold this character. */
export const UNPLANNED = '\u0000unplanned';

/** The fair rotations of a schedule that have no plan. */
export function unplannedOf({ rotations }: Schedule): Rotation[] {
  return rotations.filter(({ strategy }) => strategy.kind === 'fair' && strategy.turns.length === 0);
}

/** The schedule with a placeholder in every turn that waits for a plan: such hours are no gap, only not planned. */
export function withPlaceholders(schedule: Schedule, window: Interval): Schedule {
  const turns = new Map(
    unplannedOf(schedule).map((rotation) => [
      rotation.id,
      demandOf(schedule, rotation, { start: window.start - LOOK_BACK_MS, end: window.end }).map((unit) => ({
        unit: unit.id,
        seat: unit.seat,
        intervals: unit.intervals,
        person: UNPLANNED,
      })),
    ]),
  );
  return turns.size === 0 ? schedule : withPlan(schedule, turns);
}

/** Turns that began so long before a window may reach into it. */
export const LOOK_BACK_MS = 35 * DAY_MS;

/** More rotations than these are counted, not named. */
const MAX_NAMED = 3;

/** When the turn of a unit begins: its hours may come later. `otherwise` for an id of another form. */
export function turnStartOf({ id }: { readonly id: string }, otherwise: Instant): Instant {
  const [, text] = /@([^@#]+)#\d+$/.exec(id) ?? [];
  return parseInstant(text ?? '') ?? otherwise;
}

/** What to do about fair rotations without a plan: names the command to run. */
export function planAdvice(
  file: string,
  schedule: Schedule,
  { window }: { readonly window: Interval },
): string {
  const rotations = unplannedOf(schedule).map(({ id }) => id);
  const names =
    rotations.length > MAX_NAMED
      ? `${rotations.length} rotations are`
      : `rotations ${rotations.join(', ')} are`;
  const what = rotations.length === 1 ? `rotation ${rotations[0]} is` : names;
  const from = formatDate(localDay(window.start, schedule.timeZone));
  const to = formatDate(localDay(window.end - 1, schedule.timeZone) + 1);
  return (
    `schedule ${schedule.id}: ${what} fair, and who has which turn is in a plan. Make one with ` +
    `"watchbill plan ${file} --from ${from} --to ${to} --out plan.json", then say --plan plan.json.`
  );
}
