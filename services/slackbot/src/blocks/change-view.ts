import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { Instant, SwapKind, ZoneName } from '@watchbill/core';
import { context, option, section } from './elements.ts';
import type { OwnShift } from './me-blocks.ts';
import type { NamedId } from './people.ts';
import { clip, escapeText, escapeWithin, listed, shortSpan } from './text.ts';
import { input, menu, modal, momentInput, textInput } from './view-elements.ts';

/** Somebody who could be asked, best first. */
export interface CandidateLine {
  readonly person: string;
  readonly name: string;
  readonly eligible: boolean;
  /** What speaks for and against them, or what keeps them from it. */
  readonly reasons: readonly string[];
}

/** For managers: whose shift is given away, and for whom they may ask. */
export interface Behalf {
  /** Null: the reader's own. */
  readonly whose: string | null;
  readonly people: readonly NamedId[];
}

export interface ChangeScene {
  readonly kind: SwapKind;
  readonly zone: ZoneName;
  /** Null for readers who manage nobody. */
  readonly behalf: Behalf | null;
  /** The coming shifts of the reader, or of whom they ask for. */
  readonly shifts: readonly OwnShift[];
  readonly chosen: OwnShift;
  /** The part that is asked about; the whole shift unless said. */
  readonly part: { readonly start: Instant; readonly end: Instant };
  readonly candidates: readonly CandidateLine[];
  /** A person, `eligible` or `team`. */
  readonly to: string;
  /** Coming shifts of the person asked: what could come back in an exchange. */
  readonly theirs: readonly OwnShift[];
  readonly reason: string;
}

/** What a change's modal is submitted as. */
export const CHANGE_VIEW = 'change_submit';
/** Action ids of inputs whose change asks for another ranking. */
export const CHANGE_ACTIONS = {
  whose: 'change_whose',
  shift: 'change_shift',
  from: 'change_from',
  until: 'change_until',
  to: 'change_to',
} as const;
/** Values of the menu "whom": these, or a person. */
export const EVERYBODY = 'eligible';
export const TEAM = 'team';
/** The value of the menu "whose shift" that means the reader. */
export const OWN = 'own';
const PERSON = 'p:';
/** The value of "let them offer one". */
export const OPEN_OFFER = 'open';
export const REASON_LIMIT = 500;
const SHOWN_REFUSED = 8;

export function personValue(person: string): string {
  return `${PERSON}${person}`;
}

/** The person of a menu's value; null for everybody or the team. */
export function personOfValue(value: string): string | null {
  return value.startsWith(PERSON) ? value.slice(PERSON.length) : null;
}

const TITLES: Readonly<Record<SwapKind, string>> = { cover: 'Find cover', exchange: 'Exchange shifts' };

export function changeTitle(kind: SwapKind): string {
  return TITLES[kind];
}

/** The modal in which a shift, or a part of it, is given away or exchanged. */
export function changeView(scene: ChangeScene): ModalView {
  const { kind, zone, chosen, part, shifts, behalf } = scene;
  const whose = behalf?.whose ?? null;
  // A menu that hangs on another one gets another id with it, so that Slack does not keep what no longer fits.
  const at = (name: string) => `${name}.${chosen.id}`;
  const shiftOptions = shifts.map((shift) => option(shiftOption(shift, zone), shift.id));
  const blocks: KnownBlock[] = [
    ...whoseBlocks(behalf),
    input(
      { id: whose === null ? 'shift' : `shift.${whose}`, label: 'Which shift?', tells: true },
      menu(shiftOptions, chosen.id, CHANGE_ACTIONS.shift),
    ),
    input(
      { id: at('from'), label: 'From', hint: 'The whole shift, or a part of it.', tells: true },
      momentInput(part.start, CHANGE_ACTIONS.from),
    ),
    input({ id: at('until'), label: 'Until', tells: true }, momentInput(part.end, CHANGE_ACTIONS.until)),
    input(
      { id: at('to'), label: 'Whom do you ask?', tells: true },
      menu(audienceOptions(scene), scene.to, CHANGE_ACTIONS.to),
    ),
    ...(kind === 'exchange' ? theirBlocks(scene) : []),
    input(
      { id: 'reason', label: 'Reason', optional: true },
      textInput({ initial: scene.reason, most: REASON_LIMIT, example: 'Dentist' }),
    ),
    ...rankBlocks(scene),
  ];
  return modal({
    callback: CHANGE_VIEW,
    title: TITLES[kind],
    submit: 'Ask',
    blocks,
    state: { kind, whose },
  });
}

