import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** Rows that came, changed or went since PostgreSQL looked at a table, before it is made to look again. */
const CHANGED_LEAST = 500;
const GROWN = statement(
  'statistics.grown',
  `SELECT s.relname AS name FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
   WHERE s.schemaname = 'watchbill' AND s.n_mod_since_analyze >= $1 AND s.n_mod_since_analyze > s.n_live_tup / 2
     AND pg_has_role(c.relowner, 'USAGE')
   ORDER BY s.relname`,
);

/**
 * Has PostgreSQL look anew at tables of which half has changed, and returns their names. Its autovacuum does so a
 * minute later, or never where it is switched off; until then it takes a table for empty, and after a large first
 * configuration every read of it is slow.
 */
export async function analyseGrown(queryable: Queryable): Promise<string[]> {
  const grown = await queryable.query<{ readonly name: string }>(GROWN, [CHANGED_LEAST]);
  for (const { name } of grown) {
    await queryable.query(statement(`statistics.analyse.${name}`, `ANALYZE watchbill."${name}"`));
  }
  return grown.map(({ name }) => name);
}
