import type { CommandError } from '@watchbill/commands';
import { type Instant, parseInstant } from '@watchbill/core';
import { type Message, message } from '../../blocks/elements.ts';
import { escapeWithin, time } from '../../blocks/text.ts';
import type { Visit } from './visit.ts';

const SAID_LIMIT = 1_500;

/** One sentence for everything a command refuses: its own message says what to do. */
export function refusal(error: CommandError): Message {
  return message(withTimes(escapeWithin(error.message, SAID_LIMIT), (at) => time(at, 'UTC')));
}

const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/** Instants, as commands name them, in a way that people read. */
export function withTimes(text: string, show: (at: Instant) => string): string {
  return text.replace(INSTANT, (found) => {
    const at = parseInstant(found);
    return at === null ? found : show(at);
  });
}

/** A sentence of ours, in mrkdwn. */
export function said(text: string): Message {
  return message(text);
}

/** What somebody is told who asks in the name of others and manages nobody. */
export function onlyManagersAsk(): string {
  return 'Only a manager can ask for somebody else. They ask themselves with `/oncall cover`; a shift that is running you can take over at once with `/oncall take`.';
}

/** What somebody is told whose account belongs to nobody. */
export function strangerText({ profile }: Visit): string {
  if (profile?.stranger === true) {
    return 'Your account belongs to another workspace. I only know the people of this one.';
  }
  if (profile?.bot === true) return 'I only answer people.';
  if (profile?.guest === true) {
    return 'You are a guest of this workspace, and I do not know you: guests cannot page anybody or change who is on call. Ask somebody of the workspace. If you stand shifts yourself, a manager makes a code with which you type `/oncall connect CODE`.';
  }
  return 'I do not know you yet. Type `/oncall connect`: I link you by the e-mail of your Slack profile. Where that is hidden or another one, ask a manager for a code and type `/oncall connect CODE`.';
}
