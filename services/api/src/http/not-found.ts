import { ApiError } from './problem.ts';

/** The value, or a 404 that names what is missing: `found(row, 'schedule')`. */
export function found<T>(value: T | null, what: string): T {
  if (value !== null) return value;
  throw new ApiError(404, `${what}/not-found`, `There is no ${what} with this id.`);
}
