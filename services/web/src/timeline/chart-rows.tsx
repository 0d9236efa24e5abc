import type { Instant } from '@watchbill/core';
import { type CSSProperties, memo } from 'react';
import { text } from '../text/en.ts';
import { timelineText } from '../text/timeline.ts';
import { shownTime } from '../time/shown-time.ts';
import type { Bar, Row } from './bars.ts';
import { boxOf, type Window } from './geometry.ts';
import { hueOf } from './person-colour.ts';
import { LANE, type PlacedBar, type SceneRow } from './scene.ts';
import { type Trouble, troublesOf, troubleWords } from './troubles.ts';

const CHARACTER = 7.2;
const BAR = LANE - 5;
/** Shading of hours narrower than a day of this many pixels would be a blur. */
const SHADE_FROM = 40;
/** The room of the sign that a bar needs a look. */
const SIGN = 16;
const DAY_MS = 86_400_000;

/** What bars are drawn with; the same object as long as nothing of it changes. */
export interface Pen {
  readonly window: Window;
  readonly width: number;
  readonly zone: string;
  readonly nameOf: (person: string) => string;
  readonly people: readonly string[];
  readonly offHours:
    | ((bar: Bar) => readonly { readonly start: Instant; readonly end: Instant }[])
    | undefined;
  readonly troubles: ReadonlyMap<string, readonly Trouble[]>;
  /** Names of the patterns in this document. */
  readonly pattern: (name: 'gap' | 'trouble') => string;
}

export interface RowBarsProps {
  readonly placed: SceneRow;
  readonly index: number;
  readonly pen: Pen;
  /** The stretch that is drawn. */
  readonly from: Instant;
  readonly to: Instant;
  /** The bar of the row that Tab leads to; the first one drawn where none was chosen. */
  readonly stop: number | undefined;
  /** The bar that has the focus: it stays, wherever one scrolls. */
  readonly focused: number | undefined;
}

export const RowBars = memo(function RowBars(props: RowBarsProps) {
  const { placed, index, pen, from, to, stop, focused } = props;
  const { row, top, bars } = placed;
  const drawn = bars.filter(
    ({ bar, index: at }) => (bar.start < to && bar.end > from) || at === focused || at === stop,
  );
  const tab = bars[stop ?? -1] ?? drawn[0];
  return (
    <g role="group" aria-label={rowLabel(row, pen.nameOf)} data-row={index}>
      {drawn.map((one) => (
        <BarBox
          key={`${one.bar.kind} ${one.bar.role} ${one.bar.start} ${one.bar.person}`}
          placed={one}
          y={top + 5 + one.lane * LANE}
          pen={pen}
          tab={one === tab}
        />
      ))}
      <g aria-hidden="true">
        {drawn.map(({ bar, lane }) => {
          const box = boxOf(bar, pen.window, pen.width);
          const taken = troublesOf(bar, pen.troubles).length > 0 ? SIGN + 4 : 12;
          const room = box === null ? 0 : Math.floor((box.width - taken) / CHARACTER);
          if (box === null || room < 2) return null;
          return (
            <text
              key={`${bar.kind} ${bar.role} ${bar.start} ${bar.person}`}
              className={bar.kind === 'gap' ? 'bar-name gap' : 'bar-name'}
              x={box.x + 8}
              y={top + 21 + lane * LANE}
            >
              {fitting(row.by === 'role' ? whoOf(bar, pen.nameOf) : bar.role, room)}
            </text>
          );
        })}
      </g>
    </g>
  );
});

/** What a row is called. */
export function rowLabel(row: Row, nameOf: Pen['nameOf']): string {
  if (row.by === 'role') return text.schedule.roleRow(row.role);
  return row.person === null ? timelineText.nobodyRow : nameOf(row.person);
}

export function whoOf(bar: Bar, nameOf: Pen['nameOf']): string {
  return bar.person === null ? text.schedule.gap : nameOf(bar.person);
}

