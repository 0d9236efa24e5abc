import { type FormEvent, useState } from 'react';
import { useChange } from '../api/change-queries.ts';
import { type ContactMethod, type NotificationRules, personPath } from '../api/people-queries.ts';
import { Field } from '../parts/field.tsx';
import { Failure } from '../parts/state.tsx';
import { peopleText } from '../text/people.ts';
import { shownDuration } from '../time/shown-time.ts';

const words = peopleText.contact;
const URGENCIES = ['high', 'low'] as const;
type Urgency = (typeof URGENCIES)[number];
const USUAL_QUIET = { from: '22:00', to: '07:00' };

export interface RulesProps {
  readonly person: string;
  readonly zone: string;
  readonly rules: NotificationRules;
  readonly methods: readonly ContactMethod[];
}

/** In which order one is told of pages, for each urgency, and when what can wait does. */
export function PersonRules({ person, zone, rules, methods }: RulesProps) {
  const save = useChange([['people', person]]);
  const put = (change: Partial<NotificationRules>) =>
    save.mutate({
      path: `${personPath(person)}/notification-rules`,
      method: 'PUT',
      body: { ...rules, ...change },
    });
  return (
    <section className="stack" aria-labelledby="rules-title">
      <h3 id="rules-title">{words.rules}</h3>
      {save.error !== null && <Failure error={save.error} />}
      <div className="columns">
        {URGENCIES.map((urgency) => (
          <Steps
            key={urgency}
            urgency={urgency}
            steps={rules[urgency]}
            methods={methods}
            busy={save.isPending}
            onChange={(steps) => put({ [urgency]: steps })}
          />
        ))}
      </div>
      <QuietHours
        key={JSON.stringify(rules.quietHours)}
        zone={zone}
        quiet={rules.quietHours}
        busy={save.isPending}
        onChange={(quietHours) => put({ quietHours })}
      />
    </section>
  );
}

interface StepsProps {
  readonly urgency: Urgency;
  readonly steps: NotificationRules[Urgency];
  readonly methods: readonly ContactMethod[];
  readonly busy: boolean;
  readonly onChange: (steps: NotificationRules[Urgency]) => void;
}

function Steps({ urgency, steps, methods, busy, onChange }: StepsProps) {
  const title = words.urgency[urgency];
  const nameOf = (id: string | null) => {
    const method = methods.find((one) => one.id === id);
    return method === undefined ? words.kinds.slack : `${words.kinds[method.kind]}, ${method.address}`;
  };
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = String(form.get('method'));
    const contactMethod = chosen === '' ? null : chosen;
    const step = { contactMethod, afterSeconds: Number(form.get('minutes')) * 60 };
    onChange([...steps, step].sort((a, b) => a.afterSeconds - b.afterSeconds));
  };
  return (
    <section className="panel" aria-label={title}>
      <h4>{title}</h4>
      {steps.length === 0 && <p className="quiet">{words.usual}</p>}
      <ol className="gaps">
        {steps.map((step, place) => (
          <li key={`${step.contactMethod} ${step.afterSeconds}`}>
            <span>
              {nameOf(step.contactMethod)}{' '}
              <span className="quiet">
                {step.afterSeconds === 0
                  ? words.atOnce
                  : words.after(shownDuration(step.afterSeconds * 1000))}
              </span>
            </span>
            <button
              type="button"
              aria-label={words.removeRule(place + 1, title)}
              disabled={busy}
              onClick={() => onChange(steps.filter((one) => one !== step))}
            >
              {words.remove}
            </button>
          </li>
        ))}
      </ol>
      <form className="form" onSubmit={add}>
        <label className="field">
          <span>{words.rule}</span>
          <select name="method">
            <option value="">{words.kinds.slack}</option>
            {methods
              .filter(({ verifiedAt }) => verifiedAt !== null)
              .map(({ id }) => (
                <option key={id} value={id}>
                  {nameOf(id)}
                </option>
              ))}
          </select>
        </label>
        <Field
          {...{ label: words.seconds, name: 'minutes', type: 'number' }}
          {...{ min: 0, max: 1440, defaultValue: 0, required: true }}
        />
        <button type="submit" aria-label={words.addRuleTo(title)} disabled={busy}>
          {words.addRule}
        </button>
      </form>
    </section>
  );
}

interface QuietProps {
  readonly zone: string;
  readonly quiet: NotificationRules['quietHours'];
  readonly busy: boolean;
  readonly onChange: (quiet: NotificationRules['quietHours']) => void;
}

function QuietHours({ zone, quiet, busy, onChange }: QuietProps) {
  const [hours, setHours] = useState(quiet ?? USUAL_QUIET);
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onChange(hours);
  };
  return (
    <form className="form panel" onSubmit={save} aria-label={words.quiet}>
      <h4>{words.quiet}</h4>
      <p className="quiet">{words.quietLead(zone.replaceAll('_', ' '))}</p>
      <div className="columns">
        <Field
          {...{ label: words.quietFrom, type: 'time', required: true, value: hours.from }}
          onChange={({ target: { value } }) => setHours({ ...hours, from: value })}
        />
        <Field
          {...{ label: words.quietTo, type: 'time', required: true, value: hours.to }}
          onChange={({ target: { value } }) => setHours({ ...hours, to: value })}
        />
      </div>
      <p className="buttons">
        <button type="submit" disabled={busy}>
          {words.quietSave}
        </button>
        {quiet !== null && (
          <button type="button" disabled={busy} onClick={() => onChange(null)}>
            {words.quietOff}
          </button>
        )}
        <span className="quiet" role="status">
          {quiet === null ? '' : words.quietSaved}
        </span>
      </p>
    </form>
  );
}
