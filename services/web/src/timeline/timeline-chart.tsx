import type { Instant } from '@watchbill/core';
import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { text } from '../text/en.ts';
import { timelineText } from '../text/timeline.ts';
import { shownTime } from '../time/shown-time.ts';
import type { Bar, Row } from './bars.ts';
import { Axis, DayLines, HEAD } from './chart-axis.tsx';
import { barLabel, type Pen, RowBars, rowLabel } from './chart-rows.tsx';
import { boxOf, type Day, daysIn, type Window } from './geometry.ts';
import { rowsWithin, type Scene, type SceneRow, sceneOf, timeOf } from './scene.ts';
import type { Trouble } from './troubles.ts';
import { spotOf, useChartKeys } from './use-chart-keys.ts';
import { type Drawn, type OnMark, useMarking } from './use-marking.ts';
import { useScrollView } from './use-scroll-view.ts';

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
  /** What is not wise, by person. */
  readonly troubles?: ReadonlyMap<string, readonly Trouble[]>;
  /** The zone of whose shift it is, for the words beside the pointer. */
  readonly zoneOf?: (person: string) => string | undefined;
  /** A stretch that is about to be changed. */
  readonly marked?: { readonly start: Instant; readonly end: Instant; readonly role: string } | null;
  /** A stretch was marked on a row, with the pointer or by keys. */
  readonly onMark?: OnMark;
  /** In pixels; the chart is drawn for it, and scrolls where it needs more. */
  readonly width: number;
}

const NO_TROUBLES: ReadonlyMap<string, readonly Trouble[]> = new Map();

/** The resolved timeline as a picture: one tab stop a row, arrows between its bars; only what is seen is drawn. */
export function TimelineChart(props: ChartProps) {
  const { rows, window, zone, zoneLabel, width, now } = props;
  const days = useMemo(() => daysIn(window, zone), [window, zone]);
  const scene = useMemo(
    () => sceneOf({ rows, window, width, days: days.length }),
    [rows, window, width, days.length],
  );
  const pen = usePen(props, scene.width);
  const svg = useRef<SVGSVGElement>(null);
  const scroll = useScrollView(scene, HEAD);
  const keys = useChartKeys({ scene, scroll, svg, onOpen: props.onOpen, onMark: props.onMark });
  const marking = useMarking(scene, props.onMark);
  const openAt = (target: EventTarget) => {
    const spot = spotOf(target);
    const found = spot === null ? undefined : scene.rows[spot.row]?.bars[spot.bar];
    if (found !== undefined) props.onOpen?.(found.bar);
  };
  const part = timeOf(scene, scroll.drawn);
  const seen = new Set(rowsWithin(scene, scroll.drawn));
  const range = `${shownTime(window.from, zone, 'date')} – ${shownTime(window.to - 1, zone, 'date')}`;
  const lines = { days, window, width: scene.width, ...part };
  return (
    <>
      <div ref={scroll.box} className="chart-scroll" onScroll={scroll.onScroll}>
        <div className="chart-grid" style={{ width: scene.width + scene.labels }}>
          <div className="chart-head" style={{ paddingLeft: scene.labels }}>
            <Axis {...lines} zone={zone} />
          </div>
          <Labels scene={scene} seen={seen} nameOf={props.nameOf} />
          <svg
            ref={svg}
            className="timeline"
            role="group"
            aria-label={`${text.schedule.timeline}, ${range}, ${zoneLabel}`}
            width={scene.width}
            height={scene.height}
            style={{ marginLeft: scene.labels, marginTop: -scene.height }}
            onClick={(event) => openAt(event.target)}
            onKeyDown={keys.onKeyDown}
            {...keys.handlers}
            {...marking.handlers}
          >
            <Hint scene={scene} pen={pen} zoneOf={props.zoneOf}>
              <Patterns pattern={pen.pattern} />
              <DayLines {...lines} height={scene.height} />
              {scene.rows.map((placed, index) =>
                seen.has(placed) || keys.focused?.row === index ? (
                  <RowBars
                    key={rowKey(placed)}
                    {...{ placed, index, pen, ...part }}
                    stop={keys.stops[index]}
                    focused={keys.focused?.row === index ? keys.focused.bar : undefined}
                  />
                ) : null,
              )}
            </Hint>
            <Mark scene={scene} drawn={marking.drawn ?? keys.marked ?? markedRow(props.marked, scene)} />
            <NowLine scene={scene} now={now} />
          </svg>
        </div>
      </div>
      <ClockChanges days={days} zone={zone} />
      <p className="visually-hidden" role="status">
        {keys.marked !== null &&
          timelineText.marked(shownTime(keys.marked.start, zone), shownTime(keys.marked.end, zone))}
      </p>
    </>
  );
}

