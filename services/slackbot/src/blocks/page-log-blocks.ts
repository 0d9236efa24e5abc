import { parseInstant, type ZoneName } from '@watchbill/core';
import type { PageEvent } from '../follow/follow-page.ts';
import { type Message, message, sections } from './elements.ts';
import { mention, type People } from './people.ts';
import { escapeText, escapeWithin, listed, time } from './text.ts';

const NOTE_SHOWN = 2_000;

/** One line in the thread of a page: what happened. */
export function pageLogMessage(
  event: PageEvent,
  { people, zone }: { readonly people: People; readonly zone: ZoneName },
): Message {
  const text = logText(event, people, zone);
  return message(text, sections([text]));
}

type Actor = Extract<PageEvent, { readonly type: 'page.acknowledged' }>['data']['actor'];

function logText(event: PageEvent, people: People, zone: ZoneName): string {
  const by = (actor: Actor | null): string =>
    actor === null
      ? 'Its time had come'
      : `${actor.person === null ? escapeWithin(actor.name, 80) : mention(people, actor.person)}, by ${escapeText(actor.via)}`;
  switch (event.type) {
    case 'page.triggered':
      return 'Triggered.';
    case 'page.escalated': {
      const { step, actor } = event.data;
      const told = step.told.map(({ person }) => mention(people, person));
      const all = [...told, ...step.channels.map(escapeText)];
      return `Step ${step.number}: told ${all.length === 0 ? 'nobody' : listed(all)}. ${by(actor)}.`;
    }
    case 'page.acknowledged':
      return `Acknowledged. ${by(event.data.actor)}.`;
    case 'page.snoozed':
      return `Snoozed until ${instantText(event.data.until, zone)}. ${by(event.data.actor)}.`;
    case 'page.retriggered':
      return `Calls again: ${RETRIGGERED[event.data.reason]}.`;
    case 'page.reassigned': {
      const { to, actor } = event.data;
      const receiver = to.kind === 'person' ? mention(people, to.id) : `the ${to.kind} ${escapeText(to.id)}`;
      return `Given to ${receiver}. ${by(actor)}.`;
    }
    case 'page.handed_over': {
      const { schedule, role, told } = event.data;
      const names = told.map((person) => mention(people, person));
      return `Handed over: ${listed(names)} came on call as ${escapeText(role)} of ${escapeText(schedule)}.`;
    }
    case 'page.noted':
      return `${by(event.data.actor)}: ${escapeWithin(event.data.text, NOTE_SHOWN)}`;
    case 'page.resolved':
      return `Resolved. ${by(event.data.actor)}.`;
    case 'page.unreachable':
      return 'Nobody could be told: nobody is on call, or nobody of them has a way to be told. It is tried again.';
  }
}

const RETRIGGERED = {
  unresolved: 'it was not resolved in time',
  snooze_ended: 'the snooze is over',
  more_severe: 'a signal came that is more severe',
} as const;

function instantText(text: string, zone: ZoneName): string {
  const instant = parseInstant(text);
  return instant === null ? escapeText(text) : time(instant, zone);
}

/** Everybody whom a line may name. */
export function peopleOfPageEvent(event: PageEvent): string[] {
  const { data } = event;
  const people: string[] = [];
  if ('actor' in data && data.actor !== null && data.actor.person !== null) people.push(data.actor.person);
  if (event.type === 'page.escalated') people.push(...event.data.step.told.map(({ person }) => person));
  if (event.type === 'page.handed_over') people.push(...event.data.told);
  if (event.type === 'page.reassigned' && event.data.to.kind === 'person') people.push(event.data.to.id);
  return people;
}
