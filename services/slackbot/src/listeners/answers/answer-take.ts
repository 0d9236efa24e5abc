import { takeBackShift, takeShift } from '@watchbill/commands';
import type { Instant } from '@watchbill/core';
import { findChannelLink, findScheduleSummary, runningTakes } from '@watchbill/database';
import { actions, button, type Message, message, section } from '../../blocks/elements.ts';
import { noteLines } from '../../blocks/note-lines.ts';
import { mention, nameOf } from '../../blocks/people.ts';
import { escapeText, listed, time } from '../../blocks/text.ts';
import { loadPeople } from '../../render/load-people.ts';
import type { OncallWish } from '../../words/oncall-wish.ts';
import { refusal, said } from '../desk/refusals.ts';
import { commandContext, type KnownVisit } from '../desk/visit.ts';
import { ownShifts } from '../reads/own-shifts.ts';
import { meantPerson } from '../reads/people.ts';
import { rolesAt } from '../reads/roles-at.ts';
import { meantSchedule } from '../reads/schedules.ts';

type TakeWish = Extract<OncallWish, { readonly do: 'take' }>;

/** A running shift that is to be taken over. */
export interface TakeOver {
  readonly schedule: string;
  readonly role: string;
  readonly from: string;
  readonly until: Instant | null;
}

const CHOICES = 10;
const TAKES_LOOKED_AT = 5;

/** Takes over from whoever was named; without a name, or where they stand several shifts, lets the visitor choose. */
export async function answerTake(visit: KnownVisit, wish: TakeWish): Promise<Message> {
  const choices = wish.person === null ? await standingIn(visit, wish.until) : await shiftsOf(visit, wish);
  if ('answer' in choices) return choices.answer;
  const [first, second] = choices.found;
  if (first === undefined) return said('Nobody else is on call there now, so there is nothing to take over.');
  if (wish.person === null || second !== undefined) return chooseMessage(visit, choices.found);
  return takeOver(visit, first, noteLines(wish.notes));
}

type Choices = { readonly found: readonly TakeOver[] } | { readonly answer: Message };

/** Who is on call now in the schedule that is meant. */
async function standingIn(visit: KnownVisit, until: Instant | null): Promise<Choices> {
  const meant = await meantSchedule(visit, null);
  if (!meant.ok) return meant;
  const roles = await rolesAt(visit.desk.deps.database, meant.schedule, visit.now);
  const found = roles.flatMap(({ role, people }) =>
    people
      .filter(({ person }) => person !== visit.person)
      .map(({ person }) => ({ schedule: meant.schedule.id, role, from: person, until })),
  );
  return { found };
}

/** The running shifts of the person named: that of the channel's schedule, if there is one. */
async function shiftsOf(visit: KnownVisit, { person: word, until }: TakeWish): Promise<Choices> {
  if (word === null) return { found: [] };
  const meant = await meantPerson(visit, word, { gone: true });
  if (!meant.ok) return { answer: said(meant.said) };
  const { database } = visit.desk.deps;
  const { workspace, now } = visit;
  const from = meant.person;
  if (from === visit.person) return { answer: said('That is you: there is nothing to take over.') };
  const { shifts } = await ownShifts(database, { person: from, from: now, to: now + 1, limit: CHOICES });
  const link = await linkOf(visit);
  const here = shifts.filter(({ schedule }) => schedule === link?.schedule);
  const found = (here.length > 0 ? here : shifts).map(({ schedule, role }) => ({
    schedule,
    role,
    from,
    until,
  }));
  if (found.length > 0) return { found };
  const people = await loadPeople(database, workspace, [from]);
  const text = `${mention(people, from)} is not on call now. For a later shift, let them ask you with \`/oncall cover\`.`;
  return { answer: said(text) };
}

