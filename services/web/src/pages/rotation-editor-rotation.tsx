import type { HoursWindowDraft } from '@watchbill/core';
import type { Person } from '../api/shapes.ts';
import { Field } from '../parts/field.tsx';
import { editorText } from '../text/editor.ts';
import {
  type EditorRotation,
  handoffWords,
  placeOf,
  startInput,
  withStrategy,
} from './rotation-editor-model.ts';
import { Roster } from './rotation-editor-roster.tsx';

const words = editorText.rotation;

export interface RotationProps {
  readonly rotation: EditorRotation;
  readonly timeZone: string;
  readonly roles: readonly string[];
  readonly people: ReadonlyMap<string, Person>;
  /** The names of those who come first, by the preview. */
  readonly next: readonly string[];
  readonly onChange: (rotation: EditorRotation) => void;
  readonly onRemove?: (() => void) | undefined;
}

/** One rotation: who, how long a turn lasts, when the first begins; and the sentence that says it back. */
export function RotationPanel(props: RotationProps) {
  const { rotation, timeZone, roles, people, next, onChange, onRemove } = props;
  const title = rotation.name ?? rotation.id;
  const fixed = rotation.strategy === 'fixed';
  return (
    <fieldset className="panel rotation">
      <legend>
        {title} <span className="quiet">{hoursWords(rotation, timeZone)}</span>
      </legend>
      <p className="says" aria-live="polite">
        {sentence(rotation, timeZone, next)}
      </p>
      {roles.length > 1 && (
        <label className="field">
          <span>{words.role}</span>
          <select
            value={rotation.role ?? roles[0]}
            onChange={(event) => onChange({ ...rotation, role: event.target.value })}
          >
            {roles.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        </label>
      )}
      <Roster rotation={rotation} people={people} onChange={(roster) => onChange({ ...rotation, roster })} />
      {!fixed && <Turns rotation={rotation} timeZone={timeZone} onChange={onChange} />}
      {onRemove !== undefined && (
        <button type="button" onClick={onRemove}>
          {words.remove}
        </button>
      )}
    </fieldset>
  );
}

function sentence(rotation: EditorRotation, timeZone: string, next: readonly string[]): string {
  const handoffs = handoffWords(rotation, timeZone);
  if (handoffs === '') return '';
  const who = rotation.strategy === 'fair' ? editorText.says.planner : editorText.says.next(next.join(', '));
  return rotation.strategy !== 'fair' && next.length === 0 ? `${handoffs}.` : `${handoffs}; ${who}.`;
}

/** When a rotation is in force, in words. */
export function hoursWords({ hours = 'all' }: EditorRotation, timeZone: string): string {
  if (hours === 'always') return words.hours.all;
  if (typeof hours === 'string') return words.hours[hours];
  const [first, ...rest]: readonly HoursWindowDraft[] = hours;
  if (first === undefined || rest.length > 0) return words.windows(hours.length);
  return words.window(first.from, first.to, placeOf(first.timeZone ?? timeZone));
}

type TurnsProps = Pick<RotationProps, 'rotation' | 'timeZone' | 'onChange'>;
type Unit = keyof typeof words.units;

function Turns({ rotation, timeZone, onChange }: TurnsProps) {
  const { cadence } = rotation;
  const zone = rotation.timeZone ?? timeZone;
  return (
    <div className="columns">
      <label className="field">
        <span>{words.order}</span>
        <select
          value={rotation.strategy ?? 'in_order'}
          onChange={(event) =>
            onChange(withStrategy(rotation, event.target.value === 'fair' ? 'fair' : 'in_order'))
          }
        >
          <option value="in_order">{words.inOrder}</option>
          <option value="fair">{words.fair}</option>
        </select>
      </label>
      {cadence !== undefined && <Cadence rotation={rotation} timeZone={timeZone} onChange={onChange} />}
      {cadence !== undefined && (
        <Field
          label={words.start}
          hint={words.startHint(zone.replaceAll('_', ' '))}
          type="datetime-local"
          required
          value={startInput(rotation.start, zone)}
          onChange={(event) => {
            if (event.target.value !== '') onChange({ ...rotation, start: event.target.value });
          }}
        />
      )}
    </div>
  );
}

function Cadence({ rotation, onChange }: TurnsProps) {
  const { every, unit } = rotation.cadence ?? { every: 1, unit: 'week' as const };
  const kind = every === 1 && (unit === 'week' || unit === 'day') ? unit : 'custom';
  const set = (cadence: { readonly every: number; readonly unit: Unit }) =>
    onChange({ ...rotation, cadence });
  return (
    <>
      <label className="field">
        <span>{words.cadence}</span>
        <select
          value={kind}
          onChange={({ target: { value } }) =>
            set(value === 'week' || value === 'day' ? { every: 1, unit: value } : { every: 2, unit: 'week' })
          }
        >
          {(['week', 'day', 'custom'] as const).map((value) => (
            <option key={value} value={value}>
              {words.cadences[value]}
            </option>
          ))}
        </select>
      </label>
      {kind === 'custom' && (
        <Field
          label={words.every}
          type="number"
          min={1}
          max={1000}
          value={every}
          onChange={(event) =>
            set({ unit, every: Math.max(1, Math.min(1000, Math.trunc(event.target.valueAsNumber) || 1)) })
          }
        />
      )}
      {kind === 'custom' && (
        <label className="field">
          <span>{words.unit}</span>
          <select value={unit} onChange={(event) => set({ every, unit: event.target.value as Unit })}>
            {(Object.keys(words.units) as Unit[]).map((value) => (
              <option key={value} value={value}>
                {words.units[value]}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
