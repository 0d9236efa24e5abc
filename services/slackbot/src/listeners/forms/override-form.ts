import type { ModalView } from '@slack/types';
import type { TeamDraft } from '@watchbill/core';
import { findScheduleSummary, readNames, shiftsWithin, teamOfSchedule } from '@watchbill/database';
import { section } from '../../blocks/elements.ts';
import { type OverrideScene, overrideView } from '../../blocks/override-view.ts';
import type { NamedId } from '../../blocks/people.ts';
import { outcomeView } from '../../blocks/view-elements.ts';
import type { KnownVisit } from '../desk/visit.ts';
import { byName, managedSchedules, NEAR_MS, NEAR_SHIFTS } from '../reads/managed.ts';
import { rolesOf } from '../reads/schedules.ts';

export const OVERRIDE_TITLE = 'Override';

/** What is known of an override that is to be made. */
export type OverrideWish = Pick<
  OverrideScene,
  'kind' | 'role' | 'person' | 'replaces' | 'start' | 'end' | 'reason'
> & {
  readonly schedule: string | null;
};

/** The modal of an override, for the schedules that the visitor manages. */
export async function overrideForm(visit: KnownVisit, wish: OverrideWish): Promise<ModalView> {
  const { database } = visit.desk.deps;
  const rows = await managedSchedules(database, visit.person);
  const chosen = rows.find(({ id }) => id === wish.schedule) ?? rows[0];
  if (chosen === undefined || (wish.schedule !== null && chosen.id !== wish.schedule)) {
    return outcomeView(OVERRIDE_TITLE, [section(await managersOnly(visit, wish.schedule))]);
  }
  return overrideView({
    ...wish,
    schedules: rows.map(({ id }) => id),
    schedule: chosen.id,
    zone: chosen.timeZone,
    roles: await rolesOf(database, chosen.id),
    people: await peopleNear(visit, chosen.id, [wish.person, wish.replaces]),
  });
}

/** Why somebody may not override, and what they can do instead. */
export async function managersOnly({ desk }: KnownVisit, schedule: string | null): Promise<string> {
  const instead =
    'You can give your own shifts away with `/oncall cover`, or take one over with `/oncall take`.';
  if (schedule === null) return `Overrides are for managers, and you manage no team. ${instead}`;
  const known = (await findScheduleSummary(desk.deps.database, schedule)) !== null;
  return known
    ? `Overrides of \`${schedule}\` are for the managers of its team. ${instead}`
    : `There is no schedule \`${schedule}\`.`;
}

/** The people of a schedule's team and whoever has shifts there, by name. */
async function peopleNear(
  { desk, now }: KnownVisit,
  schedule: string,
  named: readonly (string | null)[],
): Promise<NamedId[]> {
  const { database } = desk.deps;
  const [team, shifts] = await Promise.all([
    teamOfSchedule(database, schedule),
    shiftsWithin(database, { schedule, from: now, to: now + NEAR_MS, limit: NEAR_SHIFTS }),
  ]);
  const members = (team?.definition as TeamDraft | undefined)?.members ?? [];
  const ids = [...named.filter((id) => id !== null), ...members, ...shifts.map(({ person }) => person)];
  const all = byName(await readNames(database, [...new Set(ids)]));
  // Those who were named come first: a menu holds a hundred.
  return [...all.filter(({ id }) => named.includes(id)), ...all.filter(({ id }) => !named.includes(id))];
}
