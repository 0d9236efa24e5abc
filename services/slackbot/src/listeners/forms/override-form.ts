import type { ModalView } from '@slack/types';
import type { TeamDraft } from '@watchbill/core';
import {
  findScheduleDetail,
  findScheduleSummary,
  readNames,
  schedulesOfTeams,
  shiftsWithin,
  teamOfSchedule,
  teamsManagedBy,
} from '@watchbill/database';
import { section } from '../../blocks/elements.ts';
import { type OverrideScene, overrideView } from '../../blocks/override-view.ts';
import { MENU_OPTIONS, outcomeView } from '../../blocks/view-elements.ts';
import type { KnownVisit } from '../desk/visit.ts';

export const OVERRIDE_TITLE = 'Override';

/** What is known of an override that is to be made. */
export type OverrideWish = Pick<
  OverrideScene,
  'role' | 'person' | 'replaces' | 'start' | 'end' | 'reason'
> & {
  readonly schedule: string | null;
};

/** Who has shifts this far ahead can be named in an override. */
const NEAR_MS = 28 * 86_400_000;
const NEAR_SHIFTS = 500;

/** The modal of an override, for the schedules that the visitor manages. */
export async function overrideForm(visit: KnownVisit, wish: OverrideWish): Promise<ModalView> {
  const { database } = visit.desk.deps;
  const managed = await teamsManagedBy(database, visit.person);
  const rows = managed.length === 0 ? [] : await schedulesOfTeams(database, managed, MENU_OPTIONS);
  const chosen = rows.find(({ id }) => id === wish.schedule) ?? rows[0];
  if (chosen === undefined || (wish.schedule !== null && chosen.id !== wish.schedule)) {
    return outcomeView(OVERRIDE_TITLE, [section(await managersOnly(visit, wish.schedule))]);
  }
  const detail = await findScheduleDetail(database, chosen.id);
  const roles = (detail?.definition as { readonly roles?: readonly string[] } | undefined)?.roles ?? [
    'primary',
  ];
  return overrideView({
    ...wish,
    schedules: rows.map(({ id }) => id),
    schedule: chosen.id,
    zone: chosen.timeZone,
    roles,
    people: await peopleNear(visit, chosen.id, [wish.person, wish.replaces]),
  });
}

async function managersOnly({ desk }: KnownVisit, schedule: string | null): Promise<string> {
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
): Promise<{ id: string; name: string }[]> {
  const { database } = desk.deps;
  const [team, shifts] = await Promise.all([
    teamOfSchedule(database, schedule),
    shiftsWithin(database, { schedule, from: now, to: now + NEAR_MS, limit: NEAR_SHIFTS }),
  ]);
  const members = (team?.definition as TeamDraft | undefined)?.members ?? [];
  const ids = [...named.filter((id) => id !== null), ...members, ...shifts.map(({ person }) => person)];
  const names = await readNames(database, [...new Set(ids)]);
  const all = [...names]
    .map(([id, name]) => ({ id, name }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  // Those who were named come first: a menu holds a hundred.
  return [...all.filter(({ id }) => named.includes(id)), ...all.filter(({ id }) => !named.includes(id))];
}
