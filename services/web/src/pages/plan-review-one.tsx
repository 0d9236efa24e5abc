import { Link } from 'wouter';
import { useChange } from '../api/change-queries.ts';
import { useMay } from '../api/may.ts';
import { usePeople } from '../api/queries.ts';
import type { Person } from '../api/shapes.ts';
import { Burden } from '../fairness/burden-chart.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { plansText } from '../text/plans.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';
import { signed } from './file.tsx';
import { type PlanDetail, type PlanGap, type PlanUnit, plansPath, usePlan } from './plan-review-queries.ts';

const words = plansText.one;
const NO_PEOPLE: ReadonlyMap<string, Person> = new Map();
/** More changes than this are counted, not listed: the file has them all. */
const MAX_LISTED = 200;

/** One plan: what it means for each person, what changes and why, what is open; publish it or put it away. */
export function PlanPage({ id, version }: { readonly id: string; readonly version: string }) {
  const plan = usePlan(id, version);
  const people = usePeople().data ?? NO_PEOPLE;
  const nameOf = (person: string) => people.get(person)?.name ?? person;
  return (
    <>
      <header className="page-head">
        <h1>
          {id}: {plansText.planName(Number(version))}
        </h1>
        <Link className="button" href={`/schedules/${id}/plans`}>
          {words.back}
        </Link>
      </header>
      <Loaded of={plan}>{(found) => <Review schedule={id} plan={found} nameOf={nameOf} />}</Loaded>
    </>
  );
}

interface ReviewProps {
  readonly schedule: string;
  readonly plan: PlanDetail;
  readonly nameOf: (person: string) => string;
}

function Review({ schedule, plan, nameOf }: ReviewProps) {
  const units = new Map(plan.file.units.map((unit) => [unit.unit, unit]));
  return (
    <>
      <p>
        <strong>{plansText.status[plan.status]}</strong>
        {', '}
        {shownTime(plan.from, ownZone(), 'date')} – {shownTime(plan.to, ownZone(), 'date')}.{' '}
        {plan.value !== null && plan.bound !== null && plan.bound > 0 && (
          <span className="quiet">{words.quality(Math.ceil((plan.value / plan.bound - 1) * 100))}</span>
        )}
      </p>
      {plan.status === 'draft' && <Decide schedule={schedule} version={plan.version} />}
      <section className="stack" aria-labelledby="burden-title">
        <h2 id="burden-title">{plansText.burden.title}</h2>
        <Burden lines={plan.file.people} nameOf={nameOf} />
      </section>
      <Gaps gaps={plan.gaps} units={units} nameOf={nameOf} />
      <ByPerson plan={plan} nameOf={nameOf} />
      <Changes plan={plan} units={units} nameOf={nameOf} />
    </>
  );
}

function Decide({ schedule, version }: { readonly schedule: string; readonly version: number }) {
  const change = useChange([['schedules', schedule], ['on-call']]);
  const { manages } = useMay();
  const send = (what: 'publish' | 'discard') =>
    change.mutate({ path: `${plansPath(schedule)}/${version}/${what}`, method: 'POST' });
  return (
    <div className="panel">
      <p className="notice">{words.draftLead}</p>
      {change.error !== null && <Failure error={change.error} />}
      {manages(schedule) && (
        <div className="buttons">
          <button
            type="button"
            className="primary"
            disabled={change.isPending}
            onClick={() => send('publish')}
          >
            {words.publish}
          </button>
          <button type="button" disabled={change.isPending} onClick={() => send('discard')}>
            {words.discard}
          </button>
        </div>
      )}
    </div>
  );
}

function ByPerson({ plan, nameOf }: Pick<ReviewProps, 'plan' | 'nameOf'>) {
  const { people } = plan.difference;
  const { columns } = plansText.burden;
  return (
    <section className="stack" aria-labelledby="people-title">
      <h2 id="people-title">{words.changesByPerson}</h2>
      <p className="quiet">{people.length === 0 ? words.same : words.changesByPersonLead}</p>
      {people.length > 0 && (
        <ScrollX label={plansText.table(words.changesByPerson)}>
          <table>
            <thead>
              <tr>
                <th scope="col">{columns.person}</th>
                <th scope="col">{plansText.fact.columns.hours}</th>
                <th scope="col">{columns.nights}</th>
                <th scope="col">{columns.weekends}</th>
              </tr>
            </thead>
            <tbody>
              {people.map(({ person, change }) => (
                <tr key={person}>
                  <th scope="row">{nameOf(person)}</th>
                  <td>{signed(change.hours)}</td>
                  <td>{signed(change.nights)}</td>
                  <td>{signed(change.weekendShifts)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </section>
  );
}

interface UnitsProps {
  readonly units: ReadonlyMap<string, PlanUnit>;
  readonly nameOf: (person: string) => string;
}

function Changes({ plan, units, nameOf }: UnitsProps & { readonly plan: PlanDetail }) {
  const { columns } = words;
  const who = (person: string | null) => (person === null ? words.nobody : nameOf(person));
  const left = plan.changes.length - MAX_LISTED;
  return (
    <section className="stack" aria-labelledby="changes-title">
      <h2 id="changes-title">{words.changes}</h2>
      {plan.changes.length === 0 && <p className="quiet">{words.noChanges}</p>}
      {plan.changes.length > 0 && (
        <ScrollX label={plansText.table(words.changes)}>
          <table>
            <caption>{ownZone()}</caption>
            <thead>
              <tr>
                {Object.values(columns).map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {plan.changes.slice(0, MAX_LISTED).map((change) => (
                <tr key={change.unit}>
                  <th scope="row">{turnOf(change.unit, units)}</th>
                  <td>{units.get(change.unit)?.role ?? ''}</td>
                  <td>{who(change.from)}</td>
                  <td>{who(change.to)}</td>
                  <td>
                    {words.why[change.reason]}
                    {change.rule !== null && ` (${change.rule})`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
      {left > 0 && <p className="quiet">{words.more(left)}</p>}
    </section>
  );
}

/** When a turn is; its id where the plan no longer has it. */
function turnOf(unit: string, units: ReadonlyMap<string, PlanUnit>): string {
  const intervals = units.get(unit)?.intervals ?? [];
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (first === undefined || last === undefined) return unit;
  return `${shownTime(first.start, ownZone())} – ${shownTime(last.end, ownZone())}`;
}

function Gaps({ gaps, units, nameOf }: UnitsProps & { readonly gaps: readonly PlanGap[] }) {
  return (
    <section className="stack" aria-labelledby="open-title">
      <h2 id="open-title">{words.gaps}</h2>
      {gaps.length === 0 && <p className="quiet">{words.noGaps}</p>}
      {gaps.slice(0, MAX_LISTED).map((gap) => (
        <div key={gap.unit} className="panel">
          <h3>
            ▲ {units.get(gap.unit)?.role} {turnOf(gap.unit, units)}
          </h3>
          <p className="quiet">{gap.proof === 'unavoidable' ? words.proven : words.notProven}</p>
          {gap.words !== null && <p>{gap.words}</p>}
          <details>
            <summary>{words.refused}</summary>
            <ul>
              {gap.refused.map(({ person, rule }) => (
                <li key={person}>
                  {nameOf(person)}: {rule}
                </li>
              ))}
            </ul>
          </details>
        </div>
      ))}
      {gaps.length > MAX_LISTED && <p className="quiet">{words.more(gaps.length - MAX_LISTED)}</p>}
    </section>
  );
}
