import { formatInstant, type Instant } from '@watchbill/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useScheduleCheck } from '../api/check-queries.ts';
import { useGaps, useOnCallNow, usePeople, useSchedule } from '../api/queries.ts';
import type { Gap, Person, Schedule } from '../api/shapes.ts';
import { Loaded } from '../parts/state.tsx';
import { useNow } from '../parts/use-now.ts';
import { useSearchValue } from '../parts/use-search.ts';
import { ZonePicker } from '../parts/zone-picker.tsx';
import { text } from '../text/en.ts';
import { overrideText } from '../text/override.ts';
import { shownTime, zoneLabel } from '../time/shown-time.ts';
import { moved, offsetOf, SPANS, type Span, type Window, windowOf } from '../timeline/geometry.ts';
import type { Trouble } from '../timeline/troubles.ts';
import type { Opened } from './schedule-changes.tsx';
import { EverybodysDay } from './schedule-days.tsx';
import { TimelineSection } from './schedule-timeline.tsx';
import { TroubleList } from './schedule-troubles.tsx';

/** Fetched when somebody opens a bar, not with the page. */
const ScheduleChanges = lazy(() =>
  import('./schedule-changes.tsx').then((part) => ({ default: part.ScheduleChanges })),
);
/** More gaps than these are shown when asked for. */
const FIRST_GAPS = 8;

const NO_TEAM: readonly string[] = [];
const NO_TROUBLES: ReadonlyMap<string, readonly Trouble[]> = new Map();
const NO_PEOPLE: ReadonlyMap<string, Person> = new Map();

/** One schedule: who is on call when, and where nobody is. */
export function SchedulePage({ id }: { readonly id: string }) {
  const schedule = useSchedule(id);
  return <Loaded of={schedule}>{(found) => <ScheduleView key={found.id} schedule={found} />}</Loaded>;
}

function ScheduleView({ schedule }: { readonly schedule: Schedule }) {
  const people = usePeople().data ?? NO_PEOPLE;
  const now = useNow(useOnCallNow().data?.at);
  const [zone, setZone] = useSearchValue('zone', schedule.timeZone);
  const { window, span, setSpan, setFrom } = useWindow(zone, now);
  const label = zoneLabel(zone, offsetOf(zone, window.from));
  const check = useScheduleCheck(schedule.id).data;
  const [opened, setOpened] = useState<Opened | null>(null);
  const [wasOpened, setWasOpened] = useState(false);
  const open = (next: Opened | null) => {
    setOpened(next);
    setWasOpened(true);
  };
  return (
    <>
      <header className="page-head">
        <h1>{String(schedule.definition.name ?? schedule.id)}</h1>
        <ZonePicker
          zone={zone}
          scheduleZone={schedule.timeZone}
          people={people.values()}
          onChange={setZone}
        />
      </header>
      <RangeBar {...{ window, span, zone, setSpan, setFrom }} now={now} label={label} />
      <TimelineSection
        {...{ schedule, people, window, zone, now, label, opened }}
        troubles={check?.byPerson ?? NO_TROUBLES}
        onOpen={open}
      />
      {wasOpened && (
        <Suspense>
          <ScheduleChanges {...{ schedule, people, zone, opened }} onOpen={open} />
        </Suspense>
      )}
      <GapList schedule={schedule.id} zone={zone} onOpen={open} />
      <TroubleList schedule={schedule.id} onShow={setFrom} />
      <EverybodysDay {...{ schedule, people, zone, now, label }} team={check?.team ?? NO_TEAM} />
    </>
  );
}

interface RangeProps {
  readonly window: Window;
  readonly span: Span;
  readonly zone: string;
  readonly label: string;
  readonly now: Instant;
  readonly setSpan: (span: string) => void;
  readonly setFrom: (from: Instant | null) => void;
}

/** The window in the address: a span, and the instant it shows; now unless said. */
function useWindow(zone: string, now: Instant) {
  const [spanText, setSpan] = useSearchValue('range', 'two-weeks');
  const [fromText, setFromText] = useSearchValue('from', '');
  const span: Span = spanText in SPANS ? (spanText as Span) : 'two-weeks';
  const given = Date.parse(fromText);
  const at = Number.isNaN(given) ? now : given;
  // The window moves when its first day does, not with every tick of the clock.
  const { from, to } = windowOf(span, at, zone);
  const window = useMemo(() => ({ from, to }), [from, to]);
  const setFrom = (instant: Instant | null) => setFromText(instant === null ? '' : formatInstant(instant));
  return { window, span, setSpan, setFrom };
}

function RangeBar({ window, span, zone, label, setSpan, setFrom }: RangeProps) {
  const { schedule } = text;
  // Where two years meet, both are named.
  const years = [window.from, window.to - 1].map((at) => shownTime(at, zone, 'year'));
  const form = years[0] === years[1] ? 'date' : 'dateOfYear';
  return (
    <div className="toolbar">
      <div className="buttons">
        <button type="button" onClick={() => setFrom(moved(span, window, { by: -1, zone }).from)}>
          {schedule.previous}
        </button>
        <button type="button" onClick={() => setFrom(null)}>
          {schedule.today}
        </button>
        <button type="button" onClick={() => setFrom(moved(span, window, { by: 1, zone }).from)}>
          {schedule.next}
        </button>
      </div>
      <p className="range" aria-live="polite">
        <strong>
          {shownTime(window.from, zone, form)} – {shownTime(window.to - 1, zone, form)}
        </strong>{' '}
        <span className="quiet">{label}</span>
      </p>
      <label className="field inline">
        <span>{schedule.span}</span>
        <select value={span} onChange={(event) => setSpan(event.target.value)}>
          {(Object.keys(SPANS) as Span[]).map((value) => (
            <option key={value} value={value}>
              {schedule.spans[value]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

interface GapListProps {
  readonly schedule: string;
  readonly zone: string;
  readonly onOpen: (opened: Opened) => void;
}

function GapList({ schedule, zone, onOpen }: GapListProps) {
  const gaps = useGaps(schedule);
  const [all, setAll] = useState(false);
  const fill = ({ role, start, end }: Gap) =>
    onOpen({ draft: { role, start: Date.parse(start), end: Date.parse(end), replaces: null, gap: true } });
  return (
    <section aria-labelledby="gaps-title">
      <h2 id="gaps-title">{text.schedule.gapsTitle}</h2>
      <Loaded of={gaps}>
        {(found: readonly Gap[]) =>
          found.length === 0 ? (
            <p className="quiet">{text.schedule.noGaps}</p>
          ) : (
            <>
              <ul className="gaps wide short">
                {found.slice(0, all ? found.length : FIRST_GAPS).map((gap) => (
                  <li key={gap.id}>
                    <span>
                      <strong>{gap.role}</strong> {shownTime(gap.start, zone)} – {shownTime(gap.end, zone)}
                    </span>
                    <button
                      type="button"
                      aria-label={overrideText.fillOf(gap.role, shownTime(gap.start, zone))}
                      onClick={() => fill(gap)}
                    >
                      {overrideText.fill}
                    </button>
                  </li>
                ))}
              </ul>
              {!all && found.length > FIRST_GAPS && (
                <button type="button" onClick={() => setAll(true)}>
                  {overrideText.moreGaps(found.length - FIRST_GAPS)}
                </button>
              )}
            </>
          )
        }
      </Loaded>
    </section>
  );
}
