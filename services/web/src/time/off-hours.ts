import { DAY_NUMBERS, type HoursWindow, type Interval, windowsIn } from '@watchbill/core';
import type { Person } from '../api/shapes.ts';

/** The time of a stretch that lies outside the working hours of a person, by their own clock. */
export function offHoursOf(
  person: Pick<Person, 'timeZone' | 'workingHours'> | undefined,
  span: Interval,
): readonly Interval[] {
  if (person === undefined || span.start >= span.end) return [];
  const off: Interval[] = [];
  let at = span.start;
  for (const { start, end } of windowsIn([workingWindow(person)], span)) {
    if (start > at) off.push({ start: at, end: start });
    at = end;
  }
  if (at < span.end) off.push({ start: at, end: span.end });
  return off;
}

function workingWindow({ timeZone, workingHours }: Pick<Person, 'timeZone' | 'workingHours'>): HoursWindow {
  const { days, from, to } = workingHours;
  return {
    ...{ days: days.map((day) => DAY_NUMBERS[day]), timeZone, holidays: null },
    ...{ fromMinute: minuteOf(from), toMinute: minuteOf(to) },
  };
}

export type DayState = 'working' | 'awake' | 'asleep';

export interface StateSpan extends Interval {
  readonly state: DayState;
}

/** What a person does over a stretch by their own clock: it tiles the stretch. Work goes before sleep. */
export function statesOf(
  person: Pick<Person, 'timeZone' | 'workingHours' | 'sleep'>,
  span: Interval,
): readonly StateSpan[] {
  const { timeZone, sleep } = person;
  const night: HoursWindow = {
    ...{ days: Object.values(DAY_NUMBERS), timeZone, holidays: null },
    ...{ fromMinute: minuteOf(sleep.from), toMinute: minuteOf(sleep.to) },
  };
  const working = windowsIn([workingWindow(person)], span);
  const asleep = windowsIn([night], span);
  const edges = [...working, ...asleep].flatMap(({ start, end }) => [start, end]);
  const cuts = [...new Set([span.start, ...edges, span.end])].sort((a, b) => a - b);
  const spans: StateSpan[] = [];
  for (const [index, start] of cuts.slice(0, -1).entries()) {
    const end = cuts[index + 1] ?? span.end;
    const inside = (all: readonly Interval[]) => all.some((one) => one.start <= start && one.end > start);
    const state = inside(working) ? 'working' : inside(asleep) ? 'asleep' : 'awake';
    const last = spans.at(-1);
    if (last?.state === state) spans[spans.length - 1] = { ...last, end };
    else spans.push({ start, end, state });
  }
  return spans;
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
