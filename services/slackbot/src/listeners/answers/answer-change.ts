import type { ModalView } from '@slack/types';
import { type GivenStretch, requestSwap } from '@watchbill/commands';
import { HOUR_MS, type Interval, type SwapAudience, type SwapKind } from '@watchbill/core';
import { changeTitle, EVERYBODY, personValue, TEAM } from '../../blocks/change-view.ts';
import { type Message, message, section } from '../../blocks/elements.ts';
import type { OwnShift } from '../../blocks/me-blocks.ts';
import { noteLines } from '../../blocks/note-lines.ts';
import { mention } from '../../blocks/people.ts';
import { stretchText } from '../../blocks/swap-blocks.ts';
import { listed, timeSpan } from '../../blocks/text.ts';
import { outcomeView } from '../../blocks/view-elements.ts';
import { loadPeople } from '../../render/load-people.ts';
import type { AudienceWord, OncallWish } from '../../words/oncall-wish.ts';
import { openForm } from '../desk/open-form.ts';
import { onlyManagersAsk, refusal, said } from '../desk/refusals.ts';
import { commandContext, type KnownVisit } from '../desk/visit.ts';
import { changeForm, shiftsToGive } from '../forms/change-form.ts';
import { managedSchedules } from '../reads/managed.ts';
import { meantPerson } from '../reads/people.ts';

type ChangeWish = Extract<OncallWish, { readonly do: 'cover' | 'swap' }>;

/**
 * Asks at once where a time and whom to ask were said; else opens the form with what was. A manager may ask for
 * somebody else: where they name only one person, have no shift of their own then and that person has, the form asks
 * which of the two is meant.
 */
export async function answerChange(visit: KnownVisit, wish: ChangeWish): Promise<Message | null> {
  const kind = kindOf(wish);
  const { span, reason } = wish;
  const title = changeTitle(kind);
  if (span === null || wish.to === null)
    return openForm(visit, { title, fill: () => prefilled(visit, wish) });
  const owner = await ownerOf(visit, wish);
  if ('said' in owner) return said(owner.said);
  const to = await audienceOf(visit, wish.to);
  if ('said' in to) return said(to.said);
  const { whose } = owner;
  if (whose === null && (await meansTheirs(visit, wish, to)))
    return openForm(visit, { title, fill: () => prefilled(visit, wish) });
  return askAtOnce(visit, { kind, whose, span, to, reason, notes: noteLines(span.notes) });
}

function kindOf({ do: verb }: ChangeWish): SwapKind {
  return verb === 'cover' ? 'cover' : 'exchange';
}

/** The form with what was said; whatever takes time is looked up while it is open. */
async function prefilled(visit: KnownVisit, wish: ChangeWish): Promise<ModalView> {
  const kind = kindOf(wish);
  const owner = await ownerOf(visit, wish);
  if ('said' in owner) return outcomeView(changeTitle(kind), [section(owner.said)]);
  const to = wish.to === null ? null : await audienceOf(visit, wish.to);
  const common = { kind, chosen: null, part: wish.span, reason: wish.reason };
  if (to === null || 'said' in to) return changeForm(visit, { ...common, whose: owner.whose, to: null });
  if (owner.whose === null && to.kind === 'person' && (await meansTheirs(visit, wish, to)))
    return changeForm(visit, { ...common, whose: to.person, to: null });
  return changeForm(visit, { ...common, whose: owner.whose, to: audienceValue(to) });
}

/** Whose shift it is: null for the visitor's own. */
async function ownerOf(
  visit: KnownVisit,
  { whose }: ChangeWish,
): Promise<{ readonly whose: string | null } | { readonly said: string }> {
  if (whose === null) return { whose: null };
  const meant = await meantPerson(visit, whose, { gone: true });
  if (!meant.ok) return meant;
  if (meant.person === visit.person) return { whose: null };
  const managed = await managedSchedules(visit.desk.deps.database, visit.person);
  return managed.length === 0 ? { said: onlyManagersAsk() } : { whose: meant.person };
}

