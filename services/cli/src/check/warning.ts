import type { Instant, RulePack, Shift } from '@watchbill/core';

/** Something that is allowed but not wise. `message` says it all; the rest is for programs. */
export interface Warning {
  readonly code: string;
  readonly schedule: string | null;
  readonly role: string | null;
  readonly person: string | null;
  readonly message: string;
}

export interface Checking {
  /** Where the look ahead begins, for a schedule in a zone. */
  readonly startIn: (zone: string) => Instant;
  readonly nameOf: (person: string) => string;
  /** The zone times are shown in; null for each schedule's own. */
  readonly zone: string | null;
  /** How far participation and rule packs look ahead. */
  readonly weeks: number;
  /** The rule packs that were asked for. */
  readonly packs: readonly RulePack[];
}

/** A shift with the schedule it belongs to, and the start of the turn it is a part of; null for an override. */
export interface OwnedShift extends Shift {
  readonly schedule: string;
  readonly turn: Instant | null;
}

/** Checking with a way to say when something of a shift happens. */
export interface Timed extends Checking {
  readonly when: (at: Instant, shift: OwnedShift) => string;
}
