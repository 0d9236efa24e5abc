/** Enough hues to tell neighbours apart; names are always written too, so colour never carries a meaning alone. */
const HUES = [212, 28, 152, 268, 352, 188, 48, 308, 96, 236, 8, 128];

/** The hue of a person: the same everywhere, from the order of all ids. */
export function hueOf(person: string, everybody: readonly string[]): number {
  const place = everybody.indexOf(person);
  return HUES[(place < 0 ? hashOf(person) : place) % HUES.length] ?? 212;
}

function hashOf(text: string): number {
  let sum = 0;
  for (const char of text) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return sum;
}
