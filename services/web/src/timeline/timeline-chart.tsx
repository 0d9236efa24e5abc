import type { Instant } from '@watchbill/core';
import { type CSSProperties, type KeyboardEvent, useRef } from 'react';
import { text } from '../text/en.ts';
import { shownTime } from '../time/shown-time.ts';
import type { Bar, Row } from './bars.ts';
import { boxOf, type Day, daysIn, type Window } from './geometry.ts';
import { hueOf } from './person-colour.ts';
import { useMarking } from './use-marking.ts';

export interface ChartProps {
  readonly rows: readonly Row[];
  readonly window: Window;
  readonly zone: string;
  readonly zoneLabel: string;
  readonly now: Instant;
  /** The name shown for a person. */
  readonly nameOf: (person: string) => string;
  readonly people: readonly string[];
  readonly onOpen?: (bar: Bar) => void;
  /** The time of a person's shift that lies outside their own working hours. */
  readonly offHours?: (bar: Bar) => readonly { readonly start: Instant; readonly end: Instant }[];
  /** A stretch that is about to be changed. */
  readonly marked?: { readonly start: Instant; readonly end: Instant } | null;
  /** A stretch was drawn over the chart with the pointer. */
  readonly onMark?: (stretch: { readonly start: Instant; readonly end: Instant }) => void;
  /** In pixels; the chart is drawn for it. */
  readonly width: number;
}

const HEAD = 34;
const LANE = 30;
const ROW_GAP = 26;
const CHARACTER = 7.2;

