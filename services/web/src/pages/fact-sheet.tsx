import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { read } from '../api/client.ts';
import { useMay } from '../api/may.ts';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Loaded } from '../parts/state.tsx';
import { editorText } from '../text/editor.ts';
import { text } from '../text/en.ts';
import { plansText } from '../text/plans.ts';
import { FactSheetLinks } from './fact-sheet-links.tsx';
import '../style/fairness.css';

interface FactSheet {
  readonly schedule: string;
  readonly name: string;
  readonly description: string | null;
  readonly timeZone: string;
  readonly roles: readonly string[];
  readonly coveredHours: number;
  readonly coreHours: number;
  readonly nonCoreHours: number;
  readonly coreWindows: readonly {
    readonly days: readonly (keyof typeof editorText.days)[];
    readonly from: string;
    readonly to: string;
    readonly timeZone: string;
  }[];
  readonly oneWeekIn: number | null;
  readonly quarter: Quarter | null;
  readonly pages: {
    readonly perWeek: number;
    readonly outsideCorePerWeek: number;
    readonly weeks: number;
  } | null;
  readonly answerMinutes: number | null;
  readonly people: readonly (Quarter & { readonly firstName: string })[];
}

interface Quarter {
  readonly hours: number;
  readonly nights: number;
  readonly weekends: number;
  readonly holidays: number;
}

const words = plansText.fact;
const WEEK_HOURS = 168;

/** A rotation in a few figures, for somebody who thinks of joining it. */
export function FactSheetPage({ id }: { readonly id: string }) {
  const path = `/v1/schedules/${encodeURIComponent(id)}/fact-sheet`;
  const sheet = useQuery({
    queryKey: ['schedules', id, 'fact-sheet'],
    queryFn: ({ signal }) => read<FactSheet>(path, signal),
  });
  const { manages } = useMay();
  return (
    <Loaded of={sheet}>
      {(found) => (
        <>
          <Sheet sheet={found} path={path} />
          {manages(id) && <FactSheetLinks path={path} />}
        </>
      )}
    </Loaded>
  );
}

function Sheet({ sheet, path }: { readonly sheet: FactSheet; readonly path: string }) {
  const always = Math.round(sheet.coveredHours) === WEEK_HOURS;
  return (
    <>
      <header className="page-head">
        <h1>{words.title(sheet.name)}</h1>
        <span className="buttons">
          <CopyMarkdown path={path} />
          <Link className="button" href={`/schedules/${sheet.schedule}`}>
            {sheet.schedule}
          </Link>
        </span>
      </header>
      {sheet.description !== null && <p className="lead">{sheet.description}</p>}
      <dl className="facts panel">
        <dt>{words.covers}</dt>
        <dd>
          {always && sheet.coreHours === 0 ? words.always : words.hours(sheet.coreHours, sheet.nonCoreHours)}
        </dd>
        {sheet.coreWindows.length > 0 && (
          <>
            <dt>{words.core}</dt>
            <dd>{sheet.coreWindows.map(windowText).join('; ')}</dd>
          </>
        )}
        <dt>{words.zone}</dt>
        <dd>{sheet.timeZone}</dd>
        <dt>{words.roles}</dt>
        <dd>{sheet.roles.join(', ')}</dd>
        <dt>{words.often}</dt>
        <dd>{sheet.oneWeekIn === null ? text.overview.nobody : words.weeksBetween(sheet.oneWeekIn)}</dd>
        <dt>{words.mean}</dt>
        <dd>{sheet.quarter === null ? text.overview.nobody : quarterText(sheet.quarter)}</dd>
        <dt>{words.pages}</dt>
        <dd>{pagesText(sheet)}</dd>
        {sheet.answerMinutes !== null && (
          <>
            <dt>{words.answer}</dt>
            <dd>{words.answerIn(sheet.answerMinutes)}</dd>
          </>
        )}
        <dt>{words.people}</dt>
        <dd>{sheet.people.map(({ firstName }) => firstName).join(', ') || text.overview.nobody}</dd>
      </dl>
      <section className="stack" aria-labelledby="quarter-title">
        <h2 id="quarter-title">{words.quarter}</h2>
        <QuarterTable sheet={sheet} />
      </section>
    </>
  );
}

function windowText({ days, from, to, timeZone }: FactSheet['coreWindows'][number]): string {
  return words.window(days.map((day) => editorText.days[day]).join(', '), { from, to, zone: timeZone });
}

function quarterText({ hours, nights, weekends, holidays }: Quarter): string {
  return words.meanOf({ hours, nights, weekends, holidays });
}

function pagesText({ pages }: FactSheet): string {
  if (pages === null) return words.pagesUnknown;
  return words.pagesOf(pages.perWeek, pages.outsideCorePerWeek, pages.weeks);
}

/** Two people may have one first name, so a row is known by its place too. */
function QuarterTable({ sheet }: { readonly sheet: FactSheet }) {
  const rows = sheet.people.map((one, place) => ({ ...one, key: `${place} ${one.firstName}` }));
  return (
    <ScrollX label={plansText.table(words.quarter)}>
      <table>
        <thead>
          <tr>
            {Object.values(words.columns).map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.key}>
              <th scope="row">{one.firstName}</th>
              <td>{one.hours}</td>
              <td>{one.nights}</td>
              <td>{one.weekends}</td>
              <td>{one.holidays}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function CopyMarkdown({ path }: { readonly path: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const answer = await fetch(path, { headers: { accept: 'text/markdown' } });
    if (!answer.ok) return;
    await navigator.clipboard.writeText(await answer.text());
    setCopied(true);
  };
  return (
    <button type="button" onClick={() => void copy()}>
      {copied ? text.copied : words.markdown}
    </button>
  );
}
