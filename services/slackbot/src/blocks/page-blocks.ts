import type { KnownBlock } from '@slack/types';
import { showLength, type ZoneName } from '@watchbill/core';
import type { PageDetail, PageLink, PageStepRow } from '@watchbill/database';
import { actions, button, confirmation, context, type Message, message, sections } from './elements.ts';
import { mention, type People } from './people.ts';
import { count, escapeText, escapeWithin, listed, time } from './text.ts';

/** What a message about a page is made of. */
export interface PageScene {
  readonly page: PageDetail;
  readonly people: People;
  /** For readers to whom Slack cannot show their own time. */
  readonly zone: ZoneName;
}

const SUMMARY_SHOWN = 1_024;
const SHOWN_LINKS = 5;
const SHOWN_PEOPLE = 10;
const SEVERITIES = { critical: 'CRITICAL', error: 'ERROR', warning: 'WARNING', info: 'INFO' } as const;

/** A page as it stands now, with what can be done about it. Made anew at every change, and edited in place. */
export function pageMessage(scene: PageScene): Message {
  const { page } = scene;
  const head = `*${SEVERITIES[page.severity]} · page ${page.number}:* ${escapeWithin(page.summary, SUMMARY_SHOWN)}`;
  const lines = [head, stateLine(scene), ...toldLines(scene)];
  const notes = [...originNotes(page), ...linkNotes(page.links)];
  const text = [...lines, ...notes].join('\n');
  return message(text, [
    ...sections(lines),
    ...(notes.length === 0 ? [] : [context(notes.join('\n'))]),
    ...buttons(page),
  ]);
}

/** Calls once more in a channel where the page stands already. */
export function pageAgainMessage({ page, people }: Pick<PageScene, 'page' | 'people'>): Message {
  const last = page.steps.at(-1);
  const told =
    last === undefined ? [] : last.told.slice(0, SHOWN_PEOPLE).map(({ person }) => mention(people, person));
  const to = told.length === 0 ? '' : ` ${listed(told)}:`;
  const summary = escapeWithin(page.summary, SUMMARY_SHOWN);
  return message(`*Still nobody takes care of page ${page.number}.*${to} ${summary}`);
}

function stateLine(scene: PageScene): string {
  const { page, zone } = scene;
  const { place } = page;
  switch (place.state) {
    case 'resolved': {
      const after = page.resolved === null ? '' : ` after ${showLength(page.resolved.at - page.createdAt)}`;
      return `*Resolved*${after} by ${actorText(scene, page.resolved)}.`;
    }
    case 'acknowledged': {
      const who = actorText(scene, page.acknowledged);
      if (place.snoozedUntil !== null) return `*Snoozed* by ${who} until ${time(place.snoozedUntil, zone)}.`;
      const since = page.acknowledged === null ? '' : ` since ${time(page.acknowledged.at, zone)}`;
      const again =
        place.retriggerAt === null
          ? ''
          : ` It calls again at ${time(place.retriggerAt, zone)} unless it is resolved.`;
      return `*Acknowledged:* ${who} takes care of it${since}.${again}`;
    }
    case 'triggered':
      return `*Nobody has acknowledged it yet.*${nextText(scene)}`;
  }
}

function nextText({ page, zone }: PageScene): string {
  const { phase, stepAt } = page.place;
  if (phase === 'ended') return ' Everybody was told; nobody else is left to be told.';
  if (stepAt === null) return '';
  if (phase === 'seeking') return ` Nobody can be reached; it is tried again at ${time(stepAt, zone)}.`;
  return ` The next step is due at ${time(stepAt, zone)}.`;
}

function actorText({ people }: PageScene, actor: PageDetail['acknowledged']): string {
  if (actor === null) return 'somebody';
  return actor.person === null ? `*${escapeWithin(actor.actor, 80)}*` : mention(people, actor.person);
}

/** Whom the last step told, and who had been told before. */
function toldLines(scene: PageScene): string[] {
  const { page } = scene;
  if (page.place.state === 'resolved') return [];
  const last = page.steps.at(-1);
  if (last === undefined) return [];
  const before = new Set(page.steps.slice(0, -1).flatMap(({ told }) => told.map(({ person }) => person)));
  for (const { person } of last.told) before.delete(person);
  const earlier = [...before].slice(0, SHOWN_PEOPLE).map((person) => mention(scene.people, person));
  const told = `Told${last.number > 1 ? ` by step ${last.number}` : ''}: ${stepText(scene, last)}.`;
  return [earlier.length === 0 ? told : `${told} Before: ${listed(earlier)}.`];
}

function stepText({ people }: PageScene, step: PageStepRow): string {
  const told = step.told.slice(0, SHOWN_PEOPLE).map(({ person, schedule, role }) => {
    const from =
      schedule === null || role === null ? '' : ` (${escapeText(role)} of ${escapeText(schedule)})`;
    return `${mention(people, person)}${from}`;
  });
  const targets = step.targets.map((target) =>
    target.kind === 'slackChannel' ? escapeText(target.channel) : 'a webhook',
  );
  const all = [...told, ...targets];
  return all.length === 0 ? 'nobody' : listed(all);
}

function originNotes({ source, repeats, folded }: PageDetail): string[] {
  const notes = [
    ...(source === null ? [] : [`From ${escapeWithin(source, 200)}`]),
    ...(repeats === 0 ? [] : [`${count(repeats, 'more signal')} of the same`]),
    ...(folded === 0 ? [] : [`stands for ${count(folded, 'other signal')}`]),
  ];
  return notes.length === 0 ? [] : [notes.join(' · ')];
}

function linkNotes(links: readonly PageLink[]): string[] {
  return links.slice(0, SHOWN_LINKS).flatMap(({ href, text }) => {
    if (!URL.canParse(href)) return [];
    const url = new URL(href);
    if (!['http:', 'https:'].includes(url.protocol)) return [];
    // Inside <…|…> these two would end the address.
    const address = escapeText(url.href.replaceAll('|', '%7C'));
    return [`<${address}|${escapeWithin((text ?? url.host).replaceAll('|', '/'), 100)}>`];
  });
}

function buttons({ id, number, place }: PageDetail): KnownBlock[] {
  if (place.state === 'resolved') return [];
  const label = (verb: string): string => `${verb} page ${number}`;
  const acknowledge = button({
    ...{ id: 'page_acknowledge', text: 'Acknowledge', value: id, style: 'primary' },
    label: label('Acknowledge'),
  });
  const confirm = confirmation({
    title: 'Is it over?',
    text: 'Nobody is told of it any more.',
    yes: 'Resolve',
    no: 'Not yet',
  });
  return [
    actions([
      ...(place.state === 'triggered' ? [acknowledge] : []),
      button({ id: 'page_escalate', text: 'Escalate', value: id, label: label('Escalate') }),
      button({ id: 'page_snooze', text: 'Snooze', value: id, label: label('Snooze') }),
      button({ id: 'page_resolve', text: 'Resolve', value: id, label: label('Resolve'), confirm }),
    ]),
  ];
}
