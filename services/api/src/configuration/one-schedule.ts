import type { ConfigurationDraft } from '@watchbill/commands';
import { buildConfig } from '@watchbill/config';
import { type Queryable, readPeople, readTeams } from '@watchbill/database';
import { configRefusal } from './config-problems.ts';
import { toConfigurationDraft } from './draft.ts';

/** The paths of errors begin with `schedules[0]`: the body is that schedule. */
const LEADING_STEPS = 2;
/** A definition names people, roles, zones and times: this many different texts at most are looked up as people. */
const MAX_NAMES = 20_000;

/**
 * Checks one schedule against the people and teams that are stored, and turns it into a configuration that holds only
 * what the schedule names. Throws the refusal of the request.
 */
export async function draftOfSchedule(
  queryable: Queryable,
  schedule: Readonly<Record<string, unknown>>,
): Promise<ConfigurationDraft> {
  const team = typeof schedule.team === 'string' ? schedule.team : null;
  const teams = team === null ? [] : (await readTeams(queryable, [team])).map((row) => row.definition);
  const named = [...textsIn([schedule, teams])].slice(0, MAX_NAMES);
  const people = (await readPeople(queryable, named)).map((row) => row.definition);
  const parsed = buildConfig({ version: 1, people, teams, schedules: [schedule] });
  if (!parsed.ok) throw configRefusal(parsed.errors, LEADING_STEPS);
  // People and teams stay as they are: naming them here could undo what somebody else has just changed.
  return { ...toConfigurationDraft(parsed.config), people: [], teams: [] };
}

/** Every text of a JSON value: the ids of people are among them. */
function textsIn(value: unknown): Set<string> {
  const texts = new Set<string>();
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part === 'string') texts.add(part);
    else if (Array.isArray(part)) for (const inner of part) waiting.push(inner);
    else if (typeof part === 'object' && part !== null)
      for (const inner of Object.values(part)) waiting.push(inner);
  }
  return texts;
}
