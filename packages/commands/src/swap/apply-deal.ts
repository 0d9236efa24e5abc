import {
  handOver,
  type Instant,
  type Interval,
  type Move,
  type Override,
  type Shift,
  type Swap,
  type SwapOverride,
  type SwapStretch,
} from '@watchbill/core';
import {
  type NewEvent,
  newId,
  type OverrideRow,
  type ScheduleRow,
  type Transaction,
} from '@watchbill/database';
import { planAhead } from '../horizon/plan-ahead.ts';
import { placeOverrides, refuseTooMany } from '../override/place-overrides.ts';
import { type CommandContext, type CommandOutcome, done, refuse } from '../run-command.ts';
import { NO_MEANING, readMeanings, type StoredMeaning, versionsOf } from '../schedule/load-schedule.ts';
import type { HeldPlaces } from './hold-swap.ts';

/** A stretch that goes to somebody. */
export interface PlacedMove extends Move {
  readonly schedule: string;
}

/** What goes from whom to whom. */
export function movesOf(of: {
  readonly gives: readonly SwapStretch[];
  readonly takes: readonly SwapStretch[];
  readonly to: string;
}): PlacedMove[] {
  const giver = of.gives[0]?.person ?? '';
  const move = ({ schedule, role, person, start, end }: SwapStretch, to: string): PlacedMove => {
    return { schedule, role, from: person, to, start, end };
  };
  return [...of.gives.map((one) => move(one, of.to)), ...of.takes.map((one) => move(one, giver))];
}

/** The overrides of one schedule that let its moves happen. */
export interface PlacedRows {
  readonly row: ScheduleRow;
  readonly overrides: readonly OverrideRow[];
}

/** Decides the overrides that let shifts change hands on held schedules, which must be as they were checked. */
export async function planMoves(
  tx: Transaction,
  held: HeldPlaces,
  want: { readonly moves: readonly PlacedMove[]; readonly reason: string | null; readonly actor: string },
): Promise<CommandOutcome<PlacedRows[]>> {
  const { rows, now } = held;
  const ids = rows.map((row) => row.id);
  const meanings = await readMeanings(tx, ids, now);
  const placed: PlacedRows[] = [];
  for (const row of rows) {
    const moves = want.moves.filter((move) => move.schedule === row.id);
    if (moves.length === 0) continue;
    const meaning = meanings.get(row.id) ?? NO_MEANING;
    const made = handOver({ moves, resolve: resolver(meaning, now), newId: () => newId('ovr') });
    if (!made.ok) {
      const message = `The schedule "${row.id}" changed meanwhile, or the two are on call together there. Look at it and ask again.`;
      return refuse('conflict', 'swap/shift-changed', { message });
    }
    const full = made.overrides.map((one) => refuseTooMany(meaning, now, one)).find((one) => one !== null);
    if (full !== undefined && full !== null) return full;
    const overrides = made.overrides.map((one) => rowOf(one, { schedule: row.id, ...want }));
    placed.push({ row, overrides });
  }
  return done(placed);
}

/** What a schedule says in a window from now on, with more overrides on top. */
export function resolver(
  meaning: StoredMeaning,
  now: Instant,
): (added: readonly Override[], window: Interval) => readonly Shift[] {
  return (added, window) => {
    const overrides = [
      ...meaning.overrides,
      ...added.map((one) => rowOf(one, { schedule: '', reason: null, actor: '' })),
    ];
    return planAhead(versionsOf({ ...meaning, overrides }, now), window).shifts;
  };
}

function rowOf(
  override: Override,
  of: { readonly schedule: string; readonly reason: string | null; readonly actor: string },
): OverrideRow {
  const { id, role, kind, people, replaces, start, end } = override;
  return {
    ...{ id, role, kind, people, replaces, start, end },
    schedule: of.schedule,
    origin: 'api',
    reason: of.reason,
    createdBy: of.actor,
    cancelledAt: null,
  };
}

/** The addresses of overrides. */
export function addressesOf(placed: readonly PlacedRows[]): SwapOverride[] {
  return placed.flatMap(({ overrides }) => overrides.map(({ schedule, id }) => ({ schedule, id })));
}

/** Writes the overrides and brings the shifts in line, schedule by schedule; `events` come first. */
export async function writeMoves(
  tx: Transaction,
  placed: readonly PlacedRows[],
  by: { readonly context: CommandContext; readonly now: Instant; readonly events: readonly NewEvent[] },
): Promise<CommandOutcome<null>> {
  const { context, now } = by;
  let announce = by.events;
  for (const { row, overrides } of placed) {
    const shifts = await placeOverrides(
      tx,
      { row, now },
      { rows: overrides, context, reason: 'swap', announce },
    );
    if (!shifts.ok) return shifts;
    announce = [];
  }
  return done(null);
}

/** Why an override of a swap is there, for those who look at the schedule. */
export function overrideReason(swap: Pick<Swap, 'origin' | 'kind' | 'reason'>): string {
  const what = swap.origin === 'request' ? swap.kind : swap.origin.replace('-', ' ');
  return swap.reason === null ? what : `${what}: ${swap.reason}`.slice(0, REASON_LIMIT);
}

const REASON_LIMIT = 500;
