import {
  type ActedPage,
  acknowledgePage,
  type CommandResult,
  escalatePage,
  resolvePage,
  snoozePage,
} from '@watchbill/commands';
import { type Instant, MINUTE_MS } from '@watchbill/core';
import type { PageRow } from '@watchbill/database';
import { actions, button, type Message, message, section } from '../../blocks/elements.ts';
import { mention } from '../../blocks/people.ts';
import { escapeText, escapeWithin, time } from '../../blocks/text.ts';
import { loadPeople } from '../../render/load-people.ts';
import { refusal, said } from '../desk/refusals.ts';
import { commandContext, type KnownVisit } from '../desk/visit.ts';
import { meantPage } from '../reads/meant-page.ts';

export type PageVerb = 'ack' | 'resolve' | 'escalate' | 'snooze';

/** What is done to which page. `until` only with `snooze`. */
export interface PageDeed {
  readonly verb: PageVerb;
  readonly page: string;
  readonly until?: Instant | undefined;
}

export const SNOOZE_USUAL_MS = 30 * MINUTE_MS;

/** Acts on the page that is meant; where several are open, lets the visitor choose. */
export async function answerPageAct(
  visit: KnownVisit,
  wish: { readonly do: PageVerb; readonly page: string | null; readonly until?: Instant | null },
): Promise<Message> {
  const meant = await meantPage(visit, wish.page);
  if (meant.kind === 'none') return said(meant.said);
  if (meant.kind === 'several') return chooseMessage(meant.pages, wish.do);
  return actOnPage(visit, { verb: wish.do, page: meant.page.id, until: wish.until ?? undefined });
}

const BUTTONS = {
  ack: { id: 'page_acknowledge', text: 'Acknowledge' },
  resolve: { id: 'page_resolve', text: 'Resolve' },
  escalate: { id: 'page_escalate', text: 'Escalate' },
  snooze: { id: 'page_snooze', text: 'Snooze' },
} as const;

function chooseMessage(pages: readonly PageRow[], verb: PageVerb): Message {
  const head = 'Several pages are open. Which one?';
  const lines = pages.map((page) => pageLine(page));
  return message([head, ...lines].join('\n'), [
    section(head),
    ...pages.flatMap((page) => [
      section(pageLine(page)),
      actions([
        button({ ...BUTTONS[verb], value: page.id, label: `${BUTTONS[verb].text} page ${page.number}` }),
      ]),
    ]),
  ]);
}

function pageLine({ number, summary }: PageRow): string {
  return `*Page ${number}:* ${escapeWithin(summary, 300)}`;
}

/** Does it, and says what has come of it: also where somebody was faster. */
export async function actOnPage(visit: KnownVisit, deed: PageDeed): Promise<Message> {
  const result = await run(visit, deed);
  if (!result.ok)
    return result.error.code === 'not_found'
      ? said('That page is not there any more.')
      : refusal(result.error);
  const { page, acted } = result.value;
  return acted ? doneMessage(visit, deed.verb, page) : earlierMessage(visit, deed.verb, page);
}

function run(visit: KnownVisit, { verb, page, until }: PageDeed): Promise<CommandResult<ActedPage>> {
  const context = commandContext(visit);
  const act = { page, by: visit.person, via: 'slack' } as const;
  switch (verb) {
    case 'ack':
      return acknowledgePage(context, act);
    case 'resolve':
      return resolvePage(context, act);
    case 'escalate':
      return escalatePage(context, act);
    case 'snooze':
      return snoozePage(context, { ...act, until: until ?? visit.realNow + SNOOZE_USUAL_MS });
  }
}

function doneMessage({ zone }: KnownVisit, verb: PageVerb, page: PageRow): Message {
  const name = `Page ${page.number}`;
  switch (verb) {
    case 'ack':
      return message(`${name} is yours: nobody else is called. Say \`/oncall resolve\` when it is over.`);
    case 'resolve':
      return message(`${name} is resolved.`);
    case 'escalate':
      return message(`${name} calls the next ones now.`);
    case 'snooze': {
      const until = page.place.snoozedUntil;
      return message(`${name} leaves everybody alone${until === null ? '' : ` until ${time(until, zone)}`}.`);
    }
  }
}

/** Somebody was faster: who, and when. */
async function earlierMessage(visit: KnownVisit, verb: PageVerb, page: PageRow): Promise<Message> {
  const name = `Page ${page.number}`;
  const actor = page.place.state === 'resolved' ? page.resolved : page.acknowledged;
  if (verb === 'escalate')
    return message(`${name} has just been escalated; the next ones are being called already.`);
  if (actor === null) return message(`${name} is ${escapeText(page.place.state)} already.`);
  const people = await loadPeople(
    visit.desk.deps.database,
    visit.workspace,
    actor.person === null ? [] : [actor.person],
  );
  const who =
    actor.person === visit.person
      ? 'You'
      : actor.person === null
        ? escapeWithin(actor.actor, 80)
        : mention(people, actor.person);
  const what =
    page.place.state === 'resolved'
      ? 'resolved'
      : page.place.snoozedUntil === null
        ? 'acknowledged'
        : 'snoozed';
  return message(
    `${who} ${what} page ${page.number} already, at ${time(actor.at, visit.zone)}. Nothing is left to do here.`,
  );
}
