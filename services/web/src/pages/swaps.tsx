import { useState } from 'react';
import { Link } from 'wouter';
import { type Intention, useChange } from '../api/change-queries.ts';
import { type Swap, type SwapStretch, useOpenSwaps } from '../api/duty-queries.ts';
import { type May, useMay } from '../api/may.ts';
import { usePeople } from '../api/queries.ts';
import { Failure, Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { peopleText } from '../text/people.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';
import { CounterDialog } from './swaps-counter.tsx';

const words = peopleText.swaps;
const TOUCHES = [['swaps'], ['schedules'], ['on-call'], ['people']];

/** Swaps that wait for somebody, to be answered by whoever may. */
export function SwapsPage() {
  const swaps = useOpenSwaps();
  const may = useMay();
  return (
    <>
      <header className="page-head">
        <h1>{words.title}</h1>
        {may.answers && (
          <Link className="button" href="/swaps/new">
            {words.ask}
          </Link>
        )}
      </header>
      <p className="quiet">
        {words.lead} {text.times(ownZone())}.
      </p>
      <Loaded of={swaps}>
        {(all) =>
          all.length === 0 ? (
            <p className="quiet">{words.none}</p>
          ) : (
            <ul className="cards">
              {all.map((swap) => (
                <SwapCard key={swap.id} swap={swap} may={may} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

interface CardProps {
  readonly swap: Swap;
  readonly may: May;
}

function SwapCard({ swap, may }: CardProps) {
  const people = usePeople().data;
  const nameOf = (id: string) => people?.get(id)?.name ?? id;
  const who = nameOf(swap.person);
  return (
    <li className="card">
      <h2>{swap.kind === 'cover' ? words.gives(who) : words.exchanges(who)}</h2>
      <Stretches all={swap.gives} />
      {swap.takes.length > 0 && (
        <>
          <p className="quiet">{words.forThat}</p>
          <Stretches all={swap.takes} />
        </>
      )}
      {swap.reason !== null && <p>{swap.reason}</p>}
      <p className="quiet">
        {swap.acceptedBy === null
          ? words.open(shownTime(swap.expiresAt, ownZone()))
          : words.accepted(nameOf(swap.acceptedBy), swap.awaiting.join(', '))}
      </p>
      <Offers swap={swap} may={may} nameOf={nameOf} />
      <Answers swap={swap} may={may} nameOf={nameOf} />
    </li>
  );
}

function Stretches({ all }: { readonly all: readonly SwapStretch[] }) {
  return (
    <ul>
      {all.map(({ schedule, role, start, end }) => (
        <li key={`${schedule} ${role} ${start}`}>
          {schedule} {words.stretch(role, shownTime(start, ownZone()), shownTime(end, ownZone()))}
        </li>
      ))}
    </ul>
  );
}

/** Whether somebody may speak for whoever asked: themselves, or a manager of the first schedule. */
function speaksFor(may: May, { person, gives }: Swap): boolean {
  return may.person === person || may.manages(gives[0]?.schedule ?? '');
}

interface NamedProps extends CardProps {
  readonly nameOf: (id: string) => string;
}

/** What others offer instead, for the one who asks to take or decline. */
function Offers({ swap, may, nameOf }: NamedProps) {
  const act = useChange(TOUCHES);
  if (swap.state !== 'open' || swap.offers.length === 0) return null;
  const send = (verb: string, person: string) =>
    act.mutate({ path: `/v1/swaps/${swap.id}/${verb}`, method: 'POST', body: { person } });
  return (
    <section aria-label={words.offers}>
      <h3>{words.offers}</h3>
      {act.error !== null && <Failure error={act.error} />}
      {swap.offers.map(({ person, gives, takes }) => (
        <div key={person}>
          <p>{words.offer(nameOf(person))}</p>
          <Stretches all={gives} />
          {takes.length > 0 && (
            <>
              <p>{words.offerFor}</p>
              <Stretches all={takes} />
            </>
          )}
          {speaksFor(may, swap) && (
            <p className="buttons">
              <button type="button" disabled={act.isPending} onClick={() => send('accept-offer', person)}>
                {words.takeOffer(nameOf(person))}
              </button>
              <button type="button" disabled={act.isPending} onClick={() => send('decline-offer', person)}>
                {words.declineOffer(nameOf(person))}
              </button>
            </p>
          )}
        </div>
      ))}
    </section>
  );
}

/** Who may be answered for: oneself when asked; as a manager of the schedule each who is asked. */
function answerersOf({ asked, gives }: Swap, may: May): readonly string[] {
  if (may.manages(gives[0]?.schedule ?? '')) return asked;
  return asked.filter((one) => one === may.person);
}

function Answers({ swap, may, nameOf }: NamedProps) {
  const act = useChange(TOUCHES);
  const [counters, setCounters] = useState(false);
  const answerers = swap.state === 'open' ? answerersOf(swap, may) : [];
  const [chosen, setChosen] = useState('');
  const person = answerers.find((one) => one === chosen) ?? answerers.find((one) => one === may.person);
  const answerer = person ?? answerers[0];
  const who = nameOf(swap.person);
  const button = (name: string, intention: Omit<Intention, 'method'>) => (
    <button
      key={name}
      type="button"
      aria-label={words.of(name, who)}
      disabled={act.isPending}
      onClick={() => act.mutate({ ...intention, method: 'POST' })}
    >
      {name}
    </button>
  );
  const path = (verb: string) => `/v1/swaps/${swap.id}/${verb}`;
  const approves = swap.state === 'accepted' && swap.awaiting.some(may.managesTeam);
  // An exchange without anything named wants an offer: there is nothing yet to say yes to.
  const complete = swap.kind === 'cover' || swap.takes.some((stretch) => stretch.person === answerer);
  return (
    <>
      {act.error !== null && <Failure error={act.error} />}
      {answerer !== undefined && answerers.some((one) => one !== may.person) && (
        <label className="field inline">
          <span>{words.answerFor}</span>
          <select
            aria-label={words.of(words.answerFor, who)}
            value={answerer}
            onChange={({ target: { value } }) => setChosen(value)}
          >
            {answerers.map((one) => (
              <option key={one} value={one}>
                {nameOf(one)}
              </option>
            ))}
          </select>
        </label>
      )}
      <p className="buttons">
        {answerer !== undefined && (
          <>
            {complete && button(words.accept, { path: path('accept'), body: { person: answerer } })}
            {button(words.decline, { path: path('decline'), body: { person: answerer } })}
            <button type="button" aria-label={words.counterOf(who)} onClick={() => setCounters(true)}>
              {words.counter}
            </button>
          </>
        )}
        {approves && (
          <>
            {button(words.approve, { path: path('approve') })}
            {button(words.refuse, { path: path('refuse'), body: {} })}
          </>
        )}
        {speaksFor(may, swap) && button(words.takeBack, { path: path('cancel'), body: {} })}
      </p>
      {counters && answerer !== undefined && (
        <CounterDialog
          {...{ swap, person: answerer, who, touches: TOUCHES }}
          onClose={() => setCounters(false)}
        />
      )}
    </>
  );
}
