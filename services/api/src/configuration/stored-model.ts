import type { ConfigModel } from '@watchbill/config';
import { formatInstant, schedulesOf } from '@watchbill/core';
import {
  allEscalationPolicies,
  allPeopleDefinitions,
  allScheduleDefinitions,
  allTeamDefinitions,
  fileOverrides,
  type Queryable,
  type StoredOverrideRow,
} from '@watchbill/database';

/** The whole configuration as it is stored, in the form of a file. Overrides made by people are not part of it. */
export async function storedModel(queryable: Queryable): Promise<ConfigModel> {
  const people = await allPeopleDefinitions(queryable);
  const teams = await allTeamDefinitions(queryable);
  const schedules = await allScheduleDefinitions(queryable);
  const overrides = await fileOverrides(queryable, null);
  // One that names a retired schedule could not be read back.
  const inUse = new Set(schedules.map(({ id }) => id));
  const policies = (await allEscalationPolicies(queryable)).filter(({ policy }) =>
    schedulesOf(policy).every((id) => inUse.has(id)),
  );
  const model = {
    version: 1,
    people,
    teams,
    schedules: schedules.map(({ id, definition }) =>
      withOverrides(
        definition,
        overrides.filter((override) => override.schedule === id),
      ),
    ),
    ...(policies.length > 0 && { escalationPolicies: policies.map((policy) => policy.definition) }),
  };
  // Each part passed the checks of a file before it was stored.
  return model as unknown as ConfigModel;
}

/** A stored definition with the overrides of the file, as it would stand in one. */
export function withOverrides(
  definition: Readonly<Record<string, unknown>>,
  overrides: readonly StoredOverrideRow[],
): Record<string, unknown> & { id: string } {
  const { id } = definition;
  const listed = overrides.length === 0 ? {} : { overrides: overrides.map(overrideModel) };
  return { ...definition, id: String(id), ...listed };
}

function overrideModel(row: StoredOverrideRow): Record<string, unknown> {
  const { id, role, kind, people, replaces, startsAt, endsAt, reason } = row;
  const who = people.length === 0 ? 'nobody' : people.length === 1 ? people[0] : people;
  return {
    id,
    role,
    from: formatInstant(startsAt),
    to: formatInstant(endsAt),
    [kind === 'replace' ? 'person' : kind]: who,
    ...(replaces !== null && { replaces }),
    ...(reason !== null && { reason }),
  };
}
