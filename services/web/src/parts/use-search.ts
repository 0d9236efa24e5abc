import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';

/** What a page shows lives in its address: zone, range and filters, so that a link shows the same. */
export function useSearchValue(name: string, fallback: string): readonly [string, (value: string) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const value = new URLSearchParams(search).get(name) ?? fallback;
  const set = useCallback(
    (next: string) => {
      const params = new URLSearchParams(search);
      if (next === fallback) params.delete(name);
      else params.set(name, next);
      const query = params.toString();
      navigate(query === '' ? path : `${path}?${query}`, { replace: true });
    },
    [search, path, name, fallback, navigate],
  );
  return [value, set];
}