/** Whether the one person named can only be the one whose shift it is. */
async function meansTheirs(visit: KnownVisit, { span }: ChangeWish, to: SwapAudience): Promise<boolean> {
  if (to.kind !== 'person' || to.person === visit.person) return false;
  const window = span === null ? undefined : { start: Math.max(span.start, visit.now), end: span.end };
  if (window !== undefined && window.start >= window.end) return false;
  if ((await shiftsToGive(visit, null, window)).length > 0) return false;
  return (await shiftsToGive(visit, to.person, window)).length > 0;
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
    readonly whose: string | null;
    readonly span: Interval & { readonly wholeDays: boolean };
    readonly to: SwapAudience;
    readonly reason: string;
    readonly notes: readonly string[];
  },
): Promise<Message> {
  const { now, zone } = visit;
  const { kind, whose, to, notes } = ask;
  const from = Math.max(ask.span.start, now);
  const window = { start: from, end: ask.span.end };
  const found = from < window.end ? await shiftsToGive(visit, whose, window) : [];
  const gives = partsOf(found, { ...ask.span, start: from });
  if (gives.length === 0) return said(await nothingThen(visit, whose, timeSpan(ask.span, zone)));
  const reason = ask.reason === '' ? null : ask.reason;
  const input = { kind, person: whose ?? visit.person, gives, to, reason };
  const result = await requestSwap(commandContext(visit), input);
  if (!result.ok) return refusal(result.error);
  return requested(visit, { kind, whose, to, gives, asked: result.value.asked, notes });
}

/** As long as people take for one day's shift. */
const ONE_DAY_MS = 25 * HOUR_MS;

/**
 * What of the shifts is meant by a stretch. Of shifts by the day, a bare day means those that begin on it, whole: nobody
 * wants to keep their night. A shift of a week is cut at midnight.
 */
function partsOf(
  shifts: readonly OwnShift[],
  span: Interval & { readonly wholeDays: boolean },
): GivenStretch[] {
  const daily = shifts.every(({ start, end }) => end - start <= ONE_DAY_MS);
  const begun = shifts.filter(({ start }) => start >= span.start);
  const whole = span.wholeDays && daily && begun.length > 0;
  return (whole ? begun : shifts).map(({ schedule, role, start, end }) => {
    if (whole) return { schedule, role, start, end };
    return { schedule, role, start: Math.max(start, span.start), end: Math.min(end, span.end) };
  });
}

async function nothingThen(visit: KnownVisit, whose: string | null, when: string): Promise<string> {
  if (whose === null) return `You have no shift in ${when}. \`/oncall me\` shows the ones you have.`;
  const people = await loadPeople(visit.desk.deps.database, visit.workspace, [whose]);
  return `${mention(people, whose)} has no shift in ${when} on a schedule that you manage. \`/oncall schedule\` shows who stands when.`;
}

/** What the requester hears at once; what comes of it, they hear by direct message. */
export async function requested(
  visit: KnownVisit,
  told: {
    readonly kind: SwapKind;
    /** In whose name a manager asks; null: the visitor's own. */
    readonly whose: string | null;
    readonly to: SwapAudience;
    readonly gives: readonly GivenStretch[];
    readonly asked: readonly string[];
    readonly notes: readonly string[];
  },
): Promise<Message> {
  const { kind, whose, to, gives, asked } = told;
  const named = [...asked.slice(0, 10), ...(whose === null ? [] : [whose])];
  const people = await loadPeople(visit.desk.deps.database, visit.workspace, named);
  const names = asked.slice(0, 10).map((person) => mention(people, person));
  const whom = to.kind === 'person' || asked.length <= 10 ? listed(names) : `${asked.length} people`;
  const what = gives.slice(0, 5).map((stretch) => stretchText(stretch, visit.zone));
  const verb = kind === 'cover' ? 'cover' : 'exchange';
  const owner = whose === null ? null : mention(people, whose);
  const lines = [
    `I asked ${whom} to ${verb}${owner === null ? '' : ` for ${owner}`}: ${listed(what)}.`,
    owner === null
      ? 'Until somebody accepts, it stays yours. I tell you by direct message what comes of it.'
      : `Until somebody accepts, it stays with ${owner}. I tell them that you asked, and both of you by direct message what comes of it.`,
    ...told.notes,
  ];
  return message(lines.join('\n'));
}
