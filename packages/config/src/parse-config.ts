import type { Config } from './build/make-config.ts';
import { makeConfig } from './build/make-config.ts';
import type { ConfigError, Finding } from './config-error.ts';
import { escapeText, formatPath } from './config-error.ts';
import type { Years } from './holidays.ts';
import { MAX_ERRORS } from './limits.ts';
import type { SourceDocument } from './read/document.ts';
import { readDocument } from './read/document.ts';
import { valueAt } from './read/value-at.ts';

export interface ParseOptions {
  /** The name that errors carry. */
  readonly file: string;
  /**
   * The years for which public holidays are worked out, both included; default 2020 to 2040. The years of the
   * rotations' anchors are always added, and years outside 1990 to 2060 never are.
   */
  readonly holidayYears?: Years | undefined;
}

export type ParseResult =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly ConfigError[] }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

// These leave a model that is still worth checking; after any other fault of syntax it would be guesswork.
const HARMLESS_FAULTS = ['config/duplicate-key', 'config/merge-key', 'config/several-documents'];

/**
 * Reads a watchbill.yaml (or the same as JSON). Returns the checked configuration, or every error with its place:
 * of syntax, of shape, and of meaning. Never throws, whatever the text.
 */
export function parseConfig(text: string, options: ParseOptions): ParseResult {
  const source = readDocument(text);
  const faults = source.faults.map(
    ({ offset, code, message }): ConfigError => ({
      file: options.file,
      ...source.position(offset),
      path: '',
      value: undefined,
      expected: null,
      message: escapeText(message),
      code,
    }),
  );
  if (faults.some(({ code }) => !HARMLESS_FAULTS.includes(code)))
    return { ok: false, errors: tidy(faults, options.file) };
  const made = makeConfig(source.model, (path) => source.locate(path).source, options.holidayYears);
  const place = (finding: Finding) => placed(finding, source, options.file);
  if (made.ok && faults.length === 0)
    return { ok: true, config: made.config, warnings: made.warnings.map(place) };
  const errors = made.ok ? faults : [...faults, ...made.findings.map(place)];
  return { ok: false, errors: tidy(errors, options.file) };
}

/**
 * Builds the same configuration from a model that is plain JSON already, such as a stored `Config.source` or a part of
 * it. Errors carry line and column 0.
 */
export function buildConfig(model: unknown, options: Partial<ParseOptions> = {}): ParseResult {
  const file = options.file ?? 'configuration';
  const made = makeConfig(model, () => null, options.holidayYears);
  const place = (finding: Finding): ConfigError => toError(finding, model, { file, line: 0, column: 0 });
  if (made.ok) return { ok: true, config: made.config, warnings: made.warnings.map(place) };
  return { ok: false, errors: tidy(made.findings.map(place), file) };
}

function placed(finding: Finding, source: SourceDocument, file: string): ConfigError {
  const place = source.locate(finding.path);
  const offset = finding.atKey === true ? (place.key ?? place.value) : place.value;
  return toError(finding, source.model, { file, ...source.position(offset) });
}

function toError(
  finding: Finding,
  model: unknown,
  place: { readonly file: string; readonly line: number; readonly column: number },
): ConfigError {
  return {
    ...place,
    path: formatPath(finding.path),
    value: valueAt(model, finding.path),
    expected: finding.expected ?? null,
    message: escapeText(finding.message),
    code: finding.code,
  };
}

/** In the order of the file, each once, and not more than anybody reads. */
function tidy(errors: readonly ConfigError[], file: string): ConfigError[] {
  const seen = new Set<string>();
  const unique = errors.filter(({ line, column, path, code, message }) => {
    const key = JSON.stringify([line, column, path, code, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  unique.sort((a, b) => a.line - b.line || a.column - b.column);
  if (unique.length <= MAX_ERRORS) return unique;
  const message = 'More errors are not shown; correct these first.';
  const rest = {
    file,
    line: 0,
    column: 0,
    path: '',
    value: undefined,
    expected: null,
    message,
    code: 'config/more-errors',
  };
  return [...unique.slice(0, MAX_ERRORS), rest];
}
