import { DAY_MS } from '@watchbill/core';
import type { Message } from '../../blocks/elements.ts';
import { meMessage } from '../../blocks/me-blocks.ts';
import { loadPeople } from '../../render/load-people.ts';
import type { KnownVisit } from '../desk/visit.ts';
import { LOAD_WEEKS, ownLoads } from '../reads/own-loads.ts';
import { ownRequests, peopleOfSwaps } from '../reads/own-requests.ts';
import { ownShifts } from '../reads/own-shifts.ts';

const AHEAD_MS = 56 * DAY_MS;
const SHIFTS_SHOWN = 10;
const SHIFTS_READ = 100;

/** The visitor's coming shifts, what waits for them, and what they carry. */
export async function answerMe(visit: KnownVisit): Promise<Message> {
  const { person, now, zone, workspace } = visit;
  const { database } = visit.desk.deps;
  const [{ shifts, more }, requests, loads] = await Promise.all([
    ownShifts(database, { person, from: now, to: now + AHEAD_MS, limit: SHIFTS_READ }),
    ownRequests(database, person),
    ownLoads(database, person, now),
  ]);
  const { asked, own } = requests;
  return meMessage({
    ...{ zone, asked, own, loads, loadWeeks: LOAD_WEEKS },
    shifts: shifts.slice(0, SHIFTS_SHOWN),
    more: Math.max(0, shifts.length - SHIFTS_SHOWN),
    evenMore: more,
    people: await loadPeople(database, workspace, peopleOfSwaps([...asked, ...own])),
  });
}
