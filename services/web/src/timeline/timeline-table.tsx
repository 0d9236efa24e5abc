import { ScrollX } from '../parts/scroll-x.tsx';
import { text } from '../text/en.ts';
import { shownTime } from '../time/shown-time.ts';
import type { Bar } from './bars.ts';
import { sourceOf, whoOf } from './chart-rows.tsx';
import { type Trouble, troublesOf, troubleWords } from './troubles.ts';

export interface TableProps {
  readonly bars: readonly Bar[];
  readonly zone: string;
  readonly zoneLabel: string;
  readonly nameOf: (person: string) => string;
  readonly troubles: ReadonlyMap<string, readonly Trouble[]>;
}

/** The same timeline as a table: for screen readers, for print, and for whoever would rather read. */
export function TimelineTable({ bars, zone, zoneLabel, nameOf, troubles }: TableProps) {
  const { columns } = text.schedule;
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
              <th scope="row">{whoOf(bar, nameOf)}</th>
              <td>
                {[sourceOf(bar), ...troubleWords(troublesOf(bar, troubles))].filter(Boolean).join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
