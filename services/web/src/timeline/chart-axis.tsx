import { HOUR_MS, type Instant } from '@watchbill/core';
import { memo } from 'react';
import { timelineText } from '../text/timeline.ts';
import { shownTime } from '../time/shown-time.ts';
import { boxOf, type Day, type Window } from './geometry.ts';

export const HEAD = 44;
/** Days this wide have their hours written. */
const HOURS_FROM = 420;
const HOURS_EVERY = 3;
const MONTH_ROOM = 130;
/** Pixels that a day's name takes, by how it is written. */
const NAME_ROOM = { date: 84, day: 54, number: 24 } as const;

export interface AxisProps {
  readonly days: readonly Day[];
  readonly window: Window;
  readonly zone: string;
  readonly width: number;
  /** The stretch that is drawn. */
  readonly from: number;
  readonly to: number;
}

type DayName = keyof typeof NAME_ROOM;

function nameFor(room: number): DayName {
  if (room >= NAME_ROOM.date) return 'date';
  return room >= 44 ? 'day' : 'number';
}

/** The names of days and months, and where the clocks change. */
export const Axis = memo(function Axis({ days, window, zone, width, from, to }: AxisProps) {
  const room = width / Math.max(1, days.length);
  const form = nameFor(room);
  return (
    <svg className="timeline-axis" width={width} height={HEAD} aria-hidden="true">
      {form !== 'date' && <Months {...{ days, window, zone, width }} />}
      {labelled(days, room, form).map((day) => {
        if (day.end <= from || day.start >= to) return null;
        const box = boxOf(day, window, width);
        if (box === null) return null;
        const odd = day.hours !== 24;
        return (
          <g key={day.start}>
            <text
              className={odd ? 'day-name odd' : 'day-name'}
              x={box.x + 4}
              y={room >= HOURS_FROM ? 16 : HEAD - 10}
            >
              {shownTime(day.start, zone, form)}
              {odd && ` · ${timelineText.clockChange(String(day.hours))}`}
            </text>
            {room >= HOURS_FROM &&
              hoursOf(day).map((at) => (
                <text key={at} className="day-name" x={xOf(at, window, width) + 4} y={HEAD - 10}>
                  {shownTime(at, zone, 'clock')}
                </text>
              ))}
          </g>
        );
      })}
    </svg>
  );
});

/** Which days have their names written: every one with room for it, else Mondays; days of a clock change always. */
function labelled(days: readonly Day[], room: number, form: DayName): readonly Day[] {
  const wide = NAME_ROOM[form];
  const every = room >= wide ? 1 : 7;
  const odd = days.flatMap((day, index) => (day.hours === 24 ? [] : [index]));
  return days.filter((day, index) => {
    if (day.hours !== 24) return true;
    if (every === 7 && day.weekday !== 0) return false;
    // The name of a longer or shorter day takes more room.
    return odd.every((at) => index < at - wide / room || index > at + (wide + 44) / room);
  });
}

function Months({ days, window, zone, width }: Pick<AxisProps, 'days' | 'window' | 'zone' | 'width'>) {
  const named = days.filter((day, index) => index === 0 || shownTime(day.start, zone, 'number') === '1');
  return named.map((day, index) => {
    const box = boxOf(day, window, width);
    const next = named[index + 1];
    const end = next === undefined ? width : (boxOf(next, window, width)?.x ?? width);
    if (box === null || end - box.x < MONTH_ROOM) return null;
    return (
      <text key={day.start} className="month-name" x={box.x + 4} y={16}>
        {shownTime(day.start, zone, 'month')}
      </text>
    );
  });
}

/** Lines between days, weekends, and hours where there is room; behind the bars. */
export const DayLines = memo(function DayLines({
  days,
  window,
  width,
  height,
  from,
  to,
}: Omit<AxisProps, 'zone'> & { readonly height: number }) {
  const room = width / Math.max(1, days.length);
  return (
    <g aria-hidden="true">
      {days.map((day) => {
        const box = day.end <= from || day.start >= to ? null : boxOf(day, window, width);
        if (box === null) return null;
        return (
          <g key={day.start}>
            {day.weekday > 4 && (
              <rect className="weekend" x={box.x} y={0} width={box.width} height={height} />
            )}
            {(room >= 24 || day.weekday === 0 || day.hours !== 24) && (
              <line
                className={day.hours === 24 ? 'day' : 'day odd'}
                x1={box.x}
                x2={box.x}
                y1={0}
                y2={height}
              />
            )}
            {room >= HOURS_FROM &&
              hoursOf(day).map((at) => {
                const x = xOf(at, window, width);
                return <line key={at} className="hour" x1={x} x2={x} y1={0} y2={height} />;
              })}
          </g>
        );
      })}
    </g>
  );
});

/** Every third hour of a day after its first, as it passes: a longer day has more of them. */
function hoursOf(day: Day): readonly Instant[] {
  const count = Math.ceil((day.end - day.start) / (HOURS_EVERY * HOUR_MS)) - 1;
  return Array.from({ length: count }, (_, index) => day.start + (index + 1) * HOURS_EVERY * HOUR_MS);
}

function xOf(at: Instant, window: Window, width: number): number {
  return ((at - window.from) / (window.to - window.from)) * width;
}
