import type { z } from 'zod';
import type { PathStep } from '../config-error.ts';
import { stepInto } from './known-keys.ts';

type Schema = z.core.$ZodType;

/** A model without its broken parts, and the way from a path in it back to the path in the whole model. */
export interface Pruned {
  readonly model: unknown;
  readonly originalPath: (path: readonly PathStep[]) => PathStep[];
}

/** Marks broken paths: a leaf (`broken`) is where a fault is. */
interface Branch {
  broken: boolean;
  readonly inner: Map<PathStep, Branch>;
}

interface Pruning {
  /** For every list that lost items: where each one left stood before. */
  readonly positions: Map<unknown, readonly number[]>;
}

const REMOVED = Symbol('removed');

/**
 * Keys that core can do without, or with something in their place, although the schema asks for them: without these the
 * whole rotation or schedule around them would stay unchecked. Undefined means that the key is left out.
 */
const STAND_INS: Readonly<Record<string, string | undefined>> = {
  cadence: undefined,
  roster: undefined,
  start: undefined,
  timeZone: 'UTC',
  turns: undefined,
};

/**
 * Takes the smallest parts out of a model that make it fit its schema: a broken item of a list, a broken optional key,
 * or else whatever holds the broken part. So the meaning of all the rest can still be checked.
 */
export function prune(schema: Schema, model: unknown, brokenPaths: readonly (readonly PathStep[])[]): Pruned {
  const root: Branch = { broken: false, inner: new Map() };
  for (const path of brokenPaths) markBroken(root, path);
  const pruning: Pruning = { positions: new Map() };
  const kept = pruneValue([schema], { value: model, branch: root }, pruning);
  const pruned = kept === REMOVED ? {} : kept;
  return { model: pruned, originalPath: (path) => originalPath(pruned, path, pruning) };
}

function markBroken(root: Branch, path: readonly PathStep[]): void {
  let at = root;
  for (const step of path) {
    let next = at.inner.get(step);
    if (next === undefined) {
      next = { broken: false, inner: new Map() };
      at.inner.set(step, next);
    }
    at = next;
  }
  at.broken = true;
}

function pruneValue(
  schemas: readonly Schema[],
  { value, branch }: { readonly value: unknown; readonly branch: Branch },
  pruning: Pruning,
): unknown {
  if (branch.broken) return REMOVED;
  if (branch.inner.size === 0) return value;
  if (Array.isArray(value)) return pruneList(schemas, { value, branch }, pruning);
  if (typeof value !== 'object' || value === null) return REMOVED;
  const kept: Record<string, unknown> = { ...value };
  for (const [step, inner] of branch.inner) {
    const key = String(step);
    const below = schemas.flatMap((schema) => stepInto(schema, key, value));
    const left = Object.hasOwn(kept, key)
      ? pruneValue(below, { value: kept[key], branch: inner }, pruning)
      : REMOVED;
    const standIn = STAND_INS[key];
    if (left !== REMOVED) kept[key] = left;
    else if (below.length > 0 && below.every(isOptional)) delete kept[key];
    else if (standIn !== undefined) kept[key] = standIn;
    else if (Object.hasOwn(STAND_INS, key)) delete kept[key];
    else return REMOVED;
  }
  return kept;
}

function pruneList(
  schemas: readonly Schema[],
  { value, branch }: { readonly value: readonly unknown[]; readonly branch: Branch },
  pruning: Pruning,
): unknown[] {
  const kept: unknown[] = [];
  const positions: number[] = [];
  value.forEach((item, index) => {
    const inner = branch.inner.get(index);
    const below = schemas.flatMap((schema) => stepInto(schema, index, value));
    const left = inner === undefined ? item : pruneValue(below, { value: item, branch: inner }, pruning);
    if (left === REMOVED) return;
    kept.push(left);
    positions.push(index);
  });
  pruning.positions.set(kept, positions);
  return kept;
}

function isOptional(schema: Schema): boolean {
  return schema._zod.optin === 'optional';
}

function originalPath(pruned: unknown, path: readonly PathStep[], { positions }: Pruning): PathStep[] {
  let value = pruned;
  return path.map((step) => {
    const original = typeof step === 'number' ? (positions.get(value)?.[step] ?? step) : step;
    value = (value as Record<PathStep, unknown> | null | undefined)?.[step];
    return original;
  });
}
