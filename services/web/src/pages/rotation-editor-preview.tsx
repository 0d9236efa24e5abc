import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { DAY_MS, type Instant, timelineJson } from '@watchbill/core';
import { useEffect, useMemo, useState } from 'react';
import { change, RefusalError } from '../api/client.ts';
import type { Person } from '../api/shapes.ts';
import { Failure } from '../parts/state.tsx';
import { useWidth } from '../parts/use-width.ts';
import { editorText } from '../text/editor.ts';
import { zoneLabel } from '../time/shown-time.ts';
import { rowsOf } from '../timeline/bars.ts';
import { offsetOf } from '../timeline/geometry.ts';
import { TimelineChart } from '../timeline/timeline-chart.tsx';
import { signed } from './file.tsx';
import { namedTime } from './rotation-editor-effect.tsx';
import { type EditorDefinition, hasPlaceHolidays, type Preview } from './rotation-editor-model.ts';

const words = editorText.preview;
const PREVIEW_DAYS = 14;
/** A pause in the typing before the server is asked. */
const PAUSE_MS = 500;

type Load = Readonly<Record<'hours' | 'shifts' | 'nights' | 'weekendShifts', number>>;

/** What publishing changes, or would. */
export interface Applied {
  readonly unchanged: boolean;
  readonly changesByPerson: readonly { readonly person: string; readonly change: Load }[];
}

/** What the definition is stored on condition of: a revision that was read, or that there is none yet. */
export type Condition = { readonly 'if-match': string } | { readonly 'if-none-match': '*' };

export interface DryRun {
  readonly definition: EditorDefinition;
  readonly condition: Condition;
  /** From when on it holds; null: at once. */
  readonly effectiveAt: Instant | null;
  readonly ready: boolean;
}

/** Where a definition is sent to, with when it takes effect. */
export function publishPath(id: string, effectiveAt: Instant | null, dryRun = false): string {
  const query = new URLSearchParams({
    ...(dryRun && { dryRun: 'true' }),
    ...(effectiveAt !== null && { effectiveAt: new Date(effectiveAt).toISOString() }),
  }).toString();
  return `/v1/schedules/${encodeURIComponent(id)}${query === '' ? '' : `?${query}`}`;
}

/** Asks the server what publishing would change; nothing is stored. */
export function useDryRun({ definition, condition, effectiveAt, ready }: DryRun) {
  const body = JSON.stringify(definition);
  const [settled, setSettled] = useState(body);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(body), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [body]);
  const query = useQuery({
    queryKey: ['dry-run', settled, condition, effectiveAt],
    queryFn: () => {
      const { id } = JSON.parse(settled) as EditorDefinition;
      return change<Applied>(publishPath(id, effectiveAt, true), {
        method: 'PUT',
        body: JSON.parse(settled),
        headers: condition,
      });
    },
    enabled: ready && settled === body,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  return { ...query, current: settled === body && !query.isPlaceholderData };
}

export interface PreviewProps {
  readonly definition: EditorDefinition;
  readonly missing: readonly string[];
  readonly preview: Preview;
  readonly people: ReadonlyMap<string, Person>;
  readonly at: Instant;
  /** From when on it holds; null: at once. */
  readonly effectiveAt: Instant | null;
  readonly applied: Applied | undefined;
  readonly error: Error | null;
}

/** The two weeks from when it takes effect, and who gains or loses what. */
export function EditorPreview(props: PreviewProps) {
  const { definition, missing, preview, people, at, effectiveAt, applied, error } = props;
  const from = effectiveAt === null ? null : namedTime(effectiveAt, definition.timeZone);
  return (
    <section className="preview" aria-labelledby="preview-title">
      <h2 id="preview-title">{from === null ? words.title : words.titleFrom(from)}</h2>
      {missing.length > 0 && (
        <div className="notice">
          <p>{words.missing}</p>
          <ul>
            {missing.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      )}
      {missing.length === 0 && preview.kind === 'timeline' && (
        <PreviewChart {...{ definition, preview, people, at }} />
      )}
      {missing.length === 0 && error !== null && <Refused error={error} />}
      {missing.length === 0 && error === null && <Difference applied={applied} people={people} />}
      <p className="quiet">{from === null ? words.effect : words.effectFrom(from)}</p>
    </section>
  );
}

interface PreviewChartProps {
  readonly definition: EditorDefinition;
  readonly preview: Preview & { readonly kind: 'timeline' };
  readonly people: ReadonlyMap<string, Person>;
  readonly at: Instant;
}

function PreviewChart({ definition, preview, people, at }: PreviewChartProps) {
  const { timeline } = preview;
  const rows = useMemo(
    () => rowsOf(timelineJson(timeline), definition.roles ?? ['primary']),
    [timeline, definition.roles],
  );
  const [box, width] = useWidth<HTMLDivElement>(960);
  const zone = definition.timeZone;
  const window = { from: timeline.from, to: timeline.from + PREVIEW_DAYS * DAY_MS };
  const planned = definition.rotations.some(({ strategy }) => strategy === 'fair');
  return (
    <>
      <div ref={box} className="chart-box">
        <TimelineChart
          {...{ rows, window, zone, width, now: at }}
          zoneLabel={zoneLabel(zone, offsetOf(zone, window.from))}
          nameOf={(id) => people.get(id)?.name ?? id}
          people={[...people.keys()]}
        />
      </div>
      {!planned && (
        <p className={timeline.gaps.length > 0 ? 'warning' : 'quiet'}>{words.gaps(timeline.gaps.length)}</p>
      )}
      {hasPlaceHolidays(definition) && <p className="quiet">{words.holidays}</p>}
    </>
  );
}

function Refused({ error }: { readonly error: Error }) {
  return (
    <>
      <Failure error={error} />
      {error instanceof RefusalError && error.items.length > 0 && (
        <ul className="problems">
          {error.items.map((item) => (
            <li key={`${item.pointer} ${item.detail}`}>{item.detail}</li>
          ))}
        </ul>
      )}
    </>
  );
}

interface DifferenceProps {
  readonly applied: Applied | undefined;
  readonly people: ReadonlyMap<string, Person>;
}

function Difference({ applied, people }: DifferenceProps) {
  const { columns } = words;
  if (applied === undefined) return <p className="quiet">{words.asking}</p>;
  if (applied.changesByPerson.length === 0) return <p className="quiet">{words.same}</p>;
  return (
    <>
      <h3>{words.changes}</h3>
      <p className="quiet">{words.changesLead}</p>
      <div className="scroll-x" tabIndex={-1}>
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
            {applied.changesByPerson.map(({ person, change: load }) => (
              <tr key={person}>
                <th scope="row">{people.get(person)?.name ?? person}</th>
                <td>{signed(load.hours)}</td>
                <td>{signed(load.shifts)}</td>
                <td>{signed(load.nights)}</td>
                <td>{signed(load.weekendShifts)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
