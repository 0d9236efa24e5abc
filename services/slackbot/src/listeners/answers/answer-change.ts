import { type GivenStretch, requestSwap } from '@watchbill/commands';
import type { Interval, SwapAudience, SwapKind } from '@watchbill/core';
import { changeTitle, EVERYBODY, personValue, TEAM } from '../../blocks/change-view.ts';
import { type Message, message } from '../../blocks/elements.ts';
import { noteLines } from '../../blocks/note-lines.ts';
import { mention } from '../../blocks/people.ts';
import { stretchText } from '../../blocks/swap-blocks.ts';
import { listed, timeSpan } from '../../blocks/text.ts';
import { loadPeople } from '../../render/load-people.ts';
import type { AudienceWord, OncallWish } from '../../words/oncall-wish.ts';
import { openForm } from '../desk/open-form.ts';
import { refusal, said } from '../desk/refusals.ts';
import { commandContext, type KnownVisit } from '../desk/visit.ts';
import { changeForm } from '../forms/change-form.ts';
import { ownShifts } from '../reads/own-shifts.ts';
import { meantPerson } from '../reads/people.ts';

type ChangeWish = Extract<OncallWish, { readonly do: 'cover' | 'swap' }>;

const SHIFTS_AT_ONCE = 20;

/** Asks at once where a time and whom to ask were said; else opens the form with what was. */
export async function answerChange(visit: KnownVisit, wish: ChangeWish): Promise<Message | null> {
  const kind: SwapKind = wish.do === 'cover' ? 'cover' : 'exchange';
  if (wish.span !== null && wish.to !== null) {
    const to = await audienceOf(visit, wish.to);
    if ('said' in to) return said(to.said);
    return askAtOnce(visit, {
      kind,
      span: wish.span,
      to,
      reason: wish.reason,
      notes: noteLines(wish.span.notes),
    });
  }
  return openForm(visit, {
    title: changeTitle(kind),
    fill: async () => {
      const to = wish.to === null ? null : await audienceOf(visit, wish.to);
      const value = to === null || 'said' in to ? null : audienceValue(to);
      return changeForm(visit, { kind, chosen: null, part: wish.span, to: value, reason: wish.reason });
    },
  });
}

async function audienceOf(
  visit: KnownVisit,
  to: AudienceWord,
): Promise<SwapAudience | { readonly said: string }> {
  if (to.kind === 'eligible' || to.kind === 'team') return to;
  const meant = await meantPerson(visit, to);
  return meant.ok ? { kind: 'person', person: meant.person } : meant;
}

function audienceValue(to: SwapAudience): string {
  if (to.kind === 'person') return personValue(to.person);
  return to.kind === 'team' ? TEAM : EVERYBODY;
}

async function askAtOnce(
  visit: KnownVisit,
  ask: {
    readonly kind: SwapKind;
    readonly span: Interval;
    readonly to: SwapAudience;
    readonly reason: string;
    readonly notes: readonly string[];
  },
): Promise<Message> {
  const { person, now, zone, desk } = visit;
  const from = Math.max(ask.span.start, now);
  const found =
    from < ask.span.end
      ? await ownShifts(desk.deps.database, { person, from, to: ask.span.end, limit: SHIFTS_AT_ONCE })
      : { shifts: [] };
  const gives = found.shifts.map(({ schedule, role, start, end }): GivenStretch => {
    return { schedule, role, start: Math.max(start, from), end: Math.min(end, ask.span.end) };
  });
  if (gives.length === 0) {
    return said(`You have no shift in ${timeSpan(ask.span, zone)}. \`/oncall me\` shows the ones you have.`);
  }
  const { kind, to } = ask;
  const input = { kind, person, gives, to, reason: ask.reason === '' ? null : ask.reason };
  const result = await requestSwap(commandContext(visit), input);
  if (!result.ok) return refusal(result.error);
  return requested(visit, { kind, to, gives, asked: result.value.asked, notes: ask.notes });
}

/** What the requester hears at once; what comes of it, they hear by direct message. */
export async function requested(
  visit: KnownVisit,
  told: {
    readonly kind: SwapKind;
    readonly to: SwapAudience;
    readonly gives: readonly GivenStretch[];
    readonly asked: readonly string[];
    readonly notes: readonly string[];
  },
): Promise<Message> {
  const { kind, to, gives, asked } = told;
  const people = await loadPeople(visit.desk.deps.database, visit.workspace, asked.slice(0, 10));
  const names = asked.slice(0, 10).map((person) => mention(people, person));
  const whom = to.kind === 'person' || asked.length <= 10 ? listed(names) : `${asked.length} people`;
  const what = gives.slice(0, 5).map((stretch) => stretchText(stretch, visit.zone));
  const verb = kind === 'cover' ? 'cover' : 'exchange';
  const lines = [
    `I asked ${whom} to ${verb}: ${listed(what)}.`,
    'Until somebody accepts, it stays yours. I tell you by direct message what comes of it.',
    ...told.notes,
  ];
  return message(lines.join('\n'));
}
