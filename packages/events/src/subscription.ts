import { nearest } from '@watchbill/core';
import { EVENT_TYPES } from './catalogue.ts';

/** How many patterns one endpoint may name. */
export const MAX_EVENT_PATTERNS = 50;

/**
 * Whether a list of event types names this type. An entry is a type (`shift.started`), a family that ends in `.*`
 * (`shift.*`), or `*` for all. An empty list names nothing.
 */
export function subscribes(eventTypes: readonly string[], type: string): boolean {
  return eventTypes.some((pattern) => matches(pattern, type));
}

function matches(pattern: string, type: string): boolean {
  if (pattern === '*' || pattern === type) return true;
  return pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1));
}

/** Every entry that a subscription may hold: the types, their families and `*`. */
export function eventPatterns(): string[] {
  const families = new Set(EVENT_TYPES.map((type) => `${type.slice(0, type.indexOf('.'))}.*`));
  return ['*', ...[...families].sort(), ...EVENT_TYPES];
}

/** Whether some type of the catalogue matches the entry. */
export function isEventPattern(pattern: string): boolean {
  return EVENT_TYPES.some((type) => matches(pattern, type));
}

/** The right entry that looks most like a wrong one, or null when none is near. */
export function nearestEventPattern(pattern: string): string | null {
  return nearest(pattern, eventPatterns());
}
