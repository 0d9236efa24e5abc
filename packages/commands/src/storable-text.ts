import type { Problem } from '@watchbill/core';

type Path = readonly (string | number)[];

const PROBLEM_LIMIT = 20;
/** NUL, which PostgreSQL has no place for, and halves of a surrogate pair, which are not text. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Where an input holds text that cannot be stored, as a value or as a key; at most `PROBLEM_LIMIT` places. */
export function unstorableText(input: unknown): Problem[] {
  const problems: Problem[] = [];
  look(input, [], problems);
  return problems;
}

function look(value: unknown, path: Path, problems: Problem[]): void {
  if (problems.length >= PROBLEM_LIMIT) return;
  if (typeof value === 'string') {
    if (UNSTORABLE.test(value)) problems.push(problemAt(path));
    return;
  }
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) look(inner, [...path, index], problems);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (UNSTORABLE.test(key)) problems.push(problemAt(path));
    look(inner, [...path, key], problems);
  }
}

function problemAt(path: Path): Problem {
  return {
    path,
    code: 'text/unstorable',
    message: 'Text must not hold the NUL character or half of a surrogate pair; remove it.',
  };
}
