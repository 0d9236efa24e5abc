import { PAGE_LIMITS } from '@watchbill/commands';
import { isObject } from './json-fields.ts';
import { storable } from './plain-text.ts';

/** What a page keeps of a signal's details, in bytes of JSON. */
export const DETAILS_LIMIT_BYTES = PAGE_LIMITS.detailsBytes;
const MAX_DEPTH = 8;
const TEXT_LIMIT = 4_000;
const KEY_LIMIT = 200;
/** Room for brackets, commas and the notes of what was left out. */
const RESERVE_BYTES = 1_024;
const NOTE = 'truncated';

interface Budget {
  left: number;
  cut: boolean;
}

/**
 * Details that a page can keep: text without what cannot be stored, at most `DETAILS_LIMIT_BYTES` of JSON. What does not
 * fit is left out, from the end, and `truncated: true` says so: a page with half its details is better than none.
 */
export function boundedDetails(value: unknown): Readonly<Record<string, unknown>> | null {
  if (value === undefined || value === null || value === '') return null;
  const budget: Budget = { left: DETAILS_LIMIT_BYTES - RESERVE_BYTES, cut: false };
  const kept = keep(isObject(value) ? value : { value }, 0, budget) as Record<string, unknown>;
  if (Object.keys(kept).length === 0 && !budget.cut) return null;
  return budget.cut ? { ...kept, [NOTE]: true } : kept;
}

function keep(value: unknown, depth: number, budget: Budget): unknown {
  if (typeof value === 'string') return keepText(value, budget);
  if (typeof value === 'number') {
    budget.left -= 24;
    return Number.isFinite(value) ? value : null;
  }
  if (value === null || typeof value !== 'object') {
    budget.left -= 6;
    return typeof value === 'boolean' ? value : null;
  }
  if (depth >= MAX_DEPTH) {
    budget.cut = true;
    return '…';
  }
  return Array.isArray(value) ? keepList(value, depth, budget) : keepObject(value, depth, budget);
}

function keepText(text: string, budget: Budget): string {
  const limit = Math.max(1, Math.min(TEXT_LIMIT, budget.left));
  let kept = storable(text, limit);
  let bytes = sizeOf(kept);
  // Characters outside of ASCII and escapes take more than one byte.
  while (bytes > Math.max(budget.left, 8)) {
    kept = storable(kept, Math.max(1, Math.floor(kept.length / 2)));
    bytes = sizeOf(kept);
    if (kept.length <= 1) break;
  }
  if (kept.length < text.length) budget.cut = true;
  budget.left -= bytes + 1;
  return kept;
}

function keepList(list: readonly unknown[], depth: number, budget: Budget): unknown[] {
  const kept: unknown[] = [];
  budget.left -= 2;
  for (const item of list) {
    if (isSpent(budget)) break;
    kept.push(keep(item, depth + 1, budget));
  }
  return kept;
}

function keepObject(value: object, depth: number, budget: Budget): Record<string, unknown> {
  const kept: [string, unknown][] = [];
  budget.left -= 2;
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined || key === '__proto__') continue;
    if (isSpent(budget)) break;
    const name = storable(key, KEY_LIMIT);
    budget.left -= sizeOf(name) + 2;
    kept.push([name, keep(inner, depth + 1, budget)]);
  }
  return Object.fromEntries(kept);
}

function isSpent(budget: Budget): boolean {
  if (budget.left > 0) return false;
  budget.cut = true;
  return true;
}

function sizeOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
