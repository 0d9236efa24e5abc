import type { Config } from '@watchbill/config';
import type { Override, PlanFileUnit } from '@watchbill/core';
import { burdenHours, burdenOf, clip, DEFAULT_WEIGHTS, parseInstant, planPersonOf } from '@watchbill/core';

/** What the part of a turn that an override covers weighs for each of some people, in burden-hours; null if unknown. */
export function coverBurden(
  { people }: Config,
  of: {
    readonly override: Override;
    readonly unit: PlanFileUnit | undefined;
    readonly people: readonly string[];
  },
): (number | null)[] {
  const { override, unit } = of;
  const intervals = (unit?.intervals ?? []).map(({ start, end }) => ({
    start: parseInstant(start) ?? 0,
    end: parseInstant(end) ?? 0,
  }));
  const parts = clip(intervals, override);
  return of.people.map((id) => {
    const known = people.filter((person) => person.id === id).map((person) => planPersonOf(person, {}));
    const stretches = parts.map((part) => ({ ...part, person: id, role: override.role }));
    const [line] = burdenOf(stretches, known, { window: override, weights: DEFAULT_WEIGHTS });
    return line === undefined ? null : burdenHours(line.burden);
  });
}
