import {
  type CandidateReason,
  type Instant,
  reasonsAgainst,
  type SwapStretch,
  sameSeatTime,
  standingOf,
  standsAll,
} from '@watchbill/core';
import { refuse } from '../run-command.ts';
import type { Refusal } from './hold-swap.ts';
import type { DutyBook } from './read-duties.ts';

/** Who would stand what: `person` gets what is given, its people get what is taken. */
export interface Deal {
  readonly person: string;
  readonly gives: readonly SwapStretch[];
  readonly takes: readonly SwapStretch[];
}

/** Refuses stretches that their people do not stand, all of them, by the stored timeline. */
export function refuseChanged(book: DutyBook, stretches: readonly SwapStretch[]): Refusal | null {
  for (const stretch of stretches) {
    if (stands(book, stretch)) continue;
    const { schedule, role, person } = stretch;
    const name = book.names.get(person) ?? person;
    const message = `${name} does not stand all of it any more (${schedule}, ${role}): the schedule changed meanwhile. Look at it and ask again.`;
    return refuse('conflict', 'swap/shift-changed', { message });
  }
  return null;
}

/** Whether a person stands a stretch by the stored timeline. */
export function stands(book: DutyBook, stretch: SwapStretch): boolean {
  const shifts = book.shiftsOf(stretch.person).filter(({ schedule }) => schedule === stretch.schedule);
  return standsAll(standingOf(shifts, stretch), stretch);
}

/** What speaks against a deal for the one who gets the given stretches. */
export function againstTaker(book: DutyBook, { person, gives, takes }: Deal): CandidateReason[] {
  return against(book, person, { wants: gives, gives: takes });
}

/** What speaks against it for the one who gives, where something comes back. */
export function againstGiver(book: DutyBook, { gives, takes }: Deal): CandidateReason[] {
  const [giver] = gives;
  if (giver === undefined || takes.length === 0) return [];
  return against(book, giver.person, { wants: takes, gives });
}

function against(
  book: DutyBook,
  id: string,
  of: { readonly wants: readonly SwapStretch[]; readonly gives: readonly SwapStretch[] },
): CandidateReason[] {
  const person = book.people.get(id);
  const wants = book.wantsOf(of.wants, id);
  if (person === undefined || wants.length === 0) return [];
  return reasonsAgainst({ person, stands: book.standsOf(id, of.gives), wants, horizon: book.horizon });
}

/** Refuses a deal that a hard rule forbids; `lenient` asks only for what cannot be at all. */
export function refuseDeal(
  book: DutyBook,
  deal: Deal,
  options: { readonly lenient?: boolean } = {},
): Refusal | null {
  const giver = deal.gives[0]?.person ?? '';
  for (const [person, reasons] of [
    [deal.person, againstTaker(book, deal)],
    [giver, againstGiver(book, deal)],
  ] as const) {
    const hard = reasons.filter(
      ({ weighs, code }) => weighs === 'refuses' && (options.lenient !== true || IMPOSSIBLE.has(code)),
    );
    const [first] = hard;
    if (first === undefined) continue;
    const name = book.names.get(person) ?? person;
    const told = hard.map(({ message }) => message).join(' ');
    return refuse('conflict', `swap/${first.code}`, { message: `${name} cannot take it. ${told}` });
  }
  return null;
}

/** What no emergency makes possible. */
const IMPOSSIBLE: ReadonlySet<string> = new Set([
  'absent',
  'double-booked',
  'left',
  'not-eligible',
  'not-joined',
]);

/** Refuses stretches that have ended. */
export function refusePast(stretches: readonly SwapStretch[], now: Instant): Refusal | null {
  if (stretches.every(({ end }) => end > now)) return null;
  const message = 'The past is never changed. Name a shift that is still ahead, or runs now.';
  return refuse('invalid', 'swap/in-the-past', { message });
}

/** Refuses stretches that begin after the shifts that are stored. */
export function refuseTimes(book: DutyBook, stretches: readonly SwapStretch[]): Refusal | null {
  const far = stretches.some(
    ({ schedule, start }) => start >= (book.schedules.get(schedule)?.horizonUntil ?? start),
  );
  if (!far) return null;
  const message = 'Shifts are not planned so far ahead yet. Ask again nearer to the day.';
  return refuse('conflict', 'swap/beyond-horizon', { message });
}

/** Refuses stretches of one seat that share time: two parts of it, or two who stand it together already. */
export function refuseOverlaps(gives: readonly SwapStretch[], takes: readonly SwapStretch[]): Refusal | null {
  const twice = [gives, takes].some((all) =>
    all.some((one, k) =>
      all.slice(k + 1).some((other) => one.person === other.person && sameSeatTime(one, other)),
    ),
  );
  if (twice) {
    return refuse('invalid', 'swap/overlapping', {
      message: 'Some of the stretches share time. Name each once.',
    });
  }
  if (!gives.some((one) => takes.some((other) => sameSeatTime(one, other)))) return null;
  const message = 'The two are on call together in that role; an exchange would change nothing.';
  return refuse('invalid', 'swap/changes-nothing', { message });
}
