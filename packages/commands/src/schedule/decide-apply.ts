import type { Instant } from '@watchbill/core';
import type { RevisionRow, ScheduleRow } from '@watchbill/database';
import { canonicalJson } from '../canonical-json.ts';
import { type HorizonSettings, nextHorizon } from '../horizon/horizon-settings.ts';
import type { SyncTarget } from '../horizon/plan-sync.ts';
import type { CheckedSchedule } from './check-configuration.ts';
import { decideOverrides, type OverrideDecision } from './decide-overrides.ts';
import { type StoredMeaning, versionsOf } from './load-schedule.ts';

/** A schedule that a configuration changes: its new revision, its overrides, and what to bring in line. */
export interface ScheduleApply {
  readonly checked: CheckedSchedule;
  readonly revision: RevisionRow;
  readonly overrides: OverrideDecision;
  readonly target: SyncTarget;
  /** It was out of use until now. */
  readonly revived: boolean;
}

export interface ApplyMoment {
  readonly now: Instant;
  /** Null when the caller named none: now. */
  readonly effectiveAt: Instant | null;
  readonly actor: string;
  readonly horizon: HorizonSettings;
}

/** What a configuration changes about a schedule; null when it is as the configuration says. */
export function decideApply(
  checked: CheckedSchedule,
  stored: { readonly row: ScheduleRow | undefined; readonly meaning: StoredMeaning },
  moment: ApplyMoment,
): ScheduleApply | null {
  const { now, actor } = moment;
  const { row, meaning } = stored;
  const effectiveAt = moment.effectiveAt ?? now;
  const newest = meaning.revisions.at(-1);
  const same =
    newest !== undefined &&
    canonicalJson([newest.definition, newest.holidays]) ===
      canonicalJson([checked.definition, checked.holidays]);
  // The same definition waits for its day: an apply that names no day leaves it there, an earlier day moves it.
  const waits = same && newest.effectiveAt > effectiveAt && moment.effectiveAt === null;
  const movesForward = same && newest.effectiveAt > effectiveAt && !waits;
  const overrides = decideOverrides(meaning.overrides, checked.schedule.overrides, {
    schedule: checked.id,
    createdBy: actor,
    reasons: checked.reasons,
  });
  const retired = row !== undefined && row.retiredAt !== null;
  const overridesChange = overrides.cancelled.length + overrides.saved.length > 0;
  if (same && !movesForward && !overridesChange && !retired) return null;
  const revision: RevisionRow = {
    schedule: checked.id,
    revision: (row?.revision ?? 0) + 1,
    effectiveAt: waits ? newest.effectiveAt : effectiveAt,
    definition: checked.definition,
    holidays: checked.holidays,
  };
  const after: StoredMeaning = {
    revisions: [...meaning.revisions, revision],
    overrides: overrides.after,
    turns: meaning.turns,
  };
  const knownUntil = row?.horizonUntil ?? null;
  return {
    checked,
    revision,
    overrides,
    revived: retired,
    target: {
      id: checked.id,
      revision: revision.revision,
      nextDueAt: row?.nextDueAt ?? null,
      knownUntil,
      horizonUntil: nextHorizon(knownUntil, now, moment.horizon.horizonMs),
      versions: versionsOf(after, now),
      reason: 'configuration',
    },
  };
}
