import type { AppliedConfiguration } from '@watchbill/commands';

/** What a configuration changed, or would change, as an answer. */
export function appliedJson(applied: AppliedConfiguration, dryRun: boolean) {
  return {
    dryRun,
    revision: applied.revision,
    unchanged: applied.unchanged,
    schedules: applied.schedules.map((entry) => ({ ...entry })),
    changesByPerson: applied.changesByPerson.map((entry) => ({ ...entry })),
  };
}
