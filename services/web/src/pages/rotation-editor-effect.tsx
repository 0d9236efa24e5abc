import { useQuery } from '@tanstack/react-query';
import { DAY_MS, HOUR_MS, type Instant, offsetAt, parseInstant } from '@watchbill/core';
import { useState } from 'react';
import { read } from '../api/client.ts';
import type { Timeline } from '../api/shapes.ts';
import { instantOf, type Moment, MomentField } from '../parts/moment-field.tsx';
import { editorText } from '../text/editor.ts';
import { shownTime, zoneLabel } from '../time/shown-time.ts';
import { nextMonday } from './rotation-editor-model.ts';

const words = editorText.effect;
/** A handoff further away than this is no reason to wait. */
const LOOK_AHEAD_MS = 60 * DAY_MS;

type Choice = 'now' | 'handoff' | 'date';

/** When a change of a schedule takes effect, as somebody chose it. */
export interface Effect {
  readonly choice: Choice;
  readonly onChoice: (choice: Choice) => void;
  readonly moment: Moment;
  readonly onMoment: (moment: Moment) => void;
  /** The first handoff to come; null where there is none soon. */
  readonly handoff: Instant | null;
  /** From when on the change holds; null: at once. */
  readonly at: Instant | null;
  /** False while a date is chosen that is none, or past. */
  readonly ready: boolean;
}

/** The choice for a stored schedule; `id` null: for a new one, which begins at once. */
export function useEffectChoice(id: string | null, zone: string, now: Instant): Effect {
  const [choice, setChoice] = useState<Choice>('now');
  const [moment, setMoment] = useState<Moment>(() => ({
    wall: `${nextMonday(now, zone)}T09:00`,
    pass: 'first',
  }));
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const handoffs = useQuery({
    queryKey: ['schedules', id, 'handoffs', hour],
    queryFn: async ({ signal }): Promise<readonly Instant[]> => {
      const window = { from: isoOf(hour), to: isoOf(hour + LOOK_AHEAD_MS) };
      const path = `/v1/schedules/${encodeURIComponent(id ?? '')}/timeline?${new URLSearchParams(window)}`;
      const { shifts } = await read<Timeline>(path, signal);
      return shifts.map(({ start }) => parseInstant(start) ?? 0).sort((a, b) => a - b);
    },
    enabled: id !== null,
  });
  const handoff = handoffs.data?.find((start) => start > now) ?? null;
  const dated = instantOf(moment, zone);
  const at = choice === 'now' ? null : choice === 'handoff' ? handoff : dated;
  const ready = choice === 'now' || (at !== null && at > now);
  return { choice, onChoice: setChoice, moment, onMoment: setMoment, handoff, at, ready };
}

function isoOf(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** An instant by the clocks of a zone, with the zone named: `Mon 30 Nov, 09:00 Europe/London (UTC)`. */
export function namedTime(at: Instant, zone: string): string {
  return `${shownTime(at, zone)} ${zoneLabel(zone, offsetAt(zone, at))}`;
}

/** Now, at the next handoff, or at a date. */
export function EffectChoice({ effect, zone }: { readonly effect: Effect; readonly zone: string }) {
  const { choice, onChoice, handoff, moment, onMoment } = effect;
  const options = [
    ['now', words.now],
    ...(handoff === null ? [] : [['handoff', words.handoff(namedTime(handoff, zone))] as const]),
    ['date', words.date],
  ] as const;
  return (
    <fieldset className="panel effect">
      <legend>{words.title}</legend>
      {options.map(([value, label]) => (
        <label key={value} className="check">
          <input type="radio" name="effect" checked={choice === value} onChange={() => onChoice(value)} />{' '}
          {label}
        </label>
      ))}
      {choice === 'date' && (
        <>
          <MomentField label={words.from} zone={zone} value={moment} onChange={onMoment} />
          <p className={effect.ready ? 'quiet' : 'error'} role={effect.ready ? undefined : 'alert'}>
            {effect.ready ? words.clocks(zone.replaceAll('_', ' ')) : words.toCome}
          </p>
        </>
      )}
    </fieldset>
  );
}
