import type { ConfigError } from '@watchbill/config';
import { formatErrors } from '@watchbill/config';
import type { CheckReport, CheckWarning, PackChoice } from '@watchbill/core';
import { CHECK_DAYS, DAY_MS, formatInstant, RULE_PACKS, readPackChoices } from '@watchbill/core';
import type { Command } from 'commander';
import { findWarnings } from '../check/find-warnings.ts';
import { coloursFor } from '../format/colours.ts';
import { BadInput } from '../input/bad-input.ts';
import type { Attempt } from '../input/load-config.ts';
import { tryConfig } from '../input/load-config.ts';
import { readWhen } from '../input/read-when.ts';
import { resolveWithin } from '../input/resolve-within.ts';
import type { Io } from '../io.ts';
import { EXIT_BAD_INPUT, EXIT_FINDINGS, EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, PLAN_HELP, WHEN_HELP, wholeNumber, withFormats, withTimeZone } from '../options.ts';
import { withPlanFile } from '../plan/load-plan.ts';
import { planAdvice, unplannedOf } from '../plan/unplanned.ts';

interface CheckOptions {
  readonly from?: string;
  readonly weeks?: number;
  readonly rules?: readonly PackChoice[];
  readonly plan?: string;
  readonly format: Format;
  readonly timeZone?: string;
}

/** Half a year: long enough for everybody's turn to come. */
const DEFAULT_WEEKS = 26;
const MAX_WEEKS = 104;
const PACK_IDS = RULE_PACKS.map(({ id }) => id);

function readPacks(text: string): readonly PackChoice[] {
  const read = readPackChoices(text);
  if (!read.ok) throw new BadInput(`--rules: ${read.message}`);
  return read.value;
}

/** `watchbill check`: everything wrong with a file, and what is allowed but not wise. */
export function addCheck(program: Command, { io, done }: Host): void {
  const command = program
    .command('check')
    .description('find every mistake in a file, and warn of gaps, missing people and missing rest')
    .argument('<file>', FILE_HELP)
    .option('--from <when>', `look ahead from here, ${CHECK_DAYS} days for most: ${WHEN_HELP} (default: now)`)
    .option(
      '--weeks <n>',
      `how far taking part and rule packs are looked at (default: ${DEFAULT_WEEKS})`,
      wholeNumber(1, MAX_WEEKS),
    )
    .option(
      '--rules <packs>',
      `look at these rule packs too, with commas; nl=error makes errors of one: ${PACK_IDS.join(', ')}`,
      readPacks,
    )
    .option('--plan <file>', PLAN_HELP);
  withTimeZone(withFormats(command, ['text', 'json'])).action(async (file: string, options: CheckOptions) =>
    done(await check(file, options, io)),
  );
}

async function check(path: string, options: CheckOptions, io: Io): Promise<number> {
  const attempt = await attemptWithPlan(path, options, io);
  if (options.format === 'json') return checkAsJson(attempt, options, io);
  if (!attempt.ok) {
    io.stderr(`${formatErrors(attempt.errors)}\n`);
    io.stderr(`${attempt.file}: ${countOf(attempt.errors.length, 'error')}. Nothing else was checked.\n`);
    return EXIT_BAD_INPUT;
  }
  const { warnings, notes } = reportOf(attempt, options, io);
  for (const note of notes) io.stderr(`note: ${note}\n`);
  const { green, yellow, red } = coloursFor(io.colour);
  for (const { level, message } of warnings) {
    io.stdout(`${level === 'error' ? red('error') : yellow('warning')}: ${message}\n`);
  }
  const { config } = attempt.loaded;
  const found = `${countOf(config.people.length, 'person', 'people')}, ${countOf(config.schedules.length, 'schedule')}`;
  if (warnings.length === 0) io.stdout(`${green('ok')}: ${attempt.loaded.file} (${found})\n`);
  else io.stdout(`${attempt.loaded.file} is valid (${found}), with ${countsOf(warnings)}\n`);
  return exitCodeOf(warnings);
}

function countsOf(warnings: readonly CheckWarning[]): string {
  const errors = warnings.filter(({ level }) => level === 'error').length;
  const rest = warnings.length - errors;
  if (errors === 0) return countOf(rest, 'warning');
  const broken = `${countOf(errors, 'error')} by its own rules`;
  return rest === 0 ? broken : `${broken} and ${countOf(rest, 'warning')}`;
}

function exitCodeOf(warnings: readonly CheckWarning[]): number {
  if (warnings.some(({ level }) => level === 'error')) return EXIT_BAD_INPUT;
  return warnings.length === 0 ? EXIT_OK : EXIT_FINDINGS;
}

async function attemptWithPlan(path: string, options: CheckOptions, io: Io): Promise<Attempt> {
  const attempt = await tryConfig(path, [options.from], io);
  if (!attempt.ok || options.plan === undefined) return attempt;
  return { ok: true, loaded: await withPlanFile(attempt.loaded, options.plan, io) };
}

/** Fair rotations without a plan. */
function unplannedNotes({ loaded }: Attempt & { ok: true }, options: CheckOptions, io: Io): string[] {
  return loaded.config.schedules
    .filter((schedule) => unplannedOf(schedule).length > 0)
    .map((schedule) => {
      const start = startIn(schedule.timeZone, options, io);
      const window = { start, end: start + weeksOf(options) * 7 * DAY_MS };
      return planAdvice(loaded.file, schedule, { window });
    });
}

function startIn(zone: string, { from }: CheckOptions, io: Io): number {
  return from === undefined ? io.now() : readWhen(from, zone, '--from');
}

function weeksOf({ weeks }: CheckOptions): number {
  return weeks ?? DEFAULT_WEEKS;
}

function checkAsJson(attempt: Attempt, options: CheckOptions, io: Io): number {
  const errors = attempt.ok ? [] : attempt.errors.map(errorJson);
  const file = attempt.ok ? attempt.loaded.file : attempt.file;
  const report: CheckReport = attempt.ok
    ? reportOf(attempt, options, io)
    : { warnings: [], participation: [], notes: [] };
  const warnings = report.warnings.map(({ at, stretches: _stretches, ...warning }) => ({
    ...warning,
    at: at === null ? null : formatInstant(at),
  }));
  const { participation, notes } = report;
  io.stdout(`${JSON.stringify({ file, ok: attempt.ok, errors, warnings, participation, notes }, null, 2)}\n`);
  return attempt.ok ? exitCodeOf(report.warnings) : EXIT_BAD_INPUT;
}

/** What the file itself warns of, what is found in its schedules, and what could not be looked at. */
function reportOf(attempt: Attempt & { ok: true }, options: CheckOptions, io: Io): CheckReport {
  const { loaded } = attempt;
  const about = { level: 'warning', schedule: null, role: null, person: null, at: null } as const;
  const fromFile = loaded.warnings.map(({ code, line, column, message }): CheckWarning => {
    return { code, ...about, message: `${loaded.file}:${line}:${column}: ${message}` };
  });
  const { config, nameOf } = loaded;
  const checking = {
    startIn: (zone: string): number => startIn(zone, options, io),
    nameOf,
    zone: options.timeZone ?? null,
    weeks: weeksOf(options),
    packs: options.rules ?? [],
  };
  const { warnings, participation, notes } = resolveWithin(() => findWarnings(config, checking));
  return {
    warnings: [...fromFile, ...warnings],
    participation,
    notes: [...unplannedNotes(attempt, options, io), ...notes],
  };
}

function errorJson({ file, line, column, path, code, message, expected, value }: ConfigError): object {
  return { file, line, column, path, code, message, expected, value: value === undefined ? null : value };
}

function countOf(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
