import type { Config } from '@watchbill/config';
import type { Schedule, Strategy } from '@watchbill/core';
import type { Checking, Warning } from './warning.ts';

/** People of a team that has schedules who are in none of their rotations. */
export function idleMembers({ source, teams, schedules }: Config, { nameOf }: Checking): Warning[] {
  return teams.flatMap(({ id, members }) => {
    const owned = (source.schedules ?? [])
      .filter((schedule) => schedule.team === id)
      .map((schedule) => schedule.id);
    if (owned.length === 0) return [];
    const busy = new Set(schedules.filter((schedule) => owned.includes(schedule.id)).flatMap(peopleOf));
    return members
      .filter((person) => !busy.has(person))
      .map((person) => ({
        code: 'team/idle-member',
        schedule: owned.length === 1 ? (owned[0] as string) : null,
        role: null,
        person,
        message: `${nameOf(person)} is in team ${id} but in no rotation of ${owned.join(', ')}`,
      }));
  });
}

/** Everybody in the rotations of a schedule, each once. */
export function peopleOf(schedule: Schedule): string[] {
  return [...new Set(schedule.rotations.flatMap(({ strategy }) => namedBy(strategy)))];
}

function namedBy(strategy: Strategy): readonly string[] {
  switch (strategy.kind) {
    case 'in_order':
      return strategy.roster.flat();
    case 'fixed':
      return strategy.turns.flatMap((turn) => turn.people);
    case 'fair':
      return strategy.roster;
  }
}
