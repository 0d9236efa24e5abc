import type { HomeView, KnownBlock } from '@slack/types';
import type { Instant, Swap, ZoneName } from '@watchbill/core';
import {
  actions,
  button,
  confirmation,
  context,
  divider,
  fit,
  header,
  section,
  sections,
  VIEW_BLOCKS,
} from './elements.ts';
import { type OwnShift, shiftButtons, shiftLine } from './me-blocks.ts';
import { escapedName, nameOf, type People } from './people.ts';
import { stretchText } from './swap-blocks.ts';
import { count, escapeText, escapeWithin, shortSpan, time, timeSpan } from './text.ts';
import type { RoleNow } from './who-blocks.ts';

/** What one schedule says on the home tab. */
export interface HomeSchedule {
  readonly schedule: string;
  readonly zone: ZoneName;
  readonly roles: readonly RoleNow[];
}

export interface HomePage {
  readonly id: string;
  readonly number: number;
  readonly summary: string;
  readonly state: 'triggered' | 'acknowledged' | 'resolved';
  readonly createdAt: Instant;
}

export interface HomeAbsence {
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly reason: string | null;
  /** Absences of a file or a calendar are changed there. */
  readonly own: boolean;
}

export interface HomeScene {
  readonly name: string;
  readonly zone: ZoneName;
  /** `Mon–Fri 09:00–17:00`. */
  readonly hours: string;
  readonly schedules: readonly HomeSchedule[];
  readonly shifts: readonly OwnShift[];
  readonly moreShifts: number;
  readonly asked: readonly Swap[];
  readonly approvals: readonly Swap[];
  readonly own: readonly Swap[];
  readonly pages: readonly HomePage[];
  readonly absences: readonly HomeAbsence[];
  readonly people: People;
  readonly now: Instant;
}

/** How much of each list the tab shows; with all of them it stays within Slack's hundred blocks. */
export const HOME_LIMITS = { schedules: 6, shifts: 10, requests: 4, pages: 5, absences: 8 } as const;

/** The home tab of somebody whose account belongs to a person. */
export function homeView(scene: HomeScene): HomeView {
  const blocks: KnownBlock[] = [
    ...topBlocks(scene),
    ...pageBlocks(scene),
    ...requestBlocks(scene),
    header('My coming shifts'),
    ...shiftBlocks(scene),
    divider(),
    header('On call now'),
    ...scheduleBlocks(scene),
    divider(),
    header('Time off'),
    ...absenceBlocks(scene),
    divider(),
    header('Me'),
    section(
      `Time zone *${escapeText(scene.zone)}*, working hours *${escapeText(scene.hours)}*.`,
      button({
        id: 'home_hours',
        text: 'Change',
        value: 'hours',
        label: 'Change my time zone and working hours',
      }),
    ),
    section(
      'Reminders before my shifts, and word when one moves.',
      button({ id: 'home_reminders', text: 'Choose', value: 'reminders', label: 'Choose my reminders' }),
    ),
    context(`As of ${time(scene.now, scene.zone)}. \`/oncall help\` shows all that I understand.`),
  ];
  return { type: 'home', callback_id: 'home', blocks: fit(blocks, VIEW_BLOCKS) };
}

function topBlocks({ name }: HomeScene): KnownBlock[] {
  return [
    section(`*Hello ${escapeWithin(name, 80)}*`),
    actions([
      button({ id: 'home_page', text: 'Page the on-call', value: 'page', style: 'danger' }),
      button({ id: 'home_absence', text: 'Enter time off', value: 'off' }),
      button({ id: 'home_refresh', text: 'Refresh', value: 'refresh' }),
    ]),
    divider(),
  ];
}

function pageBlocks({ pages, zone }: HomeScene): KnownBlock[] {
  if (pages.length === 0) return [];
  const shown = pages.slice(0, HOME_LIMITS.pages).flatMap((page): KnownBlock[] => {
    const acknowledge = button({
      ...{ id: 'page_acknowledge', text: 'Acknowledge', value: page.id, style: 'primary' },
      label: `Acknowledge page ${page.number}`,
    });
    const state = page.state === 'triggered' ? '*Triggered*' : 'Acknowledged';
    return [
      section(
        `${state}: page ${page.number}, ${escapeWithin(page.summary, 300)} (${time(page.createdAt, zone)})`,
      ),
      actions([
        ...(page.state === 'triggered' ? [acknowledge] : []),
        button({ id: 'page_resolve', text: 'Resolve', value: page.id, label: `Resolve page ${page.number}` }),
      ]),
    ];
  });
  return [
    header('Open pages'),
    ...shown,
    ...beyond(pages.length - HOME_LIMITS.pages, 'open page'),
    divider(),
  ];
}

function requestBlocks(scene: HomeScene): KnownBlock[] {
  const { asked, approvals, own } = scene;
  if (asked.length + approvals.length + own.length === 0) return [];
  const part = (swaps: readonly Swap[], show: (swap: Swap, index: number) => KnownBlock[]) => [
    ...swaps.slice(0, HOME_LIMITS.requests).flatMap(show),
    ...beyond(swaps.length - HOME_LIMITS.requests, 'request'),
  ];
  return [
    header('Requests'),
    ...part(asked, (swap, index) => askedBlocks(scene, swap, index)),
    ...part(approvals, (swap, index) => approvalBlocks(scene, swap, index)),
    ...part(own, (swap, index) => ownBlocks(scene, swap, index)),
    divider(),
  ];
}

