import { DAY_MS, formatInstant, HOUR_MS, type Instant } from '@watchbill/core';
import { useCallback, useMemo } from 'react';
import { useTimeline } from '../api/queries.ts';
import type { Person, Schedule } from '../api/shapes.ts';
import { Failure } from '../parts/state.tsx';
import { useNarrow } from '../parts/use-narrow.ts';
import { useSearchValue } from '../parts/use-search.ts';
import { useWidth } from '../parts/use-width.ts';
import { text } from '../text/en.ts';
import { overrideText } from '../text/override.ts';
import { timelineText } from '../text/timeline.ts';
import { offHoursOf } from '../time/off-hours.ts';
import { type Bar, barsOf, type Row, rowsByPerson, rowsByRole } from '../timeline/bars.ts';
import type { Window } from '../timeline/geometry.ts';
import { TimelineAgenda } from '../timeline/timeline-agenda.tsx';
import { TimelineChart } from '../timeline/timeline-chart.tsx';
import { TimelineTable } from '../timeline/timeline-table.tsx';
import type { Trouble } from '../timeline/troubles.ts';
import type { OnMark, Stretch } from '../timeline/use-marking.ts';
import type { OverrideDraft } from './override-dialog.tsx';
import type { Opened } from './schedule-changes.tsx';

export interface TimelineSectionProps {
  readonly schedule: Schedule;
  readonly people: ReadonlyMap<string, Person>;
  readonly window: Window;
  readonly zone: string;
  readonly label: string;
  readonly now: Instant;
  readonly opened: Opened | null;
  readonly troubles: ReadonlyMap<string, readonly Trouble[]>;
  readonly onOpen: (opened: Opened) => void;
}

const VIEWS = ['chart', 'agenda', 'table'] as const;
type TimelineView = (typeof VIEWS)[number];
const WEEK_MS = 7 * DAY_MS;
const BEYOND_MS = 8 * DAY_MS;
const NO_BARS: readonly Bar[] = [];

/** The timeline of a schedule, as the server resolved it: as a chart, by day, or as a table. */
export function TimelineSection(props: TimelineSectionProps) {
  const { schedule, people, window, zone, label, now, opened, troubles, onOpen } = props;
  const narrow = useNarrow();
  const [viewText, setView] = useSearchValue('view', narrow ? 'agenda' : 'chart');
  const view = VIEWS.find((one) => one === viewText) ?? 'chart';
  const [by, setBy] = useSearchValue('rows', 'role');
  const timeline = useTimeline(schedule.id, readFor(window));
  const roles = schedule.definition.roles ?? ['primary'];
  const bars = useMemo(() => {
    const all = timeline.data === undefined ? NO_BARS : barsOf(timeline.data);
    return all.filter((bar) => bar.end > window.from && bar.start < window.to);
  }, [timeline.data, window]);
  const nameOf = useCallback((id: string) => people.get(id)?.name ?? id, [people]);
  const zoneOf = useCallback((id: string) => people.get(id)?.timeZone, [people]);
  const rows = useMemo(
    () => (by === 'person' ? rowsByPerson(bars, nameOf) : rowsByRole(bars, roles)),
    [bars, roles, by, nameOf],
  );
  const ids = useMemo(() => [...people.keys()], [people]);
  const offHours = useOffHours(people, window);
  const [box, width] = useWidth<HTMLDivElement>(960);
  const open = (bar: Bar) => onOpen({ bar });
  const mark: OnMark = (stretch, row) => onOpen({ draft: draftOf(stretch, row, roles) });
  const shown = { zone, nameOf, troubles, zoneLabel: label };
  const from = Math.max(now, window.from);
  const stretch = { start: from, end: from + HOUR_MS };
  return (
    <section aria-labelledby="timeline-title" aria-busy={timeline.isFetching}>
      <div className="section-head">
        <h2 id="timeline-title">{text.schedule.timeline}</h2>
        <div className="buttons wraps">
          {view === 'chart' && (
            <label className="field inline">
              <span>{timelineText.rows.label}</span>
              <select value={by} onChange={(event) => setBy(event.target.value)}>
                <option value="role">{timelineText.rows.role}</option>
                <option value="person">{timelineText.rows.person}</option>
              </select>
            </label>
          )}
          <ViewPicker view={view} onChange={setView} />
          <button
            type="button"
            onClick={() =>
              onOpen({ draft: { role: roles[0] ?? 'primary', ...stretch, replaces: null, gap: false } })
            }
          >
            {overrideText.stretch}
          </button>
        </div>
      </div>
      {timeline.error !== null && <Failure error={timeline.error} />}
      <div ref={box} className={`chart-box ${view}`}>
        {timeline.data !== undefined && view === 'chart' && (
          <TimelineChart
            {...{ rows, window, now, width, offHours, zoneOf, ...shown }}
            people={ids}
            onOpen={open}
            onMark={mark}
            marked={opened !== null && 'draft' in opened ? opened.draft : null}
          />
        )}
        {timeline.data !== undefined && view === 'agenda' && (
          <TimelineAgenda {...{ bars, window, now, ...shown }} people={ids} onOpen={open} />
        )}
        {timeline.data !== undefined && view === 'table' && <TimelineTable {...{ bars, ...shown }} />}
      </div>
      {view === 'chart' && <ChartHelp />}
    </section>
  );
}

