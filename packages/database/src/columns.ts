/**
 * The parameters of a statement that takes many rows through `unnest($1::text[], …)`: one list for each column, in
 * the order of `pick`.
 */
export function columns<Row>(
  rows: readonly Row[],
  pick: readonly ((row: Row) => unknown)[],
): (readonly unknown[])[] {
  return pick.map((value) => rows.map(value));
}

/** Rows that one statement takes at most: enough to be fast, and its text stays small. */
const ROWS_PER_STATEMENT = 10_000;

/** Runs `work` for the rows in their order, a bounded number at a time; not at all for none. */
export async function inChunks<Row>(
  rows: readonly Row[],
  work: (chunk: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (let first = 0; first < rows.length; first += ROWS_PER_STATEMENT) {
    await work(rows.slice(first, first + ROWS_PER_STATEMENT));
  }
}
