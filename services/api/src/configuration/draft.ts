import type { ConfigurationDraft } from '@watchbill/commands';
import { type Config, holidayCalendar, type ScheduleModel, scheduleDraftOf } from '@watchbill/config';
import type { HolidayCalendar } from '@watchbill/core';

/** A checked configuration as the commands take it: each part with its source, so that it can be printed again. */
export function toConfigurationDraft(config: Config): ConfigurationDraft {
  const { people = [], teams = [], schedules = [], escalationPolicies = [] } = config.source;
  const madePeople = new Map(config.people.map((person) => [person.id, person]));
  return {
    people: people.map((model) => {
      const made = madePeople.get(model.id);
      return {
        id: model.id,
        name: made?.name ?? model.id,
        email: made?.email ?? null,
        timeZone: made?.timeZone ?? 'UTC',
        definition: model,
      };
    }),
    teams: teams.map((model) => ({ id: model.id, name: model.name ?? model.id, definition: model })),
    schedules: schedules.map((model) => ({
      id: model.id,
      team: model.team ?? null,
      timeZone: model.timeZone,
      definition: scheduleDraftOf(model),
      holidays: holidaysOf(model),
    })),
    escalationPolicies: config.escalationPolicies.map((policy, index) => ({
      id: policy.id,
      name: policy.name,
      definition: escalationPolicies[index] ?? {},
      policy,
    })),
  };
}

const PLACE = /^[A-Za-z]/;

/** The calendars of the places that a schedule names, each under the name that stands there. */
function holidaysOf(model: ScheduleModel): HolidayCalendar[] {
  const calendars = new Map<string, HolidayCalendar>();
  const waiting: unknown[] = [
    model.coreHours,
    model.coverage,
    ...(model.rotations ?? []).map(({ hours }) => hours),
  ];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (Array.isArray(part)) waiting.push(...part);
    else if (typeof part === 'object' && part !== null && 'holidays' in part) {
      for (const place of [part.holidays].flat()) {
        if (typeof place !== 'string' || !PLACE.test(place) || calendars.has(place)) continue;
        const calendar = holidayCalendar(place);
        if (calendar !== null) calendars.set(place, { ...calendar, id: place });
      }
    }
  }
  return [...calendars.values()];
}
