import { Command, InvalidArgumentError, Option } from 'commander';
import type { Io } from './io.ts';

export type Format = 'text' | 'json' | 'ics' | 'csv';

/** Options that every command which shows times has. */
export interface ShowOptions {
  readonly format: Format;
  readonly timeZone?: string;
}

/** A command is handed its arguments and options, and answers with an exit code. */
export type Run<Options> = (args: readonly string[], options: Options, io: Io) => Promise<number>;

/** Adds `--format` with the formats that make sense for a command. */
export function withFormats(command: Command, formats: readonly Format[]): Command {
  return command.addOption(
    new Option('--format <format>', 'how the answer is written').choices(formats).default('text'),
  );
}

export function withTimeZone(command: Command): Command {
  return command.option('--time-zone <zone>', "show times in this zone (default: the schedule's own)");
}

/** Reads a whole number from `min` to `max` for an option. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Write a whole number from ${min} to ${max}.`);
  };
}
