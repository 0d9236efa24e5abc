import { readMeanings, versionsOf } from '@watchbill/commands';
import { type Instant, nextOnCall, type OnCall, onCallAt } from '@watchbill/core';
import { findScheduleDetail, onCallRows, type Queryable, type ScheduleSummaryRow } from '@watchbill/database';
import type { RoleNow } from '../../blocks/who-blocks.ts';

const DEFAULT_ROLES = ['primary'];

type Standing = Pick<OnCall, 'role' | 'person' | 'since' | 'until'>;

/**
 * Who stands each role of a schedule at an instant, and who comes next: as stored within the horizon, as the schedule
 * would resolve beyond it. Every role of the schedule is named, also one that nobody stands.
 */
export async function rolesAt(
  queryable: Queryable,
  schedule: ScheduleSummaryRow,
  at: Instant,
): Promise<RoleNow[]> {
  const beyond = schedule.horizonUntil !== null && at >= schedule.horizonUntil;
  const { now, next } = beyond
    ? await resolved(queryable, schedule.id, at)
    : await stored(queryable, schedule.id, at);
  const detail = await findScheduleDetail(queryable, schedule.id);
  const named = (detail?.definition as { readonly roles?: readonly string[] } | undefined)?.roles;
  const roles = new Set([
    ...(named ?? DEFAULT_ROLES),
    ...now.map(({ role }) => role),
    ...next.map(({ role }) => role),
  ]);
  return [...roles].map((role) => ({
    role,
    people: now.filter((each) => each.role === role).map(({ person, until }) => ({ person, until })),
    next: next.filter((each) => each.role === role).map(({ person, since }) => ({ person, since })),
  }));
}

interface NowAndNext {
  readonly now: readonly Standing[];
  readonly next: readonly Standing[];
}

async function stored(queryable: Queryable, schedule: string, at: Instant): Promise<NowAndNext> {
  const rows = await onCallRows(queryable, [schedule], at);
  const of = (kind: 'now' | 'next'): Standing[] =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ role, person, startsAt, endsAt }) => ({ role, person, since: startsAt, until: endsAt }));
  return { now: of('now'), next: of('next') };
}

async function resolved(queryable: Queryable, schedule: string, at: Instant): Promise<NowAndNext> {
  const meaning = (await readMeanings(queryable, [schedule], at)).get(schedule);
  const version = meaning === undefined ? undefined : versionsOf(meaning, at)[0];
  if (version === undefined || version.effectiveAt > at) return { now: [], next: [] };
  return { now: onCallAt(version.schedule, at), next: nextOnCall(version.schedule, at) };
}
