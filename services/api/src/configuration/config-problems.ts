import type { ConfigError } from '@watchbill/config';
import { ApiError, MAX_PROBLEM_ITEMS, type ProblemItem, pointerOf } from '../http/problem.ts';

/** The errors of a configuration as the refusal of a request. `from` leaves out that many leading steps of the paths. */
export function configRefusal(errors: readonly ConfigError[], from = 0): ApiError {
  const count = errors.length === 1 ? 'one thing is' : `${errors.length} things are`;
  const syntax = errors.some(({ code }) => code.startsWith('yaml/'));
  return new ApiError(
    syntax ? 400 : 422,
    'configuration/invalid',
    `The configuration cannot be applied: ${count} wrong.`,
    {
      errors: errors.slice(0, MAX_PROBLEM_ITEMS).map((error) => configItem(error, from)),
    },
  );
}

function configItem({ path, code, message, expected, line, column }: ConfigError, from: number): ProblemItem {
  const place = line > 0 ? { line, column } : {};
  const detail = expected === null ? message : `${message} (expected ${expected})`;
  return { pointer: pointerOf(pathSteps(path).slice(from)), code, detail, ...place };
}

const STEP = /\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g;

/** The steps of a path as the reader of files writes it: `schedules[0].rotations[1].cadence`. */
export function pathSteps(path: string): string[] {
  return [...path.matchAll(STEP)].map(([, index, quoted, plain]) => index ?? quoted ?? plain ?? '');
}
