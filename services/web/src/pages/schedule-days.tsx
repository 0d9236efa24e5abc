import { DAY_MS, HOUR_MS, type Instant } from '@watchbill/core';
import { useMemo, useState } from 'react';
import type { Person, Schedule } from '../api/shapes.ts';
import { timelineText } from '../text/timeline.ts';
import { type StateSpan, statesOf } from '../time/off-hours.ts';
import { shownTime } from '../time/shown-time.ts';
import { offsetOf } from '../timeline/geometry.ts';

/** More people than these are shown when asked for. */
const FIRST_PEOPLE = 12;
const TICK_HOURS = 6;
/** The strip moves by steps of this. */
const STEP_MS = 15 * 60_000;

export interface EverybodysDayProps {
  readonly schedule: Schedule;
  readonly people: ReadonlyMap<string, Person>;
  /** The ids of the schedule's team. */
  readonly team: readonly string[];
  readonly zone: string;
  readonly label: string;
  readonly now: Instant;
}

/** Where the day of everybody stands: who works, is awake or sleeps, over the next 24 hours. */
export function EverybodysDay({ schedule, people, team, zone, label, now }: EverybodysDayProps) {
  const [all, setAll] = useState(false);
  const from = Math.floor(now / STEP_MS) * STEP_MS;
  const everybody = useMemo(() => inOrder(schedule, { people, team, from }), [schedule, people, team, from]);
  if (everybody.length === 0) return null;
  const words = timelineText.days;
  const shown = everybody.slice(0, all ? everybody.length : FIRST_PEOPLE);
  return (
    <section aria-labelledby="days-title">
      <div className="section-head">
        <h2 id="days-title">{words.title}</h2>
        <p className="quiet">{words.lead(label)}</p>
      </div>
      <div className="days">
        <div className="days-axis" aria-hidden="true">
          {ticksFrom(from, zone).map((at) => (
            <span key={at} style={{ left: `${((at - from) / DAY_MS) * 100}%` }}>
              {shownTime(at, zone, 'clock')}
            </span>
          ))}
        </div>
        <ul>
          {shown.map((person) => (
            <PersonDay key={person.id} {...{ person, from, zone, now }} />
          ))}
        </ul>
        <ul className="legend" aria-hidden="true">
          {(['working', 'awake', 'asleep'] as const).map((state) => (
            <li key={state}>
              <span className={`state ${state}`} />
              {words.states[state]}
            </li>
          ))}
        </ul>
      </div>
      {shown.length < everybody.length && (
        <button type="button" onClick={() => setAll(true)}>
          {words.more(everybody.length - shown.length)}
        </button>
      )}
    </section>
  );
}

interface PersonDayProps {
  readonly person: Person;
  readonly from: Instant;
  readonly zone: string;
  readonly now: Instant;
}

function PersonDay({ person, from, zone, now }: PersonDayProps) {
  const words = timelineText.days;
  const spans = statesOf(person, { start: from, end: from + DAY_MS });
  const current = spans.find(({ start, end }) => start <= now && now < end)?.state ?? 'awake';
  const said = (span: StateSpan) =>
    words.span(
      words.states[span.state],
      shownTime(span.start, zone, 'clock'),
      shownTime(span.end, zone, 'clock'),
    );
  return (
    <li>
      <span className="who-day">
        <strong>{person.name}</strong>
        <span className="quiet">
          {shownTime(now, person.timeZone, 'clock')}, {words.states[current]}
        </span>
      </span>
      <span className="strip" role="img" aria-label={words.row(person.name, spans.map(said).join(', '))}>
        {spans.map((span) => (
          <span
            key={span.start}
            className={`state ${span.state}`}
            style={{
              left: `${((span.start - from) / DAY_MS) * 100}%`,
              width: `${((span.end - span.start) / DAY_MS) * 100}%`,
            }}
          />
        ))}
        <span className="now-tick" style={{ left: `${((now - from) / DAY_MS) * 100}%` }} />
      </span>
    </li>
  );
}

/** Every sixth hour by the clocks of the zone. */
function ticksFrom(from: Instant, zone: string): readonly Instant[] {
  const ticks: Instant[] = [];
  for (let at = Math.ceil(from / HOUR_MS) * HOUR_MS; at < from + DAY_MS; at += HOUR_MS) {
    const hour = Number(shownTime(at, zone, 'clock').slice(0, 2));
    if (hour % TICK_HOURS === 0 && at - from < DAY_MS - HOUR_MS) ticks.push(at);
  }
  return ticks;
}

/** The people of the schedule and of its team, from where the day begins first to where it begins last. */
function inOrder(
  { definition }: Schedule,
  { people, team, from }: Pick<EverybodysDayProps, 'people' | 'team'> & { readonly from: Instant },
): readonly Person[] {
  const ids = new Set(team);
  // A roster names people, alone or in groups.
  const collect = (value: unknown): void => {
    if (typeof value === 'string') ids.add(value);
    else if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  for (const { roster } of definition.rotations ?? []) collect(roster);
  const known = [...ids].flatMap((id) => people.get(id) ?? []);
  const offset = ({ timeZone }: Person) => offsetOf(timeZone, from);
  return known.sort(
    (a, b) => offset(b) - offset(a) || a.name.localeCompare(b.name, undefined, { numeric: true }),
  );
}
