import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { read } from '../api/client.ts';
import type { Page } from '../api/shapes.ts';
import { Field } from '../parts/field.tsx';
import { Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';

interface Entry {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly origin: string | null;
  readonly command: string;
  readonly input: unknown;
  readonly before: unknown;
  readonly after: unknown;
  readonly position: number | null;
}

/** What was done, by whom, from where: the newest first. */
export function AuditPage() {
  const [command, setCommand] = useState('');
  const entries = useInfiniteQuery({
    queryKey: ['audit', command],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: '50' });
      if (command !== '') query.set('command', command);
      if (pageParam !== '') query.set('cursor', pageParam);
      return read<Page<Entry>>(`/v1/audit?${query}`, signal);
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  return (
    <>
      <header className="page-head">
        <h1>{text.audit.title}</h1>
        <p className="quiet">{text.times(ownZone())}</p>
      </header>
      <Field
        label={text.audit.filter}
        hint={text.audit.filterHint}
        value={command}
        onChange={(event) => setCommand(event.target.value.trim())}
      />
      <Loaded of={entries}>
        {({ pages }) => (
          <ol className="log">
            {pages
              .flatMap((page) => page.data)
              .map((entry) => (
                <EntryItem key={entry.id} entry={entry} />
              ))}
          </ol>
        )}
      </Loaded>
      {entries.hasNextPage && (
        <button type="button" onClick={() => void entries.fetchNextPage()} disabled={entries.isFetching}>
          {text.more}
        </button>
      )}
      <p className="quiet">{text.audit.chain}</p>
    </>
  );
}

function EntryItem({ entry }: { readonly entry: Entry }) {
  const details = { input: entry.input, before: entry.before, after: entry.after };
  return (
    <li>
      <details>
        <summary>
          <time dateTime={entry.at}>{shownTime(entry.at, ownZone())}</time> <strong>{entry.command}</strong>{' '}
          <span className="quiet">
            {entry.actor}
            {entry.origin !== null && ` · ${entry.origin.split(' ')[0]}`}
          </span>
        </summary>
        <pre>{JSON.stringify(details, null, 2)}</pre>
      </details>
    </li>
  );
}