/** The resolved timeline as a picture: one row a role, one tab stop a row, arrows between its bars. */
export function TimelineChart(props: ChartProps) {
  const { rows, window, zone, zoneLabel, width } = props;
  const days = daysIn(window, zone);
  const tops = topsOf(rows);
  const height = (tops.at(-1) ?? HEAD) + 4;
  const marking = useMarking(props);
  const range = `${shownTime(window.from, zone, 'date')} – ${shownTime(window.to - 1, zone, 'date')}`;
  return (
    <svg
      className="timeline"
      role="group"
      aria-label={`${text.schedule.timeline}, ${range}, ${zoneLabel}`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      {...marking.handlers}
    >
      <Axis days={days} window={window} zone={zone} width={width} height={height} />
      {rows.map((row, index) => (
        <RowBars key={row.role} row={row} top={tops[index] ?? HEAD} {...props} />
      ))}
      <Mark {...props} marked={marking.drawn ?? props.marked ?? null} height={height} />
      <NowLine {...props} height={height} />
    </svg>
  );
}

/** The top of each row, and of the one that would follow. */
function topsOf(rows: readonly Row[]): readonly number[] {
  const tops = [HEAD];
  for (const row of rows) tops.push((tops.at(-1) ?? HEAD) + ROW_GAP + row.lanes.length * LANE);
  return tops;
}

interface AxisProps {
  readonly days: readonly Day[];
  readonly window: Window;
  readonly zone: string;
  readonly width: number;
  readonly height: number;
}

function Axis({ days, window, zone, width, height }: AxisProps) {
  const room = width / Math.max(1, days.length);
  const every = Math.max(1, Math.ceil(58 / room));
  return (
    <g aria-hidden="true">
      {days.map((day, index) => {
        const box = boxOf(day, window, width);
        if (box === null) return null;
        const odd = day.hours !== 24;
        return (
          <g key={day.start}>
            {day.weekday > 4 && (
              <rect className="weekend" x={box.x} y={HEAD} width={box.width} height={height - HEAD} />
            )}
            <line className={odd ? 'day odd' : 'day'} x1={box.x} x2={box.x} y1={HEAD - 8} y2={height} />
            {(index % every === 0 || odd) && (
              <text className={odd ? 'day-name odd' : 'day-name'} x={box.x + 4} y={HEAD - 12}>
                {shownTime(day.start, zone, room > 74 ? 'date' : 'day')}
                {odd && ` · ${day.hours} h`}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function RowBars({ row, top, ...props }: ChartProps & { readonly row: Row; readonly top: number }) {
  const group = useRef<SVGGElement>(null);
  const move = (event: KeyboardEvent<SVGGElement>) => {
    const bars = [...(group.current?.querySelectorAll<SVGGElement>('[role="button"]') ?? [])];
    const at = bars.indexOf(event.target as SVGGElement);
    const to = nextOf(event.key, at, bars.length);
    if (to === null || at < 0) return;
    event.preventDefault();
    for (const bar of bars) bar.setAttribute('tabindex', '-1');
    bars[to]?.setAttribute('tabindex', '0');
    bars[to]?.focus();
  };
  const inOrder = row.lanes.flat().sort((a, b) => a.start - b.start);
  const first = inOrder.find((bar) => boxOf(bar, props.window, props.width) !== null);
  return (
    <g role="group" aria-label={text.schedule.roleRow(row.role)} ref={group} onKeyDown={move}>
      <text className="row-name" x={4} y={top + 16} aria-hidden="true">
        {row.role}
      </text>
      {row.lanes.map((lane, index) =>
        lane.map((bar) => (
          <BarBox
            key={`${bar.kind} ${bar.start} ${bar.person}`}
            bar={bar}
            y={top + 22 + index * LANE}
            first={bar === first}
            {...props}
          />
        )),
      )}
      <BarNames row={row} top={top} {...props} />
    </g>
  );
}

function nextOf(key: string, at: number, count: number): number | null {
  if (key === 'ArrowRight') return Math.min(count - 1, at + 1);
  if (key === 'ArrowLeft') return Math.max(0, at - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return null;
}

interface BarProps extends ChartProps {
  readonly bar: Bar;
  readonly y: number;
  readonly first: boolean;
}

function BarBox({ bar, y, first, window, width, zone, nameOf, people, onOpen, offHours }: BarProps) {
  const box = boxOf(bar, window, width);
  if (box === null) return null;
  const name = bar.person === null ? text.schedule.gap : nameOf(bar.person);
  const kind = bar.kind === 'gap' ? 'gap' : bar.override === null ? 'shift' : 'shift overridden';
  const open = () => onOpen?.(bar);
  return (
    <g
      role="button"
      tabIndex={first ? 0 : -1}
      aria-label={labelOf(bar, name, zone)}
      className={`bar ${kind}`}
      style={bar.person === null ? {} : ({ '--hue': hueOf(bar.person, people) } as CSSProperties)}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        open();
      }}
    >
      <rect x={box.x + 0.5} y={y} width={Math.max(1, box.width - 1)} height={LANE - 5} rx={4} />
      {offHours?.(bar).map((off) => {
        const shade = boxOf(off, window, width);
        if (shade === null) return null;
        return (
          <rect
            key={off.start}
            className="off-hours"
            x={shade.x + 1}
            y={y + LANE - 11}
            width={Math.max(0.5, shade.width - 2)}
            height={5}
          />
        );
      })}
      {box.cutLeft && <path className="cut" d={`M${box.x + 5} ${y + 7}l-4 5.5l4 5.5`} />}
      {box.cutRight && <path className="cut" d={`M${box.x + box.width - 5} ${y + 7}l4 5.5l-4 5.5`} />}
      <title>{labelOf(bar, name, zone)}</title>
    </g>
  );
}

/** Names lie above the bars, out of their labels: a name cut short is no part of what a bar is called. */
function BarNames({
  row,
  top,
  window,
  width,
  nameOf,
}: ChartProps & { readonly row: Row; readonly top: number }) {
  return (
    <g aria-hidden="true">
      {row.lanes.flatMap((lane, index) =>
        lane.map((bar) => {
          const box = boxOf(bar, window, width);
          const room = box === null ? 0 : Math.floor((box.width - 10) / CHARACTER);
          if (box === null || room < 2) return null;
          const name = bar.person === null ? text.schedule.gap : nameOf(bar.person);
          return (
            <text
              key={`${bar.kind} ${bar.start} ${bar.person}`}
              className={bar.kind === 'gap' ? 'bar-name gap' : 'bar-name'}
              x={box.x + 8}
              y={top + 22 + index * LANE + 17}
            >
              {fitting(name, room)}
            </text>
          );
        }),
      )}
    </g>
  );
}

/** The name, or the first name, or how it begins. */
function fitting(name: string, room: number): string {
  if (name.length <= room) return name;
  const first = name.split(' ', 1)[0] ?? name;
  return first.length <= room ? first : `${first.slice(0, Math.max(1, room - 1))}…`;
}

/** Everything about a bar in words: who, role, from, until, why. */
function labelOf(bar: Bar, name: string, zone: string): string {
  const source =
    bar.override !== null
      ? text.source.override
      : bar.rotation === null
        ? ''
        : text.source.rotation(bar.rotation);
  const times = `${shownTime(bar.start, zone)} – ${shownTime(bar.end, zone)}`;
  return [name, bar.role, times, source].filter((part) => part !== '').join(', ');
}

function Mark({ marked, window, width, height }: ChartProps & { readonly height: number }) {
  const box = marked === null || marked === undefined ? null : boxOf(marked, window, width);
  if (box === null) return null;
  return (
    <rect className="mark" x={box.x} y={HEAD} width={box.width} height={height - HEAD} aria-hidden="true" />
  );
}

function NowLine({ now, window, width, height }: ChartProps & { readonly height: number }) {
  if (now < window.from || now >= window.to) return null;
  const x = ((now - window.from) / (window.to - window.from)) * width;
  return (
    <g className="now" aria-hidden="true">
      <line x1={x} x2={x} y1={HEAD - 8} y2={height} />
      <circle cx={x} cy={HEAD - 8} r={3.5} />
    </g>
  );
}
