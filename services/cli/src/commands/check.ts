import type { ConfigError } from '@watchbill/config';
import { formatErrors } from '@watchbill/config';
import type { Command } from 'commander';
import { CHECK_DAYS, findWarnings } from '../check/find-warnings.ts';
import type { Warning } from '../check/warning.ts';
import { coloursFor } from '../format/colours.ts';
import type { Attempt } from '../input/load-config.ts';
import { tryConfig } from '../input/load-config.ts';
import { readWhen } from '../input/read-when.ts';
import type { Io } from '../io.ts';
import { EXIT_BAD_INPUT, EXIT_FINDINGS, EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, WHEN_HELP, withFormats, withTimeZone } from '../options.ts';

interface CheckOptions {
  readonly from?: string;
  readonly format: Format;
  readonly timeZone?: string;
}

/** `watchbill check`: everything wrong with a file, and what is allowed but not wise. */
export function addCheck(program: Command, { io, done }: Host): void {
  const command = program
    .command('check')
    .description('find every mistake in a file, and warn of gaps, missing people and missing rest')
    .argument('<file>', FILE_HELP)
    .option('--from <when>', `look at the ${CHECK_DAYS} days from here: ${WHEN_HELP} (default: now)`);
  withTimeZone(withFormats(command, ['text', 'json'])).action(async (file: string, options: CheckOptions) =>
    done(await check(file, options, io)),
  );
}

async function check(path: string, options: CheckOptions, io: Io): Promise<number> {
  const attempt = await tryConfig(path, [options.from], io);
  if (options.format === 'json') return checkAsJson(attempt, options, io);
  if (!attempt.ok) {
    io.stderr(`${formatErrors(attempt.errors)}\n`);
    io.stderr(`${attempt.file}: ${countOf(attempt.errors.length, 'error')}. Nothing else was checked.\n`);
    return EXIT_BAD_INPUT;
  }
  const warnings = warningsOf(attempt, options, io);
  const { green, yellow } = coloursFor(io.colour);
  for (const { message } of warnings) io.stdout(`${yellow('warning')}: ${message}\n`);
  const { config } = attempt.loaded;
  const found = `${countOf(config.people.length, 'person', 'people')}, ${countOf(config.schedules.length, 'schedule')}`;
  if (warnings.length === 0) io.stdout(`${green('ok')}: ${attempt.loaded.file} (${found})\n`);
  else io.stdout(`${attempt.loaded.file} is valid (${found}), with ${countOf(warnings.length, 'warning')}\n`);
  return warnings.length === 0 ? EXIT_OK : EXIT_FINDINGS;
}

function checkAsJson(attempt: Attempt, options: CheckOptions, io: Io): number {
  const errors = attempt.ok ? [] : attempt.errors.map(errorJson);
  const warnings = attempt.ok ? warningsOf(attempt, options, io) : [];
  const file = attempt.ok ? attempt.loaded.file : attempt.file;
  io.stdout(`${JSON.stringify({ file, ok: attempt.ok, errors, warnings }, null, 2)}\n`);
  if (!attempt.ok) return EXIT_BAD_INPUT;
  return warnings.length === 0 ? EXIT_OK : EXIT_FINDINGS;
}

function warningsOf({ loaded }: Attempt & { ok: true }, options: CheckOptions, io: Io): Warning[] {
  const { from, timeZone } = options;
  const fromFile = loaded.warnings.map((warning): Warning => {
    const { code, line, column, message } = warning;
    return {
      code,
      schedule: null,
      role: null,
      person: null,
      message: `${loaded.file}:${line}:${column}: ${message}`,
    };
  });
  const startIn = (zone: string): number => (from === undefined ? io.now() : readWhen(from, zone, '--from'));
  const { config, nameOf } = loaded;
  return [...fromFile, ...findWarnings(config, { startIn, nameOf, zone: timeZone ?? null })];
}

function errorJson({ file, line, column, path, code, message, expected, value }: ConfigError): object {
  return { file, line, column, path, code, message, expected, value: value === undefined ? null : value };
}

function countOf(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
