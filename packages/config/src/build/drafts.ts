import type { PersonDraft, ScheduleDraft, TeamDraft } from '@watchbill/core';
import type { ConfigModel } from '../model/config-schema.ts';
import type { PersonModel, TeamModel } from '../model/person-schema.ts';
import type { ScheduleModel } from '../model/schedule-schema.ts';

/** A person of the file as core's draft. `fallbackZone` holds where the file names no zone. */
export function personDraftOf(model: PersonModel, fallbackZone: string): PersonDraft {
  return {
    ...model,
    name: model.name ?? model.id,
    timeZone: model.timeZone ?? fallbackZone,
    // Core fills in the working hours that are not named.
    workingHours: model.workingHours as PersonDraft['workingHours'],
  };
}

/** A team of the file as core's draft. */
export function teamDraftOf(model: TeamModel): TeamDraft {
  return model;
}

/** A schedule of the file as the draft that core's `makeSchedule` takes. */
export function scheduleDraftOf(model: ScheduleModel): ScheduleDraft {
  return { ...model, rotations: model.rotations ?? [] };
}

/** For each person that a schedule or its team names: the zone of the first such schedule. */
export function zonesByPerson(
  schedules: readonly ScheduleModel[],
  teams: readonly TeamModel[],
): Map<string, string> {
  const membersOf = new Map(teams.map(({ id, members }) => [id, members]));
  const zones = new Map<string, string>();
  for (const schedule of schedules) {
    const named = [...(membersOf.get(schedule.team ?? '') ?? []), ...peopleNamedIn(schedule)];
    for (const id of named) if (!zones.has(id)) zones.set(id, schedule.timeZone);
  }
  return zones;
}

/** Every id that stands for a person in a schedule's rosters, turns and overrides, as often as it is named. */
export function peopleNamedIn(schedule: ScheduleModel): string[] {
  const named: string[] = [];
  const add = (people: string | readonly string[] | undefined) => {
    if (people !== undefined) named.push(...[people].flat());
  };
  for (const rotation of schedule.rotations ?? []) {
    // A rotation whose roster or turns were faulty is checked without them.
    if (rotation.strategy === 'fixed') for (const turn of rotation.turns ?? []) add(turn.person);
    else if (rotation.roster !== 'team') for (const member of rotation.roster ?? []) add(member);
  }
  for (const { person, add: added, remove, replaces } of schedule.overrides ?? []) {
    for (const people of [person, added, remove, replaces]) add(people);
  }
  return named.filter((id) => id !== 'nobody');
}

/** The years from the first to the last anchor of a rotation, or null if there is none. */
export function anchorYears(model: ConfigModel): { readonly from: number; readonly to: number } | null {
  const years = (model.schedules ?? [])
    .flatMap(({ rotations }) => rotations ?? [])
    .map((rotation) => (rotation.strategy === 'fixed' ? undefined : rotation.start))
    .filter((start) => start !== undefined)
    .map((start) => Number(start.slice(0, 4)));
  const first = years.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const last = years.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return years.length === 0 ? null : { from: first, to: last };
}
