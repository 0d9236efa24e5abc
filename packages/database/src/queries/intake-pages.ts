import type { PageState } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';
import { type FlatPage, PAGE_COLUMNS, type PageRow, toPage } from './pages.ts';

/** Which pages of an intake are meant; null: all of them. */
export interface IntakePageFilter {
  readonly states: readonly PageState[];
  readonly dedupKey: string | null;
  readonly number: number | null;
  /** A part of the summary, in letters of any size. */
  readonly summary: string | null;
  readonly source: string | null;
  readonly snoozed: boolean | null;
  /** Of the details: what `priority` says, and a text that `tags` lists. */
  readonly priority: string | null;
  readonly tag: string | null;
}

const FILTER = `FROM pages WHERE intake = $1 AND state = ANY($2::text[]) AND ($3::text IS NULL OR dedup_key = $3)
  AND ($4::bigint IS NULL OR number = $4) AND ($5::text IS NULL OR strpos(lower(summary), lower($5)) > 0)
  AND ($6::text IS NULL OR source = $6) AND ($7::boolean IS NULL OR (snoozed_until IS NOT NULL) = $7)
  AND ($8::text IS NULL OR details->>'priority' = $8) AND ($9::text IS NULL OR details->'tags' ? $9)`;
const NEWEST = statement(
  'intake_pages.newest',
  `SELECT ${PAGE_COLUMNS} ${FILTER} ORDER BY number DESC OFFSET $10 LIMIT $11`,
);
const OLDEST = statement(
  'intake_pages.oldest',
  `SELECT ${PAGE_COLUMNS} ${FILTER} ORDER BY number OFFSET $10 LIMIT $11`,
);
const COUNT = statement('intake_pages.count', `SELECT count(*)::int AS count ${FILTER}`);

/** Pages of an intake, the newest or the oldest first. */
export async function listIntakePages(
  queryable: Queryable,
  of: { readonly intake: string; readonly filter: IntakePageFilter },
  page: { readonly oldestFirst: boolean; readonly offset: number; readonly limit: number },
): Promise<PageRow[]> {
  const values = [...filterValues(of), page.offset, page.limit];
  return (await queryable.query<FlatPage>(page.oldestFirst ? OLDEST : NEWEST, values)).map(toPage);
}

export async function countIntakePages(
  queryable: Queryable,
  of: { readonly intake: string; readonly filter: IntakePageFilter },
): Promise<number> {
  const [row] = await queryable.query<{ count: number }>(COUNT, filterValues(of));
  return row?.count ?? 0;
}

function filterValues({
  intake,
  filter,
}: {
  readonly intake: string;
  readonly filter: IntakePageFilter;
}): unknown[] {
  const { states, dedupKey, number, summary, source, snoozed, priority, tag } = filter;
  return [intake, states, dedupKey, number, summary, source, snoozed, priority, tag];
}
