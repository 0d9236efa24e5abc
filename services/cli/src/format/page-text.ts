import { DAY_MS, formatInstant, HOUR_MS, type Instant, MINUTE_MS } from '@watchbill/core';
import type { ShownPage } from '../server/read-page.ts';
import { table } from './table.ts';

/** `5 min`, `3 h`, `2 days`: how long ago something was. */
export function ageWords(at: Instant, now: Instant): string {
  const ms = Math.max(0, now - at);
  if (ms < MINUTE_MS) return 'now';
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} days`;
}

/** Pages as a table, a line each. */
export function pagesText(pages: readonly ShownPage[], now: Instant): string {
  if (pages.length === 0) return 'No pages.\n';
  const rows = pages.map((page) => [
    `#${page.number}`,
    page.severity,
    stateWords(page),
    ageWords(page.createdAt, now),
    `${page.summary}${countWords(page)}`,
  ]);
  return `${table(rows).join('\n')}\n`;
}

/** `acknowledged by amara`: the state, and who brought it about. */
export function stateWords({ state, acknowledged, resolved, snoozedUntil }: ShownPage): string {
  if (resolved !== null) return `resolved by ${resolved.name}`;
  if (snoozedUntil !== null) return `snoozed until ${formatInstant(snoozedUntil)}`;
  if (acknowledged !== null) return `acknowledged by ${acknowledged.name}`;
  return state;
}

function countWords({ repeats, folded }: ShownPage): string {
  const more = repeats + folded;
  return more === 0 ? '' : ` (+${more})`;
}
