import type { Config } from '@watchbill/config';
import type { Interval, PlanFile } from '@watchbill/core';
import { DAY_MS } from '@watchbill/core';
import { findWarnings } from '../check/find-warnings.ts';
import { resolveWithin } from '../input/resolve-within.ts';
import type { Io } from '../io.ts';
import { planned } from './load-plan.ts';
import { orderFile, type PlanWish } from './make-plan-file.ts';

/** What `check` would say of a timeline: whose rest is short, and who takes no part in what. */
export interface Manners {
  readonly shortRest: readonly string[];
  /** People who have no core hours, or none outside, though others of the team do. */
  readonly noCore: readonly string[];
  readonly noNonCore: readonly string[];
}

/** The same turns in the file's own order, beside a plan of them. */
export interface OrderBeside {
  readonly order: PlanFile;
  readonly orderManners: Manners;
  readonly planManners: Manners;
}

/** The order beside a plan of in-order rotations; null for a plan of fair ones. */
export function orderBeside(
  config: Config,
  of: { readonly made: PlanFile; readonly wish: PlanWish },
  io: Io,
): OrderBeside | null {
  const { made, wish } = of;
  if (wish.asFair.size === 0) return null;
  const fresh = planned(config, made, { file: 'the file', path: 'the plan' });
  return {
    order: orderFile(config, wish, io),
    orderManners: mannersOf(config, wish),
    planManners: mannersOf(fresh, wish),
  };
}

function mannersOf({ schedules, ...config }: Config, { horizon, only }: PlanWish): Manners {
  const asked = schedules.filter(({ id }) => only === null || id === only);
  const { warnings } = resolveWithin(() =>
    findWarnings(
      { ...config, schedules: asked },
      { startIn: () => horizon.start, nameOf: (id) => id, zone: null, weeks: weeksIn(horizon), packs: [] },
    ),
  );
  const peopleOf = (wanted: string) =>
    [...new Set(warnings.flatMap(({ code, person }) => (code === wanted ? (person ?? []) : [])))].sort();
  return {
    shortRest: peopleOf('rest/short'),
    noCore: peopleOf('participation/core'),
    noNonCore: peopleOf('participation/non-core'),
  };
}

function weeksIn({ start, end }: Interval): number {
  return Math.max(1, Math.floor((end - start) / (7 * DAY_MS)));
}
