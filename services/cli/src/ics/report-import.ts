import { totalMs } from '@watchbill/core';
import { showInstant, showLength } from '../format/clock.ts';
import type { ImportReport } from './import-calendar.ts';
import type { CalendarTurn } from './lay-turns.ts';

/** How many skipped events, gaps or odd summaries are listed one by one. */
const MAX_LISTED = 20;
const SUMMARY_CHARACTERS = 60;

/** What an import found, for the person who runs it. Ends with a line end. */
export function reportImport(report: ImportReport): string {
  const lines = [
    readLine(report),
    zoneLine(report),
    turnLine(report),
    peopleLine(report),
    ...unlikeLines(report),
    ...overlapLines(report),
    ...gapLines(report),
    ...repeatLines(report),
    ...skippedLines(report),
  ];
  return `${lines.join('\n')}\n`;
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en-GB')} ${word}${number === 1 ? '' : 's'}`;
}

function readLine({ name, events, skipped }: ImportReport): string {
  const called = name === null ? '' : ` of "${name}"`;
  const left = skipped.length === 0 ? '' : `, ${skipped.length.toLocaleString('en-GB')} skipped`;
  return `Read ${count(events, 'event')}${called}${left}.`;
}

function zoneLine({ timeZone, zoneFrom, unknownZone }: ImportReport): string {
  switch (zoneFrom) {
    case 'option':
      return `Zone: ${timeZone}, as asked.`;
    case 'calendar':
      return `Zone: ${timeZone}, from the calendar (X-WR-TIMEZONE). Use --time-zone for another one.`;
    case 'default': {
      const why =
        unknownZone === null ? 'the calendar names none' : `the calendar's "${unknownZone}" is not known`;
      return `Zone: UTC, because ${why}. Use --time-zone if its dates are meant in another zone.`;
    }
  }
}

function turnLine({ turns, lanes, duplicates, beforeFrom, timeZone }: ImportReport): string {
  const ends = turns.reduce((latest, turn) => Math.max(latest, turn.end), 0);
  const from = showInstant((turns[0] as CalendarTurn).start, timeZone);
  const early = beforeFrom === 0 ? '' : ` ${count(beforeFrom, 'turn')} before --from left out.`;
  const twice = duplicates === 0 ? '' : ` ${count(duplicates, 'duplicate')} left out.`;
  const where = lanes === 1 ? '' : ` in ${lanes} rotations`;
  return `Turns: ${turns.length.toLocaleString('en-GB')}${where}, ${from} to ${showInstant(ends, timeZone)}.${twice}${early}`;
}

function peopleLine({ names }: ImportReport): string {
  const parts = [
    names.prefix === '' ? '' : `"${names.prefix}" before`,
    names.suffix === '' ? '' : `"${names.suffix}" after`,
  ];
  const taken = parts.filter((part) => part !== '').join(' and ');
  const how = taken === '' ? '' : `, taking away ${taken} the name`;
  const ids = names.people.slice(0, MAX_LISTED).map((person) => person.id);
  const more = names.people.length > MAX_LISTED ? ` and ${names.people.length - MAX_LISTED} more` : '';
  return `People: ${names.people.length}${how}: ${ids.join(', ')}${more}.`;
}

function unlikeLines({ names }: ImportReport): string[] {
  if (names.unlike.length === 0) return [];
  const listed = names.unlike.slice(0, MAX_LISTED).map((text) => `"${short(text)}"`);
  const more = names.unlike.length > MAX_LISTED ? ' …' : '';
  return [
    `Taken whole as names, for lack of that: ${listed.join(', ')}${more}. Use --person-pattern to do it better.`,
  ];
}

function overlapLines({ overlapping, lanes, cutTurns }: ImportReport): string[] {
  if (overlapping === 0) return [];
  const together = `Overlaps: ${overlapping}, where a turn begins while another runs; kept as on call together`;
  const cut = `Cut short where the same person's next turn begins: ${count(cutTurns, 'turn')}.`;
  return [`${together}, in ${count(lanes, 'rotation')}.`, ...(cutTurns === 0 ? [] : [`  ${cut}`])];
}

function gapLines({ gaps, timeZone }: ImportReport): string[] {
  if (gaps.length === 0) return ['Gaps: none.'];
  const listed = gaps.slice(0, MAX_LISTED).map(({ start, end }) => {
    return `  ${showInstant(start, timeZone)} to ${showInstant(end, timeZone)} (${showLength(end - start)})`;
  });
  const more = gaps.length > MAX_LISTED ? [`  … and ${gaps.length - MAX_LISTED} more`] : [];
  return [
    `Gaps: ${gaps.length} between the first and the last turn, ${showLength(totalMs(gaps))} in all:`,
    ...listed,
    ...more,
  ];
}

function repeatLines({ repeatingEvents, cutSeries }: ImportReport): string[] {
  if (repeatingEvents === 0) return [];
  const cut = cutSeries === 0 ? '' : ` Followed only up to the last date read (see --until): ${cutSeries}.`;
  return [`Repeating: ${count(repeatingEvents, 'event')} written out as turns.${cut}`];
}

function skippedLines({ skipped }: ImportReport): string[] {
  if (skipped.length === 0) return [];
  const listed = skipped.slice(0, MAX_LISTED).map(({ line, summary, reason }) => {
    const what = summary === '' ? '' : ` "${short(summary)}"`;
    return `  line ${line}${what}: ${reason}`;
  });
  const more = skipped.length > MAX_LISTED ? [`  … and ${skipped.length - MAX_LISTED} more`] : [];
  return ['Skipped:', ...listed, ...more];
}

/** Text from the file on one line, without characters that could steer a terminal. */
function short(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');
  return plain.length > SUMMARY_CHARACTERS ? `${plain.slice(0, SUMMARY_CHARACTERS - 1)}…` : plain;
}
