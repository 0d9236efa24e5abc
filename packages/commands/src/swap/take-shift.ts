import {
  type Instant,
  type Interval,
  normalise,
  type Swap,
  type SwapOrigin,
  type SwapStretch,
} from '@watchbill/core';
import { addSwap, holdPeopleOfSwap, newId, type Transaction } from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import { addressesOf, movesOf, overrideReason, planMoves, writeMoves } from './apply-deal.ts';
import { refuseDeal } from './check-deal.ts';
import { type HeldPlaces, holdPlaces } from './hold-swap.ts';
import { type DutyBook, readDuties } from './read-duties.ts';
import { refuseUnknown } from './settle-swap.ts';
import { actorOf, swapEvent } from './swap-events.ts';
import type { TakeInput } from './swap-input.ts';

/**
 * Takes over the running shift of somebody at once, to its end or until an instant. Nobody is asked and nobody
 * approves: it is for emergencies. Rules about rest and load do not keep anybody from it; what cannot be, does.
 */
export function takeShift(context: CommandContext, input: TakeInput): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'takeShift', input }, async (tx) => {
    const { schedule, from, person } = input;
    if (from === person) {
      return refuse('invalid', 'swap/self', { message: 'Nobody takes a shift from themselves.' });
    }
    await holdPeopleOfSwap(tx, [from, person]);
    const held = await holdPlaces(tx, [schedule]);
    if (!held.ok) return held;
    const forbidden = await ownOrManager(tx, context.caller, { person, schedule });
    if (forbidden !== null) return forbidden;
    const { now } = held.value;
    if (input.until !== undefined && !(Number.isInteger(input.until) && input.until > now)) {
      return refuse('invalid', 'swap/in-the-past', {
        message: 'until is past. Name a time that is still ahead.',
      });
    }
    const window = { schedule, role: '', person: from, start: now, end: now + 1 };
    const book = await readDuties(tx, { people: [from, person], stretches: [window] });
    const unknown = refuseUnknown(book, from, person);
    if (unknown !== null) return unknown;
    const running = runningStretch(book, input, now);
    if (!running.ok) return running;
    const gives = [running.value];
    const refusal = refuseDeal(book, { person, gives, takes: [] }, { lenient: true });
    if (refusal !== null) return refusal;
    return putOnCall(tx, held.value, { origin: 'take', gives, to: person, context });
  });
}

/** What the person stands now: to the end of the shift, or of what they stand without a break up to `until`. */
function runningStretch(book: DutyBook, input: TakeInput, now: Instant): CommandOutcome<SwapStretch> {
  const { schedule, from, person } = input;
  const shifts = book.shiftsOf(from).filter((shift) => shift.schedule === schedule);
  const roles = book.scheduleAt(schedule, now)?.roles ?? [];
  const current = shifts
    .filter(({ role, start, end }) => start <= now && end > now && (input.role ?? role) === role)
    .sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role))[0];
  const name = book.names.get(from) ?? from;
  if (current === undefined) {
    const other = book.shiftsOf(person).some((shift) => shift.schedule === schedule && holds(shift, now));
    const already = other ? ` ${book.names.get(person) ?? person} is on call there already.` : '';
    const message = `${name} is not on call for ${schedule} now.${already}`;
    return refuse('conflict', 'swap/not-on-call', { message });
  }
  const { role } = current;
  const run = normalise(shifts.filter((shift) => shift.role === role)).find((stretch) => holds(stretch, now));
  const end = input.until === undefined ? current.end : Math.min(input.until, run?.end ?? current.end);
  return done({ schedule, role, person: from, start: now, end });
}

function holds({ start, end }: Interval, at: Instant): boolean {
  return start <= at && at < end;
}

/** Lets running stretches go to somebody at once, and keeps it as an applied swap. */
export async function putOnCall(
  tx: Transaction,
  held: HeldPlaces,
  of: {
    readonly origin: SwapOrigin;
    readonly gives: readonly SwapStretch[];
    readonly to: string;
    readonly context: CommandContext;
  },
): Promise<CommandOutcome<Swap>> {
  const { gives, to, origin, context } = of;
  const swap = atOnce(gives, { to, origin, context, now: held.now });
  const moves = movesOf({ gives, takes: [], to });
  const reason = overrideReason(swap);
  const placed = await planMoves(tx, held, { moves, reason, actor: actorOf(context) });
  if (!placed.ok) return placed;
  const applied = { ...swap, overrides: addressesOf(placed.value) };
  await addSwap(tx, applied);
  const events = [swapEvent(applied, { type: 'swap.applied', by: actorOf(context) }, held.now)];
  const moved = await writeMoves(tx, placed.value, { context, now: held.now, events });
  return moved.ok ? done(applied) : moved;
}

/** A swap that nobody was asked for. */
export function atOnce(
  gives: readonly SwapStretch[],
  of: {
    readonly to: string;
    readonly origin: SwapOrigin;
    readonly context: CommandContext;
    readonly now: Instant;
  },
): Swap {
  const { to, origin, context, now } = of;
  const actor = actorOf(context);
  return {
    id: newId('swp'),
    kind: 'cover',
    origin,
    state: 'applied',
    version: 0,
    person: gives[0]?.person ?? '',
    gives,
    takes: [],
    to: { kind: 'person', person: to },
    asked: [to],
    reason: null,
    acceptedBy: to,
    acceptedAt: now,
    awaiting: [],
    offers: [],
    refusals: [],
    overrides: [],
    restOf: null,
    startsAt: Math.min(...gives.map(({ start }) => start)),
    expiresAt: Math.max(...gives.map(({ end }) => end)),
    createdBy: actor,
    createdAt: now,
    closedBy: actor,
    closedReason: null,
    closedAt: now,
  };
}
