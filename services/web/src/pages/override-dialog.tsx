import { formatInstant, type Instant } from '@watchbill/core';
import { type FormEvent, useState } from 'react';
import { useChange } from '../api/change-queries.ts';
import type { Person, Schedule } from '../api/shapes.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { instantOf, type Moment, MomentField } from '../parts/moment-field.tsx';
import { Failure } from '../parts/state.tsx';
import { overrideText } from '../text/override.ts';
import { meaningOf, wallText } from '../time/wall-field.ts';

/** What the dialog begins with: a shift, a gap, or a stretch that was drawn. */
export interface OverrideDraft {
  readonly role: string;
  readonly start: Instant;
  readonly end: Instant;
  /** Whose shift it is; null: everybody's of the role. */
  readonly replaces: string | null;
  readonly gap: boolean;
}

export interface MadeOverride {
  readonly id: string;
  readonly people: readonly string[];
  readonly start: string;
  readonly end: string;
}

export interface OverrideDialogProps {
  readonly schedule: Schedule;
  readonly people: ReadonlyMap<string, Person>;
  readonly zone: string;
  readonly draft: OverrideDraft;
  readonly onClose: () => void;
  readonly onMade: (made: MadeOverride) => void;
}

const NOBODY = '-';

/** Who is on call instead, from when to when, and why. */
export function OverrideDialog({ schedule, people, zone, draft, onClose, onMade }: OverrideDialogProps) {
  const [start, setStart] = useState(() => momentOf(draft.start, zone));
  const [end, setEnd] = useState(() => momentOf(draft.end, zone));
  const [role, setRole] = useState(draft.role);
  const [inOrder, setInOrder] = useState(true);
  const make = useChange<MadeOverride>([['schedules', schedule.id], ['on-call']]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const person = String(form.get('person'));
    const reason = String(form.get('reason')).trim();
    const [from, to] = [instantOf(start, zone), instantOf(end, zone)];
    setInOrder(from !== null && to !== null && from < to);
    if (from === null || to === null || from >= to) return;
    const body = {
      ...{ kind: 'replace', people: person === NOBODY ? [] : [person], role },
      ...(draft.replaces !== null && role === draft.role && { replaces: draft.replaces }),
      ...{ start: formatInstant(from), end: formatInstant(to) },
      ...(reason !== '' && { reason }),
    };
    const path = `/v1/schedules/${encodeURIComponent(schedule.id)}/overrides`;
    make.mutate({ path, method: 'POST', body }, { onSuccess: onMade });
  };
  const { replaces } = draft;
  const instead =
    replaces === null || role !== draft.role
      ? overrideText.insteadOfAll
      : overrideText.instead(people.get(replaces)?.name ?? replaces);
  return (
    <Dialog title={draft.gap ? overrideText.gapTitle : overrideText.title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {!draft.gap && <p className="quiet">{instead}</p>}
        <label className="field">
          <span>{overrideText.person}</span>
          <select name="person" required defaultValue="">
            <option value="" disabled>
              {overrideText.choose}
            </option>
            {[...people.values()]
              .filter((person) => person.id !== replaces)
              .map((person) => (
                <option key={person.id} value={person.id}>
                  {person.name}
                </option>
              ))}
            {!draft.gap && <option value={NOBODY}>{overrideText.nobody}</option>}
          </select>
        </label>
        <label className="field">
          <span>{overrideText.role}</span>
          <select value={role} onChange={(event) => setRole(event.target.value)}>
            {[...new Set([...(schedule.definition.roles ?? []), draft.role])].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <div className="columns">
          <MomentField label={overrideText.start} zone={zone} value={start} onChange={setStart} />
          <MomentField label={overrideText.end} zone={zone} value={end} onChange={setEnd} />
        </div>
        <p className="quiet">{overrideText.times(zone)}</p>
        <Field label={overrideText.reason} hint={overrideText.reasonHint} name="reason" maxLength={500} />
        {!inOrder && (
          <p className="error" role="alert">
            {overrideText.order}
          </p>
        )}
        {make.error !== null && <Failure error={make.error} />}
        <button type="submit" className="primary" disabled={make.isPending}>
          {make.isPending ? overrideText.saving : overrideText.save}
        </button>
      </form>
    </Dialog>
  );
}

function momentOf(instant: Instant, zone: string): Moment {
  const wall = wallText(instant, zone);
  return { wall, pass: meaningOf(wall, zone)?.first === instant ? 'first' : 'last' };
}
