import type { Config } from '@watchbill/config';
import type { Instant, Interval, PersonId } from '@watchbill/core';
import { burdenHours, demandOf, HOUR_MS, resolveTimeline, spreadOf, totalMs } from '@watchbill/core';
import type { LoadRow } from '../format/load-table.ts';
import { resolveWithin } from '../input/resolve-within.ts';
import type { Io } from '../io.ts';
import { ledgerOf, type StoodWish, stoodIn, stoodRows } from './carry-ledger.ts';
import { planned } from './load-plan.ts';
import { makePlanFile } from './make-plan-file.ts';
import { LOOK_BACK_MS, turnStartOf, unplannedOf } from './unplanned.ts';

/** What a configuration comes to in a window. */
export interface Outcome {
  readonly rows: readonly LoadRow[];
  /** Burden-hours of a full share, from least to most, and their variation in percent. */
  readonly range: number;
  readonly variationPercent: number;
  readonly nightHours: number;
  readonly burden: number;
  readonly gaps: number;
  readonly gapHours: number;
}

export interface SimulationWish {
  readonly window: Interval;
  readonly only: string | null;
  readonly file: string;
  readonly seed: number | null;
}

/** The outcome of a configuration, its fair rotations planned anew. Throws BadInput. */
export function outcomeOf(config: Config, wish: SimulationWish, io: Io): Outcome {
  const { window, only } = wish;
  const whole = withFreshPlan(config, wish, io);
  const rows = loadRowsOf(whole, { window, only, byShifts: false, halfLifeMs: null });
  const levels = rows.filter(({ share }) => share > 0.01).map(({ burden, share }) => burden / share);
  const { range, variationPercent } = spreadOf(levels);
  const gaps = whole.schedules
    .filter(({ id }) => only === null || id === only)
    .flatMap((schedule) => resolveWithin(() => resolveTimeline(schedule, window)).gaps);
  const nightHours = rows.reduce(
    (sum, { byClass }) => sum + byClass.night + byClass.weekendNight + byClass.holidayNight,
    0,
  );
  return {
    rows,
    range,
    variationPercent,
    nightHours,
    burden: rows.reduce((sum, { burden }) => sum + burden, 0),
    gaps: gaps.length,
    gapHours: totalMs(gaps) / HOUR_MS,
  };
}

/** The load of each person by what the timelines say, in burden-hours. */
export function loadRowsOf(
  config: Config,
  wish: StoodWish & { readonly halfLifeMs: number | null },
): LoadRow[] {
  const stood = stoodIn(config, wish);
  const ledger = new Map(ledgerOf(stood, wish.halfLifeMs).map(({ person, balance }) => [person, balance]));
  return stoodRows(stood).map((row) => ({
    ...row,
    burden: burdenHours(row.burden),
    deviation: burdenHours(ledger.get(row.person) ?? 0),
  }));
}

function withFreshPlan(config: Config, { window, only, file, seed }: SimulationWish, io: Io): Config {
  if (!config.schedules.some((schedule) => unplannedOf(schedule).length > 0)) return config;
  const carried = new Map<PersonId, number>();
  const horizon = { start: firstTurnOf(config, window), end: window.end };
  const plan = makePlanFile(
    config,
    { horizon, only, previous: null, seed, asFair: new Set<string>(), carried },
    io,
  );
  return planned(config, plan, { file, path: 'the plan' });
}

/** Turns that run when the window begins are planned too, so that its first hours are no gap. */
function firstTurnOf({ schedules }: Config, window: Interval): Instant {
  const before = { start: window.start - LOOK_BACK_MS, end: window.start };
  const running = schedules.flatMap((schedule) =>
    unplannedOf(schedule)
      .flatMap((rotation) => demandOf(schedule, rotation, before))
      .filter(({ intervals }) => (intervals.at(-1)?.end ?? 0) > window.start)
      .map((unit) => turnStartOf(unit, window.start)),
  );
  return Math.min(window.start, ...running);
}
