import { overrideText } from '../text/override.ts';
import { meaningOf } from '../time/wall-field.ts';
import { Field } from './field.tsx';

/** A date and time by the clocks of a zone; `pass` says which one where it occurs twice. */
export interface Moment {
  readonly wall: string;
  readonly pass: 'first' | 'last';
}

/** The instant of what a field holds; null while it holds none. */
export function instantOf({ wall, pass }: Moment, zone: string): number | null {
  return meaningOf(wall, zone)?.[pass] ?? null;
}

export interface MomentFieldProps {
  readonly label: string;
  readonly zone: string;
  readonly value: Moment;
  readonly hint?: string;
  /** It may stay empty. */
  readonly optional?: boolean;
  readonly onChange: (value: Moment) => void;
}

/** Asks for a date and time, and which of the two where the clocks show it twice. */
export function MomentField({ label, zone, value, hint, optional, onChange }: MomentFieldProps) {
  const meaning = meaningOf(value.wall, zone);
  const twice = meaning !== null && meaning.first !== meaning.last;
  return (
    <div className="moment">
      <Field
        label={label}
        type="datetime-local"
        required={optional !== true}
        value={value.wall}
        onChange={(event) => onChange({ ...value, wall: event.target.value })}
        {...(hint !== undefined && { hint })}
        {...(meaning?.skipped === true && { hint: overrideText.skipped })}
      />
      {twice && (
        <label className="field">
          <span>{overrideText.which}</span>
          <select
            aria-label={`${label}: ${overrideText.which}`}
            value={value.pass}
            onChange={(event) =>
              onChange({ ...value, pass: event.target.value === 'last' ? 'last' : 'first' })
            }
          >
            <option value="first">{overrideText.first}</option>
            <option value="last">{overrideText.second}</option>
          </select>
        </label>
      )}
    </div>
  );
}
