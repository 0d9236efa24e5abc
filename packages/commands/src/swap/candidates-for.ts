import {
  burdenHours,
  burdenOf,
  type Candidate,
  DAY_MS,
  entitlementOf,
  type HolidayCalendar,
  type Instant,
  type Interval,
  type PlanPerson,
  type PlanWeights,
  rankCandidates,
  type SwapStretch,
} from '@watchbill/core';
import { clockNow, type Queryable } from '@watchbill/database';
import { ledgerPeriodOf } from '../plan/plan-horizon.ts';
import { weightsInForce } from '../plan/read-burden.ts';
import { peopleNear } from './people-near.ts';
import { type DutyBook, readDuties } from './read-duties.ts';

/** What people stand is looked at so far beyond now, beside their account in the ledger. */
const LOAD_AHEAD_MS = 28 * DAY_MS;

/**
 * Who could stand these stretches instead of their people, with reasons; the best first. Everybody of the rosters and
 * teams is looked at unless `people` are named; unknown ones are left out.
 */
export async function candidatesFor(
  queryable: Queryable,
  want: { readonly gives: readonly SwapStretch[]; readonly people?: readonly string[] | undefined },
  tools: { readonly holidayCalendar: (place: string) => HolidayCalendar | null },
): Promise<Candidate[]> {
  const { gives } = want;
  if (gives.length === 0) return [];
  const now = await clockNow(queryable);
  const givers = new Set(gives.map((stretch) => stretch.person));
  const near = want.people ?? (await peopleNear(queryable, gives, { kind: 'team' }));
  const people = near.filter((person) => !givers.has(person));
  const window = { start: ledgerPeriodOf(now).start, end: now + LOAD_AHEAD_MS };
  const book = await readDuties(queryable, {
    people,
    stretches: gives,
    // Absences and shifts from the beginning of what the ledger has not counted yet.
    from: window.start,
    holidayCalendar: tools.holidayCalendar,
  });
  const known = people.flatMap((id) => book.people.get(id) ?? []);
  const schedules = [...new Set(gives.map((stretch) => stretch.schedule))].sort();
  const weights = await weightsInForce(queryable, schedules);
  const loads = loadsOf(book, known, { window, weights });
  const inputs = known.flatMap((person) => {
    const wants = book.wantsOf(gives, person.id);
    if (wants.length === 0) return [];
    const stands = book.standsOf(person.id, []);
    const name = book.names.get(person.id) ?? person.id;
    return [{ person, name, stands, wants, horizon: book.horizon, load: loads.get(person.id) ?? 0 }];
  });
  return rankCandidates(inputs, weights);
}

/** Burden-hours that each has above (or below) a fair part of what all of them carry. */
function loadsOf(
  book: DutyBook,
  people: readonly PlanPerson[],
  of: { readonly window: Interval & { readonly start: Instant }; readonly weights: PlanWeights },
): Map<string, number> {
  const stretches = people.flatMap((person) => book.shiftsOf(person.id));
  const burdens = new Map(burdenOf(stretches, people, of).map((one) => [one.person, one.burden]));
  const carried = people.map((person) => ({
    id: person.id,
    burden: person.carried + (burdens.get(person.id) ?? 0),
    due: entitlementOf(person, of.window),
  }));
  const total = carried.reduce((sum, { burden }) => sum + burden, 0);
  const shares = carried.reduce((sum, { due }) => sum + due, 0);
  return new Map(
    carried.map(({ id, burden, due }) => [
      id,
      burdenHours(burden - (shares === 0 ? 0 : (total * due) / shares)),
    ]),
  );
}
