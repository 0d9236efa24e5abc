import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Change, change } from './client.ts';

export interface Intention extends Change {
  readonly path: string;
}

/**
 * One change, sent once however often its button is pressed: a POST carries a key of its own. Afterwards `touches`
 * are read again.
 */
export function useChange<T = void>(touches: readonly (readonly string[])[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, ...rest }: Intention) => {
      const key = rest.method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {};
      return change<T>(path, { ...rest, headers: { ...key, ...rest.headers } });
    },
    onSuccess: () => Promise.all(touches.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
