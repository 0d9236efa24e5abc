import type { Config } from '@watchbill/config';
import type { Account, Instant, Interval, PersonBurden, PlanPerson, RoleStretch } from '@watchbill/core';
import {
  burdenOf,
  closeLedger,
  DEFAULT_WEIGHTS,
  entitlementOf,
  planPersonOf,
  resolveTimeline,
} from '@watchbill/core';
import { resolveWithin } from '../input/resolve-within.ts';
import { UNPLANNED, withPlaceholders } from './unplanned.ts';

/** What people stood in a window, and what each was due. */
export interface Stood {
  readonly window: Interval;
  readonly rows: readonly (PersonBurden & {
    /** Part of a full load that counts: share × time there. */
    readonly share: number;
    /** Burden units above the fair part. */
    readonly above: number;
  })[];
}

export interface StoodWish {
  readonly window: Interval;
  /** Ids of the schedules that count; null for all. */
  readonly only: string | null;
  /**
   * For files that do not say who was there when: who has no `joined` counts from their first shift, and who has no
   * `left` and is in no rotation that goes on, up to the end of their last.
   */
  readonly byShifts: boolean;
}

/** The burden of everybody in a window by what the timelines say, swaps and overrides included. */
export function stoodIn(config: Config, wish: StoodWish): Stood {
  const { window, only, byShifts } = wish;
  const stretches = config.schedules
    .filter(({ id }) => only === null || id === only)
    .flatMap((schedule) => {
      const whole = withPlaceholders(schedule, window);
      return resolveWithin(() => resolveTimeline(whole, window)).shifts;
    })
    .filter(({ person }) => person !== UNPLANNED);
  const going = ongoingOf(config);
  const spans = spansOf(stretches);
  const people = config.people.map((person) => {
    const own = planPersonOf(person, {});
    return byShifts ? tenureByShifts(own, spans.get(own.id), going) : own;
  });
  const counted = people.filter(({ id }) => spans.has(id) || going.has(id));
  const burdens = burdenOf(stretches, counted, { window, weights: DEFAULT_WEIGHTS });
  const shares = new Map(counted.map((person) => [person.id, shareOf(person, window)]));
  const total = burdens.reduce((sum, { burden }) => sum + burden, 0);
  const due = [...shares.values()].reduce((sum, share) => sum + share, 0);
  const rows = burdens.map((row) => {
    const share = shares.get(row.person) ?? 0;
    return { ...row, share, above: due === 0 ? 0 : row.burden - (total * share) / due };
  });
  return { window, rows };
}

/** Who was not there at all is due nothing. */
function shareOf(person: PlanPerson, window: Interval): number {
  const there =
    Math.max(window.start, person.joined ?? window.start) < Math.min(window.end, person.left ?? window.end);
  return there ? entitlementOf(person, window) : 0;
}

/** The ledger at the end of a window: what each has carried above the fair part, in burden units. */
export function ledgerOf({ window, rows }: Stood): Account[] {
  const loads = rows.map(({ person, burden, share }) => ({ person, burden, entitlement: share }));
  return closeLedger([], loads, { periodMs: window.end - window.start, halfLifeMs: null });
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
function ongoingOf({ schedules }: Config): Set<string> {
  const rosters = schedules.flatMap(({ rotations }) =>
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
