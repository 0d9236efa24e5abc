import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useChange } from '../api/change-queries.ts';
import { readAll, useSchedules } from '../api/queries.ts';
import { Field } from '../parts/field.tsx';
import { Issued } from '../parts/issued.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { plansText } from '../text/plans.ts';
import { Deliveries } from './endpoints-deliveries.tsx';
import '../style/fairness.css';

const words = plansText.endpoints;
const KEY = ['endpoints'];

export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly string[];
  readonly schedules: readonly string[] | null;
  readonly status: 'active' | 'disabled';
  readonly disabledReason: string | null;
}

interface Secret {
  readonly endpoint: Endpoint;
  readonly secret: string | null;
}

/** Where events are sent: make an endpoint, switch it off and on, see what was sent and send it again. */
export function EndpointsPage() {
  const endpoints = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => readAll<Endpoint>('/v1/endpoints', signal),
  });
  const [open, setOpen] = useState<string | null>(null);
  return (
    <>
      <header className="page-head">
        <h1>{words.title}</h1>
      </header>
      <p className="quiet">{words.lead}</p>
      <Loaded of={endpoints}>
        {(all) => (
          <>
            {all.length === 0 ? (
              <p className="quiet">{words.none}</p>
            ) : (
              <EndpointTable all={all} open={open} onOpen={setOpen} />
            )}
            {all
              .filter(({ id }) => id === open)
              .map((endpoint) => (
                <Deliveries key={endpoint.id} endpoint={endpoint} />
              ))}
          </>
        )}
      </Loaded>
      <NewEndpoint />
    </>
  );
}

interface TableProps {
  readonly all: readonly Endpoint[];
  readonly open: string | null;
  readonly onOpen: (id: string | null) => void;
}

function EndpointTable({ all, open, onOpen }: TableProps) {
  const set = useChange([KEY]);
  const rotate = useChange<Secret>([KEY]);
  const { columns } = words;
  return (
    <>
      {set.error !== null && <Failure error={set.error} />}
      {rotate.error !== null && <Failure error={rotate.error} />}
      {rotate.data?.secret != null && <Issued label={words.secret} value={rotate.data.secret} />}
      <ScrollX label={plansText.table(words.title)}>
        <table>
          <thead>
            <tr>
              {Object.values(columns).map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  {one.url}
                  {one.description !== '' && <div className="quiet">{one.description}</div>}
                </th>
                <td>{one.eventTypes.join(', ')}</td>
                <td>{one.schedules?.join(', ') ?? words.everySchedule}</td>
                <td>
                  {words[one.status]}
                  {one.disabledReason !== null && <div className="quiet">{one.disabledReason}</div>}
                </td>
                <td>
                  <span className="buttons wrap">
                    <button
                      type="button"
                      aria-expanded={open === one.id}
                      aria-label={words.showOf(one.url)}
                      onClick={() => onOpen(open === one.id ? null : one.id)}
                    >
                      {words.show}
                    </button>
                    <button
                      type="button"
                      aria-label={
                        one.status === 'active' ? words.disableOf(one.url) : words.enableOf(one.url)
                      }
                      disabled={set.isPending}
                      onClick={() =>
                        set.mutate({
                          path: `/v1/endpoints/${one.id}`,
                          method: 'PATCH',
                          body: { status: one.status === 'active' ? 'disabled' : 'active' },
                        })
                      }
                    >
                      {one.status === 'active' ? words.disable : words.enable}
                    </button>
                    <button
                      type="button"
                      aria-label={words.rotateOf(one.url)}
                      disabled={rotate.isPending}
                      onClick={() =>
                        rotate.mutate({
                          path: `/v1/endpoints/${one.id}/rotate-secret`,
                          method: 'POST',
                          body: {},
                        })
                      }
                    >
                      {words.rotate}
                    </button>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </>
  );
}

function NewEndpoint() {
  const schedules = useSchedules();
  const make = useChange<Secret>([KEY]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name)).trim();
    const types = text('types')
      .split(',')
      .map((type) => type.trim());
    const body = {
      url: text('url'),
      ...(text('description') !== '' && { description: text('description') }),
      eventTypes: types.filter((type) => type !== ''),
      ...(text('schedule') !== '' && { schedules: [text('schedule')] }),
    };
    make.mutate({ path: '/v1/endpoints', method: 'POST', body }, { onSuccess: () => form.reset() });
  };
  return (
    <form onSubmit={submit} className="form panel">
      <h2>{words.make}</h2>
      <div className="columns">
        <Field label={words.url} hint={words.urlHint} name="url" type="url" required maxLength={2000} />
        <Field label={words.types} hint={words.typesHint} name="types" required defaultValue="*" />
        <Field label={words.description} name="description" maxLength={200} />
        <label className="field">
          <span>{words.onlySchedule}</span>
          <select name="schedule">
            <option value="">{words.any}</option>
            {schedules.data?.map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </label>
      </div>
      {make.error !== null && <Failure error={make.error} />}
      {make.data?.secret != null && <Issued label={words.secret} value={make.data.secret} />}
      <button type="submit" className="primary" disabled={make.isPending}>
        {words.make}
      </button>
    </form>
  );
}
