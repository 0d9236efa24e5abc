import { formatInstant } from '@watchbill/core';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { useChange } from '../api/change-queries.ts';
import { useMay } from '../api/may.ts';
import { personPath, useAbsences, useComingShifts } from '../api/people-queries.ts';
import { usePeople } from '../api/queries.ts';
import type { Session } from '../api/session.ts';
import type { Person } from '../api/shapes.ts';
import { Field } from '../parts/field.tsx';
import { instantOf, type Moment, MomentField } from '../parts/moment-field.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { peopleText } from '../text/people.ts';
import { shownTime } from '../time/shown-time.ts';
import { hoursText } from './people.tsx';
import { PersonContact } from './person-contact.tsx';

/** One person: hours, absences, coming shifts; for oneself also how one is reached. */
export function PersonPage({ id, session }: { readonly id: string; readonly session: Session }) {
  const people = usePeople();
  return (
    <Loaded of={people}>
      {(all) => {
        const person = all.get(id);
        if (person === undefined) return <p className="quiet">{peopleText.people.none}</p>;
        const zone = person.timeZone;
        return (
          <>
            <header className="page-head">
              <h1>{person.name}</h1>
              <p className="quiet">{text.times(zone)}</p>
            </header>
            <dl className="facts">
              <div>
                <dt>{peopleText.people.columns.hours}</dt>
                <dd>{hoursText(person)}</dd>
              </div>
              <div>
                <dt>{peopleText.people.holidays}</dt>
                <dd>{person.holidays ?? peopleText.people.noHolidays}</dd>
              </div>
            </dl>
            <Shifts person={person} />
            <Absences person={person} />
            {session.person === id && session.account.role !== 'read_only' && (
              <PersonContact person={id} zone={zone} />
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Shifts({ person }: { readonly person: Person }) {
  const shifts = useComingShifts(person.id);
  const { title, none, columns, ask, askOf } = peopleText.shifts;
  const acts = useMay().actsFor(person.id);
  return (
    <section aria-labelledby="shifts-title">
      <h2 id="shifts-title">{title}</h2>
      <Loaded of={shifts}>
        {({ data }) =>
          data.length === 0 ? (
            <p className="quiet">{none}</p>
          ) : (
            <ScrollX label={title}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{columns.start}</th>
                    <th scope="col">{columns.end}</th>
                    <th scope="col">{columns.schedule}</th>
                    <th scope="col">{columns.role}</th>
                    {acts && <td />}
                  </tr>
                </thead>
                <tbody>
                  {data
                    .filter(({ status }) => status === 'active')
                    .map((shift) => (
                      <tr key={shift.id}>
                        <td>{shownTime(shift.start, person.timeZone)}</td>
                        <td>{shownTime(shift.end, person.timeZone)}</td>
                        <td>
                          <Link href={`/schedules/${shift.schedule}?from=${shift.start}`}>
                            {shift.schedule}
                          </Link>
                        </td>
                        <td>{shift.role}</td>
                        {acts && (
                          <td>
                            <Link
                              className="button"
                              href={`/swaps/new?person=${person.id}&shift=${shift.id}`}
                              aria-label={askOf(shownTime(shift.start, person.timeZone))}
                            >
                              {ask}
                            </Link>
                          </td>
                        )}
                      </tr>
                    ))}
                </tbody>
              </table>
            </ScrollX>
          )
        }
      </Loaded>
    </section>
  );
}

function Absences({ person }: { readonly person: Person }) {
  const absences = useAbsences(person.id);
  const cancel = useChange([['people', person.id]]);
  const words = peopleText.absences;
  const shown = (instant: string) => shownTime(instant, person.timeZone);
  const acts = useMay().actsFor(person.id);
  return (
    <section aria-labelledby="absences-title">
      <h2 id="absences-title">{words.title}</h2>
      {cancel.error !== null && <Failure error={cancel.error} />}
      <Loaded of={absences}>
        {(all) =>
          all.length === 0 ? (
            <p className="quiet">{words.none}</p>
          ) : (
            <ul className="gaps">
              {all.map(({ id, start, end, reason, origin }) => (
                <li key={id}>
                  <span>
                    {shown(start)} – {shown(end)}{' '}
                    <span className="quiet">{reason ?? words.origin[origin]}</span>
                  </span>
                  {origin === 'api' && acts && (
                    <button
                      type="button"
                      aria-label={words.cancelOf(shown(start))}
                      disabled={cancel.isPending}
                      onClick={() =>
                        cancel.mutate({ path: `${personPath(person.id)}/absences/${id}`, method: 'DELETE' })
                      }
                    >
                      {words.cancel}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {acts && <EnterAbsence person={person} />}
    </section>
  );
}

const EMPTY: Moment = { wall: '', pass: 'first' };

function EnterAbsence({ person }: { readonly person: Person }) {
  const [start, setStart] = useState(EMPTY);
  const [end, setEnd] = useState(EMPTY);
  const [inOrder, setInOrder] = useState(true);
  const enter = useChange([['people', person.id]]);
  const words = peopleText.absences;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const reason = String(new FormData(form).get('reason')).trim();
    const [from, to] = [instantOf(start, person.timeZone), instantOf(end, person.timeZone)];
    setInOrder(from !== null && to !== null && from < to);
    if (from === null || to === null || from >= to) return;
    const body = { start: formatInstant(from), end: formatInstant(to), ...(reason !== '' && { reason }) };
    enter.mutate(
      { path: `${personPath(person.id)}/absences`, method: 'POST', body },
      {
        onSuccess: () => {
          setStart(EMPTY);
          setEnd(EMPTY);
          form.reset();
        },
      },
    );
  };
  return (
    <form className="form panel" onSubmit={submit}>
      <h3>{words.enter}</h3>
      <div className="columns">
        <MomentField label={words.start} zone={person.timeZone} value={start} onChange={setStart} />
        <MomentField label={words.end} zone={person.timeZone} value={end} onChange={setEnd} />
        <Field label={words.reason} hint={words.reasonHint} name="reason" maxLength={500} />
      </div>
      {!inOrder && (
        <p className="error" role="alert">
          {words.order}
        </p>
      )}
      {enter.error !== null && <Failure error={enter.error} />}
      <button type="submit" disabled={enter.isPending}>
        {words.enter}
      </button>
    </form>
  );
}
