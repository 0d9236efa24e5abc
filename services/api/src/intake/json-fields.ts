import { textOf } from './plain-text.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key; an empty one where there is none. */
export function objectAt(value: unknown, key: string): JsonObject {
  const inner = fieldOf(value, key);
  return isObject(inner) ? inner : {};
}

/** The list under a key; an empty one where there is none. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const inner = fieldOf(value, key);
  return Array.isArray(inner) ? inner : [];
}

/** A field that the value itself has, never one of its prototype. */
export function fieldOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The fields that hold a text, a number or a boolean, and not an empty one. */
export function stated(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => textOf(value) !== ''));
}
