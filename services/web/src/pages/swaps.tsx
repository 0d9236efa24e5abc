import { useChange } from '../api/change-queries.ts';
import { type Swap, useOpenSwaps } from '../api/duty-queries.ts';
import { usePeople } from '../api/queries.ts';
import type { Session } from '../api/session.ts';
import { Failure, Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { peopleText } from '../text/people.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';

const words = peopleText.swaps;

/** Swaps that wait for somebody, to be answered by whoever may. */
export function SwapsPage({ session }: { readonly session: Session }) {
  const swaps = useOpenSwaps();
  return (
    <>
      <header className="page-head">
        <h1>{words.title}</h1>
        <p className="quiet">{text.times(ownZone())}</p>
      </header>
      <p className="quiet">{words.lead}</p>
      <Loaded of={swaps}>
        {(all) =>
          all.length === 0 ? (
            <p className="quiet">{words.none}</p>
          ) : (
            <ul className="cards">
              {all.map((swap) => (
                <SwapCard key={swap.id} swap={swap} session={session} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

function SwapCard({ swap, session }: { readonly swap: Swap; readonly session: Session }) {
  const people = usePeople().data;
  const nameOf = (id: string) => people?.get(id)?.name ?? id;
  const stretches = (all: Swap['gives']) => (
    <ul>
      {all.map(({ schedule, role, start, end }) => (
        <li key={`${schedule} ${role} ${start}`}>
          {schedule} {words.stretch(role, shownTime(start, ownZone()), shownTime(end, ownZone()))}
        </li>
      ))}
    </ul>
  );
  const who = nameOf(swap.person);
  return (
    <li className="card">
      <h2>{swap.kind === 'cover' ? words.gives(who) : words.exchanges(who)}</h2>
      {stretches(swap.gives)}
      {swap.takes.length > 0 && (
        <>
          <p className="quiet">{words.forThat}</p>
          {stretches(swap.takes)}
        </>
      )}
      {swap.reason !== null && <p>{swap.reason}</p>}
      <p className="quiet">
        {swap.acceptedBy === null
          ? words.open(shownTime(swap.expiresAt, ownZone()))
          : words.accepted(nameOf(swap.acceptedBy), swap.awaiting.join(', '))}
      </p>
      <Answers swap={swap} session={session} who={who} />
    </li>
  );
}

interface Answer {
  readonly verb: string;
  readonly name: string;
  readonly body?: unknown;
}

/** What this person may answer; the server has the last word. */
function answersOf(swap: Swap, { person, managerOf, account }: Session): readonly Answer[] {
  const asked = person !== null && swap.state === 'open' && swap.asked.includes(person);
  const waits = swap.state === 'accepted';
  const approves =
    waits && (account.role === 'admin' || swap.awaiting.some((team) => managerOf.includes(team)));
  return [
    ...(asked
      ? [
          { verb: 'accept', name: words.accept, body: { person } },
          { verb: 'decline', name: words.decline, body: { person } },
        ]
      : []),
    ...(approves
      ? [
          { verb: 'approve', name: words.approve },
          { verb: 'refuse', name: words.refuse, body: {} },
        ]
      : []),
    ...(swap.person === person ? [{ verb: 'cancel', name: words.takeBack, body: {} }] : []),
  ];
}

interface AnswersProps {
  readonly swap: Swap;
  readonly session: Session;
  readonly who: string;
}

function Answers({ swap, session, who }: AnswersProps) {
  const act = useChange([['swaps'], ['schedules'], ['on-call'], ['people']]);
  return (
    <>
      {act.error !== null && <Failure error={act.error} />}
      <p className="buttons">
        {answersOf(swap, session).map(({ verb, name, body }) => (
          <button
            key={verb}
            type="button"
            aria-label={words.of(name, who)}
            disabled={act.isPending}
            onClick={() => act.mutate({ path: `/v1/swaps/${swap.id}/${verb}`, method: 'POST', body })}
          >
            {name}
          </button>
        ))}
      </p>
    </>
  );
}