/** The days on which the clocks change, in words. */
function ClockChanges({ days, zone }: { readonly days: readonly Day[]; readonly zone: string }) {
  const odd = days.filter(({ hours }) => hours !== 24);
  if (odd.length === 0) return null;
  const said = odd.map(({ start, hours }) =>
    timelineText.clockChangeDay(shownTime(start, zone, 'date'), String(hours)),
  );
  return <p className="clock-changes">{said.join(' ')}</p>;
}

function usePen(
  { window, zone, nameOf, people, offHours, troubles = NO_TROUBLES }: ChartProps,
  width: number,
): Pen {
  const id = useId();
  return useMemo(
    () => ({
      ...{ window, zone, nameOf, people, offHours, troubles, width },
      pattern: (name) => `url(#${id}${name})`,
    }),
    [window, zone, nameOf, people, offHours, troubles, width, id],
  );
}

function rowKey({ row }: SceneRow): string {
  return row.by === 'role' ? `role ${row.role}` : `person ${row.person}`;
}

/** Hatching, so that nothing is told by colour alone. */
function Patterns({ pattern }: Pick<Pen, 'pattern'>) {
  const idOf = (name: 'gap' | 'trouble') => pattern(name).slice(5, -1);
  return (
    <defs>
      <pattern
        id={idOf('gap')}
        width="8"
        height="8"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line className="gap-line" x1="0" x2="0" y1="0" y2="8" />
      </pattern>
      <pattern
        id={idOf('trouble')}
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(-45)"
      >
        <line className="trouble-line" x1="0" x2="0" y1="0" y2="6" />
      </pattern>
    </defs>
  );
}

interface HintProps {
  readonly scene: Scene;
  readonly pen: Pen;
  readonly zoneOf: ((person: string) => string | undefined) | undefined;
  readonly children: ReactNode;
}

/** Words beside the pointer: the bar in the zone of the page and in that of its person. */
function Hint({ scene, pen, zoneOf, children }: HintProps) {
  const [bar, setBar] = useState<Bar | null>(null);
  const lives = bar?.person === null || bar === null ? undefined : zoneOf?.(bar.person);
  const theirs =
    lives === undefined || lives === pen.zone || bar === null
      ? ''
      : `\n${timelineText.theirs(lives, shownTime(bar.start, lives), shownTime(bar.end, lives))}`;
  return (
    <g
      onPointerOver={({ target }) => {
        const spot = spotOf(target);
        setBar(spot === null ? null : (scene.rows[spot.row]?.bars[spot.bar]?.bar ?? null));
      }}
    >
      {bar !== null && <title>{`${barLabel(bar, pen)}${theirs}`}</title>}
      {children}
    </g>
  );
}

interface LabelsProps {
  readonly scene: Scene;
  readonly seen: ReadonlySet<SceneRow>;
  readonly nameOf: (person: string) => string;
}

/** The names of the rows, beside them wherever one scrolls; the rows themselves carry them for screen readers. */
function Labels({ scene, seen, nameOf }: LabelsProps) {
  return (
    <div className="chart-labels" style={{ width: scene.labels, height: scene.height }} aria-hidden="true">
      {scene.rows.map(
        (placed) =>
          seen.has(placed) && (
            <span key={rowKey(placed)} style={{ top: placed.top, height: placed.height }}>
              {shortLabel(placed.row, nameOf)}
            </span>
          ),
      )}
    </div>
  );
}

function shortLabel(row: Row, nameOf: (person: string) => string): string {
  if (row.by === 'role') return row.role;
  return row.person === null ? timelineText.nobody : rowLabel(row, nameOf);
}

function markedRow(marked: ChartProps['marked'], scene: Scene): Drawn | null {
  if (marked === null || marked === undefined) return null;
  const row = scene.rows.find((one) => one.row.by === 'role' && one.row.role === marked.role);
  return row === undefined ? null : { ...marked, row };
}

function Mark({ drawn, scene }: { readonly drawn: Drawn | null; readonly scene: Scene }) {
  const box = drawn === null ? null : boxOf(drawn, scene.window, scene.width);
  if (box === null || drawn === null) return null;
  const { top, height } = drawn.row;
  return (
    <rect className="mark" x={box.x} y={top + 2} width={box.width} height={height - 2} aria-hidden="true" />
  );
}

function NowLine({ now, scene }: { readonly now: Instant; readonly scene: Scene }) {
  const { window, width, height } = scene;
  if (now < window.from || now >= window.to) return null;
  const x = ((now - window.from) / (window.to - window.from)) * width;
  return (
    <g className="now" aria-hidden="true">
      <line x1={x} x2={x} y1={0} y2={height} />
      <circle cx={x} cy={3} r={3.5} />
    </g>
  );
}
