import { createHash } from 'node:crypto';
import { PAGE_LIMITS } from '@watchbill/commands';
import type { SignalLink } from './signal.ts';

/** What a page keeps of a signal, in characters. */
export const SUMMARY_LIMIT = PAGE_LIMITS.summaryLength;
export const SOURCE_LIMIT = PAGE_LIMITS.sourceLength;
export const KEY_LIMIT = PAGE_LIMITS.dedupKeyLength;

const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** Marks that turn the direction of what follows, with which a text can be made to look like another one. */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/g;
const HALVES = /\p{Surrogate}/gu;
const HASH_CHARACTERS = 64;

/** A value as text: numbers and booleans too; everything else is empty. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** One line that can be stored, logged and shown, cut at `limit` characters with an ellipsis. */
export function oneLine(value: unknown, limit: number): string {
  // Cut first: what comes after is not looked at, however long it is.
  const text = textOf(value).slice(0, limit * 4);
  const line = text.replace(BREAKS, ' ').replace(TURNS, '').replace(HALVES, '\uFFFD').trim();
  return line.length <= limit ? line : `${cutWhole(line, limit - 1)}…`;
}

/** The same, and null where nothing is left. */
export function lineOrNull(value: unknown, limit: number): string | null {
  return oneLine(value, limit) || null;
}

/** Text of several lines that can be stored, cut at `limit` characters with an ellipsis. */
export function storable(text: string, limit: number): string {
  const kept = text.length <= limit ? text : `${cutWhole(text, limit - 1)}…`;
  return kept.replaceAll('\0', '\uFFFD').replace(HALVES, '\uFFFD');
}

/**
 * A key that is as long as a page keeps one. A longer one keeps its beginning and gets its hash, so that two long keys
 * stay two keys.
 */
export function boundedKey(value: unknown): string | null {
  const text = textOf(value);
  const key = oneLine(text, KEY_LIMIT);
  if (key === '' || text.trim() === key) return key || null;
  const sum = createHash('sha256').update(text).digest('hex');
  return `${cutWhole(oneLine(text, KEY_LIMIT), KEY_LIMIT - HASH_CHARACTERS - 1)}-${sum}`;
}

/** Links that lead anywhere: only http and https, as many as a page takes. What is no link is left out. */
export function linksOf(
  candidates: readonly { readonly href: unknown; readonly text?: unknown }[],
): SignalLink[] {
  const links: SignalLink[] = [];
  const seen = new Set<string>();
  for (const { href, text } of candidates) {
    const address = textOf(href).trim();
    if (links.length >= PAGE_LIMITS.links || seen.has(address) || !isWebAddress(address)) continue;
    seen.add(address);
    const label = lineOrNull(text, PAGE_LIMITS.linkTextLength);
    links.push({ href: address, ...(label !== null && { text: label }) });
  }
  return links;
}

function isWebAddress(text: string): boolean {
  if (text.length > PAGE_LIMITS.linkHrefLength || !/^https?:\/\/[^\s\p{Cc}\p{Surrogate}]+$/iu.test(text))
    return false;
  return URL.canParse(text);
}

/** Cuts without leaving half of a character behind. */
function cutWhole(text: string, limit: number): string {
  const cut = text.slice(0, limit);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
