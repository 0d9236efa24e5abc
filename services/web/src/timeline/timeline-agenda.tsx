import type { Instant } from '@watchbill/core';
import { type CSSProperties, useState } from 'react';
import { text } from '../text/en.ts';
import { timelineText } from '../text/timeline.ts';
import { shownTime } from '../time/shown-time.ts';
import { agendaOf } from './agenda.ts';
import type { Bar } from './bars.ts';
import { sourceOf, whoOf } from './chart-rows.tsx';
import type { Window } from './geometry.ts';
import { hueOf } from './person-colour.ts';
import { type Trouble, troublesOf, troubleWords } from './troubles.ts';

/** More days than these are shown when asked for. */
const FIRST_DAYS = 31;

export interface AgendaProps {
  readonly bars: readonly Bar[];
  readonly window: Window;
  readonly zone: string;
  readonly zoneLabel: string;
  readonly now: Instant;
  readonly nameOf: (person: string) => string;
  readonly people: readonly string[];
  readonly troubles: ReadonlyMap<string, readonly Trouble[]>;
  readonly onOpen: (bar: Bar) => void;
}

/** The same timeline as a list by day: what fits a phone. */
export function TimelineAgenda(props: AgendaProps) {
  const { bars, window, zone, zoneLabel, now } = props;
  const [all, setAll] = useState(false);
  const days = agendaOf(bars, window, zone);
  const words = timelineText.agenda;
  return (
    <div className="agenda">
      <p className="quiet">{text.times(zoneLabel)}</p>
      {days.length === 0 && <p className="quiet">{words.quiet}</p>}
      {days.slice(0, all ? days.length : FIRST_DAYS).map(({ day, bars: own }) => (
        <section key={day.start} aria-labelledby={`day-${day.start}`}>
          <h3 id={`day-${day.start}`}>
            {shownTime(day.start, zone, 'date')}
            {day.start <= now && now < day.end && <span className="now-day">{words.today}</span>}
            {day.hours !== 24 && (
              <span className="odd-day">{timelineText.clockChange(String(day.hours))}</span>
            )}
          </h3>
          <ul>
            {own.map((bar) => (
              <li key={`${bar.role} ${bar.start} ${bar.person}`}>
                <Item {...props} bar={bar} dayStart={day.start} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {!all && days.length > FIRST_DAYS && (
        <button type="button" onClick={() => setAll(true)}>
          {words.more(days.length - FIRST_DAYS)}
        </button>
      )}
    </div>
  );
}

interface ItemProps extends AgendaProps {
  readonly bar: Bar;
  readonly dayStart: Instant;
}

function Item({ bar, dayStart, zone, now, nameOf, people, troubles, onOpen }: ItemProps) {
  const gap = bar.kind === 'gap';
  const runs = bar.start <= now && now < bar.end;
  const wrong = troubleWords(troublesOf(bar, troubles));
  const start = shownTime(bar.start, zone, bar.start < dayStart ? 'moment' : 'clock');
  const sameDay = shownTime(bar.start, zone, 'date') === shownTime(bar.end - 1, zone, 'date');
  const until = shownTime(bar.end, zone, sameDay && bar.start >= dayStart ? 'clock' : 'moment');
  return (
    <button
      type="button"
      className={`turn${gap ? ' gap' : ''}${runs ? ' runs' : ''}${bar.override === null ? '' : ' overridden'}`}
      style={bar.person === null ? {} : ({ '--hue': hueOf(bar.person, people) } as CSSProperties)}
      onClick={() => onOpen(bar)}
    >
      <span className="when">{timelineText.agenda.span(start, until)}</span>
      <strong>
        {gap ? '▲ ' : ''}
        {whoOf(bar, nameOf)}
      </strong>
      <span className="quiet">
        {[bar.role, bar.override === null ? '' : sourceOf(bar)].filter(Boolean).join(', ')}
      </span>
      {wrong.length > 0 && <span className="warning">▲ {wrong.join(', ')}</span>}
    </button>
  );
}
