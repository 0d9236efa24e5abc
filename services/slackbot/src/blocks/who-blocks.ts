import type { Instant, Interval, ZoneName } from '@watchbill/core';
import type { TimeNote } from '../words/time-reading.ts';
import { context, type Message, message, section, sections } from './elements.ts';
import { noteLines } from './note-lines.ts';
import { mention, type People } from './people.ts';
import { escapeText, escapeWithin, listed, time } from './text.ts';

/** Who stands a role at an instant, and who comes next. */
export interface RoleNow {
  readonly role: string;
  readonly people: readonly { readonly person: string; readonly until: Instant | null }[];
  /** Empty where nobody comes within what is planned. */
  readonly next: readonly { readonly person: string; readonly since: Instant | null }[];
}

export interface WhoScene {
  readonly schedule: string;
  readonly zone: ZoneName;
  /** Null: now. */
  readonly at: Instant | null;
  readonly roles: readonly RoleNow[];
  readonly people: People;
  readonly notes: readonly TimeNote[];
}

const SHOWN_ROLES = 20;
const SHOWN_PEOPLE = 10;

/** Who is on call in a schedule: each role, until when, and who is next. */
export function whoMessage(scene: WhoScene): Message {
  const head =
    scene.at === null
      ? `*On call now for ${escapeText(scene.schedule)}*`
      : `*On call for ${escapeText(scene.schedule)} at ${time(scene.at, scene.zone)}*`;
  const roles = scene.roles.slice(0, SHOWN_ROLES).map((role) => roleLine(role, scene));
  const lines = roles.length === 0 ? ['Nobody is on call, and nobody is planned.'] : roles;
  const notes = noteLines(scene.notes);
  const blocks = [section(head), ...sections(lines), ...notes.map(context)];
  return message([head, ...lines, ...notes].join('\n'), blocks);
}

function roleLine({ role, people, next }: RoleNow, scene: WhoScene): string {
  const now = people.slice(0, SHOWN_PEOPLE).map(({ person, until }) => {
    const end = until === null ? '' : ` until ${time(until, scene.zone)}`;
    return `${mention(scene.people, person)}${end}`;
  });
  return `*${escapeText(role)}:* ${now.length === 0 ? '*nobody*' : listed(now)}${nextWords(next, scene)}`;
}

function nextWords(next: RoleNow['next'], scene: WhoScene): string {
  const [first] = next;
  if (first === undefined) return '';
  const names = listed(next.slice(0, SHOWN_PEOPLE).map(({ person }) => mention(scene.people, person)));
  const since = first.since === null ? '' : ` from ${time(first.since, scene.zone)}`;
  return `\n        next: ${names}${since}`;
}

/** One shift or gap of a list. */
export interface UpcomingLine extends Interval {
  readonly role: string;
  /** Null: a gap. */
  readonly person: string | null;
}

export interface UpcomingScene {
  readonly schedule: string;
  readonly zone: ZoneName;
  readonly from: Instant;
  readonly to: Instant;
  readonly shifts: readonly UpcomingLine[];
  readonly gaps: readonly UpcomingLine[];
  /** Shifts there are beyond those listed. */
  readonly more: number;
  readonly people: People;
  readonly notes: readonly TimeNote[];
}

const SHOWN_GAPS = 20;

/** The shifts of a schedule in a window, what is not covered first. */
export function upcomingMessage(scene: UpcomingScene): Message {
  const { schedule, zone, from, to } = scene;
  const head = `*${escapeText(schedule)} from ${time(from, zone)} to ${time(to, zone)}*`;
  const gaps = scene.gaps.slice(0, SHOWN_GAPS).map((gap) => {
    return `:warning: *Nobody* is on call as ${escapeText(gap.role)}: ${time(gap.start, zone)} – ${time(gap.end, zone)}`;
  });
  const moreGaps = scene.gaps.length - gaps.length;
  if (moreGaps > 0) gaps.push(`:warning: and ${moreGaps} more gaps`);
  const shifts = scene.shifts.map(
    (shift) =>
      `${time(shift.start, zone)} – ${time(shift.end, zone)}  ${escapeText(shift.role)}: ${
        shift.person === null ? '*nobody*' : mention(scene.people, shift.person)
      }`,
  );
  if (shifts.length === 0) shifts.push('No shifts.');
  if (scene.more > 0) shifts.push(`and ${scene.more} more. Ask for fewer days to see all.`);
  const lines = [...gaps, ...shifts];
  const notes = noteLines(scene.notes);
  return message([head, ...lines, ...notes].join('\n'), [
    section(head),
    ...sections(lines),
    ...notes.map(context),
  ]);
}

/** A channel that belongs to no schedule, or a name that is none: which there are, and how to link one. */
export function schedulesMessage(scene: {
  readonly said: string;
  readonly schedules: readonly string[];
  readonly more: boolean;
}): Message {
  const names = scene.schedules.map((id) => `\`${escapeWithin(id, 80)}\``);
  const list =
    names.length === 0
      ? 'There are no schedules yet: apply a `watchbill.yaml` first.'
      : `Schedules: ${names.join(' · ')}${scene.more ? ' · …' : ''}`;
  const example = scene.schedules[0] ?? 'payments';
  const hint = `Ask for one by name, such as \`/oncall who ${example}\`, or tie this channel to it with \`/oncall link ${example}\`.`;
  const lines = [scene.said, list, ...(names.length === 0 ? [] : [hint])];
  return message(lines.join('\n'), sections(lines));
}
