import type { PersonId } from '../schedule/schedule.ts';

/** Why somebody cannot stand a stretch, or what speaks for or against it. */
export interface CandidateReason {
  /** Stable, such as `double-booked`, `absent`, `short-rest`, `rested`, `least-burdened`, `working-hours`. */
  readonly code: string;
  /** `refuses`: nobody may accept against it. `against` and `for` are shown, and order the list. */
  readonly weighs: 'refuses' | 'against' | 'for';
  /** One sentence for people. */
  readonly message: string;
}

/** Somebody who could be asked, with what is known of them. */
export interface Candidate {
  readonly person: PersonId;
  readonly name: string;
  /** Whether no hard rule keeps them from it. */
  readonly eligible: boolean;
  readonly reasons: readonly CandidateReason[];
  /** Burden-hours above their fair part of it; below zero: has carried less. */
  readonly load: number;
  /** Hours free before and after, up to two weeks; null where there is nothing so near. */
  readonly restHoursBefore: number | null;
  readonly restHoursAfter: number | null;
  /** Part of the stretches that lies in their own working hours, from 0 to 1. */
  readonly inWorkingHours: number;
}
