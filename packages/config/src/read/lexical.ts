import type { CST } from 'yaml';
import { Lexer, Parser } from 'yaml';
import { MAX_LEXEMES, MAX_NESTING_DEPTH, MAX_TEXT_LENGTH } from '../limits.ts';

/** A fault of the text itself, at an offset. */
export interface TextFault {
  readonly offset: number;
  readonly code: string;
  readonly message: string;
}

export type Tokens =
  | { readonly ok: true; readonly tokens: CST.Token[] }
  | { readonly ok: false; readonly fault: TextFault };

// The parser keeps a few frames a level (a map and its value); beyond this no accepted file can be.
const MAX_PARSER_STACK = MAX_NESTING_DEPTH * 4;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose.
const NOT_TEXT = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF\uFFFD]/u;

/**
 * Splits a text into YAML tokens, and refuses what could take the process with it: a text that is too long,
 * binary, too deep or in too many pieces. The depth must be known before anything is composed: the composer
 * recurses, and a deep text can end the whole process inside the regular expression engine, past any `catch`.
 */
export function tokenise(text: string): Tokens {
  const fault = checkCharacters(text);
  if (fault !== null) return { ok: false, fault };
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes += 1;
    if (lexemes > MAX_LEXEMES) {
      const message = `The file has too many parts: more than ${MAX_LEXEMES}. Split it into several files.`;
      return { ok: false, fault: { offset: parser.offset, code: 'config/too-large', message } };
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_PARSER_STACK) return { ok: false, fault: tooDeep(parser.offset) };
  }
  for (const token of parser.end()) tokens.push(token);
  return { ok: true, tokens };
}

/** The fault of lists and maps nested deeper than any configuration needs. */
export function tooDeep(offset: number): TextFault {
  const message = `Lists and maps are nested deeper than ${MAX_NESTING_DEPTH} levels.`;
  return { offset, code: 'config/too-deep', message };
}

function checkCharacters(text: string): TextFault | null {
  if (text.length > MAX_TEXT_LENGTH) {
    const message = `The file is too large: ${text.length} characters; at most ${MAX_TEXT_LENGTH} are read.`;
    return { offset: 0, code: 'config/too-large', message };
  }
  const found = NOT_TEXT.exec(text);
  if (found === null) return null;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const message = `The file is not plain UTF-8 text: it contains the character U+${code}. Save it as UTF-8.`;
  return { offset: found.index, code: 'config/not-text', message };
}
