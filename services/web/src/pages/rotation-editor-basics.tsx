import { type HoursWindowDraft, isZone } from '@watchbill/core';
import { useEffect, useState } from 'react';
import { Field } from '../parts/field.tsx';
import { editorText } from '../text/editor.ts';
import { type EditorDefinition, idOf, type Shape } from './rotation-editor-model.ts';
import { ZoneField } from './rotation-editor-people.tsx';

const SHAPES = [
  ['simple', editorText.shape.simple, editorText.shape.simpleHint],
  ['split', editorText.shape.split, editorText.shape.splitHint],
  ['sun', editorText.shape.sun, editorText.shape.sunHint],
] as const;

export interface ShapeProps {
  readonly shape: Shape;
  readonly regions: readonly string[];
  readonly onShape: (shape: Shape) => void;
  readonly onRegions: (regions: readonly string[]) => void;
}

/** What a new schedule begins as. */
export function ShapeChoice({ shape, regions, onShape, onRegions }: ShapeProps) {
  return (
    <fieldset className="panel">
      <legend>{editorText.shape.title}</legend>
      <div className="columns shapes">
        {SHAPES.map(([value, name, hint]) => (
          <label key={value} className="shape">
            <input type="radio" name="shape" checked={shape === value} onChange={() => onShape(value)} />
            <span>
              <strong>{name}</strong>
              <span className="quiet">{hint}</span>
            </span>
          </label>
        ))}
      </div>
      {shape === 'sun' && (
        <div className="columns">
          {regions.map((zone, index) => (
            <SettledZone
              key={editorText.regionZone(index + 1)}
              label={editorText.regionZone(index + 1)}
              value={zone}
              onChange={(next) => onRegions(regions.map((one, place) => (place === index ? next : one)))}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}

/** A zone that is told only when it is one: half a name is nobody's zone. */
export function SettledZone(props: {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (zone: string) => void;
}) {
  const [typed, setTyped] = useState(props.value);
  useEffect(() => setTyped(props.value), [props.value]);
  return (
    <ZoneField
      {...props}
      value={typed}
      onChange={(zone) => {
        setTyped(zone);
        if (isZone(zone)) props.onChange(zone);
      }}
    />
  );
}

export interface NamesProps {
  readonly definition: EditorDefinition;
  /** The short names that others have; null when it is settled. */
  readonly taken: ReadonlySet<string> | null;
  readonly onChange: (definition: EditorDefinition) => void;
  readonly onZone: (zone: string) => void;
}

/** Name, short name, zone. The short name follows the name until it is changed by hand. */
export function Names({ definition, taken, onChange, onZone }: NamesProps) {
  const { name = '', id, timeZone } = definition;
  return (
    <div className="columns">
      <Field
        label={editorText.name}
        hint={editorText.nameHint}
        required
        maxLength={200}
        value={name}
        autoComplete="off"
        onChange={({ target: { value } }) => {
          const follows = taken !== null && id === idOf(name);
          const { name: _before, ...rest } = definition;
          onChange({ ...rest, ...(value !== '' && { name: value }), id: follows ? idOf(value) : id });
        }}
      />
      {taken !== null && (
        <Field
          label={editorText.id}
          hint={editorText.idHint}
          required
          maxLength={64}
          value={id}
          autoComplete="off"
          error={taken.has(id) ? editorText.idTaken : undefined}
          onChange={(event) => onChange({ ...definition, id: event.target.value })}
        />
      )}
      <SettledZone label={editorText.zone} hint={editorText.zoneHint} value={timeZone} onChange={onZone} />
    </div>
  );
}

export interface CoreHoursProps {
  readonly definition: EditorDefinition;
  readonly onChange: (definition: EditorDefinition) => void;
}

const DAYS = Object.keys(editorText.days) as (keyof typeof editorText.days)[];

/** The core hours, where the schedule has one window of them. */
export function CoreHours({ definition, onChange }: CoreHoursProps) {
  const { coreHours } = definition;
  const words = editorText.core;
  if (coreHours === undefined) return null;
  if (!('from' in coreHours)) return <p className="quiet">{words.many}</p>;
  const set = (change: Partial<HoursWindowDraft>) =>
    onChange({ ...definition, coreHours: { ...coreHours, ...change } });
  const days = coreHours.days ?? DAYS;
  return (
    <fieldset className="panel">
      <legend>{words.title}</legend>
      <div className="columns">
        {(['from', 'to'] as const).map((key) => (
          <Field
            key={key}
            label={words[key]}
            type="time"
            step={900}
            required
            value={coreHours[key]}
            onChange={({ target: { value } }) => {
              if (value !== '') set({ [key]: value });
            }}
          />
        ))}
      </div>
      <fieldset className="days">
        <legend className="label">{words.days}</legend>
        {DAYS.map((day) => (
          <label key={day}>
            <input
              type="checkbox"
              checked={days.includes(day)}
              onChange={({ target: { checked } }) => {
                const next = DAYS.filter((one) => (one === day ? checked : days.includes(one)));
                if (next.length > 0) set({ days: next });
              }}
            />{' '}
            {editorText.days[day]}
          </label>
        ))}
      </fieldset>
    </fieldset>
  );
}
