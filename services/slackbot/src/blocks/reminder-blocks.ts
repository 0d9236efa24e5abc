import { type Instant, MINUTE_MS, showLength, type ZoneName } from '@watchbill/core';
import { context, type Message, message, section, sections } from './elements.ts';
import { escapeText, shortSpan, time, timeSpan } from './text.ts';

/** A shift as a message shows it. */
export interface ShownShift {
  readonly schedule: string;
  readonly role: string;
  readonly start: Instant;
  readonly end: Instant;
}

/** What a reminder is made of: the shift as it was when it was due, and whether its person still stands it. */
export interface ReminderScene {
  readonly shift: ShownShift;
  readonly leadMinutes: number;
  readonly stands: boolean;
  readonly zone: ZoneName;
}

const SHOWN_MOVES = 30;

/** A reminder before a shift. When the shift is no longer theirs, it says so. */
export function reminderMessage({ shift, leadMinutes, stands, zone }: ReminderScene): Message {
  const where = `${escapeText(shift.role)} of ${escapeText(shift.schedule)}`;
  const text = stands
    ? `You are on call as *${where}* in ${showLength(leadMinutes * MINUTE_MS)}: ${timeSpan(shift, zone)}.`
    : `You are *no longer* on call as ${where} at ${time(shift.start, zone)}: the shift has moved.`;
  const help = 'Cannot make it? `/oncall cover` finds somebody. `/oncall me` shows all your shifts.';
  return message(text, [section(text), ...(stands ? [context(help)] : [])]);
}

/** What became of one shift of a person. */
export interface ShownMove {
  readonly before: ShownShift | null;
  readonly after: ShownShift | null;
}

/** What has changed of a person's shifts to come. `more`: changes that did not fit. */
export function shiftMovedMessage(scene: {
  readonly moves: readonly ShownMove[];
  readonly more: number;
  readonly zoneOf: (schedule: string) => ZoneName;
}): Message {
  const { moves, more, zoneOf } = scene;
  const total = moves.length + more;
  const head = total === 1 ? '*A shift of yours has changed.*' : `*${total} of your shifts have changed.*`;
  const lines = moves.slice(0, SHOWN_MOVES).map((move) => moveLine(move, zoneOf));
  const left = total - lines.length;
  const all = [head, ...lines, ...(left > 0 ? [`• and ${left} more; \`/oncall me\` shows all of them`] : [])];
  return message(all.join('\n'), sections(all));
}

function moveLine({ before, after }: ShownMove, zoneOf: (schedule: string) => ZoneName): string {
  const known = after ?? before;
  if (known === null) return '';
  const where = `${escapeText(known.role)} of ${escapeText(known.schedule)}`;
  const zone = zoneOf(known.schedule);
  if (after === null) return `• Not yours any more: ${where}, ${timeSpan(known, zone)}`;
  if (before === null) return `• New: ${where}, ${timeSpan(after, zone)}`;
  return `• Moved: ${where}, now ${timeSpan(after, zone)} (was ${escapeText(shortSpan(before, zone))} ${escapeText(zone)})`;
}
