import { isZone } from '@watchbill/core';
import { type FormEvent, useState } from 'react';
import { useChange } from '../api/change-queries.ts';
import type { Person } from '../api/shapes.ts';
import { Field } from '../parts/field.tsx';
import { Failure } from '../parts/state.tsx';
import { editorText } from '../text/editor.ts';
import { ownZone } from '../time/shown-time.ts';
import { freeId } from './rotation-editor-model.ts';

const words = editorText.person;
/** The list of zones that every zone input of the page offers. */
export const ZONES_LIST = 'editor-zones';

/** Adds somebody to the people at once, so that every list can name them. */
export function NewPerson({ people }: { readonly people: ReadonlyMap<string, Person> }) {
  const [zone, setZone] = useState(ownZone());
  const [added, setAdded] = useState('');
  const add = useChange([['people']]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const name = String(data.get('name')).trim();
    const email = String(data.get('email')).trim();
    if (name === '' || !isZone(zone)) return;
    const person = {
      ...{ id: freeId(name.split(' ')[0] ?? name, new Set(people.keys())), name, timeZone: zone },
      ...(email !== '' && { email }),
    };
    add.mutate(
      { path: '/v1/configuration', method: 'POST', body: { version: 1, people: [person] } },
      {
        onSuccess: () => {
          setAdded(name);
          form.reset();
          form.querySelector('input')?.focus();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="form panel">
      <h2>{words.title}</h2>
      <div className="columns">
        <Field label={words.name} name="name" required maxLength={200} autoComplete="off" />
        <ZoneField label={words.zone} value={zone} onChange={setZone} />
        <Field label={words.email} name="email" type="email" autoComplete="off" />
      </div>
      {add.error !== null && <Failure error={add.error} />}
      <p className="quiet" role="status">
        {added === '' ? '' : words.added(added)}
      </p>
      <button type="submit" disabled={add.isPending}>
        {words.add}
      </button>
    </form>
  );
}

interface ZoneFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (zone: string) => void;
}

/** A zone, typed or chosen; `onChange` hears of every key. */
export function ZoneField({ label, hint, value, onChange }: ZoneFieldProps) {
  return (
    <Field
      label={label}
      {...(hint !== undefined && { hint })}
      list={ZONES_LIST}
      required
      spellCheck={false}
      autoComplete="off"
      value={value}
      error={isZone(value) ? undefined : editorText.zoneUnknown}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
