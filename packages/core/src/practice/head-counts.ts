import type { Person } from '../people/person.ts';
import type { PersonId, Schedule } from '../schedule/schedule.ts';
import { HOUR_MS, type Instant } from '../time/interval.ts';
import { offsetAt } from '../time/zone.ts';
import type { CheckWarning } from './check-warning.ts';
import { staffOf } from './crews.ts';

/**
 * Good practice for round-the-clock on-call with a primary and a secondary, after Google's SRE book: eight people
 * on one site, six on each of several. With one role alone, half of that: nobody is on call for over a quarter of
 * the time.
 */
const ONE_SITE = { single: 4, paired: 8 };
const MANY_SITES = { single: 3, paired: 6 };
/** People whose clocks are at most this far apart count as one site. */
const SITE_SPREAD_HOURS = 3;

/** Sites of a schedule that covers every hour which have fewer people than good practice asks. */
export function headCounts(
  schedule: Schedule,
  people: ReadonlyMap<PersonId, Person>,
  at: Instant,
): CheckWarning[] {
  if (schedule.coverage.kind !== 'all' || schedule.rotations.length === 0) return [];
  const sites = sitesOf(
    staffOf(schedule).flatMap((id) => people.get(id) ?? []),
    at,
  );
  const needed = (sites.length > 1 ? MANY_SITES : ONE_SITE)[schedule.roles.length > 1 ? 'paired' : 'single'];
  return sites
    .filter((site) => site.length < needed)
    .map((site) => tooFew(schedule, { site, sites, needed }));
}

interface Shortage {
  readonly site: readonly Person[];
  readonly sites: readonly (readonly Person[])[];
  readonly needed: number;
}

function tooFew(schedule: Schedule, { site, sites, needed }: Shortage): CheckWarning {
  const zones = [...new Set(site.map((person) => person.timeZone))].sort().join(', ');
  const where = sites.length > 1 ? ` around ${zones}` : '';
  const roles = schedule.roles.length > 1 ? ` in ${schedule.roles.length} roles` : '';
  const practice = sites.length > 1 ? `${needed} on each site` : `${needed} on one site`;
  const message =
    `${schedule.id}: ${site.length} ${site.length === 1 ? 'person covers' : 'people cover'} the clock` +
    `${where}${roles}; good practice is ${practice}`;
  const about = { schedule: schedule.id, role: null, person: null, at: null };
  return { code: 'team/too-few', level: 'warning', ...about, message };
}

/** People grouped by how far their clocks are from UTC: a new group where the next clock is far from the last one's first. */
function sitesOf(people: readonly Person[], at: Instant): Person[][] {
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
