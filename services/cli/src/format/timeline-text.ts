import type { Gap, Shift, Timeline } from '@watchbill/core';
import { totalMs } from '@watchbill/core';
import { localDay, showDay, showInstant, showLength, showShort, showTime } from './clock.ts';
import type { Colours } from './colours.ts';
import { table } from './table.ts';

/** What a reader needs besides the timeline itself. */
export interface TimelineReading {
  /** The zone times are shown in. */
  readonly zone: string;
  /** The schedule's own zone: a second column when it is another one. */
  readonly scheduleZone: string;
  /** Roles in order of who answers first. */
  readonly roles: readonly string[];
  /** A person's name by id. */
  readonly nameOf: (person: string) => string;
  readonly colours: Colours;
}

type Row = {
  readonly start: number;
  readonly end: number;
  readonly role: string;
  readonly shift: Shift | null;
};

/** A timeline as a table with a heading for every local day on which something begins. Ends with a line end. */
export function timelineText(timeline: Timeline, reading: TimelineReading): string {
  const { colours, zone } = reading;
  const from = showInstant(timeline.from, zone);
  const title = `${colours.bold(timeline.schedule)}  ${from} to ${showInstant(timeline.to, zone)}`;
  const rows = rowsOf(timeline, reading.roles);
  const cells = table(rows.map((row) => cellsOf(row, reading)));
  const lines = [title, zoneLine(reading)];
  let day = Number.NaN;
  rows.forEach((row, index) => {
    const its = localDay(row.start, zone);
    if (its !== day) lines.push('', colours.bold(showDay(its)));
    day = its;
    const text = `  ${cells[index]}`;
    lines.push(row.shift === null ? colours.red(text) : text);
  });
  if (rows.length === 0) lines.push('', 'Nobody is on call in this window.');
  lines.push('', summary(timeline, reading));
  return `${lines.join('\n')}\n`;
}

function zoneLine({ zone, scheduleZone, colours }: TimelineReading): string {
  const times = `times in ${zone}`;
  return colours.dim(
    zone === scheduleZone ? times : `${times}; in brackets in ${scheduleZone}, the schedule's zone`,
  );
}

function rowsOf(timeline: Timeline, roles: readonly string[]): Row[] {
  const shifts = timeline.shifts.map((shift): Row => ({ ...shift, shift }));
  const gaps = timeline.gaps.map((gap: Gap): Row => ({ ...gap, shift: null }));
  const rank = (row: Row): number => roles.indexOf(row.role);
  return [...shifts, ...gaps].sort((a, b) => a.start - b.start || rank(a) - rank(b) || a.end - b.end);
}

function cellsOf(row: Row, reading: TimelineReading): string[] {
  const { zone, scheduleZone } = reading;
  const times = span(row, zone);
  const own = zone === scheduleZone ? [] : [`(${span(row, scheduleZone, localDay(row.start, zone))})`];
  const length = showLength(row.end - row.start);
  if (row.shift === null) return [times, ...own, length, row.role, 'GAP: nobody', ''];
  return [times, ...own, length, row.role, reading.nameOf(row.shift.person), sourceOf(row.shift)];
}

/** `09:00 – 17:00`; each with its date when that is not the day of the heading. */
function span(row: Row, zone: string, heading = localDay(row.start, zone)): string {
  const start =
    localDay(row.start, zone) === heading ? showTime(row.start, zone) : showShort(row.start, zone);
  const end = localDay(row.end - 1, zone) === heading ? endTime(row, zone) : showShort(row.end, zone);
  return `${start} – ${end}`;
}

/** Midnight at the end of a day is 24:00, so that nobody reads it as the morning. */
function endTime(row: Row, zone: string): string {
  return localDay(row.end, zone) !== localDay(row.end - 1, zone) ? '24:00' : showTime(row.end, zone);
}

/** Where a shift comes from, in words. */
export function sourceOf(shift: Pick<Shift, 'rotation' | 'override'>): string {
  return shift.override === null ? (shift.rotation ?? '') : `override ${shift.override}`;
}

function summary(timeline: Timeline, { colours }: TimelineReading): string {
  const { shifts, gaps } = timeline;
  const count = `${shifts.length} ${shifts.length === 1 ? 'shift' : 'shifts'}`;
  if (gaps.length === 0) return `${count}, ${colours.green('no gaps')}`;
  const word = gaps.length === 1 ? 'gap' : 'gaps';
  return `${count}, ${colours.red(`${gaps.length} ${word} (${showLength(totalMs(gaps))} with nobody on call)`)}`;
}
