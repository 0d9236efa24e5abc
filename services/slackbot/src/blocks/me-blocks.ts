import type { KnownBlock } from '@slack/types';
import type { Interval, Swap, ZoneName } from '@watchbill/core';
import { actions, button, context, type Message, message, section, sections } from './elements.ts';
import { mention, type People } from './people.ts';
import { count, escapeText, listed, shortSpan, timeSpan } from './text.ts';

/** A shift of the reader's. */
export interface OwnShift extends Interval {
  readonly id: string;
  readonly schedule: string;
  readonly role: string;
}

/** What somebody carries, beside the others of a schedule. In burden-hours per full share. */
export interface OwnLoad {
  readonly schedule: string;
  readonly level: number;
  readonly least: number;
  readonly most: number;
  readonly people: number;
}

export interface MeScene {
  readonly zone: ZoneName;
  readonly shifts: readonly OwnShift[];
  /** Shifts beyond those shown. */
  readonly more: number;
  /** Whether there are more than that number. */
  readonly evenMore: boolean;
  /** Requests that wait for the reader's answer. */
  readonly asked: readonly Swap[];
  /** Requests of the reader's that are open. */
  readonly own: readonly Swap[];
  readonly loads: readonly OwnLoad[];
  /** How far back the loads reach, in weeks. */
  readonly loadWeeks: number;
  readonly people: People;
}

const SHOWN_REQUESTS = 5;

/** The value of the buttons of a shift: what is given away, whatever id it has by then. */
export function shiftValue({ schedule, role, start, end }: Omit<OwnShift, 'id'>): string {
  return JSON.stringify({ schedule, role, start, end });
}

/** The buttons of one shift; `index` tells them apart for screen readers where two shifts read the same. */
export function shiftButtons(shift: OwnShift, zone: ZoneName, index: number): KnownBlock {
  const said = `${shortSpan(shift, zone)}, shift ${index + 1}`;
  const value = shiftValue(shift);
  return actions([
    button({ id: 'shift_cover', text: 'Find cover', value, label: `Find cover for ${said}` }),
    button({ id: 'shift_swap', text: 'Swap', value, label: `Swap ${said}` }),
  ]);
}

export function shiftLine({ schedule, role, ...span }: Omit<OwnShift, 'id'>, zone: ZoneName): string {
  return `${timeSpan(span, zone)}  ${escapeText(role)} of ${escapeText(schedule)}`;
}

/** The reader's shifts, requests and load. */
export function meMessage(scene: MeScene): Message {
  const { zone, shifts } = scene;
  const head = shifts.length === 0 ? '*You have no shifts in the next weeks.*' : '*Your coming shifts*';
  const requests = requestLines(scene);
  const loads = scene.loads.map((load) => loadLine(load, scene.loadWeeks));
  const over = scene.evenMore ? 'more than ' : '';
  const more = scene.more > 0 ? [`and ${over}${count(scene.more, 'more shift')}`] : [];
  const text = [head, ...shifts.map((shift) => shiftLine(shift, zone)), ...more, ...requests, ...loads].join(
    '\n',
  );
  return message(text, [
    section(head),
    ...shifts.flatMap((shift, index) => [section(shiftLine(shift, zone)), shiftButtons(shift, zone, index)]),
    ...more.map(context),
    ...sections(requests),
    ...sections(loads),
  ]);
}

function requestLines({ asked, own, people }: MeScene): string[] {
  const waiting = asked.slice(0, SHOWN_REQUESTS).map(({ person, kind }) => {
    return `${mention(people, person)} waits for your answer to a request to ${kind === 'cover' ? 'cover' : 'exchange shifts'}.`;
  });
  const open = own.slice(0, SHOWN_REQUESTS).map((swap) => {
    const what = swap.kind === 'cover' ? 'for cover' : 'for an exchange';
    return swap.state === 'accepted'
      ? `Your request ${what} waits for a manager to approve.`
      : `Your request ${what} is open.`;
  });
  return [...waiting, ...open];
}

/** `payments: 31 h of burden in 12 weeks; the others carry 22 to 35.` */
export function loadLine(load: OwnLoad, weeks: number): string {
  const { schedule, level, least, most, people } = load;
  const range = people < 2 ? 'nobody to compare with' : `the team carries ${hours(least)} to ${hours(most)}`;
  return `Your load on ${escapeText(schedule)}: *${hours(level)}* burden-hours in ${weeks} weeks; ${range}.`;
}

function hours(value: number): string {
  return String(Math.round(value));
}

/** Which shifts fall into an absence, and how to ask for cover. */
export function absenceMessage(scene: {
  readonly said: string;
  readonly zone: ZoneName;
  readonly hit: readonly OwnShift[];
  readonly more: number;
  /** Schedules that are planned again because of it. */
  readonly replanned: readonly string[];
  readonly notes: readonly string[];
}): Message {
  const { zone, hit } = scene;
  const replanned =
    scene.replanned.length === 0
      ? []
      : [
          `${listed(scene.replanned.map((id) => escapeText(id)))} ${scene.replanned.length === 1 ? 'is' : 'are'} planned again, so some of this may move by itself.`,
        ];
  const head =
    hit.length === 0 ? `${scene.said} You are not on call then.` : `${scene.said} You are on call then:`;
  const more = scene.more > 0 ? [`and ${count(scene.more, 'more shift')}`] : [];
  const lines = [...hit.map((shift) => shiftLine(shift, zone)), ...more, ...replanned, ...scene.notes];
  return message([head, ...lines].join('\n'), [
    section(head),
    ...hit.flatMap((shift, index) => [section(shiftLine(shift, zone)), shiftButtons(shift, zone, index)]),
    ...[...more, ...replanned, ...scene.notes].map(context),
  ]);
}
