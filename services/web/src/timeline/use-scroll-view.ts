import { type RefObject, startTransition, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { drawnFor, isSameView, type Scene, scrollTo, type View } from './scene.ts';

/** Higher charts scroll. */
export const MOST_HEIGHT = 620;

export interface ScrollView {
  readonly box: RefObject<HTMLDivElement | null>;
  /** What is drawn; changes in steps. */
  readonly drawn: View;
  readonly onScroll: () => void;
  /** Brings a bar into view. */
  readonly reveal: (what: Parameters<typeof scrollTo>[1]) => void;
}

/** Follows which part of a scene is seen, so that only that is drawn. `head` is the height of the axis above it. */
export function useScrollView(scene: Scene, head: number): ScrollView {
  const box = useRef<HTMLDivElement>(null);
  const seen = useCallback((): View => {
    const { scrollLeft = 0, scrollTop = 0, clientWidth, clientHeight } = box.current ?? {};
    const width = (clientWidth ?? scene.width + scene.labels) - scene.labels;
    const height = Math.min(MOST_HEIGHT, clientHeight ?? MOST_HEIGHT) - head;
    return {
      ...{ left: scrollLeft, right: scrollLeft + width },
      ...{ top: scrollTop, bottom: scrollTop + Math.max(height, 0) },
    };
  }, [scene.width, scene.labels, head]);
  const [drawn, setDrawn] = useState(() => drawnFor({ left: 0, right: 1400, top: 0, bottom: MOST_HEIGHT }));
  const follow = useCallback(() => {
    const next = drawnFor(seen());
    setDrawn((before) => (isSameView(before, next) ? before : next));
  }, [seen]);
  // What comes next is drawn in the pauses between frames: there is more drawn than is seen.
  const onScroll = useCallback(() => startTransition(follow), [follow]);
  const reveal = (what: Parameters<typeof scrollTo>[1]) => {
    const { current } = box;
    if (current === null) return;
    const { left, top } = scrollTo(scene, what, seen());
    // Exactly where it is wanted at once: the focus follows.
    current.scrollTo({ left, top, behavior: 'instant' });
    follow();
  };
  // What is drawn follows the size, too.
  useLayoutEffect(follow, [follow]);
  return { box, drawn, onScroll, reveal };
}
