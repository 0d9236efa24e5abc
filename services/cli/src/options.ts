import { type Command, InvalidArgumentError, Option } from 'commander';
import { readZone } from './input/read-when.ts';
import type { Io } from './io.ts';

export type Format = 'text' | 'json' | 'ics' | 'csv';

/** What a command is added to: where its answer goes, and who wants its exit code. */
export interface Host {
  readonly io: Io;
  readonly done: (code: number) => void;
}

/** Adds `--format` with the formats that make sense for a command. */
export function withFormats(command: Command, formats: readonly Format[]): Command {
  return command.addOption(
    new Option('--format <format>', 'form of the answer').choices(formats).default('text'),
  );
}

export function withTimeZone(command: Command): Command {
  return command.option(
    '--time-zone <zone>',
    "show times in this zone (default: the schedule's own)",
    readZone,
  );
}

/** Adds the options that name a server; `doing` is what the token must be allowed to do. */
export function withServer(command: Command, doing: string): Command {
  return command
    .option('--url <url>', 'address of the server (default: WATCHBILL_URL)')
    .option('--token <token>', `a token that may ${doing} (default: WATCHBILL_TOKEN)`);
}

export const FILE_HELP = 'a watchbill.yaml, or - for standard input';
export const PLAN_HELP = 'the plan of its fair rotations: what "plan --out" wrote';
export const WHEN_HELP = 'date, local time of the schedule, or instant with Z or an offset';

/** Reads a whole number from `min` to `max` for an option. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Write a whole number from ${min} to ${max}.`);
  };
}
