import { Link } from 'wouter';
import { useChange } from '../api/change-queries.ts';
import { type CalledPage, type CalledPageDetail, useCalledPage, useOpenPages } from '../api/duty-queries.ts';
import { useMay } from '../api/may.ts';
import { usePeople } from '../api/queries.ts';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { peopleText } from '../text/people.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';

const words = peopleText.pages;

/** Pages that are open, to be answered. */
export function CalledPages() {
  const pages = useOpenPages();
  return (
    <>
      <header className="page-head">
        <h1>{words.title}</h1>
        <p className="quiet">{text.times(ownZone())}</p>
      </header>
      <Loaded of={pages}>
        {(all) =>
          all.length === 0 ? (
            <p className="quiet">{words.none}</p>
          ) : (
            <ul className="cards">
              {all.map((page) => (
                <li key={page.id} className="card">
                  <h2>
                    <Link href={`/pages/${page.number}`}>
                      #{page.number} {page.summary}
                    </Link>
                  </h2>
                  <State page={page} />
                  <Acts page={page} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

/** One page: what happened, and who was told. */
export function CalledPageView({ id }: { readonly id: string }) {
  const page = useCalledPage(id);
  return (
    <Loaded of={page}>
      {(found) => (
        <>
          <header className="page-head">
            <h1>
              #{found.number} {found.summary}
            </h1>
            <Link href="/pages">{words.back}</Link>
          </header>
          <State page={found} />
          <Acts page={found} />
          <Log page={found} />
          <Told page={found} />
        </>
      )}
    </Loaded>
  );
}

function State({ page }: { readonly page: CalledPage }) {
  const people = usePeople().data;
  const actor = page.resolved ?? page.acknowledged;
  const who = actor === null ? null : (people?.get(actor.person ?? '')?.name ?? actor.person ?? actor.actor);
  const state = words.states[page.state as keyof typeof words.states] ?? page.state;
  return (
    <p className={page.state === 'triggered' ? 'warning' : 'quiet'}>
      {page.severity}, {state} {who !== null && words.by(who)} {shownTime(page.createdAt, ownZone())}
      {page.nextStepAt !== null && `; ${words.escalates(shownTime(page.nextStepAt, ownZone(), 'clock'))}`}
    </p>
  );
}

function Acts({ page }: { readonly page: CalledPage }) {
  const act = useChange([['pages']]);
  const { answers } = useMay();
  if (page.state === 'resolved' || !answers) return null;
  const acts = [
    ...(page.state === 'triggered' ? [['acknowledge', words.acknowledge] as const] : []),
    ['resolve', words.resolve] as const,
    ['escalate', words.escalate] as const,
  ];
  return (
    <>
      {act.error !== null && <Failure error={act.error} />}
      <p className="buttons">
        {acts.map(([verb, name]) => (
          <button
            key={verb}
            type="button"
            className={verb === 'acknowledge' ? 'primary' : ''}
            aria-label={words.of(name, page.number)}
            disabled={act.isPending}
            onClick={() => act.mutate({ path: `/v1/pages/${page.id}/${verb}`, method: 'POST', body: {} })}
          >
            {name}
          </button>
        ))}
      </p>
    </>
  );
}

function Log({ page }: { readonly page: CalledPageDetail }) {
  const { at, what, who } = words.logColumns;
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title">{words.log}</h2>
      <ScrollX label={words.log}>
        <table>
          <thead>
            <tr>
              <th scope="col">{at}</th>
              <th scope="col">{what}</th>
              <th scope="col">{who}</th>
            </tr>
          </thead>
          <tbody>
            {page.log.map((line, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the log only grows at its end.
              <tr key={place}>
                <td>{shownTime(line.at, ownZone())}</td>
                <td>{line.kind.replaceAll(/[_.]/g, ' ')}</td>
                <td>{[line.person ?? line.actor, line.via].filter((part) => part !== null).join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  );
}

function Told({ page }: { readonly page: CalledPageDetail }) {
  const { who, way, status, at } = words.toldColumns;
  if (page.notifications.length === 0) return null;
  return (
    <section aria-labelledby="told-title">
      <h2 id="told-title">{words.told}</h2>
      <ScrollX label={words.told}>
        <table>
          <thead>
            <tr>
              <th scope="col">{who}</th>
              <th scope="col">{way}</th>
              <th scope="col">{status}</th>
              <th scope="col">{at}</th>
            </tr>
          </thead>
          <tbody>
            {page.notifications.map((told) => (
              <tr key={told.id}>
                <th scope="row">{told.person ?? '–'}</th>
                <td>{told.way ?? '–'}</td>
                <td>{told.status.replaceAll('_', ' ')}</td>
                <td>{shownTime(told.dueAt, ownZone())}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  );
}
