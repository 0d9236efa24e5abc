import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useChange } from '../api/change-queries.ts';
import { read } from '../api/client.ts';
import {
  type ContactMethod,
  personPath,
  useContactMethods,
  useNotificationRules,
} from '../api/people-queries.ts';
import { Field } from '../parts/field.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { peopleText } from '../text/people.ts';
import { PersonRules } from './person-rules.tsx';

const KINDS = ['email', 'sms', 'voice', 'ntfy', 'webhook'] as const;
const words = peopleText.contact;

/** By which ways one is reached, and in which order when a page is urgent. */
export function PersonContact({ person, zone }: { readonly person: string; readonly zone: string }) {
  const methods = useContactMethods(person);
  const rules = useNotificationRules(person);
  return (
    <section aria-labelledby="contact-title">
      <h2 id="contact-title">{words.title}</h2>
      <Loaded of={methods}>
        {({ data }) => (
          <>
            {data.length === 0 && <p className="quiet">{words.none}</p>}
            <ul className="gaps">
              {data.map((method) => (
                <Method key={method.id} person={person} method={method} />
              ))}
            </ul>
            <AddMethod person={person} />
            <Loaded of={rules}>
              {(found) => <PersonRules {...{ person, zone, rules: found, methods: data }} />}
            </Loaded>
          </>
        )}
      </Loaded>
    </section>
  );
}

function Method({ person, method }: { readonly person: string; readonly method: ContactMethod }) {
  const act = useChange([['people', person]]);
  const path = `${personPath(person)}/contact-methods/${method.id}`;
  const enter = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code')).trim();
    act.mutate({ path: `${path}/verify`, method: 'POST', body: { code } });
  };
  return (
    <li>
      <span>
        <strong>{words.kinds[method.kind]}</strong> {method.address}{' '}
        {method.verifiedAt !== null && <span className="quiet">{words.verified}</span>}
      </span>
      {method.verifiedAt === null && (
        <form onSubmit={enter} className="form">
          <Field label={words.code(method.address)} name="code" inputMode="numeric" maxLength={20} required />
          <p className="buttons">
            <button type="submit">{words.verify}</button>
            <button type="button" onClick={() => act.mutate({ path: `${path}/code`, method: 'POST' })}>
              {words.resend}
            </button>
          </p>
        </form>
      )}
      <button
        type="button"
        aria-label={words.removeOf(method.address)}
        onClick={() => act.mutate({ path, method: 'DELETE' })}
      >
        {words.remove}
      </button>
      {act.error !== null && <Failure error={act.error} />}
    </li>
  );
}

type Kind = (typeof KINDS)[number];

/** Which ways this server can send by; all of them until that is known. */
function useKinds(): readonly Kind[] {
  const ways = useQuery({
    queryKey: ['ways'],
    queryFn: ({ signal }) => read<Readonly<Record<Kind, boolean>>>('/v1/ways', signal),
  });
  return KINDS.filter((kind) => ways.data?.[kind] !== false);
}

function AddMethod({ person }: { readonly person: string }) {
  const add = useChange([['people', person]]);
  const kinds = useKinds();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    const body = { kind: String(given.get('kind')), address: String(given.get('address')).trim() };
    const path = `${personPath(person)}/contact-methods`;
    add.mutate({ path, method: 'POST', body }, { onSuccess: () => form.reset() });
  };
  return (
    <form className="form panel" onSubmit={submit}>
      <h3>{words.add}</h3>
      <div className="columns">
        <label className="field">
          <span>{words.kind}</span>
          <select name="kind">
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {words.kinds[kind]}
              </option>
            ))}
          </select>
        </label>
        <Field label={words.address} name="address" required maxLength={2000} />
      </div>
      {add.error !== null && <Failure error={add.error} />}
      <button type="submit" disabled={add.isPending}>
        {words.add}
      </button>
    </form>
  );
}
