import type { z } from 'zod';
import type { Finding, PathStep } from '../config-error.ts';
import { MAX_ERRORS } from '../limits.ts';
import { suggest } from './suggest.ts';
import { valueAt } from './value-at.ts';

type Issue = z.core.$ZodIssue;

/** What the issues of a shape check are explained against. */
export interface IssueContext {
  readonly model: unknown;
  /** The keys that the schema knows at a path. */
  readonly keysAt: (path: readonly PathStep[]) => readonly string[];
  /** The keys that rotations of any strategy know. */
  readonly keysOfStrategies: readonly string[];
  /** A plain scalar as it was written, such as `007`; null if unknown. */
  readonly sourceAt: (path: readonly PathStep[]) => string | null;
}

/** Everything a shape check found, in plain words. */
export function explainIssues(issues: readonly Issue[], context: IssueContext): Finding[] {
  return issues.flatMap((issue) => explainIssue(issue, [], context));
}

function explainIssue(issue: Issue, base: readonly PathStep[], context: IssueContext): Finding[] {
  const path = [...base, ...(issue.path as PathStep[])];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, MAX_ERRORS + 1).map((key) => unknownKey(path, key, context));
  if (issue.code === 'invalid_union') {
    const branch = meantBranch(issue.errors);
    if (branch !== null) return branch.flatMap((inner) => explainIssue(inner, path, context));
  }
  return [wrongValue(path, issue, context)];
}

/**
 * The branch of a union that was meant: one that fits at the top and fails further down.
 * Null if no branch fits at all: then the phrase of the union itself says more.
 */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const fits = (issue: Issue) =>
    issue.path.length > 0 || issue.code === 'unrecognized_keys' || issue.code === 'too_big';
  const meant = branches.filter((issues) => issues.length > 0 && issues.every(fits));
  meant.sort((a, b) => a.length - b.length);
  return meant[0] ?? null;
}

function unknownKey(path: readonly PathStep[], key: string, context: IssueContext): Finding {
  const known = context.keysAt(path);
  if (known.includes('strategy') && context.keysOfStrategies.includes(key)) {
    const strategy = valueAt(context.model, [...path, 'strategy']) ?? 'in_order';
    const message = `${key} does not go with strategy ${String(strategy)}; remove it, or name another strategy`;
    return { path: [...path, key], code: 'config/unknown-key', message, atKey: true };
  }
  const near = suggest(key, known);
  const hint = near === null ? `the keys here are ${known.join(', ')}` : `did you mean ${near}?`;
  const message = `unknown key ${JSON.stringify(key.slice(0, 100))}; ${hint}`;
  return { path: [...path, key], code: 'config/unknown-key', message, atKey: true };
}

function wrongValue(path: readonly PathStep[], issue: Issue, { model, sourceAt }: IssueContext): Finding {
  const value = valueAt(model, path);
  const expected = expectedOf(issue);
  if (value === undefined) return { path, code: 'config/missing', message: 'is missing', expected };
  if (value === null) return { path, code: 'config/empty-value', message: 'has no value', expected };
  if (wantsText(issue) && (typeof value === 'number' || typeof value === 'boolean')) {
    const kind = typeof value === 'number' ? 'a number' : 'true or false';
    const message = `is read as ${kind}; write it in quotes: "${sourceAt(path) ?? String(value)}"`;
    return { path, code: 'config/not-quoted', message, expected };
  }
  const code = issue.code === 'invalid_type' ? 'config/wrong-type' : 'config/wrong-value';
  return { path, code, message: 'is not valid', expected };
}

function wantsText(issue: Issue): boolean {
  if (issue.code === 'invalid_union') return issue.errors.flat().some(wantsText);
  return issue.code === 'invalid_type' && issue.expected === 'string';
}

function expectedOf(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.expected === 'object') return 'a map of keys and values';
  return issue.message;
}