function swapText({ people, zone }: HomeScene, swap: Swap): string {
  const gives = swap.gives.slice(0, 3).map((stretch) => `• ${stretchText(stretch, zone)}`);
  const takes = swap.takes.slice(0, 3).map((stretch) => `• in return ${stretchText(stretch, zone)}`);
  const reason = swap.reason === null ? [] : [`Reason: ${escapeWithin(swap.reason, 200)}`];
  const what = swap.kind === 'cover' ? 'cover' : 'an exchange';
  return [`*${escapedName(people, swap.person)}* asks for ${what}:`, ...gives, ...takes, ...reason].join(
    '\n',
  );
}

function askedBlocks(scene: HomeScene, swap: Swap, index: number): KnownBlock[] {
  const said = `request ${index + 1} of ${nameOf(scene.people, swap.person)}`;
  const openExchange = swap.kind === 'exchange' && swap.takes.length === 0;
  const accept = button({
    ...{ id: 'swap_accept', text: 'Accept', value: swap.id, style: 'primary' },
    label: `Accept ${said}`,
  });
  const offer = swap.kind === 'exchange' ? 'Offer a shift' : 'Offer part of it';
  return [
    section(swapText(scene, swap)),
    actions([
      ...(openExchange ? [] : [accept]),
      button({ id: 'swap_part', text: offer, value: swap.id, label: `Offer for ${said}` }),
      button({ id: 'swap_decline', text: 'Decline', value: swap.id, label: `Decline ${said}` }),
    ]),
  ];
}

function approvalBlocks(scene: HomeScene, swap: Swap, index: number): KnownBlock[] {
  const taker = swap.acceptedBy === null ? 'somebody' : escapedName(scene.people, swap.acceptedBy);
  const said = `request ${index + 1}, of ${nameOf(scene.people, swap.person)}`;
  return [
    section(`${swapText(scene, swap)}\nTaken by ${taker}; waits for your approval.`),
    actions([
      button({
        ...{ id: 'swap_approve', text: 'Approve', value: swap.id, style: 'primary' },
        label: `Approve ${said}`,
      }),
      button({
        ...{ id: 'swap_refuse', text: 'Refuse', value: swap.id, style: 'danger' },
        label: `Refuse ${said}`,
      }),
    ]),
  ];
}

function ownBlocks(scene: HomeScene, swap: Swap, index: number): KnownBlock[] {
  const state = swap.state === 'accepted' ? 'waits for a manager' : 'is open';
  const stretch = swap.gives[0];
  const what = stretch === undefined ? 'a shift' : stretchText(stretch, scene.zone);
  const offers =
    swap.offers.length === 0 ? '' : ` ${count(swap.offers.length, 'offer')} wait for you in your messages.`;
  return [
    section(
      `Your request for ${what} ${state}.${offers}`,
      button({
        ...{ id: 'swap_cancel', text: 'Cancel', value: swap.id, label: `Cancel my request ${index + 1}` },
        confirm: confirmation({
          title: 'Take the request back?',
          text: 'Those who were asked are told. You keep your shift.',
          yes: 'Take it back',
          no: 'Keep asking',
        }),
      }),
    ),
  ];
}

function shiftBlocks({ shifts, moreShifts, zone }: HomeScene): KnownBlock[] {
  if (shifts.length === 0) return [section('None are planned for you.')];
  const shown = shifts.slice(0, HOME_LIMITS.shifts);
  return [
    ...shown.flatMap((shift, index) => [section(shiftLine(shift, zone)), shiftButtons(shift, zone, index)]),
    ...beyond(moreShifts + shifts.length - shown.length, 'shift'),
  ];
}

function scheduleBlocks({ schedules, people }: HomeScene): KnownBlock[] {
  if (schedules.length === 0) return [section('You are in no team that has a schedule.')];
  const lines = schedules.slice(0, HOME_LIMITS.schedules).map(({ schedule, zone, roles }) => {
    const said = roles.slice(0, 6).map(({ role, people: standing }) => {
      const names = standing.slice(0, 4).map(({ person, until }) => {
        return `${escapedName(people, person)}${until === null ? '' : ` until ${time(until, zone)}`}`;
      });
      return `        ${escapeText(role)}: ${names.length === 0 ? '*nobody*' : names.join(', ')}`;
    });
    return [`*${escapeText(schedule)}*`, ...said].join('\n');
  });
  return [...sections(lines), ...beyond(schedules.length - HOME_LIMITS.schedules, 'schedule')];
}

function absenceBlocks({ absences, zone }: HomeScene): KnownBlock[] {
  if (absences.length === 0) return [section('None is entered.')];
  const shown = absences.slice(0, HOME_LIMITS.absences).map((absence, index) => {
    const reason = absence.reason === null ? '' : ` – ${escapeWithin(absence.reason, 200)}`;
    const text = `${timeSpan(absence, zone)}${reason}`;
    if (!absence.own) return section(`${text} (from your calendar or the configuration)`);
    return section(
      text,
      button({
        ...{ id: 'home_cancel_absence', text: 'Cancel', value: absence.id },
        label: `Cancel time off ${index + 1}, ${shortSpan(absence, zone)}`,
        confirm: confirmation({
          title: 'Cancel this time off?',
          text: 'You can be planned for these days again.',
          yes: 'Cancel it',
          no: 'Keep it',
        }),
      }),
    );
  });
  return [...shown, ...beyond(absences.length - HOME_LIMITS.absences, 'absence')];
}

function beyond(more: number, what: string): KnownBlock[] {
  return more > 0 ? [context(`and ${count(more, `more ${what}`)}`)] : [];
}

/** The home tab of an account that belongs to nobody yet. */
export function strangerHome(said: string): HomeView {
  return {
    type: 'home',
    callback_id: 'home',
    blocks: [
      header('Watchbill'),
      section(said),
      actions([button({ id: 'home_connect', text: 'Connect me', value: 'connect', style: 'primary' })]),
    ],
  };
}
