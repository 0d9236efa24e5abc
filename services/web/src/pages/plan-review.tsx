import { DAY_MS, formatInstant } from '@watchbill/core';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useChange } from '../api/change-queries.ts';
import { useMay } from '../api/may.ts';
import { useOnCallNow, usePeople } from '../api/queries.ts';
import type { Person } from '../api/shapes.ts';
import { Burden } from '../fairness/burden-chart.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { useNow } from '../parts/use-now.ts';
import { plansText } from '../text/plans.ts';
import { ownZone, shownTime } from '../time/shown-time.ts';
import {
  type PlanHead,
  type PlanJob,
  plansPath,
  usePlanJob,
  usePlans,
  useStood,
} from './plan-review-queries.ts';

const NO_PEOPLE: ReadonlyMap<string, Person> = new Map();
const STOOD_DAYS = 91;

/** The plans of a schedule: ask for one, see how fair it was so far, open one. */
export function PlansPage({ id }: { readonly id: string }) {
  const plans = usePlans(id);
  const { manages } = useMay();
  return (
    <>
      <header className="page-head">
        <h1>{plansText.title(id)}</h1>
        <Link className="button" href={`/schedules/${id}`}>
          {id}
        </Link>
      </header>
      <p className="quiet">{plansText.lead}</p>
      {manages(id) && <MakePlan schedule={id} />}
      <section aria-labelledby="plans-title">
        <h2 id="plans-title">{plansText.all}</h2>
        <Loaded of={plans}>
          {(all) =>
            all.length === 0 ? (
              <p className="quiet">{plansText.none}</p>
            ) : (
              <PlanTable schedule={id} plans={all} />
            )
          }
        </Loaded>
      </section>
      <Stood schedule={id} />
    </>
  );
}

function PlanTable({ schedule, plans }: { readonly schedule: string; readonly plans: readonly PlanHead[] }) {
  const { columns } = plansText;
  return (
    <ScrollX label={plansText.table(plansText.all)}>
      <table>
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
          {plans.map((plan) => (
            <tr key={plan.version}>
              <th scope="row">
                <Link href={`/schedules/${schedule}/plans/${plan.version}`}>
                  {plansText.planName(plan.version)}
                </Link>
              </th>
              <td>{plansText.status[plan.status]}</td>
              <td>
                {shownTime(plan.from, ownZone(), 'date')} – {shownTime(plan.to, ownZone(), 'date')}
              </td>
              <td>{plansText.reasons[plan.reason] ?? plan.reason}</td>
              <td>{shownTime(plan.createdAt, ownZone())}</td>
              <td>{plan.createdBy}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

type Keep = keyof typeof plansText.make.keeps;

function MakePlan({ schedule }: { readonly schedule: string }) {
  const words = plansText.make;
  const ask = useChange<PlanJob>([['schedules', schedule, 'plans']]);
  const job = usePlanJob(ask.data?.id ?? null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const keep = String(new FormData(event.currentTarget).get('keep')) as Keep;
    ask.mutate({ path: plansPath(schedule), method: 'POST', body: { keep, async: true } });
  };
  const seen = job.data ?? ask.data;
  const running = seen !== undefined && (seen.state === 'waiting' || seen.state === 'running');
  return (
    <form onSubmit={submit} className="form panel">
      <h2>{words.title}</h2>
      <label className="field">
        <span>{words.keep}</span>
        <select name="keep">
          {(Object.keys(words.keeps) as Keep[]).map((keep) => (
            <option key={keep} value={keep}>
              {words.keeps[keep]}
            </option>
          ))}
        </select>
      </label>
      {(ask.error ?? job.error) !== null && <Failure error={ask.error ?? job.error ?? new Error()} />}
      {seen !== undefined && <JobState schedule={schedule} job={seen} />}
      <button type="submit" className="primary" disabled={ask.isPending || running}>
        {words.submit}
      </button>
    </form>
  );
}

function JobState({ schedule, job }: { readonly schedule: string; readonly job: PlanJob }) {
  const words = plansText.make;
  const label = useId();
  const [, navigate] = useLocation();
  const fresh = job.state === 'done' && job.plan?.made === true ? job.plan.version : null;
  useEffect(() => {
    if (fresh !== null) navigate(`/schedules/${schedule}/plans/${fresh}`);
  }, [fresh, schedule, navigate]);
  if (job.state === 'refused') {
    return (
      <p className="error" role="alert">
        {job.refusal?.detail ?? words.states.refused}
      </p>
    );
  }
  if (job.state === 'done' && job.plan !== null) {
    const { version } = job.plan;
    return (
      <p role="status">
        {words.same(version)} <Link href={`/schedules/${schedule}/plans/${version}`}>{words.open}</Link>
      </p>
    );
  }
  const stage = job.stage === null ? '' : `: ${words.stages[job.stage] ?? job.stage}`;
  return (
    <div role="status">
      <p id={label}>
        {words.states[job.state]}
        {stage}
      </p>
      <progress aria-label={words.progress} max={1} value={job.progress} />
    </div>
  );
}

/** How the last quarter was shared, to be set beside a plan. */
function Stood({ schedule }: { readonly schedule: string }) {
  const at = useNow(useOnCallNow().data?.at);
  const day = Math.floor(at / DAY_MS) * DAY_MS;
  const [window] = useState({
    from: formatInstant(day - STOOD_DAYS * DAY_MS),
    to: formatInstant(day + DAY_MS),
  });
  const stood = useStood(schedule, window);
  const people = usePeople().data ?? NO_PEOPLE;
  return (
    <section className="stack" aria-labelledby="stood-title">
      <h2 id="stood-title">{plansText.burden.stood}</h2>
      <Loaded of={stood}>
        {(found) => <Burden lines={found.people} nameOf={(person) => people.get(person)?.name ?? person} />}
      </Loaded>
    </section>
  );
}
