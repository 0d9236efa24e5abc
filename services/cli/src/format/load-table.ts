import type { PersonBurden } from '@watchbill/core';
import { one, signedOne } from './rule-words.ts';
import { table, widthOf } from './table.ts';

/** A person's line in a table of load. Burden and deviation are in burden-hours. */
export interface LoadRow
  extends Pick<PersonBurden, 'person' | 'hours' | 'byClass' | 'nights' | 'weekends' | 'holidays'> {
  /** Part of a full load. */
  readonly share: number;
  readonly burden: number;
  /** Burden above the fair part, with what is carried over. */
  readonly deviation: number;
}

/** The columns of the table, as programs call them. */
export const LOAD_COLUMNS = [
  'person',
  'share',
  'hours',
  'core',
  'waking',
  'night',
  'weekend',
  'holiday',
  'nights',
  'weekends',
  'holidays',
  'burden',
  'deviation',
] as const;

const HEADINGS = [
  '',
  'share',
  'hours',
  'core',
  'waking',
  'night',
  'weekend',
  'holiday',
  'nights',
  'weekends',
  'holidays',
  'burden',
  '± fair',
] as const;

/** A row as numbers, in the order of the columns; weekend and holiday hours with their nights. */
export function loadCells(row: LoadRow): (string | number)[] {
  const { byClass } = row;
  return [
    row.person,
    tidy(row.share),
    tidy(row.hours),
    tidy(byClass.core),
    tidy(byClass.waking),
    tidy(byClass.night),
    tidy(byClass.weekend + byClass.weekendNight),
    tidy(byClass.holiday + byClass.holidayNight),
    row.nights,
    row.weekends,
    row.holidays,
    tidy(row.burden),
    tidy(row.deviation),
  ];
}

function tidy(value: number): number {
  return Math.round(value * 100) / 100;
}

/**
 * The table for people: hours by class, then counts, then burden. Where a line is too narrow for it, two tables: what
 * each carries, and their hours by class.
 */
export function loadTable(
  rows: readonly LoadRow[],
  { nameOf, columns }: { readonly nameOf: (person: string) => string; readonly columns: number | null },
): string[] {
  const whole = wideCells(rows, nameOf);
  const wide = table(whole, NUMBERS);
  if (columns === null || wide.every((line) => widthOf(line) <= columns)) return wide;
  const part = (picked: readonly number[]): string[] =>
    table(
      whole.map((cells) => picked.map((column) => cells[column] ?? '')),
      NUMBERS,
    );
  return [...part(CARRIED), '', 'Hours by class:', ...part(BY_CLASS)];
}

/** All columns but the name. */
const NUMBERS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/** Name, share, hours, nights, weekends, holidays, burden, deviation. */
const CARRIED: readonly number[] = [0, 1, 2, 8, 9, 10, 11, 12];
/** Name, then hours of each class. */
const BY_CLASS: readonly number[] = [0, 3, 4, 5, 6, 7];

function wideCells(rows: readonly LoadRow[], nameOf: (person: string) => string): (readonly string[])[] {
  const cells = rows.map((row) => {
    const [, share, ...rest] = loadCells(row);
    const numbers = rest.slice(0, -1).map((value) => one(Number(value)));
    return [nameOf(row.person), `${Math.round(100 * Number(share))} %`, ...numbers, signedOne(row.deviation)];
  });
  return [HEADINGS, ...cells];
}

/** What the columns mean, for the lines under a table. */
export const LOAD_LEGEND: readonly string[] = [
  'Hours are in local time: own core hours, the rest of the waking day, the night',
  '(when they sleep), weekends, public holidays; these two with their nights.',
  'Nights, weekends and holidays count those of which any part is on call.',
  'Burden of an hour: core 1, waking 1.5, night 3, weekend 2 (its night 3.5),',
  'holiday 3 (its night 4.5); of a secondary half.',
  '± fair: burden above or below the fair part.',
];
