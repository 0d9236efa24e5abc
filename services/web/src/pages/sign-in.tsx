import type { FormEvent } from 'react';
import { useSignIn, useSignInWays } from '../api/session.ts';
import { Field } from '../parts/field.tsx';
import { Failure } from '../parts/state.tsx';
import { text } from '../text/en.ts';

/** The door: a password, or a provider. */
export function SignInPage() {
  const ways = useSignInWays().data;
  const signIn = useSignIn();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ email: String(form.get('email')), password: String(form.get('password')) });
  };
  return (
    <Door title={text.signIn.title}>
      {ways?.needsSetUp === true && <p className="notice">{text.signIn.needsSetUp}</p>}
      {ways?.providers.map((provider) => (
        <a key={provider.id} className="button" href={`/auth/${provider.id}`}>
          {text.signIn.with(provider.name)}
        </a>
      ))}
      <form onSubmit={submit} className="form">
        <Field label={text.signIn.email} name="email" type="email" autoComplete="username" required />
        <Field
          label={text.signIn.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        {signIn.error !== null && <Failure error={signIn.error} />}
        <button type="submit" className="primary" disabled={signIn.isPending}>
          {signIn.isPending ? text.signIn.pending : text.signIn.submit}
        </button>
      </form>
    </Door>
  );
}

/** The frame of the pages before one is signed in. */
export function Door({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <main className="door">
      <p className="brand">
        <img src="/icon.svg" alt="" width="28" height="28" /> {text.product}
      </p>
      <div className="panel">
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
