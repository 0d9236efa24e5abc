import { setTimeout as sleep } from 'node:timers/promises';
import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { DAY_MS, type PersonDraft } from '@watchbill/core';
import {
  liveAbsences,
  pagePages,
  readPeople,
  schedulesOfTeams,
  teamsManagedBy,
  teamsOfPerson,
} from '@watchbill/database';
import { HOME_LIMITS, type HomeSchedule, homeView, strangerHome } from '../../blocks/home-view.ts';
import { loadPeople } from '../../render/load-people.ts';
import { failureOf } from '../../web/slack-failure.ts';
import { hoursOf } from '../forms/hours-form.ts';
import { ownRequests, peopleOfSwaps } from '../reads/own-requests.ts';
import { ownShifts } from '../reads/own-shifts.ts';
import { rolesAt } from '../reads/roles-at.ts';
import { strangerText } from './refusals.ts';
import { isKnown, type KnownVisit, openVisit, type Visit } from './visit.ts';

const AHEAD_MS = 56 * DAY_MS;
const SHIFTS_READ = 50;
/** Home tabs whose opening we remember: whoever has not opened theirs needs none. */
const HOMES_KNOWN = 20_000;

/** A limit of Slack's is waited for, but not for ever: the tab is read by somebody who looks at it now. */
const PUBLISH_TRIES = 3;
const LONGEST_WAIT_MS = 30_000;

async function publish(client: WebClient, slackUser: string, view: HomeView): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.views.publish({ user_id: slackUser, view });
      return;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'rate_limited' || tries >= PUBLISH_TRIES) throw error;
      await sleep(Math.min(failure.retryAfterMs, LONGEST_WAIT_MS), undefined, { ref: false });
    }
  }
}

/** Publishes the visitor's home tab. */
export async function publishHome(visit: Visit): Promise<void> {
  const { desk, client, slackUser, workspace } = visit;
  const view = isKnown(visit) ? await knownHome(visit) : strangerHome(strangerText(visit));
  await publish(client, slackUser, view);
  const key = `${workspace}.${slackUser}`;
  if (desk.homes.size >= HOMES_KNOWN) desk.homes.delete(desk.homes.values().next().value ?? key);
  desk.homes.add(key);
}

/**
 * Publishes the tab anew after what the visitor did, where they have opened it: it is slow work of Slack's, which the
 * answer does not wait for. What fails here is put right when the tab is opened next.
 */
export async function refreshHome(visit: Visit): Promise<void> {
  const { desk, workspace, slackUser } = visit;
  if (!desk.homes.has(`${workspace}.${slackUser}`)) return;
  try {
    await publishHome(await openVisit(desk, visit));
  } catch (error) {
    desk.deps.logger.warn({ slackUser, workspace, reason: failureOf(error) }, 'home tab not published');
  }
}

async function knownHome(visit: KnownVisit): Promise<HomeView> {
  const { person, now, zone, name, workspace, desk } = visit;
  const { database } = desk.deps;
  const [requests, { shifts }, schedules, pages, absences, rows] = await Promise.all([
    ownRequests(database, person),
    ownShifts(database, { person, from: now, to: now + AHEAD_MS, limit: SHIFTS_READ }),
    schedulesNow(visit),
    pagePages(database, { states: ['triggered', 'acknowledged'], person, limit: HOME_LIMITS.pages + 1 }),
    liveAbsences(database, [person], now),
    readPeople(database, [person]),
  ]);
  const { asked, approvals, own } = requests;
  const standing = schedules.flatMap(({ roles }) =>
    roles.flatMap(({ people }) => people.map((each) => each.person)),
  );
  const named = [...peopleOfSwaps([...asked, ...approvals, ...own]), ...standing];
  const draft = rows[0]?.definition as PersonDraft | undefined;
  return homeView({
    ...{ name, zone, now, asked, approvals, own, schedules },
    hours: draft === undefined ? '' : hoursText(draft),
    shifts: shifts.slice(0, HOME_LIMITS.shifts),
    moreShifts: Math.max(0, shifts.length - HOME_LIMITS.shifts),
    pages: pages.map(({ id, number, summary, place, createdAt }) => {
      return { id, number, summary, state: place.state, createdAt };
    }),
    absences: absences.map(({ id, startsAt, endsAt, reason, origin }) => {
      return { id, start: startsAt, end: endsAt, reason, own: origin === 'api' };
    }),
    people: await loadPeople(database, workspace, named),
  });
}

function hoursText(draft: PersonDraft): string {
  const { days, from, to } = hoursOf(draft);
  const zone = draft.workingHours?.timeZone ?? draft.timeZone;
  return `${days.join(', ')} ${from}–${to} ${zone}`;
}

/** Who is on call now in the schedules of the visitor's teams. */
async function schedulesNow({ desk, person, now }: KnownVisit): Promise<HomeSchedule[]> {
  const { database } = desk.deps;
  const [teams, managed] = await Promise.all([
    teamsOfPerson(database, person),
    teamsManagedBy(database, person),
  ]);
  const ids = [...new Set([...teams.map(({ id }) => id), ...managed])];
  const rows = ids.length === 0 ? [] : await schedulesOfTeams(database, ids, HOME_LIMITS.schedules + 1);
  const all: HomeSchedule[] = [];
  for (const row of rows) {
    all.push({ schedule: row.id, zone: row.timeZone, roles: await rolesAt(database, row, now) });
  }
  return all;
}
