import { DAY_MS, HOUR_MS, type Instant } from '@watchbill/core';
import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useState } from 'react';
import type { Bar } from './bars.ts';
import { nearestBar, type PlacedBar, type Scene, type SceneRow } from './scene.ts';
import type { Drawn, OnMark } from './use-marking.ts';
import type { ScrollView } from './use-scroll-view.ts';

/** A bar by the numbers of its row and of its place in it. */
export interface Spot {
  readonly row: number;
  readonly bar: number;
}

interface Marked {
  readonly row: number;
  readonly anchor: Instant;
  readonly head: Instant;
}

interface ChartKeys {
  readonly scene: Scene;
  readonly scroll: ScrollView;
  readonly svg: RefObject<SVGSVGElement | null>;
  readonly onOpen: ((bar: Bar) => void) | undefined;
  readonly onMark: OnMark | undefined;
}

/** By how much a key moves the end of what is marked, by the longest window that it is for. */
const STEPS = [
  [2 * DAY_MS, 900_000],
  [15 * DAY_MS, HOUR_MS],
  [40 * DAY_MS, 6 * HOUR_MS],
  [Number.POSITIVE_INFINITY, DAY_MS],
] as const;

/** One tab stop a row; arrows between bars and rows; a stretch marked with Shift; Enter opens, Escape lets go. */
export function useChartKeys({ scene, scroll, svg, onOpen, onMark }: ChartKeys) {
  const [stops, setStops] = useState<Readonly<Record<number, number>>>({});
  const [focused, setFocused] = useState<Spot | null>(null);
  const [wanted, setWanted] = useState<Spot | null>(null);
  const [marked, setMarked] = useState<Marked | null>(null);
  useLayoutEffect(() => {
    if (wanted !== null)
      svg.current?.querySelector<SVGGElement>(barAt(wanted))?.focus({ preventScroll: true });
  }, [wanted, svg]);

  const moveTo = (row: number, placed: PlacedBar | null | undefined) => {
    const found = scene.rows[row];
    if (found === undefined || placed === null || placed === undefined) return;
    scroll.reveal({ row: found, ...placed.bar });
    const spot = { row, bar: placed.index };
    setMarked(null);
    setFocused(spot);
    setWanted(spot);
  };
  const mark = (next: Marked | null) => {
    const found = next === null ? undefined : scene.rows[next.row];
    if (next !== null && found !== undefined) {
      scroll.reveal({ row: found, start: next.head, end: next.head });
    }
    setMarked(next);
  };
  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>) => {
    const spot = spotOf(event.target);
    const row = spot === null ? undefined : scene.rows[spot.row];
    const placed = spot === null ? undefined : row?.bars[spot.bar];
    if (spot === null || row === undefined || placed === undefined) return;
    const own = marked?.row === spot.row ? marked : null;
    const acts = actsOf({ event, own, canMark: onMark !== undefined });
    if (acts === null) return;
    event.preventDefault();
    if (acts === 'open') {
      if (own === null || onMark === undefined) onOpen?.(placed.bar);
      else onMark(stretchOf(own), row.row);
    } else if (acts === 'release') {
      event.stopPropagation();
      mark(null);
    } else if (acts === 'mark') {
      mark(markedAfter(event.key, own ?? freshMark(spot.row, placed.bar, scene), scene));
    } else {
      moveTo(spot.row + acts.down, neighbour(scene, spot, { placed, ...acts }));
    }
  };
  return {
    ...{ stops, focused },
    marked: drawnOf(marked, scene),
    onKeyDown,
    handlers: {
      onFocus: (event: FocusEvent<SVGSVGElement>) => {
        const spot = spotOf(event.target);
        if (spot === null) return;
        setFocused(spot);
        setStops((before) => (before[spot.row] === spot.bar ? before : { ...before, [spot.row]: spot.bar }));
      },
      onBlur: () => setFocused(null),
    },
  };
}

interface Pressed {
  readonly event: KeyboardEvent;
  readonly own: Marked | null;
  readonly canMark: boolean;
}

interface Move {
  readonly down: number;
  readonly along: number;
}

function actsOf({ event, own, canMark }: Pressed): 'open' | 'release' | 'mark' | Move | null {
  const { key, shiftKey } = event;
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  if (key === 'Enter' || key === ' ') return 'open';
  if (key === 'Escape') return own === null ? null : 'release';
  if (shiftKey && (key === 'ArrowLeft' || key === 'ArrowRight')) return canMark ? 'mark' : null;
  if (key === ',' || key === '.') return canMark ? 'mark' : null;
  if (shiftKey) return null;
  return MOVES[key] ?? null;
}

const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: { down: 0, along: -1 },
  ArrowRight: { down: 0, along: 1 },
  ArrowUp: { down: -1, along: 0 },
  ArrowDown: { down: 1, along: 0 },
  Home: { down: 0, along: Number.NEGATIVE_INFINITY },
  End: { down: 0, along: Number.POSITIVE_INFINITY },
};

/** The bar that a key leads to: along the row, or nearest in time in the next row that has one. */
function neighbour(scene: Scene, spot: Spot, to: Move & { readonly placed: PlacedBar }): PlacedBar | null {
  if (to.down === 0) {
    const { bars } = scene.rows[spot.row] as SceneRow;
    return bars[Math.max(0, Math.min(bars.length - 1, spot.bar + to.along))] ?? null;
  }
  const row = scene.rows[spot.row + to.down];
  return row === undefined ? null : nearestBar(row, Math.max(to.placed.bar.start, scene.window.from));
}

function freshMark(row: number, bar: Bar, { window }: Scene): Marked {
  const start = Math.max(bar.start, window.from);
  return { row, anchor: start, head: start };
}

function markedAfter(key: string, { row, anchor, head }: Marked, { window }: Scene): Marked {
  const length = window.to - window.from;
  const step = STEPS.find(([most]) => length <= most)?.[1] ?? DAY_MS;
  const within = (at: Instant) => Math.min(window.to, Math.max(window.from, at));
  if (key === 'ArrowRight') return { row, anchor, head: within(head + step) };
  if (key === 'ArrowLeft') return { row, anchor, head: within(head - step) };
  const by = key === '.' ? step : -step;
  // What is marked moves whole, and stops at the edge.
  const ends = [anchor + by, head === anchor ? head + by + step : head + by] as const;
  if (ends.some((at) => at !== within(at))) return { row, anchor, head };
  return { row, anchor: ends[0], head: ends[1] };
}

function stretchOf({ anchor, head }: Marked) {
  return { start: Math.min(anchor, head), end: Math.max(anchor, head) };
}

function drawnOf(marked: Marked | null, scene: Scene): Drawn | null {
  const row = marked === null ? undefined : scene.rows[marked.row];
  if (marked === null || row === undefined || marked.anchor === marked.head) return null;
  return { ...stretchOf(marked), row };
}

function barAt({ row, bar }: Spot): string {
  return `[data-row="${row}"] [data-bar="${bar}"]`;
}

/** The bar that an event is about; null where it is about none. */
export function spotOf(target: EventTarget | null): Spot | null {
  if (!(target instanceof Element)) return null;
  const bar = target.closest('[data-bar]')?.getAttribute('data-bar');
  const row = target.closest('[data-row]')?.getAttribute('data-row');
  if (bar === null || bar === undefined || row === null || row === undefined) return null;
  return { row: Number(row), bar: Number(bar) };
}
