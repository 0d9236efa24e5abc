/**
 * One thing wrong with an input, in plain words that say what to do.
 * `path` leads to the field (`['rotations', 0, 'cadence', 'every']`); `code` is stable for programs.
 */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** What a `make…()` returns: the checked value, or every problem found, never only the first. */
export type Made<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };
