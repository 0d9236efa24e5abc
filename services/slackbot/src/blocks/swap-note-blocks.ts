import type { SwapNote } from '../follow/follow-swap.ts';
import { type Message, message, section } from './elements.ts';
import { mention, type People } from './people.ts';

/**
 * A word in the thread of a swap, for whoever waits for one. `about`: whose doing it is; `whose`: whose shift it is,
 * null for the reader's own.
 */
export function swapNoteMessage(note: {
  readonly what: SwapNote;
  readonly about: string | null;
  readonly whose: string | null;
  readonly people: People;
}): Message {
  const who = note.about === null ? 'Somebody' : mention(note.people, note.about);
  const stands =
    note.whose === null ? 'You still stand your' : `${mention(note.people, note.whose)} still stands the`;
  const text = TEXTS[note.what](who, stands);
  return message(text, [section(text)]);
}

const TEXTS: Readonly<Record<SwapNote, (who: string, stands: string) => string>> = {
  offered: (who) => `${who} makes you an offer. See above.`,
  taken: (who) => `Done: ${who} has taken it over. The schedule has changed.`,
  declined: (who, stands) => `${who} said no. ${stands} shift; \`/oncall cover\` asks somebody else.`,
  cancelled: (who) => `${who} took the request back. Everything stays as it was.`,
  expired: (_, stands) => `Nobody took it in time. ${stands} shift.`,
  waits: (who) => `${who} would take it. A manager has to approve first.`,
  unreachable: (who) =>
    `${who} has no linked Slack account, so they have not heard of it. Tell them, or ask somebody else.`,
  soon: () => 'Still open, and it starts soon. Can you take it, or say no?',
};
