import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { type LinkPurpose, useLinkPurpose, useSetUp } from '../api/session.ts';
import { Field } from '../parts/field.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { Door } from './sign-in.tsx';

const PASSWORD_LENGTH = 12;

/** Where a set-up link leads: the first account, or a password for one's own. */
export function SetUpPage({ link }: { readonly link: string }) {
  const purpose = useLinkPurpose(link);
  return (
    <Loaded of={purpose}>
      {(found) =>
        found === null ? (
          <Door title={text.setUp.goneTitle}>
            <p>{text.setUp.gone}</p>
            <a href="/">{text.setUp.toSignIn}</a>
          </Door>
        ) : (
          <SetUpForm link={link} purpose={found} />
        )
      }
    </Loaded>
  );
}

function SetUpForm({ link, purpose }: { readonly link: string; readonly purpose: LinkPurpose }) {
  const setUp = useSetUp();
  const [, navigate] = useLocation();
  const [differ, setDiffer] = useState(false);
  const first = purpose === 'first';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? '').trim();
    const password = String(form.get('password'));
    const differs = password !== String(form.get('again'));
    setDiffer(differs);
    if (differs) return;
    const input = { link, password, ...(first && { email: given('email'), name: given('name') }) };
    setUp.mutate(input, { onSuccess: () => navigate('/') });
  };
  return (
    <Door title={first ? text.setUp.firstTitle : text.setUp.passwordTitle}>
      <p className="quiet">{first ? text.setUp.firstLead : text.setUp.passwordLead}</p>
      <form onSubmit={submit} className="form">
        {first && <Field label={text.setUp.name} name="name" autoComplete="name" required maxLength={100} />}
        {first && (
          <Field label={text.signIn.email} name="email" type="email" autoComplete="username" required />
        )}
        <Field
          label={text.setUp.password}
          hint={text.setUp.passwordHint(PASSWORD_LENGTH)}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={PASSWORD_LENGTH}
          maxLength={200}
          required
        />
        <Field
          label={text.setUp.again}
          name="again"
          type="password"
          autoComplete="new-password"
          error={differ ? text.setUp.differ : undefined}
          required
        />
        {setUp.error !== null && <Failure error={setUp.error} />}
        <button type="submit" className="primary" disabled={setUp.isPending}>
          {text.setUp.submit}
        </button>
      </form>
    </Door>
  );
}
