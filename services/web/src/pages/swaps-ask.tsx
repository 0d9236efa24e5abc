import { formatInstant, parseInstant } from '@watchbill/core';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { useChange } from '../api/change-queries.ts';
import { useMay } from '../api/may.ts';
import { type StoredShift, useShiftsAhead } from '../api/people-queries.ts';
import { usePeople } from '../api/queries.ts';
import type { Person } from '../api/shapes.ts';
import { Field } from '../parts/field.tsx';
import { instantOf, type Moment, MomentField } from '../parts/moment-field.tsx';
import { Failure, Loaded } from '../parts/state.tsx';
import { useSearchValue } from '../parts/use-search.ts';
import { text } from '../text/en.ts';
import { peopleText } from '../text/people.ts';
import { shownTime } from '../time/shown-time.ts';
import { wallText } from '../time/wall-field.ts';
import { Candidates, type Wanted } from './swaps-candidates.tsx';
import '../style/choices.css';

const words = peopleText.ask;

/** Asking that shifts change hands: one's own, or as a manager those of somebody else. */
export function AskPage() {
  const people = usePeople();
  const may = useMay();
  const [who, setWho] = useSearchValue('person', may.person ?? '');
  return (
    <Loaded of={people}>
      {(all) => {
        const choices = [...all.values()].filter(({ id }) => may.actsFor(id));
        const person = choices.find(({ id }) => id === who);
        return (
          <>
            <h1>{words.title}</h1>
            <label className="field">
              <span>{words.who}</span>
              <select value={person?.id ?? ''} onChange={({ target: { value } }) => setWho(value)}>
                <option value="" disabled>
                  {words.nobody}
                </option>
                {choices.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            {person !== undefined && <AskOf key={person.id} person={person} people={all} />}
          </>
        );
      }}
    </Loaded>
  );
}

interface AskOfProps {
  readonly person: Person;
  readonly people: ReadonlyMap<string, Person>;
}

function AskOf({ person, people }: AskOfProps) {
  const shifts = useShiftsAhead(person.id);
  return (
    <Loaded of={shifts}>
      {(all) =>
        all.length === 0 ? (
          <p className="quiet">{words.noShifts}</p>
        ) : (
          <AskForm person={person} people={people} shifts={all} />
        )
      }
    </Loaded>
  );
}

type Kind = 'cover' | 'exchange';

function AskForm({ person, people, shifts }: AskOfProps & { readonly shifts: readonly StoredShift[] }) {
  const [first] = useSearchValue('shift', '');
  const [, navigate] = useLocation();
  const [kind, setKind] = useState<Kind>('cover');
  const [chosen, setChosen] = useState<readonly string[]>(first === '' ? [] : [first]);
  const [part, setPart] = useState<Part | null>(null);
  const [to, setTo] = useState('eligible');
  const [back, setBack] = useState<readonly string[]>([]);
  const theirs = useShiftsAhead(isPerson(to) ? to : null);
  const ask = useChange([['swaps'], ['people']]);
  const zone = person.timeZone;
  const gives = wantedOf({ shifts: shifts.filter(({ id }) => chosen.includes(id)), part, zone });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason')).trim();
    if (gives === null || gives.length === 0) return;
    const takes = (theirs.data ?? []).filter(({ id }) => back.includes(id));
    const body = {
      ...{ kind, person: person.id, gives: gives.map(stretchOf) },
      ...(kind === 'exchange' &&
        takes.length > 0 && { takes: takes.map((shift) => ({ ...stretchOf(shift), person: to })) }),
      to: isPerson(to) ? { kind: 'person', person: to } : { kind: to },
      ...(reason !== '' && { reason }),
    };
    ask.mutate({ path: '/v1/swaps', method: 'POST', body }, { onSuccess: () => navigate('/swaps') });
  };
  const only = chosen.length === 1 ? shifts.find(({ id }) => id === chosen[0]) : undefined;
  return (
    <form className="form" onSubmit={submit}>
      <fieldset className="panel">
        <legend>{words.kind}</legend>
        {(['cover', 'exchange'] as const).map((value) => (
          <label key={value} className="check">
            <input type="radio" name="kind" checked={kind === value} onChange={() => setKind(value)} />{' '}
            {words[value]}
          </label>
        ))}
      </fieldset>
      <ShiftChoice
        {...{ legend: words.shifts, shifts, zone, chosen }}
        onChange={(next) => {
          setChosen(next);
          setPart(null);
        }}
      />
      {only !== undefined && <PartChoice shift={only} zone={zone} part={part} onChange={setPart} />}
      {gives === null && (
        <p className="error" role="alert">
          {words.order}
        </p>
      )}
      <Candidates {...{ wanted: gives ?? [], person: person.id, to, onChange: setTo }} />
      {kind === 'exchange' && (
        <Back {...{ to, people, shifts: theirs.data ?? [], zone, back, onChange: setBack }} />
      )}
      <Field label={words.reason} hint={words.reasonHint} name="reason" maxLength={500} />
      {ask.error !== null && <Failure error={ask.error} />}
      <button
        type="submit"
        className="primary"
        disabled={ask.isPending || gives === null || gives.length === 0}
      >
        {words.submit}
      </button>
    </form>
  );
}

