import {
  type AppliedConfiguration,
  applyConfiguration,
  type CommandContext,
  type GivenStretch,
  requestSwap,
  type SwapRequest,
} from '@watchbill/commands';
import type { PersonDraft, ScheduleDraft, Swap, SwapApproval, SwapStretch } from '@watchbill/core';
import { accepted, instantOf, PEOPLE, type World } from './apply-fixture.ts';

/** A context in which a person acts themselves. */
export function as(world: World, person: string): CommandContext {
  return { ...world.context, actor: `slack ${person}`, caller: { person } };
}

/** `payments` of the first three by the week, in a team of all five that eve manages. */
export async function applyTeam(
  world: World,
  schedules: readonly ScheduleDraft[],
  extra: {
    readonly swaps?: SwapApproval;
    readonly people?: readonly Partial<PersonDraft>[];
    readonly members?: readonly string[];
  } = {},
): Promise<AppliedConfiguration> {
  const definitions = new Map(extra.people?.map((draft) => [draft.id ?? '', draft]));
  const ids = [...new Set([...PEOPLE, ...definitions.keys()])];
  const members = [...(extra.members ?? PEOPLE)];
  const team = {
    id: 'team',
    name: 'Team',
    members,
    managers: ['eve'],
    swaps: extra.swaps ?? 'free',
  } as const;
  const configuration = {
    people: ids.map((id) => {
      const draft = { id, name: nameOf(id), timeZone: 'Europe/London', ...definitions.get(id) };
      return { id, name: nameOf(id), email: null, timeZone: draft.timeZone, definition: draft };
    }),
    teams: [{ id: 'team', name: 'Team', definition: team }],
    schedules: schedules.map((definition) => ({
      ...{ id: definition.id, team: 'team', timeZone: definition.timeZone, holidays: [] },
      definition: { ...definition, team: 'team' },
    })),
  };
  return accepted(await applyConfiguration(world.context, { configuration, source: 'test', dryRun: false }));
}

export function nameOf(id: string): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

/** A stretch of December 2026, such as `12T09` to `12T21` (UTC). */
export function stretch(schedule: string, from: string, to: string): GivenStretch {
  return { schedule, role: 'primary', start: day(from), end: day(to) };
}

export function stood(
  schedule: string,
  person: string,
  of: readonly [from: string, to: string],
): SwapStretch {
  return { ...stretch(schedule, ...of), person };
}

/** `12T09`, `12T09:30`: in December 2026, UTC. */
export function day(text: string): number {
  return instantOf(`2026-12-${text.includes(':') ? text : `${text}:00`}:00Z`);
}

/** Asks for a cover of ben's first days from Monday the 7th, of everybody eligible. */
export async function asked(
  world: World,
  schedule: string,
  changes: Partial<SwapRequest> = {},
): Promise<Swap> {
  const request: SwapRequest = {
    kind: 'cover',
    person: 'ben',
    gives: [stretch(schedule, '09T09', '10T09')],
    to: { kind: 'eligible' },
    ...changes,
  };
  return accepted(await requestSwap(world.context, request));
}
