import { z } from 'zod';
import { ApiError } from './problem.ts';

export const MAX_PAGE = 200;
export const DEFAULT_PAGE = 50;
const MAX_CURSOR_CHARACTERS = 600;

/** The query parameters of every list. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PAGE)
    .default(DEFAULT_PAGE)
    .describe(`How many at most, up to ${MAX_PAGE}.`),
  cursor: z
    .string()
    .min(1)
    .max(MAX_CURSOR_CHARACTERS)
    .optional()
    .describe(
      '`nextCursor` of the page before. Rows that are added meanwhile neither repeat nor hide others.',
    ),
};

/**
 * A cursor is the sort key of the last row of a page, so a page continues after that row whatever was added.
 * Opaque for clients: base64url of a JSON list.
 */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The sort key of a cursor; null when there is none. Throws 400 for a text that is no cursor of such a list. */
export function decodeCursor<T extends z.ZodType>(cursor: string | undefined, key: T): z.output<T> | null {
  if (cursor === undefined) return null;
  const parsed = key.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new ApiError(400, 'query/invalid', 'The cursor is not one that this list gave out.', {
    errors: [{ parameter: 'cursor', detail: 'Send nextCursor of the page before, unchanged.' }],
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One page out of `limit + 1` rows: the row too many only says that there is another page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  shape: { readonly item: (row: Row) => Item; readonly key: (row: Row) => readonly (string | number)[] },
): { data: Item[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    data: page.map(shape.item),
    nextCursor: last === undefined ? null : encodeCursor(shape.key(last)),
  };
}
