/** A name is offered only when it is at most this many typing slips away. */
const MAX_SLIPS = 3;
/** Names longer than this are compared by their beginning only, so that the table stays small. */
const MAX_COMPARED_CHARACTERS = 64;
/** How many known names a message lists. */
const MAX_LISTED = 20;

/**
 * ` Did you mean "x"?` for the known name nearest to `given`, or the list of known names when none is near.
 * Empty when nothing is known.
 */
export function suggest(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  if (near !== null) return ` Did you mean "${near}"?`;
  if (known.length === 0) return '';
  const listed = known.slice(0, MAX_LISTED).join(', ');
  const rest = known.length > MAX_LISTED ? ` and ${known.length - MAX_LISTED} more` : '';
  return ` Known: ${listed}${rest}.`;
}

function nearest(given: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestSlips = Math.min(MAX_SLIPS, Math.ceil(given.length / 2)) + 1;
  for (const name of known) {
    const count = slips(given.toLowerCase(), name.toLowerCase());
    if (count < bestSlips) {
      best = name;
      bestSlips = count;
    }
  }
  return best;
}

/** Typing slips between two words: letters left out, put in, changed, or two neighbours exchanged. */
function slips(left: string, right: string): number {
  const a = left.slice(0, MAX_COMPARED_CHARACTERS);
  const b = right.slice(0, MAX_COMPARED_CHARACTERS);
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
