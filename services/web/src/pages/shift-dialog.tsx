import { useQuery } from '@tanstack/react-query';
import { formatInstant } from '@watchbill/core';
import { useChange } from '../api/change-queries.ts';
import { read } from '../api/client.ts';
import type { Person, Schedule } from '../api/shapes.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { overrideText } from '../text/override.ts';
import { offHoursOf } from '../time/off-hours.ts';
import { shownDuration, shownTime } from '../time/shown-time.ts';
import type { Bar } from '../timeline/bars.ts';

export interface ShiftDialogProps {
  readonly schedule: Schedule;
  readonly people: ReadonlyMap<string, Person>;
  readonly zone: string;
  readonly bar: Bar;
  readonly onClose: () => void;
  readonly onOverride: () => void;
}

/** Everything about one bar: who, when on both clocks, because of what, and why this person. */
export function ShiftDialog({ schedule, people, zone, bar, onClose, onOverride }: ShiftDialogProps) {
  const { details } = overrideText;
  const cancel = useChange([['schedules', schedule.id], ['on-call']]);
  const person = bar.person === null ? undefined : people.get(bar.person);
  const title = bar.person === null ? text.schedule.gap : (person?.name ?? bar.person);
  const path = `/v1/schedules/${encodeURIComponent(schedule.id)}/overrides/${bar.override}`;
  return (
    <Dialog title={`${title}, ${bar.role}`} onClose={onClose}>
      <dl className="facts">
        <Fact name={details.from}>{shownTime(bar.start, zone, 'whole')}</Fact>
        <Fact name={details.until}>{shownTime(bar.end, zone, 'whole')}</Fact>
        <Fact name={details.length}>{shownDuration(bar.end - bar.start)}</Fact>
        {person !== undefined && (
          <Fact name={details.theirs(person.timeZone)}>
            {shownTime(bar.start, person.timeZone)} – {shownTime(bar.end, person.timeZone)}
            <br />
            <span className="quiet">{outside(person, bar)}</span>
          </Fact>
        )}
        {bar.person !== null && <Fact name={details.source}>{sourceOf(bar)}</Fact>}
      </dl>
      {isFair(schedule, bar) && <Why schedule={schedule.id} bar={bar} people={people} />}
      {cancel.error !== null && <Failure error={cancel.error} />}
      <p className="buttons">
        <button type="button" className="primary" onClick={onOverride}>
          {bar.kind === 'gap' ? overrideText.fill : overrideText.make}
        </button>
        {bar.override !== null && (
          <button
            type="button"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate({ path, method: 'DELETE' }, { onSuccess: onClose })}
          >
            {overrideText.cancel}
          </button>
        )}
      </p>
    </Dialog>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function outside(person: Person, bar: Bar): string {
  const ms = offHoursOf(person, bar).reduce((sum, { start, end }) => sum + end - start, 0);
  return ms === 0 ? overrideText.details.inside : overrideText.details.outside(shownDuration(ms));
}

function sourceOf(bar: Bar): string {
  if (bar.override !== null) return text.source.override;
  return bar.rotation === null ? '' : text.source.rotation(bar.rotation);
}

function isFair({ definition }: Schedule, bar: Bar): boolean {
  return definition.rotations?.find(({ id }) => id === bar.rotation)?.strategy === 'fair';
}

interface Explanation {
  readonly turns: readonly {
    readonly unit: string;
    readonly rotation: string;
    readonly candidates: readonly { readonly person: string; readonly total: number }[];
    readonly refused: readonly { readonly person: string; readonly rule: string }[];
  }[];
}

interface WhyProps {
  readonly schedule: string;
  readonly bar: Bar;
  readonly people: ReadonlyMap<string, Person>;
}

function Why({ schedule, bar, people }: WhyProps) {
  const query = new URLSearchParams({ at: formatInstant(bar.start), role: bar.role });
  const explained = useQuery({
    queryKey: ['schedules', schedule, 'explain', bar.start, bar.role],
    queryFn: ({ signal }) =>
      read<Explanation>(`/v1/schedules/${encodeURIComponent(schedule)}/explain?${query}`, signal),
  });
  const { details } = overrideText;
  const nameOf = (id: string) => people.get(id)?.name ?? id;
  const turn = explained.data?.turns.find((one) => one.rotation === bar.rotation);
  if (explained.error !== null) return <Failure error={explained.error} />;
  if (turn === undefined) return null;
  return (
    <section aria-labelledby="why-title">
      <h3 id="why-title">{details.why}</h3>
      <p className="quiet">{details.cheapest}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{details.columns.person}</th>
            <th scope="col">{details.columns.price}</th>
          </tr>
        </thead>
        <tbody>
          {turn.candidates.map(({ person, total }) => (
            <tr key={person}>
              <th scope="row">{nameOf(person)}</th>
              <td>{total.toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {turn.refused.length > 0 && (
        <>
          <h3>{details.refused}</h3>
          <ul>
            {turn.refused.map(({ person, rule }) => (
              <li key={`${person} ${rule}`}>
                {nameOf(person)}: {details.refusedBy(rule)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
