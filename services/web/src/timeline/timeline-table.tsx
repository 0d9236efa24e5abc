import { ScrollX } from '../parts/scroll-x.tsx';
import { text } from '../text/en.ts';
import { shownTime } from '../time/shown-time.ts';
import type { Bar, Row } from './bars.ts';

export interface TableProps {
  readonly rows: readonly Row[];
  readonly zone: string;
  readonly zoneLabel: string;
  readonly nameOf: (person: string) => string;
}

/** The same timeline as a table: for screen readers, for print, and for whoever would rather read. */
export function TimelineTable({ rows, zone, zoneLabel, nameOf }: TableProps) {
  const { columns } = text.schedule;
  const bars = rows.flatMap((row) => row.lanes.flat()).sort((a, b) => a.start - b.start);
  return (
    <ScrollX label={text.schedule.timeline}>
      <table>
        <caption>{text.times(zoneLabel)}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.start}</th>
            <th scope="col">{columns.end}</th>
            <th scope="col">{columns.role}</th>
            <th scope="col">{columns.person}</th>
            <th scope="col">{columns.source}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={`${bar.role} ${bar.start} ${bar.person}`} className={bar.kind === 'gap' ? 'gap' : ''}>
              <td>{shownTime(bar.start, zone)}</td>
              <td>{shownTime(bar.end, zone)}</td>
              <td>{bar.role}</td>
              <th scope="row">{bar.person === null ? text.schedule.gap : nameOf(bar.person)}</th>
              <td>{sourceOf(bar)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function sourceOf(bar: Bar): string {
  if (bar.override !== null) return text.source.override;
  return bar.rotation === null ? '' : text.source.rotation(bar.rotation);
}
