import type { FormEvent } from 'react';
import { useChange } from '../api/change-queries.ts';
import {
  type ContactMethod,
  type NotificationRules,
  personPath,
  useContactMethods,
  useNotificationRules,
} from '../api/people-queries.ts';
import { Field } from '../parts/field.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { peopleText } from '../text/people.ts';
import { shownDuration } from '../time/shown-time.ts';

const KINDS = ['email', 'sms', 'voice', 'ntfy', 'webhook'] as const;
const words = peopleText.contact;

/** By which ways one is reached, and in which order when a page is urgent. */
export function PersonContact({ person }: { readonly person: string }) {
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
            <Loaded of={rules}>{(found) => <Rules person={person} rules={found} methods={data} />}</Loaded>
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

function AddMethod({ person }: { readonly person: string }) {
  const add = useChange([['people', person]]);
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
            {KINDS.map((kind) => (
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

interface RulesProps {
  readonly person: string;
  readonly rules: NotificationRules;
  readonly methods: readonly ContactMethod[];
}

function Rules({ person, rules, methods }: RulesProps) {
  const save = useChange([['people', person]]);
  const put = (high: NotificationRules['high']) =>
    save.mutate({
      path: `${personPath(person)}/notification-rules`,
      method: 'PUT',
      body: { ...rules, high },
    });
  const nameOf = (id: string | null) => {
    const method = methods.find((one) => one.id === id);
    return method === undefined ? words.kinds.slack : `${words.kinds[method.kind]}, ${method.address}`;
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = String(form.get('method'));
    const rule = {
      contactMethod: chosen === '' ? null : chosen,
      afterSeconds: Number(form.get('minutes')) * 60,
    };
    put([...rules.high, rule].sort((a, b) => a.afterSeconds - b.afterSeconds));
  };
  return (
    <section aria-labelledby="rules-title">
      <h3 id="rules-title">{words.rules}</h3>
      {rules.high.length === 0 && <p className="quiet">{words.usual}</p>}
      <ol className="gaps">
        {rules.high.map((rule, place) => (
          <li key={`${rule.contactMethod} ${rule.afterSeconds}`}>
            <span>
              {nameOf(rule.contactMethod)}{' '}
              <span className="quiet">
                {rule.afterSeconds === 0
                  ? words.atOnce
                  : words.after(shownDuration(rule.afterSeconds * 1000))}
              </span>
            </span>
            <button
              type="button"
              aria-label={words.removeRule(place + 1)}
              onClick={() => put(rules.high.filter((one) => one !== rule))}
            >
              {words.remove}
            </button>
          </li>
        ))}
      </ol>
      <form className="form panel" onSubmit={add}>
        <div className="columns">
          <label className="field">
            <span>{words.rule}</span>
            <select name="method">
              <option value="">{words.kinds.slack}</option>
              {methods
                .filter(({ verifiedAt }) => verifiedAt !== null)
                .map(({ id }) => (
                  <option key={id} value={id}>
                    {nameOf(id)}
                  </option>
                ))}
            </select>
          </label>
          <Field
            label={words.seconds}
            name="minutes"
            type="number"
            min={0}
            max={1440}
            defaultValue={0}
            required
          />
        </div>
        {save.error !== null && <Failure error={save.error} />}
        <button type="submit" disabled={save.isPending}>
          {words.addRule}
        </button>
      </form>
    </section>
  );
}
