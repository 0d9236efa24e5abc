import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useChange } from '../api/change-queries.ts';
import { readAll } from '../api/queries.ts';
import { Field } from '../parts/field.tsx';
import { Issued } from '../parts/issued.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';

interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

const KEY = ['tokens'];
/** What programs are mostly for; every scope is in the API's description. */
const USES = {
  read: ['schedules:read', 'people:read', 'events:read'],
  apply: ['schedules:read', 'schedules:write'],
  metrics: ['metrics:read'],
  all: ['admin'],
} as const;

/** Tokens for programs: make one, see which are used, revoke. */
export function Tokens() {
  const words = text.settings.tokens;
  const tokens = useQuery({ queryKey: KEY, queryFn: ({ signal }) => readAll<Token>('/v1/tokens', signal) });
  const revoke = useChange([KEY]);
  return (
    <section aria-labelledby="tokens-title">
      <h2 id="tokens-title">{words.title}</h2>
      {revoke.error !== null && <Failure error={revoke.error} />}
      <Loaded of={tokens}>
        {(all) => (
          <ScrollX label={text.settings.tokens.title}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.columns.name}</th>
                  <th scope="col">{words.columns.scopes}</th>
                  <th scope="col">{words.columns.used}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {all
                  .filter((token) => token.revokedAt === null)
                  .map((token) => (
                    <tr key={token.id}>
                      <th scope="row">{token.name}</th>
                      <td>{token.scopes.join(', ')}</td>
                      <td>
                        {token.lastUsedAt === null ? words.never : shownTime(token.lastUsedAt, ownZone())}
                      </td>
                      <td>
                        <button
                          type="button"
                          aria-label={words.revokeOf(token.name)}
                          onClick={() => revoke.mutate({ path: `/v1/tokens/${token.id}`, method: 'DELETE' })}
                        >
                          {words.revoke}
                        </button>
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </ScrollX>
        )}
      </Loaded>
      <NewToken />
    </section>
  );
}

function NewToken() {
  const words = text.settings.tokens;
  const make = useChange<{ token: string | null }>([KEY]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const use = String(form.get('use')) as keyof typeof USES;
    const body = { name: String(form.get('name')).trim(), scopes: USES[use] };
    make.mutate({ path: '/v1/tokens', method: 'POST', body });
  };
  return (
    <form onSubmit={submit} className="form panel">
      <h3>{words.make}</h3>
      <div className="columns">
        <Field label={words.columns.name} hint={words.nameHint} name="name" required maxLength={100} />
        <label className="field">
          <span>{words.use}</span>
          <select name="use">
            {(Object.keys(USES) as (keyof typeof USES)[]).map((use) => (
              <option key={use} value={use}>
                {words.uses[use]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {make.error !== null && <Failure error={make.error} />}
      {make.data?.token != null && <Issued label={words.shown} value={make.data.token} />}
      <button type="submit" className="primary" disabled={make.isPending}>
        {words.make}
      </button>
    </form>
  );
}
