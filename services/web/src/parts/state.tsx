import type { ReactNode } from 'react';
import { RefusalError } from '../api/client.ts';
import { text } from '../text/en.ts';

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** What was asked for, or that it is on its way, or why it is not here and how to ask again. */
export function Loaded<T>({
  of,
  children,
}: {
  readonly of: Asked<T>;
  readonly children: (value: T) => ReactNode;
}) {
  if (of.data !== undefined) return children(of.data);
  if (of.error !== null) return <Failure error={of.error} again={() => void of.refetch()} />;
  return (
    <p className="quiet" role="status">
      {text.loading}
    </p>
  );
}

/** A refusal in the server's own words. */
export function Failure({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  return (
    <div className="failure" role="alert">
      <p>{error instanceof RefusalError ? error.message : text.unreachable}</p>
      {again !== undefined && (
        <button type="button" onClick={again}>
          {text.again}
        </button>
      )}
    </div>
  );
}
