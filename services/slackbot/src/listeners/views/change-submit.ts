import { type GivenStretch, requestSwap } from '@watchbill/commands';
import { MINUTE_MS, type SwapAudience, type SwapKind, type SwapStretch } from '@watchbill/core';
import {
  CHANGE_VIEW,
  changeTitle,
  EVERYBODY,
  OPEN_OFFER,
  personOfValue,
  TEAM,
} from '../../blocks/change-view.ts';
import type { OwnShift } from '../../blocks/me-blocks.ts';
import { requested } from '../answers/answer-change.ts';
import { fieldErrors } from '../desk/field-errors.ts';
import type { Submit, Submitted } from '../desk/submission.ts';
import { type Filled, stateOf } from '../desk/view-values.ts';
import { commandContext, type KnownVisit } from '../desk/visit.ts';
import { CHANGE_AHEAD_MS, SHIFTS_OFFERED, shiftsToGive } from '../forms/change-form.ts';
import { ownShifts } from '../reads/own-shifts.ts';

/** Asks for a cover or an exchange. */
export const changeSubmit: Submit = {
  callback: CHANGE_VIEW,
  changes: true,
  work: async (visit, fields, view) => {
    const kind: SwapKind = stateOf(view).kind === 'exchange' ? 'exchange' : 'cover';
    const { whose: named } = stateOf(view);
    const whose = typeof named === 'string' ? named : null;
    const read = await readChange(visit, fields, { kind, whose });
    if ('errors' in read) return read;
    const { gives, takes, to } = read;
    const reason = fields.text('reason');
    const input = {
      kind,
      person: whose ?? visit.person,
      gives: [gives],
      takes,
      to,
      reason: reason === '' ? null : reason,
    };
    const result = await requestSwap(commandContext(visit), input);
    if (!result.ok) {
      const places = {
        reason: 'reason',
        to: fields.block('to'),
        takes: fields.block('take'),
        gives: fields.block('shift'),
      };
      const about = result.error.reason === 'swap/nobody-eligible' || to.kind === 'person' ? 'to' : 'shift';
      return fieldErrors(result.error, places, fields.block(about));
    }
    const told = { kind, whose, to, gives: [gives], asked: result.value.asked, notes: [] };
    return { title: changeTitle(kind), answer: await requested(visit, told) };
  },
};

interface ReadChange {
  readonly gives: GivenStretch;
  readonly takes: readonly SwapStretch[];
  readonly to: SwapAudience;
}

async function readChange(
  visit: KnownVisit,
  fields: Filled,
  { kind, whose }: { readonly kind: SwapKind; readonly whose: string | null },
): Promise<ReadChange | Extract<Submitted, { readonly errors: unknown }>> {
  const picked = fields.option('shift');
  const shift = (await shiftsToGive(visit, whose)).find(({ id }) => id === picked);
  if (shift === undefined)
    return {
      errors: { [fields.block('shift')]: 'This shift has changed meanwhile. Close this and open it again.' },
    };
  const start = within(fields.moment('from'), shift.start);
  const end = within(fields.moment('until'), shift.end);
  const errors = partErrors(fields, shift, { start, end });
  const value = fields.option('to') ?? EVERYBODY;
  const asked = personOfValue(value);
  const to: SwapAudience =
    asked === null ? { kind: value === TEAM ? 'team' : 'eligible' } : { kind: 'person', person: asked };
  const taken = kind === 'exchange' && asked !== null ? (fields.option('take') ?? OPEN_OFFER) : OPEN_OFFER;
  const theirs = taken === OPEN_OFFER || asked === null ? null : await shiftOf(visit, asked, taken);
  if (taken !== OPEN_OFFER && theirs === null) {
    errors[fields.block('take')] =
      'This shift has changed meanwhile. Pick another one, or let them offer one.';
  }
  if (Object.keys(errors).length > 0 || start === null || end === null) return { errors };
  const gives = { schedule: shift.schedule, role: shift.role, start, end };
  if (theirs === null || asked === null) return { gives, takes: [], to };
  const { schedule, role } = theirs;
  const from = Math.max(theirs.start, visit.now);
  return { gives, takes: [{ schedule, role, person: asked, start: from, end: theirs.end }], to };
}

/** Slack's clock has whole minutes only: what is less than one away from an end of the shift means that end. */
function within(named: number | null, edge: number): number | null {
  return named !== null && Math.abs(named - edge) < MINUTE_MS ? edge : named;
}

/** What is wrong with a part of a shift, at the inputs it is about. */
function partErrors(
  fields: Filled,
  shift: OwnShift,
  part: { readonly start: number | null; readonly end: number | null },
): Record<string, string> {
  const { start, end } = part;
  const errors: Record<string, string> = {};
  if (start === null) errors[fields.block('from')] = 'Say from when.';
  else if (start < shift.start || start >= shift.end)
    errors[fields.block('from')] = 'That is not within the shift.';
  if (end === null) errors[fields.block('until')] = 'Say until when.';
  else if (end > shift.end || end <= shift.start)
    errors[fields.block('until')] = 'That is not within the shift.';
  else if (start !== null && end <= start)
    errors[fields.block('until')] = 'The end must come after the start.';
  return errors;
}

async function shiftOf(
  { desk, now }: KnownVisit,
  person: string,
  id: string | null,
): Promise<OwnShift | null> {
  if (id === null) return null;
  const window = { from: now, to: now + CHANGE_AHEAD_MS };
  const { shifts } = await ownShifts(desk.deps.database, { person, ...window, limit: SHIFTS_OFFERED });
  return shifts.find((shift) => shift.id === id) ?? null;
}
