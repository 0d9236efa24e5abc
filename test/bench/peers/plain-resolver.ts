import {
  type HoursWindow,
  type Interval,
  intersect,
  normalise,
  type Override,
  type Rotation,
  type Schedule,
  subtract,
} from '@watchbill/core';
import { DateTime } from 'luxon';
import rrule from 'rrule';

/** How a peer finds turn boundaries and windows of hours; the rest of the resolver is the same for all. */
export interface TimeSource {
  /** Every turn boundary from before `span` to after it. */
  readonly boundaries: (
    rotation: Rotation,
    span: Interval,
  ) => { readonly first: number; readonly at: number[] };
  readonly windows: (window: HoursWindow, span: Interval) => Interval[];
}

export interface Stretch extends Interval {
  readonly person: string;
}

const DAY = 86_400_000;

function inOrder(rotation: Rotation) {
  if (rotation.strategy.kind !== 'in_order') throw new Error('only rotations in order');
  return rotation.strategy;
}

/** Every conversion by luxon, as one writes it without a table of offsets. */
export const LUXON: TimeSource = {
  boundaries: (rotation, span) => {
    const { start, cadence } = inOrder(rotation);
    const stepMs = cadence.unit === 'week' ? 7 * DAY : DAY;
    const first = Math.floor((span.start - start) / stepMs) - 1;
    const anchor = DateTime.fromMillis(start, { zone: 'utc' }).setZone(rotation.timeZone, {
      keepLocalTime: true,
    });
    const at: number[] = [];
    for (let k = first; at.length === 0 || (at.at(-1) ?? 0) < span.end; k += 1) {
      at.push(anchor.plus({ [cadence.unit]: k * cadence.every }).toMillis());
    }
    return { first, at };
  },
  windows: (window, span) => {
    const zone = window.timeZone;
    const result: Interval[] = [];
    let day = DateTime.fromMillis(span.start, { zone }).startOf('day').minus({ days: 2 });
    for (; day.toMillis() < span.end; day = day.plus({ days: 1 })) {
      if (!window.days.some((named) => named === day.weekday)) continue;
      const at = (minutes: number) =>
        day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 }).toMillis();
      result.push({ start: at(window.fromMinute), end: at(window.toMinute) });
    }
    return result;
  },
};

function occurrences(zone: string, first: number, options: object, end: number): number[] {
  const rule = new rrule.RRule({
    freq: rrule.RRule.DAILY,
    dtstart: new Date(first),
    until: new Date(end + DAY),
    tzid: zone,
    ...options,
  });
  return rule.all().map((date) => date.getTime());
}

/** Boundaries and windows as recurrence rules. */
export const RRULE: TimeSource = {
  boundaries: (rotation, span) => {
    const { start, cadence } = inOrder(rotation);
    const stepMs = cadence.unit === 'week' ? 7 * DAY : DAY;
    const first = Math.floor((span.start - start) / stepMs) - 1;
    const freq = cadence.unit === 'week' ? rrule.RRule.WEEKLY : rrule.RRule.DAILY;
    return {
      first,
      at: occurrences(rotation.timeZone, start + first * stepMs, { freq }, span.end + 7 * DAY),
    };
  },
  windows: (window, span) => {
    const day = Math.floor(span.start / DAY) * DAY - 2 * DAY;
    // rrule counts weekdays from 0 for Monday.
    const days = { byweekday: window.days.map((named) => named - 1) };
    const starts = occurrences(window.timeZone, day + window.fromMinute * 60_000, days, span.end);
    const ends = occurrences(window.timeZone, day + window.toMinute * 60_000, days, span.end);
    return starts
      .map((start, i) => ({ start, end: ends[i] ?? start }))
      .filter(({ start, end }) => start < end);
  },
};

function stretches(rotation: Rotation, source: TimeSource, span: Interval): Stretch[] {
  const { roster } = inOrder(rotation);
  const inForce =
    rotation.hours.kind === 'windows'
      ? intersect(normalise(rotation.hours.windows.flatMap((window) => source.windows(window, span))), [span])
      : [span];
  const { first, at } = source.boundaries(rotation, span);
  return at.slice(0, -1).flatMap((start, i) => {
    const place = first + i;
    const person = roster[((place % roster.length) + roster.length) % roster.length]?.[0];
    if (person === undefined) return [];
    return intersect([{ start, end: at[i + 1] ?? start }], inForce).map((part) => ({ ...part, person }));
  });
}

function withOverride(shifts: readonly Stretch[], override: Override): Stretch[] {
  const placed: Stretch[] = [];
  const kept = shifts.flatMap((shift) => {
    if (shift.end <= override.start || shift.start >= override.end) return [shift];
    if (override.replaces !== null && override.replaces !== shift.person) return [shift];
    if (override.replaces !== null) {
      for (const part of intersect([shift], [override]))
        placed.push({ ...part, person: override.people[0] ?? '' });
    }
    return subtract([shift], [override]).map((part) => ({ ...part, person: shift.person }));
  });
  const whole = { start: override.start, end: override.end, person: override.people[0] ?? '' };
  return [...kept, ...(override.replaces === null ? [whole] : placed)];
}

/**
 * A resolver as one writes it first: one role, one person a turn, overrides that do not overlap.

 */
export function plainResolve(schedule: Schedule, source: TimeSource, span: Interval): Stretch[] {
  const layers = [...new Set(schedule.rotations.map(({ layer }) => layer))].sort((a, b) => b - a);
  let shifts: Stretch[] = [];
  for (const layer of layers) {
    const hidden = normalise(shifts);
    const own = schedule.rotations.filter((rotation) => rotation.layer === layer);
    const fresh = own.flatMap((rotation) => stretches(rotation, source, span));
    shifts = [
      ...shifts,
      ...fresh.flatMap((shift) =>
        subtract([shift], hidden).map((part) => ({ ...part, person: shift.person })),
      ),
    ];
  }
  for (const override of schedule.overrides) {
    if (override.start < span.end && override.end > span.start) shifts = withOverride(shifts, override);
  }
  return shifts.sort((a, b) => a.start - b.start);
}
