import type { Config } from '@watchbill/config';
import type { Account, Instant, Interval, PersonBurden, PlanPerson, RoleStretch } from '@watchbill/core';
import {
  burdenOf,
  closeLedger,
  DAY_MS,
  DEFAULT_WEIGHTS,
  entitlementOf,
  planPersonOf,
  resolveTimeline,
} from '@watchbill/core';
import { resolveWithin } from '../input/resolve-within.ts';
import { UNPLANNED, withPlaceholders } from './unplanned.ts';

export interface StoodWish {
  readonly window: Interval;
  /** Id of the schedule that counts; null for all. */
  readonly only: string | null;
  /**
   * For files that do not say who was there when: who has no `joined` counts from their first shift, and who has no
   * `left` and is in no rotation that goes on, up to the end of their last.
   */
  readonly byShifts: boolean;
}

/** What people stood in a window, swaps and overrides included. */
export interface Stood {
  readonly window: Interval;
  readonly stretches: readonly RoleStretch[];
  readonly people: readonly PlanPerson[];
}

/** What one person stood. */
export interface StoodRow extends PersonBurden {
  /** Part of a full load that counts: share × time there. */
  readonly share: number;
}

/** The longest half-life that a command line may ask for: a hundred years. */
export const MAX_HALF_LIFE_DAYS = 36_525;
/** A period of the ledger: the fair part is that of the people who are there in it. */
const PERIOD_MS = 28 * DAY_MS;

/** Reads a window of the timelines. Throws BadInput for one that holds too many turns. */
export function stoodIn(config: Config, { window, only, byShifts }: StoodWish): Stood {
  const stretches = config.schedules
    .filter(({ id }) => only === null || id === only)
    .flatMap((schedule) => {
      const whole = withPlaceholders(schedule, window);
      return resolveWithin(() => resolveTimeline(whole, window)).shifts;
    })
    .filter(({ person }) => person !== UNPLANNED);
  const going = ongoingOf(config, only);
  const spans = spansOf(stretches);
  const people = config.people
    .filter(({ id }) => spans.has(id) || going.has(id))
    .map((person) => {
      const own = planPersonOf(person, {});
      return byShifts ? tenureByShifts(own, spans.get(own.id), going) : own;
    });
  return { window, stretches, people };
}

/** What each person stood over the whole window. */
export function stoodRows({ window, stretches, people }: Stood): StoodRow[] {
  const shares = new Map(people.map((person) => [person.id, shareOf(person, window)]));
  return burdenOf(stretches, people, { window, weights: DEFAULT_WEIGHTS }).map((row) => ({
    ...row,
    share: shares.get(row.person) ?? 0,
  }));
}

/**
 * The ledger at the end of a window, closed every four weeks: what each has carried above the fair part, in burden
 * units. With a half-life, what is long ago counts for less.
 */
export function ledgerOf({ window, stretches, people }: Stood, halfLifeMs: number | null): Account[] {
  let accounts: Account[] = [];
  const sorted = [...stretches].sort((a, b) => a.start - b.start);
  for (let start = window.start; start < window.end; start += PERIOD_MS) {
    const period = { start, end: Math.min(window.end, start + PERIOD_MS) };
    const own = sorted.filter((shift) => shift.start < period.end && shift.end > period.start);
    const loads = stoodRows({ window: period, stretches: own, people }).map(({ person, burden, share }) => ({
      person,
      burden,
      entitlement: share,
    }));
    accounts = closeLedger(accounts, loads, { periodMs: period.end - period.start, halfLifeMs });
  }
  return accounts;
}

/** Who was not there at all is due nothing. */
function shareOf(person: PlanPerson, window: Interval): number {
  const start = Math.max(window.start, person.joined ?? window.start);
  return start < Math.min(window.end, person.left ?? window.end) ? entitlementOf(person, window) : 0;
}

function spansOf(stretches: readonly RoleStretch[]): Map<string, { first: Instant; last: Instant }> {
  const spans = new Map<string, { first: Instant; last: Instant }>();
  for (const { person, start, end } of stretches) {
    const span = spans.get(person) ?? { first: start, last: end };
    spans.set(person, { first: Math.min(span.first, start), last: Math.max(span.last, end) });
  }
  return spans;
}

/** Everybody in a rotation that goes on by itself: in order or fair. */
function ongoingOf({ schedules }: Config, only: string | null): Set<string> {
  const rosters = schedules
    .filter(({ id }) => only === null || id === only)
    .flatMap(({ rotations }) =>
      rotations.flatMap(({ strategy }) => (strategy.kind === 'fixed' ? [] : strategy.roster.flat())),
    );
  return new Set(rosters);
}

function tenureByShifts(
  person: PlanPerson,
  span: { readonly first: Instant; readonly last: Instant } | undefined,
  going: ReadonlySet<string>,
): PlanPerson {
  if (span === undefined) return person;
  const left = person.left ?? (going.has(person.id) ? null : span.last);
  return { ...person, joined: person.joined ?? span.first, left };
}
