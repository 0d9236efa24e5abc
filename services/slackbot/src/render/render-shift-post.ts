import { clockNow, onCallRows, pagePages } from '@watchbill/database';
import { shiftPostMessage } from '../blocks/shift-post-blocks.ts';
import { readHandover } from '../follow/follow-schedule.ts';
import { loadPeople } from './load-people.ts';
import type { Render } from './render.ts';
import { zoneOf } from './zone-of.ts';

const SHOWN_PAGES = 5;
const COUNTED_PAGES = 100;

/** A handoff: who left and came then, until when they stand and what is open now. */
export const renderShiftPost: Render = async (database, { subject: schedule, facts, workspace }) => {
  const handover = readHandover(facts);
  const now = await clockNow(database);
  const standing = (await onCallRows(database, [schedule], now)).filter(({ kind }) => kind === 'now');
  const roles = handover.roles.map((each) => {
    const ends = standing
      .filter(({ role, person }) => role === each.role && each.incoming.includes(person))
      .map(({ endsAt }) => endsAt);
    return { ...each, until: ends.length === 0 ? null : Math.min(...ends) };
  });
  const open = await pagePages(database, {
    states: ['triggered', 'acknowledged'],
    schedule,
    limit: COUNTED_PAGES,
  });
  const named = handover.roles.flatMap(({ outgoing, incoming }) => [...outgoing, ...incoming]);
  return shiftPostMessage({
    schedule,
    at: handover.at,
    roles,
    pages: open
      .slice(0, SHOWN_PAGES)
      .map(({ number, summary, place }) => ({ number, summary, state: place.state })),
    openPages: open.length,
    people: await loadPeople(database, workspace, named),
    zone: await zoneOf(database, schedule),
  });
};