/** Not one of the audiences of many. */
function isPerson(to: string): boolean {
  return to !== 'eligible' && to !== 'team';
}

function stretchOf({ schedule, role, start, end }: Omit<Wanted, 'id'>) {
  return { schedule, role, start, end };
}

export interface Part {
  readonly from: Moment;
  readonly to: Moment;
}

interface WantedInput {
  readonly shifts: readonly Wanted[];
  readonly part: Part | null;
  readonly zone: string;
}

/** What is asked for: whole shifts, or a part of one; null for a part that is none. */
export function wantedOf({ shifts, part, zone }: WantedInput): readonly Wanted[] | null {
  const [only] = shifts;
  if (part === null || only === undefined) return shifts;
  const [from, to] = [instantOf(part.from, zone), instantOf(part.to, zone)];
  const [start, end] = [parseInstant(only.start) ?? 0, parseInstant(only.end) ?? 0];
  if (from === null || to === null || from >= to || from < start || to > end) return null;
  return [{ ...only, start: formatInstant(from), end: formatInstant(to) }];
}

export interface ShiftChoiceProps {
  readonly legend: string;
  readonly shifts: readonly StoredShift[];
  readonly zone: string;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Shifts to tick, by the clocks of a zone. */
export function ShiftChoice({ legend, shifts, zone, chosen, onChange }: ShiftChoiceProps) {
  return (
    <fieldset className="panel choices">
      <legend>{legend}</legend>
      <p className="quiet">{text.times(zone)}</p>
      {shifts.map(({ id, schedule, role, start, end }) => (
        <label key={id} className="check">
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={({ target: { checked } }) =>
              onChange(checked ? [...chosen, id] : chosen.filter((one) => one !== id))
            }
          />{' '}
          {words.shift({ schedule, role }, shownTime(start, zone), shownTime(end, zone))}
        </label>
      ))}
    </fieldset>
  );
}

export interface PartChoiceProps {
  readonly shift: Pick<StoredShift, 'start' | 'end'>;
  readonly zone: string;
  readonly part: Part | null;
  readonly onChange: (part: Part | null) => void;
}

/** All of a shift, or from when to when. */
export function PartChoice({ shift, zone, part, onChange }: PartChoiceProps) {
  const moment = (instant: string): Moment => ({
    wall: wallText(parseInstant(instant) ?? 0, zone),
    pass: 'first',
  });
  return (
    <>
      <label className="check">
        <input
          type="checkbox"
          checked={part !== null}
          onChange={({ target: { checked } }) =>
            onChange(checked ? { from: moment(shift.start), to: moment(shift.end) } : null)
          }
        />{' '}
        {words.part}
      </label>
      {part !== null && (
        <div className="columns">
          <MomentField
            {...{ label: words.from, zone, value: part.from, hint: words.clocks(zone) }}
            onChange={(from) => onChange({ ...part, from })}
          />
          <MomentField
            {...{ label: words.until, zone, value: part.to }}
            onChange={(to) => onChange({ ...part, to })}
          />
        </div>
      )}
    </>
  );
}

interface BackProps {
  readonly to: string;
  readonly people: ReadonlyMap<string, Person>;
  readonly shifts: readonly StoredShift[];
  readonly zone: string;
  readonly back: readonly string[];
  readonly onChange: (back: readonly string[]) => void;
}

/** What comes back in an exchange: shifts of the one who is asked, or what they offer. */
function Back({ to, people, shifts, zone, back, onChange }: BackProps) {
  if (!isPerson(to)) return <p className="quiet">{words.backMany}</p>;
  const legend = words.back(people.get(to)?.name ?? to);
  return (
    <>
      <ShiftChoice {...{ legend, shifts, zone, chosen: back, onChange }} />
      <p className="quiet">{words.backLead}</p>
    </>
  );
}
