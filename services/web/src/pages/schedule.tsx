import { formatInstant, HOUR_MS, type Instant } from '@watchbill/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useGaps, useOnCallNow, usePeople, useSchedule, useTimeline } from '../api/queries.ts';
import type { Gap, Person, Schedule } from '../api/shapes.ts';
import { Failure, Loaded } from '../parts/state.tsx';
import { useNow } from '../parts/use-now.ts';
import { useSearchValue } from '../parts/use-search.ts';
import { useWidth } from '../parts/use-width.ts';
import { ZonePicker } from '../parts/zone-picker.tsx';
import { text } from '../text/en.ts';
import { overrideText } from '../text/override.ts';
import { offHoursOf } from '../time/off-hours.ts';
import { shownTime, zoneLabel } from '../time/shown-time.ts';
import { type Bar, type Row, rowsOf } from '../timeline/bars.ts';
import { moved, offsetOf, SPANS, type Span, type Window, windowOf } from '../timeline/geometry.ts';
import { TimelineChart } from '../timeline/timeline-chart.tsx';
import { TimelineTable } from '../timeline/timeline-table.tsx';
import type { Opened } from './schedule-changes.tsx';

/** Fetched when somebody opens a bar, not with the page. */
const ScheduleChanges = lazy(() =>
  import('./schedule-changes.tsx').then((part) => ({ default: part.ScheduleChanges })),
);
/** More gaps than these are shown when asked for. */
const FIRST_GAPS = 8;

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
      <TimelineSection {...{ schedule, people, window, zone, now, label, opened }} onOpen={open} />
      {wasOpened && (
        <Suspense>
          <ScheduleChanges {...{ schedule, people, zone, opened }} onOpen={open} />
        </Suspense>
      )}
      <GapList schedule={schedule.id} zone={zone} onOpen={open} />
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
          {shownTime(window.from, zone, 'date')} – {shownTime(window.to - 1, zone, 'date')}
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

interface TimelineProps {
  readonly schedule: Schedule;
  readonly people: ReadonlyMap<string, Person>;
  readonly window: Window;
  readonly zone: string;
  readonly label: string;
  readonly now: Instant;
  readonly opened: Opened | null;
  readonly onOpen: (opened: Opened) => void;
}

function TimelineSection(props: TimelineProps) {
  const { schedule, people, window, zone, label, now, opened, onOpen } = props;
  const [view, setView] = useSearchValue('view', 'chart');
  const timeline = useTimeline(schedule.id, {
    from: formatInstant(window.from),
    to: formatInstant(window.to),
  });
  const roles = schedule.definition.roles ?? ['primary'];
  const rows = useMemo(
    (): readonly Row[] | undefined =>
      timeline.data === undefined ? undefined : rowsOf(timeline.data, roles),
    [timeline.data, roles],
  );
  const ids = useMemo(() => [...people.keys()], [people]);
  const nameOf = (id: string) => people.get(id)?.name ?? id;
  const [box, width] = useWidth<HTMLDivElement>(960);
  const openStretch = (start: Instant, end: Instant) =>
    onOpen({ draft: { role: roles[0] ?? 'primary', start, end, replaces: null, gap: false } });
  const offHours = (bar: Bar) =>
    bar.person === null
      ? []
      : offHoursOf(people.get(bar.person), {
          start: Math.max(bar.start, window.from),
          end: Math.min(bar.end, window.to),
        });
  return (
    <section aria-labelledby="timeline-title" aria-busy={timeline.isFetching}>
      <div className="section-head">
        <h2 id="timeline-title">{text.schedule.timeline}</h2>
        <div className="buttons">
          <button
            type="button"
            onClick={() => openStretch(Math.max(now, window.from), Math.max(now, window.from) + HOUR_MS)}
          >
            {overrideText.stretch}
          </button>
          <button type="button" onClick={() => setView(view === 'chart' ? 'table' : 'chart')}>
            {view === 'chart' ? text.schedule.table : text.schedule.chart}
          </button>
        </div>
      </div>
      {timeline.error !== null && <Failure error={timeline.error} />}
      <div ref={box} className="chart-box">
        {rows !== undefined && view === 'chart' && (
          <TimelineChart
            {...{ rows, window, zone, now, nameOf, width, offHours }}
            zoneLabel={label}
            people={ids}
            onOpen={(bar) => onOpen({ bar })}
            onMark={({ start, end }) => openStretch(start, end)}
            marked={opened !== null && 'draft' in opened ? opened.draft : null}
          />
        )}
        {rows !== undefined && view !== 'chart' && (
          <TimelineTable {...{ rows, zone, nameOf }} zoneLabel={label} />
        )}
      </div>
    </section>
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
              <ul className="gaps">
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
