import type { SwapKind, SwapStretch } from '@watchbill/core';
import { changeTitle } from '../../blocks/change-view.ts';
import type { Message } from '../../blocks/elements.ts';
import { changeForm } from '../forms/change-form.ts';
import { readObject } from './offer-value.ts';
import { openForm } from './open-form.ts';
import type { Pressed } from './press.ts';
import type { KnownVisit } from './visit.ts';

/** Opens the form of a cover or an exchange for the shift of a button; on top of the modal in which that was. */
export function openChange(
  visit: KnownVisit,
  kind: SwapKind,
  { value, view }: Pressed,
): Promise<Message | null> {
  const stretch = stretchOf(value);
  const chosen = stretch === null ? null : ({ by: 'stretch', stretch } as const);
  const part = stretch === null ? null : { start: stretch.start, end: stretch.end };
  return openForm(visit, {
    title: changeTitle(kind),
    push: view?.type === 'modal',
    fill: () => changeForm(visit, { kind, whose: null, chosen, part, to: null, reason: '' }),
  });
}

/** What a button gives away; null for a value that is none of ours. */
function stretchOf(value: string): Omit<SwapStretch, 'person'> | null {
  const { schedule, role, start, end } = readObject(value);
  if (typeof schedule !== 'string' || typeof role !== 'string') return null;
  if (typeof start !== 'number' || typeof end !== 'number' || start >= end) return null;
  return { schedule, role, start, end };
}
