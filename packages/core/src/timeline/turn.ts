import type { Member } from '../schedule/schedule.ts';
import type { Instant } from '../time/interval.ts';

/** One member's stint: from one boundary to the next, whether or not hours are in force. */
export interface Turn {
  readonly start: Instant;
  readonly end: Instant;
  readonly people: Member;
  /** The seat of the first of `people`; the others follow. Only planned turns name it; else it is 0. */
  readonly seat?: number;
}
