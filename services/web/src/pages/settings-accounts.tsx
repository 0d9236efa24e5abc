import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { useChange } from '../api/change-queries.ts';
import { readAll, usePeople } from '../api/queries.ts';
import type { AccountRole } from '../api/session.ts';
import { Field } from '../parts/field.tsx';
import { Issued } from '../parts/issued.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';

interface Account {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: AccountRole;
  readonly person: string | null;
  readonly lastSignedInAt: string | null;
  readonly disabledAt: string | null;
}

const ROLES: readonly AccountRole[] = ['member', 'admin', 'read_only'];
const KEY = ['accounts'];

/** Who may sign in: invite, give a role, link to a person, disable. */
export function Accounts({ self }: { readonly self: string }) {
  const accounts = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => readAll<Account>('/v1/accounts', signal),
  });
  const change = useChange([KEY]);
  const { columns } = text.settings.accounts;
  return (
    <section aria-labelledby="accounts-title">
      <h2 id="accounts-title">{text.settings.accounts.title}</h2>
      {change.error !== null && <Failure error={change.error} />}
      <Loaded of={accounts}>
        {(all) => (
          <ScrollX label={text.settings.accounts.title}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{columns.name}</th>
                  <th scope="col">{columns.email}</th>
                  <th scope="col">{columns.role}</th>
                  <th scope="col">{columns.person}</th>
                  <th scope="col">{columns.seen}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {all.map((account) => (
                  <AccountRow
                    key={account.id}
                    account={account}
                    self={account.id === self}
                    onChange={(body) =>
                      change.mutate({ path: `/v1/accounts/${account.id}`, method: 'PATCH', body })
                    }
                  />
                ))}
              </tbody>
            </table>
          </ScrollX>
        )}
      </Loaded>
      <Invite />
    </section>
  );
}

interface RowProps {
  readonly account: Account;
  readonly self: boolean;
  readonly onChange: (change: { role?: AccountRole; disabled?: boolean }) => void;
}

function AccountRow({ account, self, onChange }: RowProps) {
  const words = text.settings.accounts;
  const disabled = account.disabledAt !== null;
  return (
    <tr>
      <th scope="row">
        {account.name} {disabled && <span className="quiet">({words.disabled})</span>}
      </th>
      <td>{account.email}</td>
      <td>
        <select
          aria-label={words.roleOf(account.name)}
          value={account.role}
          disabled={self}
          onChange={(event) => onChange({ role: event.target.value as AccountRole })}
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {words.roles[role]}
            </option>
          ))}
        </select>
      </td>
      <td>{account.person ?? '–'}</td>
      <td>{account.lastSignedInAt === null ? words.never : shownTime(account.lastSignedInAt, ownZone())}</td>
      <td>
        {!self && (
          <button
            type="button"
            aria-label={disabled ? words.enableOf(account.name) : words.disableOf(account.name)}
            onClick={() => onChange({ disabled: !disabled })}
          >
            {disabled ? words.enable : words.disable}
          </button>
        )}
      </td>
    </tr>
  );
}

function Invite() {
  const words = text.settings.accounts;
  const id = useId();
  const people = [...(usePeople().data?.values() ?? [])];
  const invite = useChange<{ id: string; link: string | null }>([KEY]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = (name: string) => String(new FormData(form).get(name) ?? '').trim();
    const body = {
      ...{ email: given('email'), name: given('name'), role: given('role') },
      person: given('person') === '' ? null : given('person'),
    };
    invite.mutate({ path: '/v1/accounts', method: 'POST', body }, { onSuccess: () => form.reset() });
  };
  return (
    <form onSubmit={submit} className="form panel">
      <h3>{words.invite}</h3>
      <div className="columns">
        <Field label={words.columns.name} name="name" required maxLength={100} />
        <Field label={words.columns.email} name="email" type="email" required />
        <div className="field">
          <label htmlFor={`${id}-role`}>{words.columns.role}</label>
          <select id={`${id}-role`} name="role">
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {words.roles[role]}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-person`}>{words.columns.person}</label>
          <select id={`${id}-person`} name="person">
            <option value="">{words.nobody}</option>
            {people.map((person) => (
              <option key={person.id} value={person.id}>
                {person.name}
              </option>
            ))}
          </select>
        </div>
      </div>
      {invite.error !== null && <Failure error={invite.error} />}
      {invite.data?.link != null && <Issued label={words.link} value={invite.data.link} />}
      <button type="submit" className="primary" disabled={invite.isPending}>
        {words.invite}
      </button>
    </form>
  );
}
