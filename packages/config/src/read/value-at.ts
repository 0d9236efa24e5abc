import type { PathStep } from '../config-error.ts';

/** The value at a path of a plain JSON model; undefined where there is none. */
export function valueAt(model: unknown, path: readonly PathStep[]): unknown {
  let value = model;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as { readonly [key: PathStep]: unknown })[step];
  }
  return value;
}
