import { type Instant, type OnCall, type WhoEntry, whoJson } from '@watchbill/core';
import type { OnCallRow } from '@watchbill/database';
import type { OnCallSegment } from './on-call-cache.ts';

const DEFAULT_ROLES = ['primary'];

/** What the stored rows of one schedule say, in the order of its roles. */
export function whoEntry(schedule: string, rows: readonly OnCallRow[]): WhoEntry {
  const own = rows.filter((row) => row.schedule === schedule);
  const roles = own[0]?.roles ?? DEFAULT_ROLES;
  const rank = (role: string): number => {
    const place = roles.indexOf(role);
    return place === -1 ? roles.length : place;
  };
  const inOrder = (kind: OnCallRow['kind']): OnCall[] =>
    own
      .filter((row) => row.kind === kind)
      .sort(
        (a, b) =>
          rank(a.role) - rank(b.role) || compareText(a.role, b.role) || compareText(a.person, b.person),
      )
      .map(toOnCall);
  return { schedule, onCall: inOrder('now'), next: inOrder('next') };
}

/** The answer at `at` and for as long as it stays the same: until a shift ends or another one starts. */
export function segmentAt(schedule: string, at: Instant, rows: readonly OnCallRow[]): OnCallSegment {
  const changes = rows.flatMap((row) => {
    if (row.schedule !== schedule) return [];
    if (row.kind === 'now') return [row.endsAt];
    return row.kind === 'first' ? [row.startsAt] : [];
  });
  return { from: at, until: Math.min(...changes), json: entryText(whoEntry(schedule, rows)) };
}

/** One schedule's part of the body. */
export function entryText(entry: WhoEntry): string {
  return JSON.stringify(whoJson(0, [entry]).schedules[0]);
}

function toOnCall({ role, person, startsAt, endsAt, rotation, override, seat }: OnCallRow): OnCall {
  return { role, person, since: startsAt, until: endsAt, rotation, override, seat };
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
