import type { Override, Rotation, Schedule } from '../schedule/schedule.ts';
import type { Interval } from '../time/interval.ts';
import { normalise, subtract } from '../time/interval.ts';
import { hoursIn } from './hours.ts';
import { layeredShifts, layersOf } from './layers.ts';
import { applyOverrides } from './overrides.ts';
import type { Gap, Shift, Timeline } from './timeline.ts';

/** A role of a schedule with what is in it, in the order of the output. */
interface RoleParts {
  readonly role: string;
  readonly layers: readonly (readonly Rotation[])[];
  readonly overrides: readonly Override[];
}

const partsOf = new WeakMap<Schedule, readonly RoleParts[]>();

function roleParts(schedule: Schedule): readonly RoleParts[] {
  const known = partsOf.get(schedule);
  if (known !== undefined) return known;
  const parts = [...schedule.roles].sort(compareText).map((role) => ({
    role,
    layers: layersOf(schedule.rotations.filter((rotation) => rotation.role === role)),
    overrides: schedule.overrides.filter((override) => override.role === role),
  }));
  partsOf.set(schedule, parts);
  return parts;
}

/**
 * The answer to "who is on call": the shifts and gaps of a schedule in `[start, end)`, clipped to it. Throws a
 * RangeError for an empty window, and for one that holds more than MAX_TURNS turns.
 * Example: with a weekly handoff on Mondays 09:00 in London, the week from 2026-03-23T09:00Z ends at
 * 2026-03-30T08:00Z, since the clocks go forward on the 29th.
 */
export function resolveTimeline(schedule: Schedule, { start, end }: Interval): Timeline {
  if (!(start < end)) throw new RangeError('The window must end after it starts');
  const span = { start, end };
  const shifts: Shift[] = [];
  const gaps: Gap[] = [];
  const covered = hoursIn(schedule.coverage, schedule.coreHours, span);
  for (const { role, layers, overrides } of roleParts(schedule)) {
    const base = layeredShifts(layers, schedule, span);
    const inSpan = clippedOverrides(overrides, span);
    const resolved = inSpan.length === 0 ? base : applyOverrides(role, base, inSpan);
    for (const shift of resolved) shifts.push(shift);
    for (const gap of subtract(covered, normalise(resolved))) gaps.push({ ...gap, role });
  }
  return {
    schedule: schedule.id,
    from: start,
    to: end,
    shifts: shifts.sort(compareShifts),
    gaps: gaps.sort((a, b) => a.start - b.start || compareText(a.role, b.role)),
  };
}

function clippedOverrides(overrides: readonly Override[], span: Interval): Override[] {
  const result: Override[] = [];
  for (const override of overrides) {
    if (override.start >= span.end || override.end <= span.start) continue;
    const start = Math.max(override.start, span.start);
    const end = Math.min(override.end, span.end);
    result.push({ ...override, start, end });
  }
  return result;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The order of shifts in a timeline: start, role, person, then seat and end. */
export function compareShifts(a: Shift, b: Shift): number {
  return (
    a.start - b.start ||
    compareText(a.role, b.role) ||
    compareText(a.person, b.person) ||
    compareText(a.seat, b.seat) ||
    a.end - b.end
  );
}
