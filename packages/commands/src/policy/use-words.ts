import type { Uses } from '@watchbill/database';

/** Says what still uses something, and what to do first; null when nothing does. */
export function useWords({ pages, openPages, intakes, heartbeats }: Uses): string | null {
  const parts = [
    ...(openPages > 0
      ? [
          `${openPages === 1 ? 'a page is' : `${openPages} pages are`} open (${numbers(pages, openPages)}): resolve them`,
        ]
      : []),
    ...(intakes.length > 0 ? [`intakes point to it (${intakes.join(', ')}): let them call others`] : []),
    ...(heartbeats.length > 0
      ? [`heartbeats point to it (${heartbeats.join(', ')}): let them call others`]
      : []),
  ];
  return parts.length === 0 ? null : `${parts.join('; ')}.`;
}

function numbers(pages: readonly number[], openPages: number): string {
  const named = pages.map((number) => `#${number}`).join(', ');
  return openPages > pages.length ? `${named} and more` : named;
}
