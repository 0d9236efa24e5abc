import type { Instant } from '../time/interval.ts';

/** What a rule finds: the worst, how often, and when. */
export interface Broken {
  /** The worst there is, in the unit of the limit. */
  readonly measured: number;
  /** How often, where that can be told; else 1. */
  readonly times: number;
  /** When the worst, or the first of several, begins; null for all of the window. */
  readonly at: Instant | null;
  /** Of how many, where that says something. */
  readonly of?: number;
  /** What it is about, such as a holiday. */
  readonly about?: string;
}
