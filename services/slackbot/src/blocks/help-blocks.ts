import type { OncallVerb } from '../words/oncall-wish.ts';
import { context, type Message, message, section, sections } from './elements.ts';

/** How each verb is written, and what it does. */
const HELP: readonly (readonly [verb: OncallVerb, usage: string, does: string])[] = [
  ['who', '/oncall', 'who is on call now in this channel’s schedule, until when, and who is next'],
  [
    'who',
    '/oncall who at tomorrow 9am',
    'the same for another time; `/oncall who payments` for another schedule',
  ],
  ['me', '/oncall me', 'your coming shifts, your open requests, and your load beside the team’s'],
  ['schedule', '/oncall schedule 14', 'the shifts of the next days, gaps first'],
  ['cover', '/oncall cover tomorrow @benji dentist', 'give a shift, or a part of one, to somebody else'],
  ['swap', '/oncall swap with @benji', 'exchange a shift of yours for one of theirs'],
  ['cover', '/oncall cover for @amara tomorrow @benji', 'ask in the name of somebody else (managers)'],
  [
    'take',
    '/oncall take @benji until 18:00',
    'take over a running shift at once, from somebody who is ill or deep in an incident',
  ],
  ['take-back', '/oncall take back', 'take your own shift back'],
  [
    'override',
    '/oncall override @benji from mon 09:00 to fri 17:00',
    'change who is on call directly; `override add` puts somebody beside them, `override remove` takes somebody off (managers)',
  ],
  [
    'off',
    '/oncall off from 2026-12-21 to 2027-01-03 family',
    'enter an absence; shows the shifts it hits and asks for cover',
  ],
  ['page', '/oncall page payments the database is down', 'page whoever is on call'],
  ['ack', '/oncall ack', 'acknowledge the page of this channel; `/oncall ack 42` for page 42'],
  ['resolve', '/oncall resolve', 'end it'],
  ['escalate', '/oncall escalate', 'call the next ones at once'],
  ['snooze', '/oncall snooze 30m', 'leave everybody alone for a while'],
  ['link', '/oncall link payments', 'tie this channel to a schedule, and choose what is posted here'],
  ['unlink', '/oncall unlink', 'untie it'],
  ['fairness', '/oncall fairness', 'who carried how much'],
  ['connect', '/oncall connect', 'link your Slack account to your person; `/oncall disconnect` undoes it'],
];

const TIMES =
  'Times are read in your own time zone: `tomorrow 9am`, `mon 09:00`, `2026-12-21`, `until 18:00`, `for 2h`, `this weekend`, `next week`. A day alone is the whole day.';

/** All that the bot understands, or one verb. `said` stands first: what was not understood. */
export function helpMessage(about: OncallVerb | null = null, said: string | null = null): Message {
  const rows = HELP.filter(([verb]) => about === null || about === 'help' || verb === about);
  const lines = (rows.length === 0 ? HELP : rows).map(([, usage, does]) => `\`${usage}\`\n        ${does}`);
  const head = said ?? '*What I understand*';
  return message([head, ...lines, TIMES].join('\n'), [section(head), ...sections(lines), context(TIMES)]);
}
