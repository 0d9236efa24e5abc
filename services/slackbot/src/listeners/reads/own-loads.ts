import { readFairness } from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import { DAY_MS, type Instant } from '@watchbill/core';
import { type Queryable, schedulesOfTeams, teamsOfPerson } from '@watchbill/database';
import type { OwnLoad } from '../../blocks/me-blocks.ts';

/** How far back a load is looked at, in weeks. */
export const LOAD_WEEKS = 12;
const LOADS_SHOWN = 3;

/** What a person carried on the schedules of their teams, beside the others there. */
export async function ownLoads(queryable: Queryable, person: string, now: Instant): Promise<OwnLoad[]> {
  const teams = (await teamsOfPerson(queryable, person)).map(({ id }) => id);
  const schedules = teams.length === 0 ? [] : await schedulesOfTeams(queryable, teams, LOADS_SHOWN);
  const loads: OwnLoad[] = [];
  for (const { id: schedule } of schedules) {
    const want = { schedule, from: now - LOAD_WEEKS * 7 * DAY_MS, to: now };
    const report = await readFairness(queryable, want, { holidayCalendar });
    const levels = (report?.people ?? []).flatMap((line) =>
      line.level === null ? [] : [{ person: line.person, level: line.level }],
    );
    const own = levels.find((line) => line.person === person);
    if (own === undefined) continue;
    const all = levels.map(({ level }) => level);
    loads.push({
      schedule,
      level: own.level,
      least: Math.min(...all),
      most: Math.max(...all),
      people: all.length,
    });
  }
  return loads;
}
