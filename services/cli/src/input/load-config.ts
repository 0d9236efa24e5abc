import type { Config, ConfigError, Years } from '@watchbill/config';
import { formatErrors, parseConfig } from '@watchbill/config';
import type { Instant, PlanFile } from '@watchbill/core';
import type { Io } from '../io.ts';
import { BadInput, InvalidFile } from './bad-input.ts';

/** A file larger than this is not read; the reader of the text has finer limits of its own. */
export const CONFIG_MAX_BYTES = 4 * 1024 * 1024;

/** A file as a command needs it. */
export interface Loaded {
  /** How messages call it. */
  readonly file: string;
  readonly text: string;
  readonly config: Config;
  readonly warnings: readonly ConfigError[];
  /** A person's name by id; the id itself for an unknown one. */
  readonly nameOf: (person: string) => string;
  /** The plan that is in its fair rotations; null for none. */
  readonly plan: PlanFile | null;
}

/** A file that was read, good or not. */
export type Attempt =
  | { readonly ok: true; readonly loaded: Loaded }
  | { readonly ok: false; readonly file: string; readonly errors: readonly ConfigError[] };

/** What a command is going to ask a file: the times on its command line, as they were written. */
export type AskedTimes = readonly (string | undefined)[];

/** Holidays are worked out for some years around what is asked: the next handoff is looked for two years ahead. */
const YEARS_BEFORE = 1;
const YEARS_AFTER = 3;

/** The years whose public holidays matter for an answer: working out all of them takes longer than the answer. */
function holidayYears(times: AskedTimes, now: Instant): Years {
  const asked = times.flatMap(
    (text) =>
      /^\s*(\d{4})-/
        .exec(text ?? '')
        ?.slice(1)
        .map(Number) ?? [],
  );
  const years = [...asked, new Date(now).getUTCFullYear()];
  return { from: Math.min(...years) - YEARS_BEFORE, to: Math.max(...years) + YEARS_AFTER };
}

/** Reads and checks a configuration. Throws BadInput only when there is no text to check. */
export async function tryConfig(path: string, times: AskedTimes, io: Io): Promise<Attempt> {
  const file = path === '-' ? '<stdin>' : path;
  const text = decode(await io.readBytes(path, CONFIG_MAX_BYTES), file);
  const parsed = parseConfig(text, { file, holidayYears: holidayYears(times, io.now()) });
  if (!parsed.ok) return { ok: false, file, errors: parsed.errors };
  const { config, warnings } = parsed;
  const names = new Map(config.people.map((person) => [person.id, person.name]));
  const nameOf = (person: string): string => names.get(person) ?? person;
  return { ok: true, loaded: { file, text, config, warnings, nameOf, plan: null } };
}

/** Reads and checks a configuration. Throws InvalidFile with every error of the file. */
export async function loadConfig(path: string, times: AskedTimes, io: Io): Promise<Loaded> {
  const attempt = await tryConfig(path, times, io);
  if (attempt.ok) return attempt.loaded;
  throw new InvalidFile(formatErrors(attempt.errors));
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadInput(`${file}: this is not UTF-8 text.`);
  }
}
