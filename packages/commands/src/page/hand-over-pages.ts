import type { PersonId } from '@watchbill/core';
import {
  type Database,
  type FollowedRole,
  followedRoles,
  insertEvents,
  insertPageLog,
  lockPage,
  newId,
  pageMoment,
  pagesWithNewcomers,
  peopleToldInRound,
  rolesOnCall,
  type Transaction,
} from '@watchbill/database';
import { pageEvent, TOLD_IN_EVENT } from './page-events.ts';
import { waysOfPeople } from './ways-of-people.ts';
import { writeHandover } from './write-notifications.ts';

/** Pages that one call hands over at most; the next sweep goes on. */
export const HANDOVER_LIMIT = 200;

/**
 * Tells people of the open pages of roles in which they have come on call: of these schedules, or of all (null). It
 * goes by who is on call and who was told, not by what has just happened, so doing it twice tells nobody twice, and
 * what was missed is made up for. Returns how many people were told.
 */
export async function handOverPages(
  database: Database,
  schedules: readonly string[] | null,
): Promise<number> {
  let told = 0;
  for (const page of await pagesWithNewcomers(database, schedules, HANDOVER_LIMIT)) {
    told += await database.transaction((tx) => handOver(tx, page));
  }
  return told;
}

interface Newcomers {
  readonly role: FollowedRole;
  readonly people: readonly PersonId[];
}

async function handOver(tx: Transaction, id: string): Promise<number> {
  const page = await lockPage(tx, id);
  if (page === null || page.place.state === 'resolved') return 0;
  const moment = await pageMoment(tx);
  const newcomers = await newcomersOf(tx, page, moment.scheduled);
  const people = newcomers.flatMap((each) => each.people);
  if (people.length === 0) return 0;
  // Somebody takes care of it already: whoever comes on is to know, and need not be woken for it.
  const urgency = page.place.state === 'acknowledged' ? 'low' : page.urgency;
  const ways = await waysOfPeople(tx, people, { urgency, now: moment.now });
  await writeHandover(tx, page, { people, ways, urgency, now: moment.now });
  for (const { role, people: told } of newcomers) {
    if (told.length === 0) continue;
    const where = { schedule: role.schedule, role: role.role };
    await insertPageLog(tx, id, [{ at: moment.now, kind: 'handed_over', detail: { ...where, told } }]);
    const data = { ...where, told: told.slice(0, TOLD_IN_EVENT) };
    await insertEvents(tx, [pageEvent(page, { type: 'page.handed_over', mark: newId('hnd'), moment, data })]);
  }
  return people.length;
}

/** Whoever is on call in the roles that the page follows and was not told in this round; each person once. */
async function newcomersOf(
  tx: Transaction,
  page: { readonly id: string; readonly place: { readonly round: number } },
  scheduled: number,
): Promise<Newcomers[]> {
  const roles = await followedRoles(tx, page.id);
  const onCall = await rolesOnCall(tx, [...new Set(roles.map((role) => role.schedule))], scheduled);
  const known = new Set(await peopleToldInRound(tx, page.id, page.place.round));
  return roles.map((role) => {
    const people = onCall
      .filter((row) => row.schedule === role.schedule && row.role === role.role)
      .map((row) => row.person);
    // In a round robin role one of them is enough, as long as that one is still there.
    const enough = role.one && people.some((person) => known.has(person));
    const fresh = enough ? [] : people.filter((person) => !known.has(person));
    const told = role.one ? fresh.slice(0, 1) : fresh;
    for (const person of told) known.add(person);
    return { role, people: [...new Set(told)] };
  });
}
