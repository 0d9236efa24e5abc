import { useQuery } from '@tanstack/react-query';
import { formatInstant } from '@watchbill/core';
import { type FormEvent, useState } from 'react';
import { useChange } from '../api/change-queries.ts';
import { readAll } from '../api/queries.ts';
import { Issued } from '../parts/issued.tsx';
import { instantOf, type Moment, MomentField } from '../parts/moment-field.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { plansText } from '../text/plans.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';
import '../style/choices.css';

interface SheetLink {
  readonly id: string;
  readonly fullNames: boolean;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastOpenedAt: string | null;
}

const words = plansText.links;
const EMPTY: Moment = { wall: '', pass: 'first' };

/** Secret links to a fact sheet: make one, see which are used, revoke. */
export function FactSheetLinks({ path: sheetPath }: { readonly path: string }) {
  const path = `${sheetPath}/links`;
  const key = ['fact-sheet-links', path];
  const links = useQuery({ queryKey: key, queryFn: ({ signal }) => readAll<SheetLink>(path, signal) });
  return (
    <section className="stack" aria-labelledby="links-title">
      <h2 id="links-title">{words.title}</h2>
      <p className="quiet">
        {words.lead} {text.times(ownZone())}.
      </p>
      <NewLink path={path} touches={key} />
      <Loaded of={links}>{(all) => <LinkTable links={all.filter(works)} path={path} touches={key} />}</Loaded>
    </section>
  );
}

function works({ revokedAt, expiresAt }: SheetLink): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.now());
}

interface PlaceProps {
  readonly path: string;
  readonly touches: readonly string[];
}

function NewLink({ path, touches }: PlaceProps) {
  const [until, setUntil] = useState(EMPTY);
  const [inTime, setInTime] = useState(true);
  const make = useChange<{ readonly url: string | null }>([touches]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fullNames = new FormData(form).get('fullNames') !== null;
    const at = instantOf(until, ownZone());
    setInTime(at === null || at > Date.now());
    if (at !== null && at <= Date.now()) return;
    const body = { fullNames, ...(at !== null && { expiresAt: formatInstant(at) }) };
    make.mutate(
      { path, method: 'POST', body },
      {
        onSuccess: () => {
          form.reset();
          setUntil(EMPTY);
        },
      },
    );
  };
  const url = make.data?.url ?? null;
  return (
    <form className="form panel" onSubmit={submit}>
      <div className="columns">
        <MomentField
          {...{ label: words.expires, hint: words.expiresHint, optional: true }}
          {...{ zone: ownZone(), value: until, onChange: setUntil }}
        />
        <label className="check">
          <input type="checkbox" name="fullNames" /> {words.fullNames}
        </label>
      </div>
      {!inTime && (
        <p className="error" role="alert">
          {words.past}
        </p>
      )}
      {make.error !== null && <Failure error={make.error} />}
      <button type="submit" disabled={make.isPending}>
        {words.make}
      </button>
      {url !== null && <Issued key={url} label={words.issued} value={url} />}
    </form>
  );
}

function LinkTable({ links, path, touches }: PlaceProps & { readonly links: readonly SheetLink[] }) {
  const revoke = useChange([touches]);
  const shown = (instant: string) => shownTime(instant, ownZone());
  if (links.length === 0) return <p className="quiet">{words.none}</p>;
  return (
    <>
      {revoke.error !== null && <Failure error={revoke.error} />}
      <ScrollX label={words.title}>
        <table>
          <thead>
            <tr>
              {Object.values(words.columns).map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {links.map(({ id, fullNames, createdBy, createdAt, expiresAt, lastOpenedAt }) => (
              <tr key={id}>
                <th scope="row">{shown(createdAt)}</th>
                <td>{createdBy.replace(/ \(\w+\)$/, '')}</td>
                <td>{fullNames ? words.whole : words.first}</td>
                <td>{expiresAt === null ? words.always : shown(expiresAt)}</td>
                <td>{lastOpenedAt === null ? words.never : shown(lastOpenedAt)}</td>
                <td>
                  <button
                    type="button"
                    aria-label={words.revokeOf(shown(createdAt))}
                    disabled={revoke.isPending}
                    onClick={() => revoke.mutate({ path: `${path}/${id}`, method: 'DELETE' })}
                  >
                    {words.revoke}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </>
  );
}
