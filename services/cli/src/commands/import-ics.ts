import type { Instant } from '@watchbill/core';
import { DAY_MS } from '@watchbill/core';
import type { Command } from 'commander';
import { CALENDAR_MAX_BYTES } from '../ics/calendar-text.ts';
import { importCalendar } from '../ics/import-calendar.ts';
import { printImported } from '../ics/print-imported.ts';
import { reportImport } from '../ics/report-import.ts';
import { readWhen, readZone } from '../input/read-when.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import type { Host } from '../options.ts';

interface ImportIcsOptions {
  readonly out?: string;
  readonly timeZone?: string;
  readonly personPattern?: string;
  readonly schedule?: string;
  readonly from?: string;
  readonly until?: string;
}

/** Endless series are followed this far when `--until` does not say how far. */
const AHEAD_DAYS = 366;

/** `watchbill import ics`: a calendar as a watchbill.yaml with fixed turns. */
export function addImport(program: Command, { io, done }: Host): void {
  const parent = program.command('import').description('make a watchbill.yaml from what you have');
  parent
    .command('ics')
    .description('read an iCalendar file: every event is a turn of the person its summary names')
    .argument('<path>', 'an .ics file, or - for standard input')
    .option('--out <file>', 'write the file here (default: standard output)')
    .option('--schedule <id>', "id of the schedule (default: the calendar's name)")
    .option(
      '--time-zone <zone>',
      "zone of dates and floating times (default: the calendar's, else UTC)",
      readZone,
    )
    .option(
      '--person-pattern <regex>',
      'what of a summary is the person: group "person", or first group, or match',
    )
    .option('--from <when>', 'leave out turns that have ended by then')
    .option('--until <when>', `follow repeating events up to here (default: ${AHEAD_DAYS} days from now)`)
    .action(async (path: string, options: ImportIcsOptions) => done(await importIcs(path, options, io)));
}

async function importIcs(path: string, options: ImportIcsOptions, io: Io): Promise<number> {
  const file = path === '-' ? '<stdin>' : path;
  const { from, until, timeZone } = options;
  const untilIn = (zone: string): Instant =>
    until === undefined ? io.now() + AHEAD_DAYS * DAY_MS : readWhen(until, zone, '--until');
  const bytes = await io.readBytes(path, CALENDAR_MAX_BYTES);
  const imported = importCalendar(bytes, {
    file,
    timeZone: timeZone ?? null,
    personPattern: options.personPattern ?? null,
    schedule: options.schedule ?? null,
    fromIn: (zone) => (from === undefined ? null : readWhen(from, zone, '--from')),
    untilIn,
  });
  const text = printImported(imported, file);
  const out = options.out ?? '-';
  if (out === '-') io.stdout(text);
  else await io.writeFile(out, text);
  io.stderr(reportImport(imported.report));
  io.stderr('Proved: in the timeline of the file everybody is on call exactly when the calendar says.\n');
  if (out !== '-') io.stderr(`Wrote ${out}. Next: watchbill check ${out}\n`);
  return EXIT_OK;
}