/** The menu in which a manager picks for whom they ask. It is no input: what is sent is what the form then shows. */
function whoseBlocks(behalf: Behalf | null): KnownBlock[] {
  if (behalf === null) return [];
  const { whose, people } = behalf;
  const first = people.filter(({ id }) => id === whose);
  const options = [...first, ...people].map(({ id, name }) =>
    option(name, personValue(id), id === name ? undefined : id),
  );
  const initial = whose === null ? OWN : personValue(whose);
  const own = option('Me', OWN);
  return [
    section('*For whom?* As a manager you can ask for others; they are told.', {
      ...menu([own, ...options], initial, CHANGE_ACTIONS.whose),
    }),
  ];
}

function shiftOption({ schedule, role, ...span }: OwnShift, zone: ZoneName): string {
  return clip(`${shortSpan(span, zone)} · ${role} · ${schedule}`, 75);
}

function audienceOptions({ candidates }: ChangeScene): PlainTextOption[] {
  const able = candidates.filter(({ eligible }) => eligible);
  return [
    option(`Everybody who could (${able.length})`, EVERYBODY, 'The first who accepts takes it'),
    option('Everybody of the team', TEAM, 'Also those who cannot at the moment'),
    ...able.map(({ person, name, reasons }) => option(name, personValue(person), reasons.join(', '))),
  ];
}

/** In an exchange with one person: which of their shifts comes back. */
function theirBlocks({ theirs, to, chosen, zone }: ChangeScene): KnownBlock[] {
  const person = personOfValue(to);
  if (person === null)
    return [context('Whoever accepts offers you one of their shifts in return; you choose.')];
  const shifts = theirs.map((shift) => option(shiftOption(shift, zone), shift.id));
  const options = [option('Let them offer one', OPEN_OFFER), ...shifts];
  return [
    input(
      { id: `take.${chosen.id}.${person}`, label: 'Which of their shifts do you take?' },
      menu(options, OPEN_OFFER),
    ),
  ];
}

/** Who could take it, ranked with reasons, and who could not and why. */
function rankBlocks({ candidates, zone }: ChangeScene): KnownBlock[] {
  const able = candidates.filter(({ eligible }) => eligible).slice(0, 10);
  const lines = able.map(({ name, reasons }, index) => {
    const said = reasons.length === 0 ? '' : ` – ${escapeWithin(reasons.join(', '), 150)}`;
    return `${index + 1}. ${escapeWithin(name, 60)}${said}`;
  });
  const refused = candidates
    .filter(({ eligible }) => !eligible)
    .slice(0, SHOWN_REFUSED)
    .map(({ name, reasons }) => `${escapeWithin(name, 60)} (${escapeWithin(reasons[0] ?? 'cannot', 80)})`);
  const head =
    able.length === 0
      ? '*Nobody could take it as it is.* Ask for a part, or ask the team.'
      : '*Who could take it*';
  return [
    section([head, ...lines].join('\n')),
    ...(refused.length === 0 ? [] : [context(`Could not: ${listed(refused)}.`)]),
    context(`Shifts in the menus are shown in ${escapeText(zone)}.`),
  ];
}

/** Nothing to give away; a manager can pick somebody else. */
export function noShiftsView(kind: SwapKind, behalf: Behalf | null): ModalView {
  const whose = behalf?.whose ?? null;
  const name = behalf?.people.find(({ id }) => id === whose)?.name ?? whose;
  const text =
    name === null
      ? 'You have no coming shift to give away. `/oncall me` shows what is planned for you.'
      : `${escapeWithin(name, 60)} has no coming shift in a schedule that you manage.`;
  const state = { kind, whose };
  return modal({
    callback: CHANGE_VIEW,
    title: TITLES[kind],
    blocks: [...whoseBlocks(behalf), section(text)],
    state,
  });
}
