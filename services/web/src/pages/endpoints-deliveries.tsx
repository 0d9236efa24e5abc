import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '../api/change-queries.ts';
import { read } from '../api/client.ts';
import type { Page } from '../api/shapes.ts';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { plansText } from '../text/plans.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';

const words = plansText.endpoints;
const PAGE = 25;
const REFRESH_MS = 5_000;

interface Delivery {
  readonly id: string;
  readonly event: { readonly type: string; readonly schedule: string | null };
  readonly status: 'pending' | 'succeeded' | 'failed' | 'cancelled';
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly createdAt: string;
}

interface Attempt {
  readonly number: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly outcome: string;
  readonly statusCode: number | null;
  readonly responseExcerpt: string | null;
  readonly error: string | null;
}

type Status = keyof typeof words.states;

/** What was sent to one endpoint, newest first. */
export function Deliveries({
  endpoint,
}: {
  readonly endpoint: { readonly id: string; readonly url: string };
}) {
  const [status, setStatus] = useState<Status | ''>('');
  const [cursor, setCursor] = useState<string | null>(null);
  const query = new URLSearchParams({
    limit: String(PAGE),
    ...(status !== '' && { status }),
    ...(cursor !== null && { cursor }),
  });
  const deliveries = useQuery({
    queryKey: ['endpoints', endpoint.id, 'deliveries', query.toString()],
    queryFn: ({ signal }) => read<Page<Delivery>>(`/v1/endpoints/${endpoint.id}/deliveries?${query}`, signal),
    refetchInterval: REFRESH_MS,
  });
  return (
    <section className="stack" aria-labelledby="deliveries-title">
      <div className="section-head">
        <h2 id="deliveries-title">{words.deliveries(endpoint.url)}</h2>
        <label className="field inline">
          <span>{words.filter}</span>
          <select
            value={status}
            onChange={(event) => {
              setStatus(event.target.value as Status | '');
              setCursor(null);
            }}
          >
            <option value="">{words.every}</option>
            {(Object.keys(words.states) as Status[]).map((value) => (
              <option key={value} value={value}>
                {words.states[value]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Loaded of={deliveries}>
        {({ data, nextCursor }) => (
          <>
            {data.length === 0 ? (
              <p className="quiet">{words.noDeliveries}</p>
            ) : (
              <DeliveryTable rows={data} />
            )}
            <div className="buttons">
              {cursor !== null && (
                <button type="button" onClick={() => setCursor(null)}>
                  {words.newest}
                </button>
              )}
              {nextCursor !== null && (
                <button type="button" onClick={() => setCursor(nextCursor)}>
                  {words.older}
                </button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </section>
  );
}

function DeliveryTable({ rows }: { readonly rows: readonly Delivery[] }) {
  const [open, setOpen] = useState<string | null>(null);
  const replay = useChange([['endpoints']]);
  return (
    <>
      {replay.error !== null && <Failure error={replay.error} />}
      {replay.isSuccess && <p role="status">{words.replayed}</p>}
      <ScrollX label={plansText.table(words.show)}>
        <table>
          <caption>{ownZone()}</caption>
          <thead>
            <tr>
              {Object.values(words.delivery).map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {row.event.type}{' '}
                  {row.event.schedule !== null && <span className="quiet">{row.event.schedule}</span>}
                  {open === row.id && <Attempts delivery={row.id} />}
                </th>
                <td className={row.status === 'failed' ? 'nobody' : ''}>{words.states[row.status]}</td>
                <td>{row.attempts}</td>
                <td>{shownTime(row.createdAt, ownZone())}</td>
                <td>{row.nextAttemptAt === null ? '' : shownTime(row.nextAttemptAt, ownZone())}</td>
                <td>
                  <span className="buttons">
                    <button
                      type="button"
                      aria-expanded={open === row.id}
                      aria-label={words.attemptsOf(row.event.type)}
                      onClick={() => setOpen(open === row.id ? null : row.id)}
                    >
                      {words.attempts}
                    </button>
                    <button
                      type="button"
                      aria-label={words.replayOf(row.event.type)}
                      disabled={replay.isPending || row.status === 'pending'}
                      onClick={() =>
                        replay.mutate({ path: `/v1/deliveries/${row.id}/replay`, method: 'POST' })
                      }
                    >
                      {words.replay}
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

function Attempts({ delivery }: { readonly delivery: string }) {
  const found = useQuery({
    queryKey: ['endpoints', 'delivery', delivery],
    queryFn: ({ signal }) =>
      read<{ readonly tries: readonly Attempt[] }>(`/v1/deliveries/${delivery}`, signal),
    refetchInterval: REFRESH_MS,
  });
  return (
    <Loaded of={found}>
      {({ tries }) =>
        tries.length === 0 ? (
          <p className="quiet">{words.noAttempts}</p>
        ) : (
          <ul className="log">
            {tries.map((one) => (
              <li key={one.number}>
                {words.attempt(
                  one.number,
                  one.statusCode === null ? one.outcome : `${one.outcome} (${one.statusCode})`,
                  one.durationMs,
                )}{' '}
                <span className="quiet">{shownTime(one.startedAt, ownZone())}</span>
                {one.error !== null && <div className="error">{one.error}</div>}
                {one.responseExcerpt !== null && one.responseExcerpt !== '' && (
                  <code>{one.responseExcerpt}</code>
                )}
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
