import type { FastifySchemaCompiler } from 'fastify';
import type { $ZodIssue, $ZodType } from 'zod/v4/core';
import { safeParse } from 'zod/v4/core';
import { ApiError, MAX_PROBLEM_ITEMS, type ProblemItem, pointerOf, wellFormed } from './problem.ts';

/** Checks one part of a request against its zod schema. A refusal lists everything that is wrong with that part. */
export const validatorCompiler: FastifySchemaCompiler<$ZodType> =
  ({ schema, httpPart }) =>
  (data) => {
    // A request without a body reaches us as null or undefined; both mean "nothing sent".
    const result = safeParse(schema, httpPart === 'body' && data === null ? undefined : data);
    if (result.success) return { value: result.data };
    return { error: shapeRefusal(result.error.issues, httpPart ?? 'body') };
  };

/** The 400 for a part of a request that has the wrong shape. */
export function shapeRefusal(issues: readonly $ZodIssue[], part: string): ApiError {
  const errors = issues.slice(0, MAX_PROBLEM_ITEMS).flatMap((issue) => itemsOf(issue, part));
  const count = errors.length === 1 ? 'one thing is' : `${errors.length} things are`;
  return new ApiError(
    400,
    `${CODES[part] ?? 'body'}/invalid`,
    `${NAMES[part] ?? 'The body'}: ${count} wrong.`,
    { errors },
  );
}

const CODES: Readonly<Record<string, string>> = { querystring: 'query', params: 'path', headers: 'header' };
const NAMES: Readonly<Record<string, string>> = {
  querystring: 'The query',
  params: 'The path',
  headers: 'The headers',
};

function itemsOf(issue: $ZodIssue, part: string): ProblemItem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MAX_PROBLEM_ITEMS).map((key) => ({
      ...place([...issue.path, key], part),
      code: 'unknown',
      detail: part === 'querystring' ? 'There is no such parameter.' : 'There is no such field.',
    }));
  }
  return [{ ...place(issue.path, part), code: issue.code, detail: sentence(issue.message) }];
}

/** Our own schemas say what they expect, as a phrase; the library's messages are sentences. */
function sentence(message: string): string {
  return /^[a-z]/.test(message) ? `Expected ${message}.` : message;
}

function place(path: readonly PropertyKey[], part: string): ProblemItem | Record<string, string> {
  const name = wellFormed(String(path[0] ?? '').slice(0, 100));
  if (part === 'querystring' || part === 'params') return { parameter: name };
  if (part === 'headers') return { header: name };
  return { pointer: pointerOf(path) };
}