/**
 * What is read for a window: more on both sides, so that shifts that go on beyond it are known whole, and in whole
 * weeks, so that another zone, whose days begin a few hours apart, needs nothing new.
 */
function readFor({ from, to }: Window): { readonly from: string; readonly to: string } {
  return {
    from: formatInstant(Math.max(0, Math.floor((from - BEYOND_MS) / WEEK_MS) * WEEK_MS)),
    to: formatInstant(Math.ceil((to + BEYOND_MS) / WEEK_MS) * WEEK_MS),
  };
}

function useOffHours(people: ReadonlyMap<string, Person>, window: Window) {
  return useCallback(
    (bar: Bar) =>
      bar.person === null
        ? []
        : offHoursOf(people.get(bar.person), {
            start: Math.max(bar.start, window.from),
            end: Math.min(bar.end, window.to),
          }),
    [people, window],
  );
}

/** The override that a marked stretch suggests: of the row's role and person, of a gap where it lies in one. */
function draftOf({ start, end }: Stretch, row: Row, roles: readonly string[]): OverrideDraft {
  const under = row.lanes.flat().filter((bar) => bar.start < end && bar.end > start);
  const role = row.by === 'role' ? row.role : (under[0]?.role ?? roles[0] ?? 'primary');
  const replaces = row.by === 'person' && under.length > 0 ? row.person : null;
  return { role, start, end, replaces, gap: under.length > 0 && under.every(({ kind }) => kind === 'gap') };
}

interface ViewPickerProps {
  readonly view: TimelineView;
  readonly onChange: (view: TimelineView) => void;
}

function ViewPicker({ view, onChange }: ViewPickerProps) {
  return (
    <fieldset className="segments" aria-label={timelineText.view.label}>
      {VIEWS.map((one) => (
        <button key={one} type="button" aria-pressed={one === view} onClick={() => onChange(one)}>
          {timelineText.view[one]}
        </button>
      ))}
    </fieldset>
  );
}

/** What the signs mean, and the keys. */
function ChartHelp() {
  const { legend, keys } = timelineText;
  return (
    <div className="chart-help">
      <ul className="legend" aria-label={legend.title}>
        {(['override', 'gap', 'offHours', 'trouble'] as const).map((sign) => (
          <li key={sign}>
            <span className={`sign ${sign}`} aria-hidden="true" />
            {legend[sign]}
          </li>
        ))}
      </ul>
      <details>
        <summary>{keys.title}</summary>
        <dl className="keys">
          {keys.list.map(([key, what]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <p className="quiet">{keys.pointer}</p>
      </details>
    </div>
  );
}