interface BarProps {
  readonly placed: PlacedBar;
  readonly y: number;
  readonly pen: Pen;
  readonly tab: boolean;
}

const BarBox = memo(function BarBox({ placed: { bar, index }, y, pen, tab }: BarProps) {
  const { window, width } = pen;
  const box = boxOf(bar, window, width);
  if (box === null) return null;
  const kind = bar.kind === 'gap' ? 'gap' : bar.override === null ? 'shift' : 'shift overridden';
  const troubles = troublesOf(bar, pen.troubles);
  const frame = { x: box.x + 0.5, y, width: Math.max(1, box.width - 1), height: BAR, rx: 4 };
  return (
    <g
      role="button"
      tabIndex={tab ? 0 : -1}
      aria-label={barLabel(bar, pen)}
      className={`bar ${kind}`}
      style={bar.person === null ? {} : ({ '--hue': hueOf(bar.person, pen.people) } as CSSProperties)}
      data-bar={index}
    >
      <rect {...frame} />
      {bar.kind === 'gap' && <rect {...frame} className="hatch" fill={pen.pattern('gap')} />}
      {dayWidth(pen) >= SHADE_FROM &&
        pen.offHours?.(bar).map((off) => <Shade key={off.start} {...{ off, pen, y }} />)}
      {troubles.map((one) => (
        <TroubleMark key={`${one.kind} ${one.start}`} {...{ trouble: one, pen, y }} />
      ))}
      {troubles.length > 0 && box.width >= SIGN && (
        <path className="trouble-sign" d={`M${box.x + box.width - SIGN} ${y + 17}l6 -10l6 10z`} />
      )}
      {box.cutLeft && <path className="cut" d={`M${box.x + 5} ${y + 7}l-4 5.5l4 5.5`} />}
      {box.cutRight && <path className="cut" d={`M${box.x + box.width - 5} ${y + 7}l4 5.5l-4 5.5`} />}
    </g>
  );
});

function dayWidth({ window, width }: Pen): number {
  return (width * DAY_MS) / (window.to - window.from);
}

interface PartProps {
  readonly pen: Pen;
  readonly y: number;
}

function Shade({
  off,
  pen,
  y,
}: PartProps & { readonly off: { readonly start: Instant; readonly end: Instant } }) {
  const shade = boxOf(off, pen.window, pen.width);
  if (shade === null) return null;
  const width = Math.max(0.5, shade.width - 2);
  return <rect className="off-hours" x={shade.x + 1} y={y + BAR - 6} width={width} height={5} />;
}

/** A hatched stretch; the bar has a sign of warning besides. */
function TroubleMark({ trouble, pen, y }: PartProps & { readonly trouble: Trouble }) {
  const box = boxOf(trouble, pen.window, pen.width);
  if (box === null) return null;
  const width = Math.max(2, box.width - 1);
  return (
    <rect
      className="hatch"
      x={box.x + 0.5}
      y={y}
      width={width}
      height={BAR}
      rx={4}
      fill={pen.pattern('trouble')}
    />
  );
}

/** The name, or the first name, or how it begins. */
function fitting(name: string, room: number): string {
  if (name.length <= room) return name;
  const first = name.split(' ', 1)[0] ?? name;
  return first.length <= room ? first : `${first.slice(0, Math.max(1, room - 1))}…`;
}

/** Everything about a bar in words: who, role, from, until, why, and what is wrong with it. */
export function barLabel(bar: Bar, { zone, nameOf, troubles }: Pen): string {
  const times = `${shownTime(bar.start, zone)} – ${shownTime(bar.end, zone)}`;
  const parts = [whoOf(bar, nameOf), bar.role, times, sourceOf(bar)];
  return [...parts, ...troubleWords(troublesOf(bar, troubles))].filter((part) => part !== '').join(', ');
}

/** Where a shift comes from; nothing for a gap. */
export function sourceOf(bar: Bar): string {
  if (bar.override !== null) return text.source.override;
  return bar.rotation === null ? '' : text.source.rotation(bar.rotation);
}
