import type { Instant } from '@watchbill/core';
import {
  fairSchedules,
  notifyPlans,
  requestPlans,
  revisionsFrom,
  type Transaction,
} from '@watchbill/database';
import { groupBy } from '../group-by.ts';
import { versionOf } from '../schedule/load-schedule.ts';
import { fairPeople } from './fair-group.ts';

/**
 * Wishes for new plans where people are in fair rotations, or where schedules with one have changed, and wakes the
 * planners at commit.
 */
export async function requestReplans(
  tx: Transaction,
  touched: { readonly people: readonly string[]; readonly schedules: readonly string[] },
  want: { readonly reason: 'absence' | 'people' | 'configuration' | 'override'; readonly now: Instant },
): Promise<string[]> {
  if (touched.people.length + touched.schedules.length === 0) return [];
  const ids = await fairSchedules(tx);
  if (ids.length === 0) return [];
  const people = new Set(touched.people);
  // Those too of revisions that take effect later: both are planned.
  const revisions = groupBy(await revisionsFrom(tx, ids, want.now), (row) => row.schedule);
  const wanted = ids.filter(
    (id) =>
      touched.schedules.includes(id) ||
      (revisions.get(id) ?? []).some((row) =>
        fairPeople(versionOf(row, []).schedule).some((person) => people.has(person)),
      ),
  );
  if (wanted.length === 0) return [];
  await requestPlans(tx, wanted, want);
  await notifyPlans(tx);
  return wanted;
}
