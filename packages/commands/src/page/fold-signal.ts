import {
  countInStorm,
  keepFold,
  type NewPage,
  newId,
  type PageMoment,
  type Transaction,
} from '@watchbill/database';
import { type CommandOutcome, done } from '../run-command.ts';
import { openPage, type Signal } from './open-page.ts';
import type { TriggeredPage } from './page-input.ts';
import { PAGE_LIMITS, STORM_KEYS_KEPT, STORM_PAGES_PER_MINUTE } from './page-limits.ts';

/**
 * Counts a signal in the page that stands for the storm of its severity, or opens that page; null when somebody else
 * opened it meanwhile.
 */
export async function foldSignal(
  tx: Transaction,
  signal: Signal,
  { wanted, moment }: { readonly wanted: NewPage; readonly moment: PageMoment },
): Promise<CommandOutcome<TriggeredPage> | null> {
  const { severity } = signal.input;
  const counted = await countInStorm(tx, { ...wanted, severity });
  const storm = counted ?? (await openStorm(tx, wanted, moment));
  if (storm === null) return null;
  const { page, number } = storm;
  const { summary } = wanted;
  await keepFold(tx, { page, ...signal, summary, limit: STORM_KEYS_KEPT });
  return done({ page, number, outcome: 'folded', dedupKey: signal.dedupKey });
}

async function openStorm(
  tx: Transaction,
  wanted: NewPage,
  moment: PageMoment,
): Promise<{ readonly page: string; readonly number: number } | null> {
  const summary =
    `Storm: more than ${STORM_PAGES_PER_MINUTE} new pages in a minute, such as: ${wanted.summary}`.slice(
      0,
      PAGE_LIMITS.summaryLength,
    );
  const page = await openPage(
    tx,
    { ...wanted, dedupKey: newId('storm'), folds: true, folded: 1, summary },
    moment,
  );
  return page === null ? null : { page: page.id, number: page.number };
}
