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

/** Collects the problems of one input while it is read. `at` gives a collector for a field inside. */
export interface Problems {
  readonly add: (path: Problem['path'], code: string, message: string) => void;
  readonly at: (...path: readonly (string | number)[]) => Problems;
  readonly all: readonly Problem[];
}

/** A new, empty collector. */
export function collectProblems(): Problems {
  const all: Problem[] = [];
  return collectorAt(all, []);
}

function collectorAt(all: Problem[], base: Problem['path']): Problems {
  return {
    all,
    add: (path, code, message) => {
      all.push({ path: [...base, ...path], code, message });
    },
    at: (...path) => collectorAt(all, [...base, ...path]),
  };
}
