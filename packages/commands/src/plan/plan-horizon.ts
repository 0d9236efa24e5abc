import { DAY_MS, demandOf, type Instant, type Interval, type Schedule } from '@watchbill/core';

const WEEK_MS = 7 * DAY_MS;
/** Thursday 1 January 1970 was three days after a Monday. */
const MONDAY_MS = 4 * DAY_MS;
/** A turn that runs now began at most this long ago: a month and some days. */
const LONGEST_TURN_MS = 35 * DAY_MS;
/** The ledger's period, and how far back a plan looks where a period is not closed yet. */
export const LEDGER_PERIOD_MS = 28 * DAY_MS;
const LONGEST_OPEN_MS = 3 * LEDGER_PERIOD_MS;

/** The ledger's period in which an instant lies: four weeks from a Monday, UTC. */
export function ledgerPeriodOf(at: Instant): Interval {
  const start = Math.floor((at - MONDAY_MS) / LEDGER_PERIOD_MS) * LEDGER_PERIOD_MS + MONDAY_MS;
  return { start, end: start + LEDGER_PERIOD_MS };
}

/**
 * Until when a plan reaches that is made at `now`: the stored horizon and what is published ahead of it, to the end of
 * that week, so that a plan grows once a week and not at every look.
 */
export function planEnd(
  schedules: readonly Schedule[],
  { now, horizonMs }: { readonly now: Instant; readonly horizonMs: number },
): Instant {
  const aheadDays = schedules.flatMap(({ rotations }) =>
    rotations.map(({ strategy }) => (strategy.kind === 'fair' ? strategy.publishAheadDays : 0)),
  );
  const wanted = now + horizonMs + Math.max(0, ...aheadDays) * DAY_MS;
  return Math.ceil((wanted - MONDAY_MS) / WEEK_MS) * WEEK_MS + MONDAY_MS;
}

/**
 * From when on a plan counts burden: where the ledger ends or the first plan began; for a schedule without a plan
 * from the turns that run now.
 */
export function planStart(
  members: readonly { readonly schedule: Schedule; readonly since: Instant | null }[],
  now: Instant,
): Instant {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const starts = members.map(({ schedule, since }) => {
    if (since !== null) return Math.max(since, today - LONGEST_OPEN_MS);
    const window = { start: now - LONGEST_TURN_MS, end: now };
    const running = schedule.rotations
      .flatMap((rotation) => demandOf(schedule, rotation, window))
      .filter((unit) => (unit.intervals.at(-1)?.end ?? 0) > now)
      .map((unit) => unit.intervals[0]?.start ?? now);
    return Math.min(today, ...running);
  });
  return Math.min(today, ...starts);
}
