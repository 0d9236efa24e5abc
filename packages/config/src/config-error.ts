/** One thing wrong with a file, and where. */
export interface ConfigError {
  readonly file: string;
  /** From 1; 0 when the input was no text. */
  readonly line: number;
  /** From 1; 0 when the input was no text. */
  readonly column: number;
  /** The field, such as `schedules[0].rotations[1].cadence.every`; empty for the file as a whole. */
  readonly path: string;
  /** What was found there; undefined for nothing. */
  readonly value: unknown;
  /** What was expected; null when the message says it all. */
  readonly expected: string | null;
  readonly message: string;
  /** Stable, for programs: `config/unknown-key`. */
  readonly code: string;
}

/** A step to a field: a key, or a position in a list. */
export type PathStep = string | number;

/** One thing wrong with a model, before its place in a text is known. */
export interface Finding {
  readonly path: readonly PathStep[];
  readonly code: string;
  readonly message: string;
  readonly expected?: string;
  /** True when the key itself is wrong, so that the error points at it and not at its value. */
  readonly atKey?: boolean;
}

const MAX_VALUE_LENGTH = 80;
const MAX_MESSAGE_LENGTH = 600;
const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;
// Control characters, lone surrogates, line separators and marks that turn the direction of text.
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** Text with everything that could forge or break a line of a log written as `\uXXXX`. */
export function escapeText(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** A path as text: `schedules[0].rotations[1].cadence.every`. */
export function formatPath(path: readonly PathStep[]): string {
  let result = '';
  for (const step of path) {
    if (typeof step === 'number') result += `[${step}]`;
    else if (PLAIN_KEY.test(step)) result += result === '' ? step : `.${step}`;
    else result += `[${JSON.stringify(shorten(step, MAX_VALUE_LENGTH))}]`;
  }
  return escapeText(result);
}

/** A value in few characters, safe to print on one line. */
export function formatValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value) && value.length > 0) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) return 'a map';
  const text =
    typeof value === 'string'
      ? JSON.stringify(shorten(value, MAX_VALUE_LENGTH))
      : String(JSON.stringify(value));
  return escapeText(shorten(text, MAX_VALUE_LENGTH + 10));
}

function formatError(error: ConfigError): string {
  const place =
    error.line > 0 ? `${escapeText(error.file)}:${error.line}:${error.column}` : escapeText(error.file);
  const path = error.path === '' ? '' : `${error.path}: `;
  const message = escapeText(shorten(error.message, MAX_MESSAGE_LENGTH));
  if (error.expected === null) return `${place}: ${path}${message}`;
  const found = error.value === undefined ? '' : `got ${formatValue(error.value)}; `;
  return `${place}: ${path}${message} (${found}expected ${escapeText(error.expected)})`;
}

/** One line an error: `file:line:column: path: message (got …; expected …)`. */
export function formatErrors(errors: readonly ConfigError[]): string {
  return errors.map(formatError).join('\n');
}
