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

/** Null when some type of the catalogue matches the pattern; else the nearest entry that would be right. */
export function patternSuggestion(pattern: string): string | null {
  if (EVENT_TYPES.some((type) => matches(pattern, type))) return null;
  const known = eventPatterns();
  const wanted = pattern.slice(0, 60).toLowerCase().replaceAll('_', '.').replaceAll(':', '.');
  let best = '*';
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.replaceAll('_', '.'));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The number of single-character insertions, deletions and replacements that lead from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
