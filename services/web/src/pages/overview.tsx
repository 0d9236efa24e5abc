import { Link } from 'wouter';
import { useOpenPages } from '../api/duty-queries.ts';
import { type OnCallNow, useGaps, useOnCallNow, usePeople, useSchedules } from '../api/queries.ts';
import type { OnCallSeat, Person, ScheduleSummary } from '../api/shapes.ts';
import { Loaded } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { peopleText } from '../text/people.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';

type People = ReadonlyMap<string, Person>;
/** More open pages than these are on their own page. */
const MOST_PAGES = 5;
const NO_PEOPLE: People = new Map();

/** Who is on call everywhere; what needs a human first. */
export function Overview() {
  const schedules = useSchedules();
  const onCall = useOnCallNow();
  const people = usePeople().data ?? NO_PEOPLE;
  return (
    <>
      <header className="page-head">
        <h1>{text.overview.title}</h1>
        <p className="quiet">{text.times(ownZone())}</p>
      </header>
      <OpenPages />
      <Loaded of={schedules}>
        {(all) =>
          all.length === 0 ? (
            <Empty />
          ) : (
            <ul className="cards">
              {[...all].sort(byNeed(onCall.data)).map((schedule) => (
                <ScheduleCard key={schedule.id} schedule={schedule} onCall={onCall.data} people={people} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

/** Schedules where nobody is on call come first. */
function byNeed(now: OnCallNow | undefined) {
  const empty = new Set(
    now?.schedules.filter((entry) => entry.onCall.length === 0).map((entry) => entry.schedule),
  );
  return (a: ScheduleSummary, b: ScheduleSummary) => Number(empty.has(b.id)) - Number(empty.has(a.id));
}

function OpenPages() {
  const pages = useOpenPages().data ?? [];
  if (pages.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="open-pages">
      <h2 id="open-pages">{peopleText.pages.open(pages.length)}</h2>
      <ul className="gaps">
        {pages.slice(0, MOST_PAGES).map((page) => (
          <li key={page.id}>
            <Link href={`/pages/${page.number}`}>
              #{page.number} {page.summary}
            </Link>
            <span className={page.state === 'triggered' ? 'warning' : 'quiet'}>
              {peopleText.pages.states[page.state as 'triggered'] ?? page.state}
            </span>
          </li>
        ))}
      </ul>
      <Link href="/pages">{peopleText.pages.back}</Link>
    </section>
  );
}

function Empty() {
  return (
    <section className="empty">
      <h2>{text.overview.empty}</h2>
      <p>{text.overview.emptyLead}</p>
      <Link className="button primary" href="/schedules/new">
        {text.overview.create}
      </Link>
    </section>
  );
}

interface CardProps {
  readonly schedule: ScheduleSummary;
  readonly onCall: OnCallNow | undefined;
  readonly people: People;
}

function ScheduleCard({ schedule, onCall, people }: CardProps) {
  const now = onCall?.schedules.find((entry) => entry.schedule === schedule.id);
  const gaps = useGaps(schedule.id).data ?? [];
  const roles = [...new Set([...(now?.onCall ?? []), ...(now?.next ?? [])].map((seat) => seat.role))];
  return (
    <li className="card">
      <h2>
        <Link href={`/schedules/${schedule.id}`}>{schedule.id}</Link>
      </h2>
      <dl className="on-call">
        {roles.map((role) => (
          <RoleNow
            key={role}
            role={role}
            seats={now?.onCall.filter((seat) => seat.role === role) ?? []}
            next={now?.next.find((seat) => seat.role === role)}
            people={people}
          />
        ))}
      </dl>
      <p className={gaps.length > 0 ? 'warning' : 'quiet'}>
        {gaps.length > 0 ? `▲ ${text.overview.gaps(gaps.length)}` : text.overview.noGaps}
      </p>
    </li>
  );
}

interface RoleProps {
  readonly role: string;
  readonly seats: readonly OnCallSeat[];
  readonly next: OnCallSeat | undefined;
  readonly people: People;
}

function RoleNow({ role, seats, next, people }: RoleProps) {
  const name = (id: string) => people.get(id)?.name ?? id;
  return (
    <div>
      <dt>{role}</dt>
      <dd>
        {seats.length === 0 && <strong className="nobody">{text.overview.nobody}</strong>}
        {seats.map((seat) => (
          <span key={seat.person}>
            <strong>{name(seat.person)}</strong>{' '}
            {seat.until !== null && (
              <span className="quiet">{text.overview.until(shownTime(seat.until, ownZone()))}</span>
            )}
          </span>
        ))}
        {next !== undefined && next.since !== null && (
          <span className="quiet">
            {text.overview.next(name(next.person), shownTime(next.since, ownZone()))}
          </span>
        )}
      </dd>
    </div>
  );
}
