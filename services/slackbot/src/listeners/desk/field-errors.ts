import type { CommandError } from '@watchbill/commands';
import type { Submitted } from './submission.ts';

/**
 * What a command refuses, at the inputs it is about: `places` leads from the first step of a problem's path to a block
 * id. What belongs to none of them stands at `otherwise`.
 */
export function fieldErrors(
  { message, problems = [] }: CommandError,
  places: Readonly<Record<string, string>>,
  otherwise: string,
): Submitted {
  const errors: Record<string, string> = {};
  for (const problem of problems) {
    const block = places[String(problem.path[0])] ?? otherwise;
    errors[block] = errors[block] === undefined ? problem.message : `${errors[block]} ${problem.message}`;
  }
  return { errors: problems.length === 0 ? { [otherwise]: message } : errors };
}
