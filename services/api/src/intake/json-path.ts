import { query } from 'jsonpath-rfc9535';
import parse from 'jsonpath-rfc9535/parser';
import { isObject } from './json-fields.ts';

/** The longest path, in characters. */
export const PATH_LIMIT = 200;
const MAX_SEGMENTS = 16;
const MAX_COMPARISONS = 4;
/** Of one path; more are not looked at. */
export const MAX_MATCHES = 1_000;

type Json = Parameters<typeof query>[0];

/**
 * What is wrong with a path (RFC 9535), in plain words; null when it may be used. Only what reads a document once is
 * allowed, so that nobody can send one that takes long: no functions (their regular expressions), no `..`, one filter
 * at most, and one selector in each pair of brackets.
 */
export function pathProblem(path: string): string | null {
  if (path.length > PATH_LIMIT) return `A path has at most ${PATH_LIMIT} characters.`;
  if (!path.startsWith('$')) return 'A path begins with $.';
  const bare = path.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
  // Before it is parsed: brackets within brackets are what a parser can be kept busy with.
  if (bare.includes('(')) return 'Functions and parentheses are not allowed in a path.';
  if (bare.split('?').length > 2) return 'A path has one filter (?) at most.';
  if (bare.includes('..')) return 'A path names each step; .. is not allowed.';
  if (bare.includes(',')) return 'Name one thing in each pair of brackets; a comma is not allowed.';
  if ((bare.match(/&&|\|\|/g) ?? []).length >= MAX_COMPARISONS) {
    return `A filter compares at most ${MAX_COMPARISONS} times.`;
  }
  const tree = parsed(path);
  if (tree === null) return 'This is not a path as RFC 9535 has it, such as $.alerts[0].name.';
  if (tree.segments.length > MAX_SEGMENTS) return `A path has at most ${MAX_SEGMENTS} steps.`;
  return looksElsewhere(tree)
    ? 'A filter looks only into what it filters (@), one place after the other.'
    : null;
}

/** The values at a path that `pathProblem` permits, at most `MAX_MATCHES`. */
export function valuesAt(document: unknown, path: string): unknown[] {
  return query(document as Json, path).slice(0, MAX_MATCHES);
}

/** The first value at a path; undefined where there is none. */
export function valueAt(document: unknown, path: string): unknown {
  return valuesAt(document, path)[0];
}

function parsed(path: string): ReturnType<typeof parse> | null {
  try {
    return parse(path);
  } catch {
    return null;
  }
}

/**
 * Whether a filter asks the whole document again, or searches (`@..a`, `@.*`) instead of naming: for each of the places
 * that it filters, that would be everything once more.
 */
function looksElsewhere(tree: unknown): boolean {
  const waiting: { readonly node: unknown; readonly filtered: boolean }[] = [{ node: tree, filtered: false }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { node, filtered } = at;
    if (Array.isArray(node)) waiting.push(...node.map((inner) => ({ node: inner, filtered })));
    if (!isObject(node)) continue;
    if (filtered && NOT_IN_FILTERS.has(String(node.type))) return true;
    const inside = filtered || node.type === 'FilterSelector';
    waiting.push(...Object.values(node).map((inner) => ({ node: inner, filtered: inside })));
  }
  return false;
}

const NOT_IN_FILTERS = new Set([
  ...['AbsSingularQuery', 'JsonPathQuery', 'DescendantSegment', 'WildcardSelector', 'SliceSelector'],
  ...['FilterSelector', 'FunctionExpr'],
]);
