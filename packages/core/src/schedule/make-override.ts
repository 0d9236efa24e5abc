import type { Problems } from '../problem.ts';
import type { Interval } from '../time/interval.ts';
import { checkId, quote } from './check.ts';
import type { OverrideDraft } from './draft.ts';
import type { DraftReading } from './draft-reading.ts';
import { LIMITS } from './limits.ts';
import { checkPerson, makeMember } from './make-member.ts';
import type { Override } from './schedule.ts';
import { readInstant } from './when.ts';

/** The overrides in order of creation, without the ones that have problems. */
export function makeOverrides(
  drafts: readonly OverrideDraft[],
  reading: DraftReading,
  problems: Problems,
): Override[] {
  if (drafts.length > LIMITS.overridesPerSchedule) {
    const limit = LIMITS.overridesPerSchedule;
    problems.add([], 'limit/overrides', `At most ${limit} overrides a schedule; got ${drafts.length}.`);
    return [];
  }
  const seen = new Set<string>();
  const overrides: Override[] = [];
  drafts.forEach((draft, index) => {
    const id = draft.id ?? `override-${index + 1}`;
    if (seen.has(id)) {
      problems.add([index, 'id'], 'id/duplicate', `Two overrides are called ${quote(id)}; rename one.`);
    }
    seen.add(id);
    const made = makeOverride({ ...draft, id }, reading, problems.at(index));
    if (made !== null) overrides.push(made);
  });
  checkOverlap(overrides, problems);
  return overrides;
}

function makeOverride(
  draft: OverrideDraft & { readonly id: string },
  reading: DraftReading,
  problems: Problems,
): Override | null {
  const before = problems.all.length;
  checkId(draft.id, problems.at('id'));
  const role = reading.role(draft.role, problems.at('role'));
  const zone = reading.timeZone;
  const start = readInstant(draft.from, { zone, pass: 'first' }, problems.at('from'));
  const end = readInstant(draft.to, { zone, pass: 'last' }, problems.at('to'));
  if (start !== null && end !== null && start >= end) {
    const got = `${draft.from} to ${draft.to}`;
    problems.add(['to'], 'time/empty-range', `An override must end after it starts; got ${got}.`);
  }
  const deed = makeDeed(draft, reading, problems);
  if (problems.all.length > before || start === null || end === null || deed === null) return null;
  return { id: draft.id, role, start, end, ...deed };
}

type Deed = Pick<Override, 'kind' | 'people' | 'replaces'>;

function makeDeed(draft: OverrideDraft, reading: DraftReading, problems: Problems): Deed | null {
  const named = (['person', 'add', 'remove'] as const).filter((key) => draft[key] !== undefined);
  if (named.length !== 1) {
    const rule = 'Say exactly one of person (who takes the place), add or remove';
    problems.add([], 'override/kind', `${rule}; got ${named.length === 0 ? 'none' : named.join(' and ')}.`);
    return null;
  }
  const key = named[0] ?? 'person';
  const people = makeMember(draft[key] ?? 'nobody', reading, problems.at(key));
  if (key !== 'person') {
    if (people.length === 0)
      problems.add([key], 'override/nobody', `${key} names a person; nobody means none.`);
    if (draft.replaces !== undefined) {
      problems.add(
        ['replaces'],
        'override/replaces',
        `replaces goes with person, not with ${key}; remove it.`,
      );
    }
    return { kind: key, people, replaces: null };
  }
  if (draft.replaces !== undefined) checkPerson(draft.replaces, reading, problems.at('replaces'));
  return { kind: 'replace', people, replaces: draft.replaces ?? null };
}

/** An instant costs by the overrides in force at it, so no role may have too many at once. */
function checkOverlap(overrides: readonly Override[], problems: Problems): void {
  for (const role of new Set(overrides.map((override) => override.role))) {
    const most = mostAtOnce(overrides.filter((override) => override.role === role));
    if (most <= LIMITS.overlappingOverrides) continue;
    const limit = LIMITS.overlappingOverrides;
    const message = `At most ${limit} overrides of a role may be in force at one instant; ${role} has ${most}.`;
    problems.add([], 'limit/overlapping-overrides', message);
  }
}

function mostAtOnce(spans: readonly Interval[]): number {
  const edges = spans
    .flatMap(({ start, end }) => [
      { at: start, step: 1 },
      { at: end, step: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.step - b.step);
  let active = 0;
  let most = 0;
  for (const { step } of edges) {
    active += step;
    most = Math.max(most, active);
  }
  return most;
}
