import { compareText } from './compile.ts';
import { ENGINE_VERSION } from './engine-version.ts';
import type { PlanProblem } from './problem.ts';
import { sha256 } from './sha256.ts';

/**
 * What a plan was made from, as 64 hexadecimal digits: the same problem and engine give the same plan. The order of
 * people, units and keys does not matter.
 */
export function inputHash(problem: PlanProblem): string {
  const known = new Map<object, string>();
  // Thousands of units share a roster and rules: each is written once.
  const shortly = (value: object): string => {
    const found = known.get(value) ?? sha256(canonical(value));
    known.set(value, found);
    return found;
  };
  const people = [...problem.people].sort((a, b) => compareText(a.id, b.id)).map(canonical);
  const units = [...problem.units]
    .sort((a, b) => compareText(a.id, b.id))
    .map(({ eligible, rules, ...unit }) => {
      const roster = eligible === null ? '' : shortly(eligible);
      return `${canonical(unit)} ${roster} ${shortly(rules)}`;
    });
  const { horizon, weights, keepPrevious, seed } = problem;
  const rest = canonical({ engine: ENGINE_VERSION, horizon, weights, keepPrevious, seed });
  return sha256([rest, ...people, ...units].join('\n'));
}

/** JSON with the keys of every object in order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let text = '{';
  // Sorting keys goes by their code units, the same everywhere.
  for (const key of Object.keys(value).sort()) {
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`;
  }
  return `${text}}`;
}
