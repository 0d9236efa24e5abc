import type {
  EscalationPolicy,
  HolidayCalendar,
  Instant,
  PersonDraft,
  PersonSummary,
  ScheduleDraft,
  TeamDraft,
} from '@watchbill/core';
import type { ShiftCounts } from '../horizon/plan-sync.ts';

/** A read configuration, as `applyConfiguration` takes it. What it does not name is left alone. */
export interface ConfigurationDraft {
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly email: string | null;
    readonly timeZone: string;
    /** Kept as it is, for those who print or edit the configuration. */
    readonly definition: PersonDraft | Readonly<Record<string, unknown>>;
  }[];
  readonly teams: readonly { readonly id: string; readonly name: string; readonly definition: TeamDraft }[];
  readonly schedules: readonly {
    readonly id: string;
    readonly team: string | null;
    readonly timeZone: string;
    readonly definition: ScheduleDraft;
    /** The calendars that the definition names by place. */
    readonly holidays: readonly HolidayCalendar[];
  }[];
  readonly escalationPolicies?: readonly {
    readonly id: string;
    readonly name: string;
    /** Kept as it is, for those who print or edit the configuration. */
    readonly definition: object;
    readonly policy: EscalationPolicy;
  }[];
}

export interface ApplyInput {
  readonly configuration: ConfigurationDraft;
  /** Where it comes from, for the record: a file name, a commit. */
  readonly source: string;
  /** Says what would change, and writes nothing. */
  readonly dryRun: boolean;
  /** The revision each of these schedules must have now (0: must not exist), or nothing is applied. */
  readonly expectedRevisions?: Readonly<Record<string, number>> | undefined;
  /**
   * From when on changed schedules mean what the configuration says; now unless said, up to a year ahead. Overrides
   * carry their own dates and are taken over at once.
   */
  readonly effectiveAt?: Instant | undefined;
}

export interface AppliedSchedule {
  readonly id: string;
  readonly revision: number;
  readonly changed: boolean;
  readonly shifts: ShiftCounts;
}

export interface AppliedConfiguration {
  /** The number of the configuration in force after this; of a dry run, the number it would get. */
  readonly revision: number;
  /** In the order of ids. */
  readonly schedules: readonly AppliedSchedule[];
  /** Everybody whose shifts change within the horizon, by id. */
  readonly changesByPerson: readonly PersonSummary[];
  /** True when everything was as the configuration says, and nothing was written. */
  readonly unchanged: boolean;
}
