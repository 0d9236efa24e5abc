import {
  type HolidayCalendar,
  type Instant,
  type Interval,
  makePerson,
  type Person,
  type PersonDraft,
} from '@watchbill/core';
import {
  ledgerAccounts,
  liveAbsences,
  type Queryable,
  readPeople,
  shiftsElsewhere,
} from '@watchbill/database';
import { groupBy } from '../group-by.ts';
import { shiftsBeyond } from './shifts-beyond.ts';

/** What a plan needs to know about its people. */
export interface PlanPeople {
  readonly people: readonly Person[];
  readonly absences: ReadonlyMap<string, readonly Interval[]>;
  readonly carried: ReadonlyMap<string, number>;
  /** Shifts on schedules that are planned otherwise: the stored ones, and those to come before the plan ends. */
  readonly busy: ReadonlyMap<string, readonly Interval[]>;
}

export async function readPlanPeople(
  queryable: Queryable,
  ids: readonly string[],
  want: {
    readonly schedules: readonly string[];
    readonly from: Instant;
    /** For a plan: what other schedules have not stored yet, up to its end. Left out, only what is stored counts. */
    readonly ahead?: { readonly now: Instant; readonly until: Instant };
    readonly holidayCalendar: (place: string) => HolidayCalendar | null;
  },
): Promise<PlanPeople> {
  const sorted = [...new Set(ids)].sort();
  const rows = await readPeople(queryable, sorted);
  const people = rows
    .map((row) => personOf({ ...row.definition, id: row.id, name: row.name, timeZone: row.timeZone }, want))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const absences = groupBy(await liveAbsences(queryable, sorted, want.from), (row) => row.person);
  const accounts = await ledgerAccounts(queryable, sorted);
  const elsewhere = await shiftsElsewhere(queryable, sorted, { than: want.schedules, after: want.from });
  const others = [...new Set(elsewhere.map((row) => row.schedule))];
  const coming =
    want.ahead === undefined
      ? []
      : await shiftsBeyond(queryable, others, { ...want.ahead, people: new Set(sorted) });
  const busy = groupBy([...elsewhere, ...coming], (row) => row.person);
  return {
    people,
    absences: intervalsBy(absences, ({ startsAt, endsAt }) => ({ start: startsAt, end: endsAt })),
    carried: new Map(accounts.map(({ person, balance }) => [person, balance])),
    busy: intervalsBy(busy, ({ start, end }) => ({ start, end })),
  };
}

function intervalsBy<Row>(
  rows: ReadonlyMap<string, readonly Row[]>,
  interval: (row: Row) => Interval,
): Map<string, Interval[]> {
  return new Map([...rows].map(([person, own]) => [person, own.map(interval)]));
}

/** Throws for a stored definition that is no longer valid, which only a change of the program can bring about. */
function personOf(
  draft: PersonDraft,
  { holidayCalendar }: { readonly holidayCalendar: (place: string) => HolidayCalendar | null },
): Person {
  const made = makePerson(draft, { holidayCalendar });
  if (made.ok) return made.value;
  const told = made.problems.map((problem) => `${problem.path.join('.')}: ${problem.message}`).join(' ');
  throw new Error(`The person ${draft.id} is not valid: ${told}`);
}
