import type { FairRules, PersonId, ScheduleId } from '../schedule/schedule.ts';
import type { Interval } from '../time/interval.ts';

/** The rules that a stretch on call stands under. */
export interface DutyRules {
  /** All that are in force. */
  readonly all: FairRules;
  /** Those that the configuration itself names: nobody may agree to break them. */
  readonly named: FairRules;
}

/** A stretch of a person's time on call, or one they would get. */
export interface Duty extends Interval {
  readonly schedule: ScheduleId;
  readonly role: string;
  /** Names the turn: stretches of one turn need no rest between them. */
  readonly turn: string;
  readonly rules: DutyRules;
}

/** A duty that would go to somebody. */
export interface WantedDuty extends Duty {
  /** Who gives it away. */
  readonly from: PersonId;
}
