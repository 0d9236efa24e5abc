import type { Instant } from '@watchbill/core';
import { type MouseEvent, type PointerEvent, useRef, useState } from 'react';
import type { Row } from './bars.ts';
import { instantAt, type Scene, type SceneRow } from './scene.ts';

export interface Stretch {
  readonly start: Instant;
  readonly end: Instant;
}

/** A stretch of one row that somebody wants to change. */
export type OnMark = (stretch: Stretch, row: Row) => void;

/** Ends of a stretch fall on quarters of an hour. */
const GRAIN_MS = 900_000;
/** A shorter way is a click. */
const LEAST_PIXELS = 6;

export interface Drawn extends Stretch {
  readonly row: SceneRow;
}

/** Drawing a stretch over a row with a mouse or pen; a finger scrolls, and the dialog asks for both ends anyway. */
export function useMarking(scene: Scene, onMark: OnMark | undefined) {
  const from = useRef<{ readonly x: number; readonly row: SceneRow } | null>(null);
  const wasDrawn = useRef(false);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  if (onMark === undefined) return { drawn: null, handlers: {} };
  const placeOf = (event: PointerEvent<SVGSVGElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const drawnTo = (x: number): Drawn | null => {
    if (from.current === null || Math.abs(x - from.current.x) < LEAST_PIXELS) return null;
    const ends = [from.current.x, x].sort((a, b) => a - b);
    const [start = 0, end = 0] = ends.map((at) => instantAt(scene, at, GRAIN_MS));
    return end > start ? { start, end, row: from.current.row } : null;
  };
  const handlers = {
    onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
      wasDrawn.current = false;
      const { x, y } = placeOf(event);
      const row = scene.rows.find(({ top, height }) => y >= top && y < top + height);
      if (event.pointerType !== 'touch' && event.button === 0 && row !== undefined) from.current = { x, row };
    },
    onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
      if (from.current !== null) setDrawn(drawnTo(placeOf(event).x));
    },
    onPointerUp: (event: PointerEvent<SVGSVGElement>) => {
      const stretch = drawnTo(placeOf(event).x);
      from.current = null;
      setDrawn(null);
      if (stretch === null) return;
      wasDrawn.current = true;
      onMark({ start: stretch.start, end: stretch.end }, stretch.row.row);
    },
    onPointerLeave: () => {
      from.current = null;
      setDrawn(null);
    },
    // The click that ends a drawing opens no bar.
    onClickCapture: (event: MouseEvent<SVGSVGElement>) => {
      if (wasDrawn.current) event.stopPropagation();
      wasDrawn.current = false;
    },
  };
  return { drawn, handlers };
}
