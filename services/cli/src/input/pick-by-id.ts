import { BadInput } from './bad-input.ts';
import { listKnown, suggest } from './suggest.ts';

/**
 * The item with the id asked for; without one, the only item. Throws BadInput that names the known ids.
 * `what` is the word for the item: `schedule`, `rotation`.
 */
export function pickById<Item extends { readonly id: string }>(
  items: readonly Item[],
  wanted: string | undefined,
  { what, where }: { readonly what: string; readonly where: string },
): Item {
  const ids = items.map((item) => item.id);
  if (wanted !== undefined) {
    const found = items.find((item) => item.id === wanted);
    if (found !== undefined) return found;
    throw new BadInput(`${where}: no ${what} "${wanted}".${suggest(wanted, ids)}`);
  }
  const [only, second] = items;
  if (only === undefined) throw new BadInput(`${where}: there is no ${what} in it.`);
  if (second === undefined) return only;
  throw new BadInput(`${where} has ${items.length} ${what}s. Say which with --${what}.${listKnown(ids)}`);
}
