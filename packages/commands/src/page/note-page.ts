import { countPageNotes, newId, type Transaction } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse } from '../run-command.ts';
import { actOnPage, type HeldPage } from './hold-page.ts';
import { actorFactsOf, pageEvent } from './page-events.ts';
import type { ActedPage, NoteInput } from './page-input.ts';
import { PAGE_LIMITS } from './page-limits.ts';
import { recordAct } from './record-act.ts';

/** Control characters but line ends and tabs: they say nothing, and steer terminals. */
const UNWRITTEN = /[^\P{Cc}\n\t]/gu;

/** Adds a note to the log of a page, a resolved one too. */
export function notePage(context: CommandContext, input: NoteInput): Promise<CommandResult<ActedPage>> {
  return actOnPage(context, { name: 'notePage', input }, (tx, held) => noteHeld(tx, held, input.text));
}

async function noteHeld(tx: Transaction, held: HeldPage, raw: string): Promise<CommandOutcome<ActedPage>> {
  const text = raw.replaceAll('\r\n', '\n').replace(UNWRITTEN, ' ').trim();
  if (text === '' || text.length > PAGE_LIMITS.noteLength) {
    const message = `A note has 1 to ${PAGE_LIMITS.noteLength} characters.`;
    return refuse('invalid', 'page/note', { message });
  }
  const { page, moment, actor } = held;
  if ((await countPageNotes(tx, page.id)) >= PAGE_LIMITS.notes) {
    const message = `The page #${page.number} has ${PAGE_LIMITS.notes} notes already.`;
    return refuse('limit', 'limit/notes', { message });
  }
  const data = { actor: actorFactsOf(actor), text };
  const event = pageEvent(page, { type: 'page.noted', mark: newId('note'), moment, data });
  await recordAct(tx, held, { kind: 'noted', event, detail: { text } });
  return done({ page, acted: true });
}
