import { HOUR_MS } from '@watchbill/core';
import type { Outcome } from '../plan/simulate.ts';
import { showLength } from './clock.ts';
import { coloursFor } from './colours.ts';
import type { LoadRow } from './load-table.ts';
import { one, signedOne } from './rule-words.ts';
import { table } from './table.ts';

export interface SimulationReading {
  readonly title: string;
  readonly nameOf: (person: string) => string;
  readonly colour: boolean;
}

const NOBODY: Omit<LoadRow, 'person' | 'byClass'> = {
  hours: 0,
  nights: 0,
  weekends: 0,
  holidays: 0,
  share: 0,
  burden: 0,
  deviation: 0,
};

/** What a change comes to beside what is: by person, then in all. */
export function simulationText(today: Outcome, then: Outcome, reading: SimulationReading): string {
  const { bold, dim } = coloursFor(reading.colour);
  return `${[
    bold(reading.title),
    '',
    ...pairTable(today.rows, then.rows, reading.nameOf),
    '',
    ...wholeTable(today, then),
    '',
    dim(
      'Each pair is: as the file is now → with the change. Burden is in burden-hours: see "watchbill plan".',
    ),
  ].join('\n')}\n`;
}

/** Two tables of load in one: `before → after` in each cell. */
export function pairTable(
  beforeRows: readonly LoadRow[],
  afterRows: readonly LoadRow[],
  nameOf: (person: string) => string,
): string[] {
  const before = new Map(beforeRows.map((row) => [row.person, row]));
  const after = new Map(afterRows.map((row) => [row.person, row]));
  const people = [...new Set([...before.keys(), ...after.keys()])];
  const rows = people.map((person) => {
    const was = before.get(person) ?? NOBODY;
    const is = after.get(person) ?? NOBODY;
    return [
      nameOf(person),
      pair(was.hours, is.hours),
      pair(was.nights, is.nights),
      pair(was.weekends, is.weekends),
      pair(was.holidays, is.holidays),
      pair(was.burden, is.burden),
      signedOne(is.burden - was.burden),
    ];
  });
  return table(
    [['', 'hours', 'nights', 'weekends', 'holidays', 'burden', 'change'], ...rows],
    [1, 2, 3, 4, 5, 6],
  );
}

function wholeTable(today: Outcome, then: Outcome): string[] {
  const gaps = ({ gaps: count, gapHours }: Outcome): string =>
    count === 0 ? 'none' : `${count} (${showLength(gapHours * HOUR_MS)})`;
  return table([
    ['Spread, from least to most', `${pair(today.range, then.range)} burden-hours for a full share`],
    ['Variation', `${pair(today.variationPercent, then.variationPercent)} %`],
    ['Burden of all', `${pair(today.burden, then.burden)} burden-hours`],
    ['Night hours of all', pair(today.nightHours, then.nightHours)],
    ['Gaps', `${gaps(today)} → ${gaps(then)}`],
  ]);
}

export function pair(was: number, is: number): string {
  return one(was) === one(is) ? one(is) : `${one(was)} → ${one(is)}`;
}
