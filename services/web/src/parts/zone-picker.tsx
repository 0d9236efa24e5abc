import { useMemo } from 'react';
import type { Person } from '../api/shapes.ts';
import { text } from '../text/en.ts';
import { ownZone } from '../time/shown-time.ts';

export interface ZonePickerProps {
  readonly zone: string;
  readonly scheduleZone?: string;
  readonly people?: Iterable<Person>;
  readonly onChange: (zone: string) => void;
}

/** One zone for the whole page: the schedule's, one's own, UTC, or that of anybody who takes part. */
export function ZonePicker({ zone, scheduleZone, people, onChange }: ZonePickerProps) {
  const options = useMemo(() => optionsOf(zone, scheduleZone, people ?? []), [zone, scheduleZone, people]);
  return (
    <label className="field inline">
      <span>{text.zone.label}</span>
      <select value={zone} onChange={(event) => onChange(event.target.value)}>
        {options.map(([value, label]) => (
          <option key={label} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function optionsOf(
  zone: string,
  scheduleZone: string | undefined,
  people: Iterable<Person>,
): readonly (readonly [string, string])[] {
  const options = new Map<string, string>();
  const add = (value: string, label: string) => {
    if (!options.has(value)) options.set(value, label);
  };
  if (scheduleZone !== undefined) add(scheduleZone, text.zone.schedule(scheduleZone));
  add(ownZone(), text.zone.own(ownZone()));
  add('UTC', text.zone.utc);
  for (const person of people) add(person.timeZone, text.zone.person(person.name, person.timeZone));
  add(zone, zone);
  return [...options];
}
