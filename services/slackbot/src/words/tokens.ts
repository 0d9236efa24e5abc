/** One word that a person typed, or one mention, with its place in the text. */
export interface Token {
  /** As typed. */
  readonly text: string;
  /** In small letters, without a comma or full stop at its end. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly mention: Mention | null;
}

/** How Slack writes somebody or something that was picked from its list. */
export interface Mention {
  readonly kind: 'user' | 'channel' | 'group';
  readonly id: string;
  readonly label: string | null;
}

/** More words than anybody types; what comes after them stays in the text, but is not looked at. */
export const MAX_TOKENS = 400;

const TOKEN = /<[@#!][^<>]*>|\S+/g;
const RANGE = /^(\d{1,2}(?:[:.]\d{2})?(?:am|pm|h)?)([-–])(\d{1,2}(?:[:.]\d{2})?(?:am|pm|h)?,?)$/i;
const MENTION = /^<(@|#|!subteam\^)([A-Z0-9]+)(?:\|([^>]*))?>$/;

/** The words of a text. A mention is one token, also with a blank in its name. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    let start = match.index;
    for (const part of partsOf(match[0])) {
      tokens.push(tokenOf(part, start));
      start += part.length;
    }
    if (tokens.length >= MAX_TOKENS) break;
  }
  return tokens;
}

/** `9am-5pm` is three words; a date with dashes is one. */
function partsOf(found: string): readonly string[] {
  const range = RANGE.exec(found);
  return range === null ? [found] : range.slice(1);
}

function tokenOf(text: string, start: number): Token {
  const word = text
    .toLowerCase()
    .replace(/[“”„"]/g, '')
    .replace(/(?<=.)[,;:.!?]+$/, '');
  return { text, word, start, end: start + text.length, mention: mentionOf(text) };
}

function mentionOf(text: string): Mention | null {
  const match = MENTION.exec(text.replace(/[,;.!?]+$/, ''));
  if (match === null) return null;
  const [, sign, id = '', label] = match;
  const kind = sign === '@' ? 'user' : sign === '#' ? 'channel' : 'group';
  return { kind, id, label: label === undefined || label === '' ? null : label };
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const NAMED = /<(@|#|!subteam\^)([A-Z0-9]+)(?:\|([^>]*))?>/g;
const LINK = /<((?:https?|mailto):[^|<>]+)(?:\|([^<>]*))?>/g;

/**
 * What somebody typed, from the way Slack sends it: `&amp;` is `&`, `<https://…|…>` the address, a mention its name.
 */
export function plainText(text: string): string {
  return text
    .replace(LINK, '$1')
    .replace(NAMED, (...found) => nameOf(found.slice(1, 4)))
    .replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}

function nameOf([sign, id = '', label]: readonly (string | undefined)[]): string {
  const name = label === undefined || label === '' ? id : label.replace(/^@/, '');
  return `${sign === '#' ? '#' : '@'}${name}`;
}

/** The text from a token to the end, as typed, without a leading colon or dash. */
export function restFrom(text: string, tokens: readonly Token[], next: number): string {
  const token = tokens[next];
  if (token === undefined) return '';
  return plainText(text.slice(token.start))
    .replace(/^(?::|-|–)\s*/, '')
    .trim();
}
