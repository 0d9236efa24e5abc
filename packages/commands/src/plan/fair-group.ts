import type { Schedule } from '@watchbill/core';

/** Everybody in a fair roster of the schedule. */
export function fairPeople(schedule: Schedule): string[] {
  return schedule.rotations.flatMap(({ strategy }) => (strategy.kind === 'fair' ? strategy.roster : []));
}

/** The schedules that are planned together with one: those that share people with it, directly or not. By id. */
export function fairGroup(schedules: readonly Schedule[], id: string): Schedule[] {
  const group = new Set(schedules.filter((schedule) => schedule.id === id));
  const people = new Set([...group].flatMap(fairPeople));
  for (let before = 0; before < group.size; ) {
    before = group.size;
    for (const schedule of schedules) {
      const own = fairPeople(schedule);
      if (group.has(schedule) || !own.some((person) => people.has(person))) continue;
      group.add(schedule);
      for (const person of own) people.add(person);
    }
  }
  return [...group].sort((a, b) => (a.id < b.id ? -1 : 1));
}
