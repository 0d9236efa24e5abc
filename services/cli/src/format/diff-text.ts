import type { PersonSummary, ShiftChange, ShiftLoad } from '@watchbill/core';
import { HOUR_MS } from '@watchbill/core';
import { showHours, showInstant, showShort } from './clock.ts';
import { coloursFor } from './colours.ts';
import type { ScheduleDiff } from './schedule-diff.ts';
import { isChanged } from './schedule-diff.ts';
import { table } from './table.ts';

export interface DiffReading {
  /** The zone times are shown in; null for each schedule's own. */
  readonly zone: string | null;
  readonly colour: boolean;
  readonly nameOf: (person: string) => string;
}

/** How many single changes of a schedule are listed; the JSON has all. */
const MAX_CHANGES = 200;

/** What changes for whom, schedule by schedule, then shift by shift. Ends with a line end. */
export function diffText(diffs: readonly ScheduleDiff[], reading: DiffReading): string {
  const differing = diffs.filter(({ changes }) => changes.length > 0);
  if (differing.length === 0) return 'No differences.\n';
  return `${differing.map((diff) => scheduleText(diff, reading)).join('\n\n')}\n`;
}

function scheduleText(diff: ScheduleDiff, reading: DiffReading): string {
  const { bold, dim } = coloursFor(reading.colour);
  const zone = reading.zone ?? diff.schedule.timeZone;
  const window = `${showInstant(diff.window.start, zone)} to ${showInstant(diff.window.end, zone)}`;
  const people = diff.people.filter(isChanged);
  const cells = table(people.map((summary) => personRow(summary, reading)));
  const shown = diff.changes.slice(0, MAX_CHANGES);
  const rows = table(shown.map((change) => changeRow(change, zone, reading)));
  const more = diff.changes.length - shown.length;
  return [
    `${bold(diff.schedule.id)}  ${window}, ${dim(`times in ${zone}`)}`,
    '',
    ...(cells.length === 0 ? ['Nobody has more or less to do.'] : cells),
    '',
    ...rows,
    ...(more > 0 ? [`… and ${more} more changes; --format json has all.`] : []),
  ].join('\n');
}

function personRow({ person, change }: PersonSummary, { nameOf }: DiffReading): string[] {
  return [`${nameOf(person)}:`, changeWords(change)];
}

/** `−1 shift, +2 nights, −24 h`; what stays the same is left out. */
export function changeWords({ shifts, nights, weekendShifts, hours }: ShiftLoad): string {
  const parts = [
    counted(shifts, 'shift'),
    counted(nights, 'night'),
    counted(weekendShifts, 'weekend shift'),
    Math.abs(hours) < 0.005 ? '' : `${signed(hours, showHours(Math.abs(hours) * HOUR_MS))} h`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function counted(number: number, word: string): string {
  if (number === 0) return '';
  return `${signed(number, String(Math.abs(number)))} ${word}${Math.abs(number) === 1 ? '' : 's'}`;
}

function signed(number: number, size: string): string {
  return `${number < 0 ? '−' : '+'}${size}`;
}

function changeRow(change: ShiftChange, zone: string, { nameOf, colour }: DiffReading): string[] {
  const { green, red, yellow } = coloursFor(colour);
  const span = (shift: { readonly start: number; readonly end: number }): string =>
    `${showShort(shift.start, zone)} – ${showShort(shift.end, zone)}`;
  switch (change.kind) {
    case 'added':
      return [green('+'), span(change.shift), change.shift.role, nameOf(change.shift.person)];
    case 'removed':
      return [red('−'), span(change.shift), change.shift.role, nameOf(change.shift.person)];
    case 'changed': {
      const { before, after } = change;
      const moved = before.start !== after.start || before.end !== after.end;
      const what = moved ? `(was ${span(before)})` : '(from another rotation or override)';
      return [yellow('~'), span(after), after.role, nameOf(after.person), what];
    }
  }
}
