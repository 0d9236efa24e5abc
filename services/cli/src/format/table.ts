import { stripVTControlCharacters } from 'node:util';

/** Characters of a terminal cell: letters that take two cells are rare in names, and only shift a column. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text).normalize('NFC')].filter((c) => !/\p{M}/u.test(c)).length;
}

/**
 * Rows as columns, two spaces apart, each as wide as its widest cell; `right` names the columns that are
 * aligned to the right. No spaces at line ends.
 */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const fill = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return right.includes(column) ? fill + cell : cell + fill;
      })
      .join('  ')
      .trimEnd(),
  );
}
