import { useQueries } from '@tanstack/react-query';
import { read } from '../api/client.ts';
import type { StoredShift } from '../api/people-queries.ts';
import { Failure } from '../parts/state.tsx';
import { text } from '../text/en.ts';
import { peopleText } from '../text/people.ts';

const words = peopleText.ask;

/** A shift, or a part of it. */
export type Wanted = Pick<StoredShift, 'id' | 'schedule' | 'role' | 'start' | 'end'>;

interface Candidate {
  readonly person: string;
  readonly name: string;
  readonly eligible: boolean;
  readonly reasons: readonly {
    readonly code: string;
    readonly weighs: 'refuses' | 'against' | 'for';
    readonly message: string;
  }[];
}

export interface CandidatesProps {
  readonly wanted: readonly Wanted[];
  /** Whose shifts they are. */
  readonly person: string;
  /** `eligible`, `team`, or a person. */
  readonly to: string;
  readonly onChange: (to: string) => void;
}

/** Whom to ask: many, or one of those who could stand all of it, ranked and with the reasons. */
export function Candidates({ wanted, person, to, onChange }: CandidatesProps) {
  const found = useQueries({
    queries: wanted.map(({ id, start, end }) => ({
      queryKey: ['shifts', id, 'candidates', start, end],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        read<{ readonly candidates: readonly Candidate[] }>(
          `/v1/shifts/${encodeURIComponent(id)}/candidates?${new URLSearchParams({ from: start, to: end })}`,
          signal,
        ),
    })),
  });
  const failed = found.find(({ error }) => error !== null)?.error ?? null;
  const waits = found.some(({ data }) => data === undefined);
  const ranked = together(found.flatMap(({ data }) => (data === undefined ? [] : [data.candidates])));
  const option = (value: string, label: React.ReactNode, disabled = false) => (
    <label key={value} className="check">
      <input
        type="radio"
        name="to"
        checked={to === value}
        disabled={disabled}
        onChange={() => onChange(value)}
      />{' '}
      {label}
    </label>
  );
  return (
    <fieldset className="panel choices">
      <legend>{words.to}</legend>
      {option('eligible', words.eligible)}
      {option('team', words.team)}
      <h3>{words.ranked}</h3>
      {failed !== null && <Failure error={failed} />}
      {wanted.length === 0 && <p className="quiet">{words.first}</p>}
      {wanted.length > 0 && failed === null && waits && <p className="quiet">{text.loading}</p>}
      {!waits && wanted.length > 0 && ranked.length === 0 && <p className="quiet">{words.noCandidates}</p>}
      {ranked
        .filter((one) => one.person !== person)
        .map((one) => option(one.person, <Described candidate={one} />, !one.eligible))}
    </fieldset>
  );
}

function Described({ candidate }: { readonly candidate: Candidate }) {
  const { name, eligible, reasons } = candidate;
  return (
    <span>
      <strong>{name}</strong> {!eligible && <span className="warning">{words.cannot}</span>}
      <span className="quiet">{reasons.map(({ message }) => message).join(' ')}</span>
    </span>
  );
}

/** Those who could stand every one of several shifts first, by the sum of their places. */
export function together(lists: readonly (readonly Candidate[])[]): readonly Candidate[] {
  const [only, ...more] = lists;
  if (only === undefined || more.length === 0) return only ?? [];
  const merged = new Map<string, Candidate & { readonly place: number; readonly times: number }>();
  for (const list of lists) {
    for (const [place, one] of list.entries()) {
      const known = merged.get(one.person);
      const reasons = [...(known?.reasons ?? []), ...one.reasons];
      merged.set(one.person, {
        ...one,
        eligible: one.eligible && known?.eligible !== false,
        reasons: reasons.filter(
          ({ message }, at) => reasons.findIndex((other) => other.message === message) === at,
        ),
        place: place + (known?.place ?? 0),
        times: 1 + (known?.times ?? 0),
      });
    }
  }
  return [...merged.values()]
    .map(({ place, times, ...one }) => ({ place, ...one, eligible: one.eligible && times === lists.length }))
    .sort((a, b) => Number(b.eligible) - Number(a.eligible) || a.place - b.place)
    .map(({ place: _place, ...one }) => one);
}
