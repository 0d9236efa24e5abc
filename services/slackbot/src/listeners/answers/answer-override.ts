import type { ModalView } from '@slack/types';
import { type CreatedOverride, createOverride } from '@watchbill/commands';
import type { Interval } from '@watchbill/core';
import { findChannelLink, shiftsWithin } from '@watchbill/database';
import { type Message, message } from '../../blocks/elements.ts';
import { noteLines } from '../../blocks/note-lines.ts';
import { mention } from '../../blocks/people.ts';
import { escapeText, listed, timeSpan } from '../../blocks/text.ts';
import { loadPeople } from '../../render/load-people.ts';
import type { OncallWish, PersonWord } from '../../words/oncall-wish.ts';
import { openForm } from '../desk/open-form.ts';
import { refusal, said } from '../desk/refusals.ts';
import { commandContext, type KnownVisit } from '../desk/visit.ts';
import { managersOnly, OVERRIDE_TITLE, overrideForm } from '../forms/override-form.ts';
import { managedSchedules, NEAR_SHIFTS } from '../reads/managed.ts';
import { type MeantPerson, meantPerson } from '../reads/people.ts';
import { meantSchedule, rolesOf } from '../reads/schedules.ts';

type OverrideWish = Extract<OncallWish, { readonly do: 'override' }>;

/**
 * Overrides at once where a person, a time and, of several roles, the role were said or can only be one; else opens
 * the form with what was.
 */
export async function answerOverride(visit: KnownVisit, wish: OverrideWish): Promise<Message | null> {
  const { person: word, span, kind } = wish;
  const form = () => openForm(visit, { title: OVERRIDE_TITLE, fill: () => prefilled(visit, wish) });
  if (word === null || span === null) return form();
  const { database } = visit.desk.deps;
  const meant = await meantSchedule(visit, wish.schedule);
  if (!meant.ok) return meant.answer;
  const { id: schedule } = meant.schedule;
  const managed = await managedSchedules(database, visit.person);
  if (!managed.some(({ id }) => id === schedule)) return said(await managersOnly(visit, schedule));
  const roles = await rolesOf(database, schedule);
  const several = wish.role === null && roles.length > 1;
  if (several && kind !== 'remove' && wish.replaces === null) return form();
  // Whoever is taken off, or replaced, need not have an account any more.
  const person = await meantPerson(visit, word, { gone: kind === 'remove' });
  if (!person.ok) return said(person.said);
  const replaces = wish.replaces === null ? null : await meantPerson(visit, wish.replaces, { gone: true });
  if (replaces?.ok === false) return said(replaces.said);
  const standing = kind === 'remove' ? person.person : (replaces?.person ?? null);
  const role = several ? await onlyRole(visit, { schedule, standing, span }) : (wish.role ?? roles[0]);
  if (role === null) return form();
  const result = await createOverride(commandContext(visit), {
    ...{ schedule, kind, people: [person.person], replaces: replaces?.person ?? null },
    ...(role === undefined ? {} : { role }),
    ...{ start: span.start, end: span.end, reason: wish.reason === '' ? null : wish.reason },
  });
  return result.ok ? overridden(visit, result.value, noteLines(span.notes)) : refusal(result.error);
}

/** The one role of a schedule in which somebody stands at that time; null where that is none or several. */
async function onlyRole(
  { desk, now }: KnownVisit,
  of: { readonly schedule: string; readonly standing: string | null; readonly span: Interval },
): Promise<string | null> {
  const from = Math.max(of.span.start, now);
  if (of.standing === null || from >= of.span.end) return null;
  const window = { schedule: of.schedule, from, to: of.span.end, limit: NEAR_SHIFTS };
  const shifts = await shiftsWithin(desk.deps.database, window);
  const roles = new Set(shifts.filter(({ person }) => person === of.standing).map(({ role }) => role));
  const [first] = roles;
  return roles.size === 1 ? (first ?? null) : null;
}

async function prefilled(visit: KnownVisit, wish: OverrideWish): Promise<ModalView> {
  const { workspace, channel, desk } = visit;
  const link = channel === null ? null : await findChannelLink(desk.deps.database, { workspace, channel });
  const id = async (word: PersonWord | null, gone: boolean): Promise<string | null> => {
    const meant: MeantPerson | null = word === null ? null : await meantPerson(visit, word, { gone });
    return meant?.ok === true ? meant.person : null;
  };
  return overrideForm(visit, {
    schedule: wish.schedule ?? link?.schedule ?? null,
    ...{ kind: wish.kind, role: wish.role },
    person: await id(wish.person, wish.kind === 'remove'),
    replaces: await id(wish.replaces, true),
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
  const told: Readonly<Record<CreatedOverride['kind'], string>> = {
    replace: `${who} is on call as ${place}${instead}`,
    add: `${who} is on call as ${place} as well, beside whoever stands there`,
    remove: `${who} is not on call as ${place}`,
  };
  const { scheduled, changed, cancelled } = made.shifts;
  const none = scheduled + changed + cancelled === 0 ? ['It changes no shift that is planned so far.'] : [];
  const lines = [`${told[made.kind]}, ${timeSpan(made, visit.zone)}.`, ...none, ...notes];
  return message(lines.join('\n'));
}
