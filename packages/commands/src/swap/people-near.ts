import { peopleInForce, type SwapAudience, type SwapStretch, type TeamDraft } from '@watchbill/core';
import { type Queryable, readSchedules, readTeams, revisionsFrom } from '@watchbill/database';
import { versionOf } from '../schedule/load-schedule.ts';

/** People who are looked at for one request. */
export const PEOPLE_NEAR_LIMIT = 1_000;

/**
 * Who could be asked to stand these stretches: everybody in a roster of their schedules, and in their teams; nobody
 * where one person is named.
 */
export async function peopleNear(
  queryable: Queryable,
  stretches: readonly SwapStretch[],
  to: SwapAudience,
): Promise<string[]> {
  if (to.kind === 'person' || stretches.length === 0) return [];
  const ids = [...new Set(stretches.map((stretch) => stretch.schedule))].sort();
  const window = {
    start: Math.min(...stretches.map(({ start }) => start)),
    end: Math.max(...stretches.map(({ end }) => end)),
  };
  if (window.start >= window.end) return [];
  const revisions = await revisionsFrom(queryable, ids, window.start);
  const people = new Set(revisions.flatMap((row) => peopleInForce(versionOf(row, []).schedule, { window })));
  if (to.kind === 'team') {
    const rows = await readSchedules(queryable, ids);
    const teams = await readTeams(
      queryable,
      rows.flatMap(({ team }) => (team === null ? [] : [team])),
    );
    for (const { definition } of teams) for (const id of (definition as TeamDraft).members) people.add(id);
  }
  return [...people].sort().slice(0, PEOPLE_NEAR_LIMIT);
}
