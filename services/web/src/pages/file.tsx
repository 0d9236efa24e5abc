import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useChange } from '../api/change-queries.ts';
import { RefusalError, read } from '../api/client.ts';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';

interface Applied {
  readonly unchanged: boolean;
  readonly schedules: readonly {
    readonly id: string;
    readonly changed: boolean;
    readonly shifts: Readonly<Record<'scheduled' | 'changed' | 'cancelled', number>>;
  }[];
  readonly changesByPerson: readonly {
    readonly person: string;
    readonly change: Readonly<Record<'hours' | 'shifts' | 'nights' | 'weekendShifts', number>>;
  }[];
}

/** The whole configuration as the file it is: view, download, paste, see what it would change, apply. */
export function FilePage() {
  const stored = useQuery({
    queryKey: ['configuration'],
    queryFn: ({ signal }) => read<string>('/v1/configuration', signal),
    staleTime: 0,
  });
  return (
    <>
      <header className="page-head">
        <h1>{text.file.title}</h1>
        <a className="button" href="/v1/configuration" download="watchbill.yaml">
          {text.file.download}
        </a>
      </header>
      <Loaded of={stored}>{(file) => <FileEditor key={file} file={file} />}</Loaded>
    </>
  );
}

function FileEditor({ file }: { readonly file: string }) {
  const [draft, setDraft] = useState(file);
  const id = useId();
  const preview = useChange<Applied>([]);
  const apply = useChange<Applied>([['schedules'], ['people'], ['configuration'], ['on-call']]);
  const send = (dryRun: boolean) =>
    (dryRun ? preview : apply).mutate({
      path: `/v1/configuration${dryRun ? '?dryRun=true' : ''}`,
      method: 'POST',
      body: draft,
    });
  const seen = preview.data !== undefined && preview.variables?.body === draft;
  const error = apply.error ?? preview.error;
  return (
    <div className="form">
      <div className="field">
        <label htmlFor={id}>{text.file.label}</label>
        <textarea
          id={id}
          className="code"
          rows={24}
          spellCheck={false}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
        />
      </div>
      {error !== null && <Failure error={error} />}
      {error instanceof RefusalError && error.items.length > 0 && (
        <ul className="problems">
          {error.items.map((item) => (
            <li key={`${item.line} ${item.column} ${item.detail}`}>
              {item.line !== undefined && <strong>{text.file.at(item.line, item.column ?? 1)}</strong>}{' '}
              {item.detail}
            </li>
          ))}
        </ul>
      )}
      {seen && preview.data !== undefined && <Difference applied={preview.data} />}
      {apply.data !== undefined && <p role="status">{text.file.applied}</p>}
      <div className="buttons">
        <button type="button" onClick={() => send(true)} disabled={preview.isPending || draft === file}>
          {text.file.preview}
        </button>
        <button
          type="button"
          className="primary"
          onClick={() => send(false)}
          disabled={!seen || apply.isPending || preview.data?.unchanged === true}
        >
          {text.file.apply}
        </button>
      </div>
    </div>
  );
}

function Difference({ applied }: { readonly applied: Applied }) {
  const { columns } = text.file;
  if (applied.unchanged) return <p role="status">{text.file.unchanged}</p>;
  const changed = applied.schedules.filter((schedule) => schedule.changed);
  return (
    <section className="panel" aria-live="polite">
      <h2>{text.file.would}</h2>
      <ul>
        {changed.map(({ id, shifts }) => (
          <li key={id}>{text.file.schedule(id, shifts)}</li>
        ))}
      </ul>
      {applied.changesByPerson.length > 0 && (
        <ScrollX label={text.file.would}>
          <table>
            <thead>
              <tr>
                <th scope="col">{columns.person}</th>
                <th scope="col">{columns.hours}</th>
                <th scope="col">{columns.shifts}</th>
                <th scope="col">{columns.nights}</th>
                <th scope="col">{columns.weekends}</th>
              </tr>
            </thead>
            <tbody>
              {applied.changesByPerson.map(({ person, change }) => (
                <tr key={person}>
                  <th scope="row">{person}</th>
                  <td>{signed(change.hours)}</td>
                  <td>{signed(change.shifts)}</td>
                  <td>{signed(change.nights)}</td>
                  <td>{signed(change.weekendShifts)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </section>
  );
}

/** `+3`, `−2`, `0`: a change, with its sign. */
export function signed(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  if (rounded === 0) return '0';
  return rounded > 0 ? `+${rounded}` : `−${Math.abs(rounded)}`;
}
