import { type Database, lockPage, pageMoment, type Transaction } from '@watchbill/database';
import { storeAdvance } from './store-advance.ts';

/** A step that fired because its time had come. */
export interface AdvancedPage {
  readonly page: string;
  readonly number: number;
  readonly lateMs: number;
}

export interface AdvancedPages {
  readonly fired: readonly AdvancedPage[];
  /** Pages that were due while nobody could be told, or nobody was left to tell. */
  readonly silent: number;
  /** Pages that could not be advanced, with the reason; the sweep wakes for them again. */
  readonly failed: readonly { readonly page: string; readonly error: unknown }[];
}

/**
 * Fires the step that is due of each of these pages, one transaction each. What is not due, or was done by another
 * process, is left alone: calling it twice, at the same time or after a crash in the middle, fires each step once.
 */
export async function advancePages(database: Database, pages: readonly string[]): Promise<AdvancedPages> {
  const fired: AdvancedPage[] = [];
  const failed: { page: string; error: unknown }[] = [];
  let silent = 0;
  for (const page of new Set(pages)) {
    try {
      const result = await database.transaction((tx) => advanceOne(tx, page));
      if (result === 'silent') silent += 1;
      else if (result !== null) fired.push(result);
    } catch (error) {
      // One page that cannot be advanced must not keep the others from it.
      failed.push({ page, error });
    }
  }
  return { fired, silent, failed };
}

async function advanceOne(tx: Transaction, id: string): Promise<AdvancedPage | 'silent' | null> {
  const page = await lockPage(tx, id);
  if (page === null) return null;
  // Read after the lock: what another process did meanwhile is past by this clock.
  const moment = await pageMoment(tx);
  const stored = await storeAdvance(tx, page, { moment, actor: null });
  if (stored === null) return null;
  if (stored.fired === null) return 'silent';
  return { page: id, number: stored.fired.number, lateMs: stored.fired.lateMs };
}
