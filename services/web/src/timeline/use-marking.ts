import type { Instant } from '@watchbill/core';
import { type MouseEvent, type PointerEvent, useRef, useState } from 'react';
import type { Window } from './geometry.ts';

export interface Stretch {
  readonly start: Instant;
  readonly end: Instant;
}

/** Ends of a stretch fall on quarters of an hour. */
const GRAIN_MS = 900_000;
/** A shorter way is a click. */
const LEAST_PIXELS = 6;

interface Marking {
  readonly window: Window;
  readonly width: number;
  readonly onMark?: (stretch: Stretch) => void;
}

/** Drawing a stretch over the chart with a mouse or pen; a finger scrolls, and the dialog asks for both ends anyway. */
export function useMarking({ window, width, onMark }: Marking) {
  const from = useRef<number | null>(null);
  const wasDrawn = useRef(false);
  const [drawn, setDrawn] = useState<Stretch | null>(null);
  if (onMark === undefined) return { drawn: null, handlers: {} };
  const xOf = (event: PointerEvent<SVGSVGElement>) =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const instantAt = (x: number) =>
    Math.round((window.from + (x / width) * (window.to - window.from)) / GRAIN_MS) * GRAIN_MS;
  const stretchTo = (x: number): Stretch | null => {
    if (from.current === null || Math.abs(x - from.current) < LEAST_PIXELS) return null;
    const ends = [instantAt(from.current), instantAt(x)].sort((a, b) => a - b);
    const [start = 0, end = 0] = ends;
    return end > start ? { start, end } : null;
  };
  const handlers = {
    onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
      wasDrawn.current = false;
      if (event.pointerType !== 'touch' && event.button === 0) from.current = xOf(event);
    },
    onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
      if (from.current !== null) setDrawn(stretchTo(xOf(event)));
    },
    onPointerUp: (event: PointerEvent<SVGSVGElement>) => {
      const stretch = stretchTo(xOf(event));
      from.current = null;
      setDrawn(null);
      if (stretch === null) return;
      wasDrawn.current = true;
      onMark(stretch);
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
