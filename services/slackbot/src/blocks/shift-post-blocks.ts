import type { Instant, ZoneName } from '@watchbill/core';
import { context, type Message, message, sections } from './elements.ts';
import { escapedName, mention, type People } from './people.ts';
import { count, escapeText, escapeWithin, listed, time } from './text.ts';

/** One role at a handoff. */
export interface RoleHandover {
  readonly role: string;
  readonly outgoing: readonly string[];
  readonly incoming: readonly string[];
  /** Until when the incoming ones stand; null where nothing is known any more. */
  readonly until: Instant | null;
}

/** What a post at a handoff is made of. */
export interface ShiftPostScene {
  readonly schedule: string;
  readonly at: Instant;
  readonly roles: readonly RoleHandover[];
  /** Pages of the schedule that are not resolved, the newest first, and how many there are. */
  readonly pages: readonly { readonly number: number; readonly summary: string; readonly state: string }[];
  readonly openPages: number;
  readonly people: People;
  readonly zone: ZoneName;
}

const SHOWN_ROLES = 10;
const SUMMARY_SHOWN = 120;

/** Who leaves, who comes and until when, and what is still open. */
export function shiftPostMessage(scene: ShiftPostScene): Message {
  const { schedule, at, roles, zone } = scene;
  const lines = [
    `*Handoff of ${escapeText(schedule)}*, ${time(at, zone)}`,
    ...roles.slice(0, SHOWN_ROLES).map((role) => roleLine(scene, role)),
  ];
  const pages = pageLines(scene);
  return message([...lines, ...pages].join('\n'), [
    ...sections(lines),
    ...(pages.length === 0 ? [] : [context(pages.join('\n'))]),
  ]);
}

function roleLine({ people, zone }: ShiftPostScene, role: RoleHandover): string {
  const comes = listed(role.incoming.map((person) => mention(people, person)));
  // Whoever leaves is not called again.
  const leaves = listed(role.outgoing.map((person) => escapedName(people, person)));
  const until = role.until === null ? '' : ` until ${time(role.until, zone)}`;
  const verb = role.incoming.length === 1 ? 'is' : 'are';
  return `• ${escapeText(role.role)}: ${comes} ${verb} on call${until}, after ${leaves}`;
}

function pageLines({ pages, openPages }: ShiftPostScene): string[] {
  if (openPages === 0) return ['No open pages.'];
  const shown = pages.map(
    ({ number, summary, state }) =>
      `• ${number}, ${escapeText(state)}: ${escapeWithin(summary, SUMMARY_SHOWN)}`,
  );
  const more = openPages - pages.length;
  return [`${count(openPages, 'open page')}:`, ...shown, ...(more > 0 ? [`• and ${more} more`] : [])];
}
