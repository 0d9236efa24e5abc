import type { Instant } from '@watchbill/core';

/**
 * Everything a command may touch outside itself, so that a test can run one in-process.
 * `stdout` and `stderr` take text and may buffer it; the process ends only when they are drained.
 */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** The bytes of a file, or of standard input for `-`. Refuses more than `maxBytes`. */
  readonly readBytes: (path: string, maxBytes: number) => Promise<Uint8Array>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
  readonly now: () => Instant;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal that shows colour. */
  readonly colour: boolean;
  /** How many characters a line of standard output may have; null where it is no terminal. */
  readonly columns: number | null;
  /** Whether standard error is a terminal, where somebody watches how work goes on. */
  readonly watched: boolean;
  readonly fetch: typeof fetch;
}

/** Exit codes: what every command promises to scripts. */
export const EXIT_OK = 0;
export const EXIT_FINDINGS = 1;
export const EXIT_BAD_INPUT = 2;
