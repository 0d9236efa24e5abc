import type { PersonId } from '../schedule/schedule.ts';
import type { Instant } from '../time/interval.ts';
import type { EscalationPolicy, Severity } from './policy.ts';

export const PAGE_STATES = ['triggered', 'acknowledged', 'resolved'] as const;
export type PageState = (typeof PAGE_STATES)[number];

/**
 * Where a page stands in its escalation policy. All instants are real time, not the schedules' clock.
 * `stepping`: one step after the other. `seeking`: nobody could be told at all, so somebody is looked for again and
 * again. `ended`: all passes and the last resort are over.
 */
export interface PagePlace {
  readonly state: PageState;
  readonly severity: Severity;
  readonly phase: 'stepping' | 'seeking' | 'ended';
  /** Counts from 1; everything that triggers the page again begins another one. */
  readonly round: number;
  /** Of the round; counts from 0 and ends at the policy's `repeat`. */
  readonly pass: number;
  /** The step that fires next, counted from 0. */
  readonly step: number;
  /** How many steps have fired in the page's whole life: the number of the last one. */
  readonly fired: number;
  /** Whether some person was told in this round. */
  readonly reached: boolean;
  /** When the next step is due; null when none is. */
  readonly stepAt: Instant | null;
  readonly snoozedUntil: Instant | null;
  /** When the acknowledged page is triggered again unless it is resolved by then. */
  readonly retriggerAt: Instant | null;
}

/** A new page: its first step is due at once. */
export function newPlace(severity: Severity, now: Instant): PagePlace {
  return {
    state: 'triggered',
    severity,
    phase: 'stepping',
    round: 1,
    pass: 0,
    step: 0,
    fired: 0,
    reached: false,
    stepAt: now,
    snoozedUntil: null,
    retriggerAt: null,
  };
}

/** When `advance` has something to do for a page; null: never, unless somebody acts. */
export function dueAt(place: PagePlace): Instant | null {
  switch (place.state) {
    case 'resolved':
      return null;
    case 'triggered':
      return place.stepAt;
    case 'acknowledged':
      return place.snoozedUntil ?? place.retriggerAt;
  }
}

/** Somebody takes care of it: no step fires any more, unless the policy triggers it again. */
export function acknowledge(place: PagePlace, policy: EscalationPolicy, now: Instant): PagePlace {
  const { retriggerAfterMs } = policy;
  return {
    ...place,
    state: 'acknowledged',
    stepAt: null,
    snoozedUntil: null,
    retriggerAt: retriggerAfterMs === null ? null : now + retriggerAfterMs,
  };
}

/** It is over. */
export function resolve(place: PagePlace): PagePlace {
  return { ...place, state: 'resolved', stepAt: null, snoozedUntil: null, retriggerAt: null };
}

/** Nobody is to be bothered until an instant; then it is triggered again. */
export function snooze(place: PagePlace, until: Instant): PagePlace {
  return { ...place, state: 'acknowledged', stepAt: null, snoozedUntil: until, retriggerAt: null };
}

/** Begins again with the first step, due at once. */
export function triggerAgain(place: PagePlace, now: Instant): PagePlace {
  return { ...newPlace(place.severity, now), round: place.round + 1, fired: place.fired };
}

/** The next step is due at once, whatever was said before; where all are over, the first one again. */
export function escalate(place: PagePlace, now: Instant): PagePlace {
  if (place.phase === 'ended') return triggerAgain(place, now);
  return { ...place, state: 'triggered', stepAt: now, snoozedUntil: null, retriggerAt: null };
}

/** A person whom a step tells, and the role that led to them; null where the policy names them. */
export interface ToldPerson {
  readonly person: PersonId;
  readonly schedule: string | null;
  readonly role: string | null;
}