async function chooseMessage(visit: KnownVisit, found: readonly TakeOver[]): Promise<Message> {
  const shown = found.slice(0, CHOICES);
  const ids = shown.map(({ from }) => from);
  const people = await loadPeople(visit.desk.deps.database, visit.workspace, ids);
  const lines = shown.map(
    ({ from, role, schedule }) =>
      `• ${mention(people, from)}: ${escapeText(role)} of ${escapeText(schedule)}`,
  );
  const head = 'Whose running shift do you take over?';
  return message([head, ...lines].join('\n'), [
    section([head, ...lines].join('\n')),
    ...shown.map((choice, index) =>
      actions([
        button({
          id: 'take_over',
          text: `Take over from ${nameOf(people, choice.from)} (${choice.role})`,
          value: JSON.stringify(choice),
          label: `Take over ${index + 1}: ${choice.role} of ${choice.schedule} from ${nameOf(people, choice.from)}`,
        }),
      ]),
    ),
  ]);
}

/** Takes a running shift over, and says until when. */
export async function takeOver(
  visit: KnownVisit,
  wanted: TakeOver,
  notes: readonly string[],
): Promise<Message> {
  const { schedule, role, from, until } = wanted;
  const input = { schedule, role, from, person: visit.person, ...(until === null ? {} : { until }) };
  const result = await takeShift(commandContext(visit), input);
  if (!result.ok) {
    const { reason } = result.error;
    return reason === 'swap/not-on-call'
      ? standsNow(visit, wanted, refusal(result.error))
      : refusal(result.error);
  }
  const people = await loadPeople(visit.desk.deps.database, visit.workspace, [from]);
  const end = Math.max(...result.value.gives.map((stretch) => stretch.end));
  const lines = [
    `You are on call now as ${escapeText(role)} of ${escapeText(schedule)} instead of ${mention(people, from)}, until ${time(end, visit.zone)}.`,
    `They give you a rest with \`/oncall take back\`, when they can.`,
    ...notes,
  ];
  return message(lines.join('\n'));
}

/** Somebody may just have been faster: who stands there instead. */
async function standsNow(
  visit: KnownVisit,
  { schedule, role }: TakeOver,
  refused: Message,
): Promise<Message> {
  const { database } = visit.desk.deps;
  const summary = await findScheduleSummary(database, schedule);
  if (summary === null) return refused;
  const roles = await rolesAt(database, summary, visit.now);
  const standing = roles.filter((each) => each.role === role).flatMap((each) => each.people);
  if (standing.length === 0) return refused;
  const ids = standing.slice(0, CHOICES).map(({ person }) => person);
  const people = await loadPeople(database, visit.workspace, ids);
  const names = listed(ids.map((person) => mention(people, person)));
  return message(`${refused.text} On call as ${escapeText(role)} is ${names}.`);
}

/** Gives a running shift that was taken over back: to the visitor, or by the visitor to whom they took it from. */
export async function answerTakeBack(visit: KnownVisit): Promise<Message> {
  const { database } = visit.desk.deps;
  const takes = await runningTakes(database, visit.person, TAKES_LOOKED_AT);
  const link = await linkOf(visit);
  // That of the channel's schedule first, then the last one.
  const sorted = [...takes].sort(
    (a, b) => Number(b.schedule === link?.schedule) - Number(a.schedule === link?.schedule),
  );
  let refused: Message | null = null;
  for (const { schedule, person, taker } of sorted) {
    const result = await takeBackShift(commandContext(visit), { schedule, person });
    if (result.ok) return givenBack(visit, { schedule, person, taker });
    refused = refusal(result.error);
  }
  return refused ?? said('Nobody has taken a running shift over from you, nor you from anybody.');
}

async function givenBack(
  visit: KnownVisit,
  { schedule, person, taker }: { readonly schedule: string; readonly person: string; readonly taker: string },
): Promise<Message> {
  const people = await loadPeople(visit.desk.deps.database, visit.workspace, [person, taker]);
  const place = escapeText(schedule);
  return message(
    person === visit.person
      ? `You are on call again for ${place}. ${mention(people, taker)} can rest.`
      : `${mention(people, person)} is on call again for ${place}, and you can rest.`,
  );
}

async function linkOf({ desk, workspace, channel }: KnownVisit) {
  return channel === null ? null : findChannelLink(desk.deps.database, { workspace, channel });
}
