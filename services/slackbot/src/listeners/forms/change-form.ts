import type { ModalView } from '@slack/types';
import { candidatesFor } from '@watchbill/commands';
import { holidayCalendar } from '@watchbill/config';
import {
  type Candidate,
  DAY_MS,
  type Instant,
  type Interval,
  MINUTE_MS,
  type SwapKind,
  type SwapStretch,
} from '@watchbill/core';
import { readNames } from '@watchbill/database';
import {
  type Behalf,
  type CandidateLine,
  changeTitle,
  changeView,
  EVERYBODY,
  noShiftsView,
  personOfValue,
  personValue,
} from '../../blocks/change-view.ts';
import { section } from '../../blocks/elements.ts';
import type { OwnShift } from '../../blocks/me-blocks.ts';
import { outcomeView } from '../../blocks/view-elements.ts';
import { onlyManagersAsk } from '../desk/refusals.ts';
import type { KnownVisit } from '../desk/visit.ts';
import { managedPeople, managedSchedules } from '../reads/managed.ts';
import { ownShifts } from '../reads/own-shifts.ts';

/** How far ahead shifts are offered to be given away. */
export const CHANGE_AHEAD_MS = 182 * DAY_MS;
export const SHIFTS_OFFERED = 100;
/** The menu also holds "everybody" and "the team". */
const CANDIDATES_SHOWN = 98;
/** The menu also holds "let them offer one". */
const THEIRS_SHOWN = 99;

/** What a change's modal is filled from. A piece that is not known is null. */
export interface ChangeWish {
  readonly kind: SwapKind;
  /** Whose shift it is; null: the visitor's own. */
  readonly whose: string | null;
  readonly chosen:
    | { readonly by: 'id'; readonly id: string }
    | { readonly by: 'stretch'; readonly stretch: Omit<SwapStretch, 'person'> }
    | null;
  readonly part: Interval | null;
  /** A value of the menu "whom". */
  readonly to: string | null;
  readonly reason: string;
}

/**
 * The modal of a cover or an exchange, with the coming shifts of the visitor, or of whom a manager asks for, and who
 * could take the chosen one.
 */
export async function changeForm(visit: KnownVisit, wish: ChangeWish): Promise<ModalView> {
  const { now, zone, desk } = visit;
  const { kind } = wish;
  const { database } = desk.deps;
  const behalf = await behalfOf(visit, wish.whose);
  if (behalf === null && wish.whose !== null)
    return outcomeView(changeTitle(kind), [section(onlyManagersAsk())]);
  const person = wish.whose ?? visit.person;
  const shifts = await shiftsToGive(visit, wish.whose);
  const chosen = chooseShift(shifts, wish);
  if (chosen === undefined) return noShiftsView(kind, behalf);
  const part = partOf(chosen, wish.part, now);
  const asked = wish.to === null ? null : personOfValue(wish.to);
  const candidates = await rankedFor(visit, { ...chosen, ...part, person }, asked);
  const able = candidates.some((line) => line.eligible && line.person === asked);
  const to = asked === null ? (wish.to ?? EVERYBODY) : able ? personValue(asked) : EVERYBODY;
  const window = { from: now, to: now + CHANGE_AHEAD_MS };
  const theirs =
    kind === 'exchange' && asked !== null && able
      ? (await ownShifts(database, { person: asked, ...window, limit: THEIRS_SHOWN })).shifts
      : [];
  const { reason } = wish;
  return changeView({ kind, zone, behalf, shifts, chosen, part, candidates, to, theirs, reason });
}

/** For whom a visitor may ask; null for somebody who manages no schedule. */
async function behalfOf(visit: KnownVisit, whose: string | null): Promise<Behalf | null> {
  const { database } = visit.desk.deps;
  const schedules = await managedSchedules(database, visit.person);
  if (schedules.length === 0) return null;
  const people = await managedPeople(visit, schedules);
  if (whose === null || people.some(({ id }) => id === whose)) return { whose, people };
  const name = (await readNames(database, [whose])).get(whose) ?? whose;
  return { whose, people: [{ id: whose, name }, ...people] };
}

/**
 * The coming shifts that a visitor may ask others to take: their own, or, with `whose`, those of somebody else on the
 * schedules that the visitor manages.
 */
export async function shiftsToGive(
  { desk, person, now }: KnownVisit,
  whose: string | null,
  window: Interval = { start: now, end: now + CHANGE_AHEAD_MS },
): Promise<readonly OwnShift[]> {
  const { database } = desk.deps;
  const want = { from: window.start, to: window.end, limit: SHIFTS_OFFERED };
  const { shifts } = await ownShifts(database, { ...want, person: whose ?? person });
  if (whose === null) return shifts;
  const managed = new Set((await managedSchedules(database, person)).map(({ id }) => id));
  return shifts.filter(({ schedule }) => managed.has(schedule));
}

function chooseShift(shifts: readonly OwnShift[], { chosen, part }: ChangeWish): OwnShift | undefined {
  const [first] = shifts;
  if (chosen?.by === 'id') return shifts.find(({ id }) => id === chosen.id) ?? first;
  if (chosen?.by === 'stretch') {
    const { schedule, role, start, end } = chosen.stretch;
    const same = shifts.filter((shift) => shift.schedule === schedule && shift.role === role);
    return same.find((shift) => shift.start < end && shift.end > start) ?? first;
  }
  if (part === null) return first;
  return shifts.find((shift) => shift.start < part.end && shift.end > part.start) ?? first;
}

/** The part of a shift that was named, else all of it that is still ahead; in whole minutes, as Slack shows it. */
export function partOf(shift: Interval, named: Interval | null, now: Instant): Interval {
  const ahead = Math.max(shift.start, Math.ceil(now / MINUTE_MS) * MINUTE_MS);
  const start = Math.max(ahead, named?.start ?? ahead);
  const end = Math.min(shift.end, named?.end ?? shift.end);
  return start < end ? { start, end } : { start: Math.min(ahead, shift.end - MINUTE_MS), end: shift.end };
}

/** Who could stand a stretch, best first; somebody who was asked by name stands first also where they could not. */
async function rankedFor(
  { desk }: KnownVisit,
  { schedule, role, start, end, person }: SwapStretch,
  asked: string | null,
): Promise<CandidateLine[]> {
  const { database } = desk.deps;
  const gives = [{ schedule, role, start, end, person }];
  const ranked = await candidatesFor(database, { gives }, { holidayCalendar });
  const missing = asked !== null && asked !== person && !ranked.some((each) => each.person === asked);
  const named = missing ? await candidatesFor(database, { gives, people: [asked] }, { holidayCalendar }) : [];
  const all = [...ranked.filter((each) => each.person === asked), ...named, ...ranked];
  const lines = [...new Map(all.map((each) => [each.person, lineOf(each)])).values()];
  const able = lines.filter(({ eligible }) => eligible).slice(0, CANDIDATES_SHOWN);
  return [...able, ...lines.filter(({ eligible }) => !eligible)];
}

function lineOf({ person, name, eligible, reasons }: Candidate): CandidateLine {
  const first = reasons.filter(({ weighs }) => (eligible ? weighs === 'for' : weighs === 'refuses'));
  const rest = eligible ? reasons.filter(({ weighs }) => weighs === 'against') : [];
  return { person, name, eligible, reasons: [...first, ...rest].map((reason) => reason.message) };
}
