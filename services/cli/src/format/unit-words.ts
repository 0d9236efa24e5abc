import type { PlanFileUnit } from '@watchbill/core';
import { formatInstant, parseInstant } from '@watchbill/core';
import { showShort } from './clock.ts';

/** What is needed to say which turn a unit is. */
export interface UnitReading {
  readonly units: ReadonlyMap<string, PlanFileUnit>;
  /** The zone times are shown in, by schedule. */
  readonly zoneOf: (schedule: string) => string;
}

/** `nights, Mon 30 Nov 23:00 – Tue 1 Dec 07:00`; the id itself for a unit that is not known. */
export function unitWords(id: string, { units, zoneOf }: UnitReading): string {
  const unit = units.get(id);
  if (unit === undefined) return beforeWords(id, zoneOf);
  const start = parseInstant(unit.intervals[0]?.start ?? '') ?? 0;
  const end = parseInstant(unit.intervals.at(-1)?.end ?? '') ?? 0;
  const zone = zoneOf(unit.schedule);
  return `${unit.rotation}, ${showShort(start, zone)} – ${showShort(end, zone)}`;
}

/** A turn from before the plan is known by its id alone: `<schedule>/<rotation>@<start>#<seat>`. */
function beforeWords(id: string, zoneOf: (schedule: string) => string): string {
  const [, schedule, rotation, text] = /^(.*)\/([^/@]+)@([^#]+)#\d+$/.exec(id) ?? [];
  const start = parseInstant(text ?? '');
  if (schedule === undefined || rotation === undefined || start === null) return id;
  return `${rotation}, from ${showShort(start, zoneOf(schedule)) || formatInstant(start)}`;
}
