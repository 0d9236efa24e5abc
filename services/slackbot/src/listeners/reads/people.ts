import { nearest } from '@watchbill/core';
import { findLinkedPeople, peopleNamed, slackUserOf, teamsOfPerson } from '@watchbill/database';
import { escapeWithin } from '../../blocks/text.ts';
import type { PersonWord } from '../../words/oncall-wish.ts';
import { shown } from '../../words/vocabulary.ts';
import type { Visit } from '../desk/visit.ts';

/** Somebody who was named, or a sentence about why that is nobody we can take. */
export type MeantPerson =
  | { readonly ok: true; readonly person: string }
  | { readonly ok: false; readonly said: string };

const LOOKED_AT = 5;

/**
 * The person whom a word means. Nobody whose account in Slack is deactivated, who would never answer; but for `gone`,
 * where they need not: somebody else stands for them.
 */
export async function meantPerson(
  visit: Visit,
  word: PersonWord,
  { gone = false }: { readonly gone?: boolean } = {},
): Promise<MeantPerson> {
  return word.kind === 'mention' ? mentioned(visit, word.slackUser, gone) : named(visit, word.name, gone);
}

async function mentioned(visit: Visit, slackUser: string, gone: boolean): Promise<MeantPerson> {
  const { desk, workspace, client } = visit;
  const found = await findLinkedPeople(desk.deps.database, workspace, [slackUser]);
  const profile = await desk.profiles.find(client, { workspace, slackUser });
  if (profile?.bot === true) return { ok: false, said: `<@${slackUser}> is a bot. Name a person.` };
  if (profile?.deactivated === true && !gone) {
    return {
      ok: false,
      said: `The Slack account of ${escapeWithin(profile.name, 80)} is deactivated. Name somebody else.`,
    };
  }
  const person = found.get(slackUser);
  if (person !== undefined) return { ok: true, person };
  const said = `I do not know who <@${slackUser}> is. They connect themselves with \`/oncall connect\`; you can also name them by the name they have in the schedules.`;
  return { ok: false, said };
}

async function named(visit: Visit, name: string, gone: boolean): Promise<MeantPerson> {
  const { desk, person, workspace, client } = visit;
  const { database } = desk.deps;
  const rows = await peopleNamed(database, name, LOOKED_AT);
  const [first, second] = rows;
  const sameId = first?.id.toLowerCase() === name.toLowerCase();
  if (first !== undefined && (second === undefined || sameId)) {
    const slackUser = await slackUserOf(database, { workspace, person: first.id });
    const profile = slackUser === null ? null : await desk.profiles.find(client, { workspace, slackUser });
    if (profile?.deactivated !== true || gone) return { ok: true, person: first.id };
    return {
      ok: false,
      said: `The Slack account of ${escapeWithin(first.name, 80)} is deactivated. Name somebody else.`,
    };
  }
  const asked = escapeWithin(shown(name), 80);
  if (first !== undefined) {
    const ids = rows.map(({ id }) => `\`${id}\``).join(', ');
    return { ok: false, said: `Several people are called "${asked}": ${ids}. Name one of these.` };
  }
  const teams = person === null ? [] : await teamsOfPerson(database, person);
  const members = teams.flatMap(
    ({ definition }) => (definition as { members?: readonly string[] }).members ?? [],
  );
  const near = nearest(name, members);
  const hint =
    near === null ? 'Pick them from the list that Slack offers after @.' : `Did you mean \`${near}\`?`;
  return { ok: false, said: `I know nobody called "${asked}". ${hint}` };
}
