import type { Instant } from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { toTimestamp } from '../instants.ts';
import { statement } from '../statement.ts';

const TIMES = statement(
  'reads.pages.times',
  `SELECT p.created_at AS at FROM pages p
   WHERE p.schedule_id = $1 AND p.created_at >= $2::timestamptz ORDER BY p.number DESC LIMIT $3`,
);

/** When pages of a schedule were triggered since an instant (real time), the newest first. */
export async function pageTimes(
  queryable: Queryable,
  schedule: string,
  { since, limit }: { readonly since: Instant; readonly limit: number },
): Promise<Instant[]> {
  const rows = await queryable.query<{ at: Instant }>(TIMES, [schedule, toTimestamp(since), limit]);
  return rows.map(({ at }) => at);
}
