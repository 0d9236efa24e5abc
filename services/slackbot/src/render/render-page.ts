import { findPage } from '@watchbill/database';
import { pageAgainMessage, pageMessage } from '../blocks/page-blocks.ts';
import { pageLogMessage, peopleOfPageEvent } from '../blocks/page-log-blocks.ts';
import type { PageEvent } from '../follow/follow-page.ts';
import { loadPeople } from './load-people.ts';
import type { Render } from './render.ts';
import { zoneOf } from './zone-of.ts';

/** A page. One that somebody took care of before it was sent wakes nobody in a direct message. */
export const renderPage: Render = async (database, { subject, workspace, ts, person }) => {
  const page = await findPage(database, subject);
  if (page === null) return null;
  const { state } = page.place;
  if (ts === null && (state === 'resolved' || (person !== null && state === 'acknowledged'))) return null;
  const told = page.steps.flatMap((step) => step.told.map((each) => each.person));
  const acted = [page.acknowledged?.person, page.resolved?.person].filter((id) => id != null);
  const people = await loadPeople(database, workspace, [...told, ...acted]);
  return pageMessage({ page, people, zone: await zoneOf(database, page.schedule) });
};

/** A line in the thread of a page: it says what happened then, and never changes. */
export const renderPageLog: Render = async (database, { facts, workspace }) => {
  const event = facts.event as PageEvent;
  const people = await loadPeople(database, workspace, peopleOfPageEvent(event));
  return pageLogMessage(event, { people, zone: await zoneOf(database, event.data.page.schedule) });
};

/** Once more in a channel that has the page: not when somebody takes care of it by now. */
export const renderPageAgain: Render = async (database, { subject, workspace, ts }) => {
  const page = await findPage(database, subject);
  if (page === null || (ts === null && page.place.state !== 'triggered')) return null;
  const told = page.steps.at(-1)?.told.map(({ person }) => person) ?? [];
  return pageAgainMessage({ page, people: await loadPeople(database, workspace, told) });
};
