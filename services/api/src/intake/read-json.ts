/** How deeply what is sent may be nested: deeper is no report of anything, and breaks programs. */
export const MAX_DEPTH = 64;
/** How many values one body holds: more than any report needs, and few enough to look through in a moment. */
export const MAX_VALUES = 50_000;

export type JsonBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** Reads the bytes of a request as JSON: UTF-8, nested at most `MAX_DEPTH` deep, of `maxValues` values at most. */
export function readJson(bytes: Uint8Array, maxValues = MAX_VALUES): JsonBody {
  if (bytes.length === 0) return refused('The body is empty; send JSON.');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused('The body is not UTF-8 text.');
  }
  const { depth, values } = measure(text);
  if (depth > MAX_DEPTH) return refused(`The body is nested more than ${MAX_DEPTH} levels deep.`);
  if (values > maxValues) return refused(`The body holds more than ${maxValues} values.`);
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return refused('The body is not valid JSON.');
  }
}

/** How deep and how many, by the brackets and commas outside of texts, before anything is built from them. */
function measure(text: string): { readonly depth: number; readonly values: number } {
  let depth = 0;
  let deepest = 0;
  let values = 1;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === COMMA) values += 1;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      values += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
  }
  return { depth: deepest, values };
}

const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

function refused(message: string): JsonBody {
  return { ok: false, message };
}
