import {
  insertEvents,
  insertPage,
  insertPageLog,
  type NewPage,
  type PageMoment,
  type PageRow,
  type Transaction,
} from '@watchbill/database';
import { pageEvent } from './page-events.ts';
import type { TriggerInput } from './page-input.ts';
import { storeAdvance } from './store-advance.ts';

/** A signal with everything that it may leave out. */
export interface Signal {
  readonly input: TriggerInput;
  readonly intake: string | null;
  readonly dedupKey: string;
  readonly actor: string;
}

/** Stores a new page and fires its first step; null when a page of its key is open by now. */
export async function openPage(
  tx: Transaction,
  wanted: NewPage,
  moment: PageMoment,
): Promise<PageRow | null> {
  const page = await insertPage(tx, wanted);
  if (page === null) return null;
  const { createdBy, dedupKey, intake } = page;
  await insertPageLog(tx, page.id, [
    { at: moment.now, kind: 'triggered', actor: createdBy, detail: { intake, dedupKey } },
  ]);
  await insertEvents(tx, [pageEvent(page, { type: 'page.triggered', mark: page.version, moment, data: {} })]);
  const stored = await storeAdvance(tx, page, { moment, actor: null });
  return stored?.page ?? page;
}
