import type { Config } from '@watchbill/config';
import type { Person, Schedule } from '@watchbill/core';
import { HOUR_MS, offsetAt } from '@watchbill/core';
import { peopleOf } from './idle-members.ts';
import type { Checking, Warning } from './warning.ts';

/**
 * Good practice for round-the-clock on-call with a primary and a secondary, after Google's SRE book: eight people
 * on one site, six on each of several. With one role alone, half of that: nobody is on call for over a quarter of
 * the time.
 */
const ONE_SITE = { single: 4, paired: 8 };
const MANY_SITES = { single: 3, paired: 6 };
/** People whose clocks are at most this far apart count as one site. */
const SITE_SPREAD_HOURS = 3;

/** Schedules that cover every hour with fewer people than good practice asks. */
export function headCounts({ schedules, people }: Config, { startIn }: Checking): Warning[] {
  return schedules.flatMap((schedule) => {
    if (schedule.coverage.kind !== 'all' || schedule.rotations.length === 0) return [];
    const ids = new Set(peopleOf(schedule));
    const staff = people.filter((person) => ids.has(person.id));
    const sites = sitesOf(staff, startIn(schedule.timeZone));
    const needed = (sites.length > 1 ? MANY_SITES : ONE_SITE)[
      schedule.roles.length > 1 ? 'paired' : 'single'
    ];
    return sites
      .filter((site) => site.length < needed)
      .map((site) => tooFew(schedule, { site, sites, needed }));
  });
}

interface Shortage {
  readonly site: readonly Person[];
  readonly sites: readonly (readonly Person[])[];
  readonly needed: number;
}

function tooFew(schedule: Schedule, { site, sites, needed }: Shortage): Warning {
  const zones = [...new Set(site.map((person) => person.timeZone))].sort().join(', ');
  const where = sites.length > 1 ? ` around ${zones}` : '';
  const roles = schedule.roles.length > 1 ? ` in ${schedule.roles.length} roles` : '';
  const practice = sites.length > 1 ? `${needed} on each site` : `${needed} on one site`;
  const message =
    `${schedule.id}: ${site.length} ${site.length === 1 ? 'person covers' : 'people cover'} the clock` +
    `${where}${roles}; good practice is ${practice}`;
  return { code: 'team/too-few', schedule: schedule.id, role: null, person: null, message };
}

/** People grouped by how far their clocks are from UTC: a new group where the next clock is far from the last one's first. */
function sitesOf(people: readonly Person[], at: number): Person[][] {
  const sorted = people
    .map((person) => ({ person, hours: offsetAt(person.timeZone, at) / HOUR_MS }))
    .sort((a, b) => a.hours - b.hours);
  const sites: Person[][] = [];
  let first = Number.NEGATIVE_INFINITY;
  for (const { person, hours } of sorted) {
    if (hours - first > SITE_SPREAD_HOURS) {
      sites.push([]);
      first = hours;
    }
    sites.at(-1)?.push(person);
  }
  return sites;
}
