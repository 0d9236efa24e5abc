import { enterAbsence } from '@watchbill/commands';
import type { Interval } from '@watchbill/core';
import type { Message } from '../../blocks/elements.ts';
import { absenceMessage } from '../../blocks/me-blocks.ts';
import { noteLines } from '../../blocks/note-lines.ts';
import { timeSpan } from '../../blocks/text.ts';
import type { OncallWish } from '../../words/oncall-wish.ts';
import { openForm } from '../desk/open-form.ts';
import { refusal } from '../desk/refusals.ts';
import { commandContext, type KnownVisit } from '../desk/visit.ts';
import { absenceForm } from '../forms/absence-form.ts';
import { ownShifts } from '../reads/own-shifts.ts';

type OffWish = Extract<OncallWish, { readonly do: 'off' }>;

export const ABSENCE_TITLE = 'Time off';
const SHIFTS_SHOWN = 8;
const SHIFTS_READ = 100;

/** Enters an absence at once where a time was said; else opens the form. */
export async function answerOff(visit: KnownVisit, wish: OffWish): Promise<Message | null> {
  const { span, reason } = wish;
  if (span === null) {
    return openForm(visit, { title: ABSENCE_TITLE, fill: async () => absenceForm(visit, { span, reason }) });
  }
  const { person } = visit;
  const input = { person, start: span.start, end: span.end, reason: reason === '' ? null : reason };
  const result = await enterAbsence(commandContext(visit), input);
  if (!result.ok) return refusal(result.error);
  return absent(visit, { span, replanned: result.value.replanned, notes: noteLines(span.notes) });
}

/** What an absence hits, each with a way to ask for cover. */
export async function absent(
  visit: KnownVisit,
  entered: {
    readonly span: Interval;
    readonly replanned: readonly string[];
    readonly notes: readonly string[];
  },
): Promise<Message> {
  const { person, now, zone } = visit;
  const { span, replanned, notes } = entered;
  const from = Math.max(span.start, now);
  const found =
    from < span.end
      ? (await ownShifts(visit.desk.deps.database, { person, from, to: span.end, limit: SHIFTS_READ })).shifts
      : [];
  const hit = found.map((shift) => ({
    ...shift,
    start: Math.max(shift.start, from),
    end: Math.min(shift.end, span.end),
  }));
  return absenceMessage({
    said: `You are away ${timeSpan(span, zone)}.`,
    ...{
      zone,
      replanned,
      notes,
      hit: hit.slice(0, SHIFTS_SHOWN),
      more: Math.max(0, hit.length - SHIFTS_SHOWN),
    },
  });
}
