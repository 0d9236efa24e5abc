import { type Instant, type Swap, whyNotOpen } from '@watchbill/core';
import {
  clockNow,
  findSwap,
  holdPeopleOfSwap,
  holdSwap,
  lockSchedules,
  type Queryable,
  readNames,
  type ScheduleRow,
  type Transaction,
} from '@watchbill/database';
import type { CommandError } from '../command.ts';
import { type CommandOutcome, done, refuse } from '../run-command.ts';

export type Refusal = { readonly ok: false; readonly error: CommandError };

/** Schedules that a swap changes, locked, and the instant of the change. */
export interface HeldPlaces {
  readonly rows: readonly ScheduleRow[];
  readonly now: Instant;
}

/** A swap that is held together with all that it would change. */
export interface HeldSwap extends HeldPlaces {
  readonly swap: Swap;
}

/** Locks schedules in the order of ids and takes the time; refuses for one that is unknown or retired. */
export async function holdPlaces(
  tx: Transaction,
  ids: readonly string[],
): Promise<CommandOutcome<HeldPlaces>> {
  const wanted = [...new Set(ids)].sort();
  const rows = await lockSchedules(tx, wanted);
  const missing = wanted.find((id) => !rows.some((row) => row.id === id));
  if (missing !== undefined) {
    const message = `There is no schedule "${missing}". Apply a configuration that names it.`;
    return refuse('not_found', 'schedule/unknown', { message });
  }
  const retired = rows.find((row) => row.retiredAt !== null);
  if (retired !== undefined) {
    const message = `The schedule "${retired.id}" is retired: nobody is on call by it any more.`;
    return refuse('conflict', 'schedule/retired', { message });
  }
  return done({ rows, now: await clockNow(tx) });
}

/**
 * Holds a swap with everything that applying it would change: first its people, so that two swaps never promise one
 * person twice, then the schedules, then the swap itself. Always in this order: two commands never wait for each
 * other.
 */
export async function holdWhole(
  tx: Transaction,
  of: { readonly swap: string; readonly people?: readonly string[] },
): Promise<CommandOutcome<HeldSwap>> {
  const seen = await findSwap(tx, of.swap);
  if (seen === null) return unknownSwap(of.swap);
  const parts = [seen, ...seen.offers].flatMap(({ gives, takes }) => [...gives, ...takes]);
  const taking = [...parts.map((part) => part.person), ...(of.people ?? [])];
  await holdPeopleOfSwap(tx, [
    seen.person,
    ...taking,
    ...(seen.acceptedBy === null ? [] : [seen.acceptedBy]),
  ]);
  const held = await holdPlaces(
    tx,
    parts.map((part) => part.schedule),
  );
  if (!held.ok) return held;
  const swap = await holdSwap(tx, of.swap);
  if (swap === null) return unknownSwap(of.swap);
  // Offers may have come since it was read; what they name is not held.
  const offers = swap.offers.filter((offer) =>
    seen.offers.some((old) => old.person === offer.person && old.at === offer.at),
  );
  return done({ ...held.value, swap: { ...swap, offers } });
}

/** Holds a swap alone: for answers that change no shift. */
export async function holdAlone(
  tx: Transaction,
  id: string,
): Promise<CommandOutcome<{ readonly swap: Swap; readonly now: Instant }>> {
  const swap = await holdSwap(tx, id);
  if (swap === null) return unknownSwap(id);
  return done({ swap, now: await clockNow(tx) });
}

export function unknownSwap(id: string): Refusal {
  return refuse('not_found', 'swap/unknown', { message: `There is no swap "${id}".` });
}

/** Refuses an answer that comes too late, and says kindly what happened instead. */
export async function refuseClosed(queryable: Queryable, swap: Swap, now: Instant): Promise<Refusal | null> {
  const who = swap.acceptedBy;
  const names = who === null ? null : await readNames(queryable, [who]);
  const why = whyNotOpen(swap, now, names?.get(who ?? '') ?? who ?? 'Somebody');
  return why === null ? null : refuse('conflict', why.reason, { message: why.message });
}
