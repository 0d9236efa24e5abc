import { BadInput } from './bad-input.ts';

/** Runs a resolver; a window that holds more turns than it takes on is the asker's to shorten. */
export function resolveWithin<Result>(resolve: () => Result): Result {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BadInput(`${error.message}. Ask for a shorter window.`);
  }
}
