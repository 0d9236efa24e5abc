import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

/** When one person was first told of one page. */
export interface ToldPageRow {
  readonly person: string;
  readonly at: Instant;
}

const ANY_PAGE = statement(
  'reads.checks.any-page',
  `SELECT 1 AS one FROM pages WHERE created_at >= $1::timestamptz LIMIT 1`,
);
const TOLD = statement(
  'reads.checks.told',
  `SELECT n.person, min(n.created_at) AS at
   FROM pages p JOIN notifications n ON n.page_id = p.id
   WHERE p.created_at >= $2::timestamptz AND n.person = ANY($1::text[])
   GROUP BY n.page_id, n.person ORDER BY at, n.person LIMIT $3`,
);

/** The pages since an instant that people were told of, each once; null where nobody was paged at all since. */
export async function pagesToldSince(
  queryable: Queryable,
  people: readonly string[],
  want: { readonly since: Instant; readonly limit: number },
): Promise<ToldPageRow[] | null> {
  const since = toTimestamp(want.since);
  if ((await queryable.query(ANY_PAGE, [since])).length === 0) return null;
  return queryable.query<ToldPageRow>(TOLD, [people, since, want.limit]);
}
