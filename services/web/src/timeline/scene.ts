import type { Instant } from '@watchbill/core';
import type { Bar, Row } from './bars.ts';
import { boxOf, type Window } from './geometry.ts';

export const LANE = 30;
const ROW_GAP = 10;
/** Room for a row's name beside it. */
export const LABELS = { wide: 168, narrow: 92 } as const;
const NARROW_BELOW = 560;
/** The least width of a day in pixels, by the most days that it is for: beyond it the chart scrolls. */
const LEAST_DAY = [
  [1, 620],
  [31, 26],
  [120, 24],
  [Number.POSITIVE_INFINITY, 14],
] as const;

/** A bar with its place among the bars of its row, in order of time. */
export interface PlacedBar {
  readonly bar: Bar;
  readonly lane: number;
  readonly index: number;
}

export interface SceneRow {
  readonly row: Row;
  readonly top: number;
  readonly height: number;
  readonly bars: readonly PlacedBar[];
}

/** Where everything of a chart lies, in pixels from its upper left corner; labels and axis lie outside. */
export interface Scene {
  readonly window: Window;
  readonly rows: readonly SceneRow[];
  readonly width: number;
  readonly height: number;
  readonly labels: number;
}

export interface SceneInput {
  readonly rows: readonly Row[];
  readonly window: Window;
  readonly days: number;
  /** The room for all of it, with the names of the rows. */
  readonly width: number;
}

export function sceneOf({ rows, window, days, width }: SceneInput): Scene {
  const labels = width < NARROW_BELOW ? LABELS.narrow : LABELS.wide;
  const least = LEAST_DAY.find(([most]) => days <= most)?.[1] ?? 0;
  let top = 0;
  const placed = rows.map((row): SceneRow => {
    const height = ROW_GAP + row.lanes.length * LANE;
    const bars = row.lanes
      .flatMap((lane, at) => lane.map((bar) => ({ bar, lane: at })))
      .filter(({ bar }) => bar.end > window.from && bar.start < window.to)
      .sort((a, b) => a.bar.start - b.bar.start || a.lane - b.lane)
      .map((bar, index) => ({ ...bar, index }));
    top += height;
    return { row, top: top - height, height, bars };
  });
  return { window, rows: placed, width: Math.max(width - labels, days * least), height: top + 4, labels };
}

/** The part of a scene that is looked at, in its pixels. */
export interface View {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const COLUMN = 128;
const COLUMNS_BEYOND = 3;
const BAND = 160;

/** What is drawn for a view: a bit more than is seen, in whole steps, so that it seldom changes while scrolling. */
export function drawnFor(seen: View): View {
  return {
    left: Math.floor(seen.left / COLUMN - COLUMNS_BEYOND) * COLUMN,
    right: Math.ceil(seen.right / COLUMN + COLUMNS_BEYOND) * COLUMN,
    top: Math.floor(seen.top / BAND - 1) * BAND,
    bottom: Math.ceil(seen.bottom / BAND + 1) * BAND,
  };
}

export function isSameView(a: View, b: View): boolean {
  return a.left === b.left && a.right === b.right && a.top === b.top && a.bottom === b.bottom;
}

export function rowsWithin({ rows }: Scene, { top, bottom }: View): readonly SceneRow[] {
  return rows.filter((row) => row.top < bottom && row.top + row.height > top);
}

/** The stretch of time that a view shows. */
export function timeOf({ window, width }: Scene, { left, right }: View): Window {
  const msPerPixel = (window.to - window.from) / width;
  return { from: window.from + left * msPerPixel, to: window.from + right * msPerPixel };
}

/** The instant at a place, by whole `grain` milliseconds, within the window. */
export function instantAt({ window, width }: Scene, x: number, grain: number): Instant {
  const exact = window.from + (x / width) * (window.to - window.from);
  return Math.min(window.to, Math.max(window.from, Math.round(exact / grain) * grain));
}

/** The bar of a row at an instant, or the nearest to it; null in an empty row. */
export function nearestBar(row: SceneRow, at: Instant): PlacedBar | null {
  let best: PlacedBar | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const placed of row.bars) {
    const away = Math.max(0, placed.bar.start - at, at - placed.bar.end + 1);
    if (away < least) [best, least] = [placed, away];
  }
  return best;
}

/** Where to scroll so that a bar is seen whole, or its beginning where it is longer than the view. */
export function scrollTo(
  scene: Scene,
  { row, start, end }: { readonly row: SceneRow; readonly start: Instant; readonly end: Instant },
  seen: View,
): { readonly left: number; readonly top: number } {
  const box = boxOf({ start, end: Math.max(end, start + 1) }, scene.window, scene.width);
  const room = seen.right - seen.left;
  let { left, top } = seen;
  if (box !== null) {
    if (box.x < left || box.width > room) left = box.x - 8;
    else if (box.x + box.width > seen.right) left = box.x + box.width - room + 8;
  }
  if (row.top < top) top = row.top;
  else if (row.top + row.height > seen.bottom) top = row.top + row.height - (seen.bottom - seen.top);
  return { left: Math.max(0, left), top: Math.max(0, top) };
}
