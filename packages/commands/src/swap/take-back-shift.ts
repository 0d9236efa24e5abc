import {
  afterMove,
  type Instant,
  intersect,
  normalise,
  type OverrideId,
  type Swap,
  type SwapStretch,
  sameStanding,
  standingOf,
} from '@watchbill/core';
import {
  addSwap,
  cancelOverrides,
  holdPeopleOfSwap,
  type OverrideRow,
  swapsTaken,
  type Transaction,
} from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { overrideEvent } from '../override/override-events.ts';
import { requestReplans } from '../plan/request-replans.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import { syncHeld } from '../schedule/change-schedule.ts';
import { NO_MEANING, readMeanings, type StoredMeaning } from '../schedule/load-schedule.ts';
import { movesOf, resolver } from './apply-deal.ts';
import { refuseDeal } from './check-deal.ts';
import { type HeldPlaces, holdPlaces, type Refusal } from './hold-swap.ts';
import { type DutyBook, readDuties } from './read-duties.ts';
import { refuseUnknown } from './settle-swap.ts';
import { actorOf, swapEvent } from './swap-events.ts';
import type { TakeBackInput } from './swap-input.ts';
import { atOnce, putOnCall } from './take-shift.ts';

/** How many of the last takes are looked at for one that can be given back. */
const TAKES_LOOKED_AT = 20;

/**
 * Gives a shift that was taken over back to whom it was taken from, from now on: what whoever took it still stands of
 * it. The person, whoever took it, and managers may do that.
 */
export function takeBackShift(context: CommandContext, input: TakeBackInput): Promise<CommandResult<Swap>> {
  return runCommand(context, { name: 'takeBackShift', input }, async (tx) => {
    const { schedule, person } = input;
    const takes = await takenFrom(tx, input);
    const takers = takes.flatMap((swap) => swap.acceptedBy ?? []);
    await holdPeopleOfSwap(tx, [person, ...takers]);
    const held = await holdPlaces(tx, [schedule]);
    if (!held.ok) return held;
    const { now } = held.value;
    const window = { schedule, role: '', person, start: now, end: now + 1 };
    const book = await readDuties(tx, { people: [person, ...takers], stretches: [window] });
    const unknown = refuseUnknown(book, person);
    if (unknown !== null) return unknown;
    const found = takes
      .map((take) => ({ take, gives: stillStood(book, take, now) }))
      .find(({ gives }) => gives.length > 0);
    if (found === undefined) return refuseNothing(book, input, takes);
    const { take, gives } = found;
    const forbidden =
      context.caller?.person === take.acceptedBy
        ? null
        : await ownOrManager(tx, context.caller, { person, schedule });
    if (forbidden !== null) return forbidden;
    const refusal = refuseDeal(book, { person, gives, takes: [] }, { lenient: true });
    if (refusal !== null) return refusal;
    return giveBack(tx, held.value, { take, gives, to: person, context });
  });
}

/** What others took over from the person and is not over, the last first. */
async function takenFrom(tx: Transaction, input: TakeBackInput): Promise<Swap[]> {
  const { schedule, person, role } = input;
  const takes = await swapsTaken(tx, { person, schedule, limit: TAKES_LOOKED_AT });
  return takes.filter((swap) => role === undefined || swap.gives.some((stretch) => stretch.role === role));
}

/** The part of a taken shift from now on that whoever took it stands now. */
function stillStood(book: DutyBook, take: Swap, now: Instant): SwapStretch[] {
  const taker = take.acceptedBy ?? '';
  return take.gives.flatMap(({ schedule, role, start, end }): SwapStretch[] => {
    if (end <= now) return [];
    const own = book.shiftsOf(taker).filter((shift) => shift.schedule === schedule && shift.role === role);
    const parts = intersect(normalise(own), [{ start: Math.max(start, now), end }]);
    return parts.map((part) => ({ schedule, role, person: taker, ...part }));
  });
}

function refuseNothing(book: DutyBook, { schedule, person }: TakeBackInput, takes: readonly Swap[]): Refusal {
  const name = book.names.get(person) ?? person;
  const taker = takes[0]?.acceptedBy ?? null;
  if (taker === null) {
    const message = `Nobody has taken a shift of ${schedule} over from ${name} that is still running.`;
    return refuse('conflict', 'swap/nothing-taken', { message });
  }
  const message = `${book.names.get(taker) ?? taker} took it over and does not stand it any more. Take it from whoever is on call now.`;
  return refuse('conflict', 'swap/shift-changed', { message });
}

interface GivingBack {
  readonly take: Swap;
  readonly gives: readonly SwapStretch[];
  readonly to: string;
  readonly context: CommandContext;
}

/** Takes the overrides of the take back where that is all it needs; else puts another one on top. */
async function giveBack(tx: Transaction, held: HeldPlaces, back: GivingBack): Promise<CommandOutcome<Swap>> {
  const { take, gives, to, context } = back;
  const { now } = held;
  const [row] = held.rows;
  const meaning = (await readMeanings(tx, row === undefined ? [] : [row.id], now)).get(row?.id ?? '');
  const own = cancelling(meaning ?? NO_MEANING, back, now);
  if (row === undefined || own.length === 0) {
    return putOnCall(tx, held, { origin: 'take-back', gives, to, context });
  }
  await cancelOverrides(tx, take.overrides, now);
  const swap = atOnce(gives, { to, origin: 'take-back', context, now });
  await addSwap(tx, swap);
  const events = [
    swapEvent(swap, { type: 'swap.applied', by: actorOf(context) }, now),
    ...own.map((override) => overrideEvent('override.cancelled', override, now)),
  ];
  const shifts = await syncHeld(tx, { row, now }, { context, reason: 'swap', events });
  if (!shifts.ok) return shifts;
  await requestReplans(tx, { people: [], schedules: [row.id] }, { reason: 'override', now });
  return done(swap);
}

/** The overrides of the take, if the timeline without them is what giving back is to make of it. */
function cancelling(meaning: StoredMeaning, back: GivingBack, now: Instant): readonly OverrideRow[] {
  const ids = new Set<OverrideId>(back.take.overrides.map(({ id }) => id));
  const own = meaning.overrides.filter(({ id }) => ids.has(id));
  if (own.length === 0) return [];
  const window = { start: now, end: Math.max(...own.map(({ end }) => end)) };
  const overrides = meaning.overrides.filter(({ id }) => !ids.has(id));
  const before = standingOf(resolver(meaning, now)([], window), window);
  const wanted = movesOf({ gives: back.gives, takes: [], to: back.to }).reduce<typeof before | null>(
    (standing, move) => (standing === null ? null : afterMove(standing, move)),
    before,
  );
  const after = standingOf(resolver({ ...meaning, overrides }, now)([], window), window);
  return wanted !== null && sameStanding(after, wanted) ? own : [];
}
