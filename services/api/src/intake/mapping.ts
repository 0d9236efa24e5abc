import type { Problem } from '@watchbill/core';
import type { IntakeMapping } from '@watchbill/database';
import { pathProblem, valueAt } from './json-path.ts';
import { textOf } from './plain-text.ts';

const FIELDS = ['summary', 'dedupKey', 'severity', 'source', 'link', 'action', 'details'] as const;
const PLACE = /\{(\$[^{}]*)\}/g;
/** In all fields together: each is a walk through what was sent. */
const MAX_PATHS = 16;
const PLACE_TEXT_LIMIT = 1_000;

/** Everything that is wrong with the paths of a mapping, each at its place in the settings. */
export function mappingProblems(mapping: IntakeMapping): Problem[] {
  const problems: Problem[] = [];
  const note = (field: string, message: string): void => {
    problems.push({ path: ['settings', 'mapping', field], code: 'intake/mapping', message });
  };
  if (mapping.each !== undefined) {
    const wrong = pathProblem(mapping.each);
    if (wrong !== null) note('each', wrong);
  }
  let count = 0;
  for (const field of FIELDS) {
    const text = mapping[field];
    if (text === undefined) continue;
    const paths = pathsIn(text);
    count += paths.length;
    if (count > MAX_PATHS) note(field, `A mapping has at most ${MAX_PATHS} paths.`);
    for (const path of paths) {
      const wrong = pathProblem(path);
      if (wrong !== null) note(field, wrong);
    }
  }
  return problems;
}

/** The value that a field of a mapping leads to: of a path as it is, of a text with `{$.paths}` the filled-in text. */
export function mapped(document: unknown, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (text.startsWith('$')) return valueAt(document, text);
  return text.replace(PLACE, (_place, path: string) => asText(valueAt(document, path)));
}

/** The same as text; a list or an object as JSON, so that it is at least seen. */
export function mappedText(document: unknown, text: string | undefined): string {
  return asText(mapped(document, text));
}

function asText(value: unknown): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value).slice(0, PLACE_TEXT_LIMIT);
  return textOf(value);
}

function pathsIn(text: string): string[] {
  return text.startsWith('$') ? [text] : [...text.matchAll(PLACE)].map((found) => found[1] ?? '');
}
