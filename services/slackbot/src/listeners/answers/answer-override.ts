import { type CreatedOverride, createOverride } from '@watchbill/commands';
import { findChannelLink } from '@watchbill/database';
import { type Message, message } from '../../blocks/elements.ts';
import { noteLines } from '../../blocks/note-lines.ts';
import { mention } from '../../blocks/people.ts';
import { escapeText, listed, timeSpan } from '../../blocks/text.ts';
import { loadPeople } from '../../render/load-people.ts';
import type { OncallWish, PersonWord } from '../../words/oncall-wish.ts';
import { openForm } from '../desk/open-form.ts';
import { refusal, said } from '../desk/refusals.ts';
import { commandContext, type KnownVisit } from '../desk/visit.ts';
import { OVERRIDE_TITLE, overrideForm } from '../forms/override-form.ts';
import { type MeantPerson, meantPerson } from '../reads/people.ts';
import { meantSchedule } from '../reads/schedules.ts';

type OverrideWish = Extract<OncallWish, { readonly do: 'override' }>;

/** Overrides at once where a person and a time were said; else opens the form with what was. */
export async function answerOverride(visit: KnownVisit, wish: OverrideWish): Promise<Message | null> {
  if (wish.person === null || wish.span === null) {
    return openForm(visit, { title: OVERRIDE_TITLE, fill: () => prefilled(visit, wish) });
  }
  const person = await meantPerson(visit, wish.person);
  if (!person.ok) return said(person.said);
  const replaces = wish.replaces === null ? null : await meantPerson(visit, wish.replaces);
  if (replaces?.ok === false) return said(replaces.said);
  const meant = await meantSchedule(visit, null);
  if (!meant.ok) return meant.answer;
  const result = await createOverride(commandContext(visit), {
    schedule: meant.schedule.id,
    ...(wish.role === null ? {} : { role: wish.role }),
    kind: 'replace',
    people: [person.person],
    replaces: replaces?.person ?? null,
    start: wish.span.start,
    end: wish.span.end,
    reason: wish.reason === '' ? null : wish.reason,
  });
  return result.ok ? overridden(visit, result.value, noteLines(wish.span.notes)) : refusal(result.error);
}

async function prefilled(visit: KnownVisit, wish: OverrideWish) {
  const { workspace, channel, desk } = visit;
  const link = channel === null ? null : await findChannelLink(desk.deps.database, { workspace, channel });
  const id = async (word: PersonWord | null): Promise<string | null> => {
    const meant: MeantPerson | null = word === null ? null : await meantPerson(visit, word);
    return meant?.ok === true ? meant.person : null;
  };
  return overrideForm(visit, {
    schedule: link?.schedule ?? null,
    role: wish.role,
    person: await id(wish.person),
    replaces: await id(wish.replaces),
    start: wish.span?.start ?? null,
    end: wish.span?.end ?? null,
    reason: wish.reason,
  });
}

/** What an override has come to. */
export async function overridden(
  visit: KnownVisit,
  made: CreatedOverride,
  notes: readonly string[],
): Promise<Message> {
  const named = [...made.people, ...(made.replaces === null ? [] : [made.replaces])];
  const people = await loadPeople(visit.desk.deps.database, visit.workspace, named);
  const who =
    made.people.length === 0 ? 'Nobody' : listed(made.people.map((person) => mention(people, person)));
  const instead = made.replaces === null ? '' : ` instead of ${mention(people, made.replaces)}`;
  const place = `${escapeText(made.role)} of ${escapeText(made.schedule)}`;
  const { scheduled, changed, cancelled } = made.shifts;
  const none = scheduled + changed + cancelled === 0 ? ['It changes no shift that is planned so far.'] : [];
  const lines = [
    `${who} is on call as ${place}${instead}, ${timeSpan(made, visit.zone)}.`,
    ...none,
    ...notes,
  ];
  return message(lines.join('\n'));
}
