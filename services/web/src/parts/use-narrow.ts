import { useSyncExternalStore } from 'react';

/** As in the style sheets: below it the page is laid out for a phone. */
const NARROW = '(max-width: 720px)';

/** Whether the page is as narrow as a phone; follows when that changes. */
export function useNarrow(): boolean {
  return useSyncExternalStore(listen, () => matchMedia(NARROW).matches);
}

function listen(onChange: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}
