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
