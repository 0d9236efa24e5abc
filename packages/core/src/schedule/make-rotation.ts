import type { Problems } from '../problem.ts';
import { checkId, checkZone } from './check.ts';
import type { FixedTurnDraft, RotationDraft } from './draft.ts';
import type { DraftReading } from './draft-reading.ts';
import { makeHours } from './hours-draft.ts';
import { LIMITS } from './limits.ts';
import { makeCadence, makeRoster } from './make-cadence.ts';
import { makeFair } from './make-fair.ts';
import { makeMember } from './make-member.ts';
import type { FixedTurn, Rotation, Strategy, ZoneName } from './schedule.ts';
import { readInstant } from './when.ts';

const FAIR_ONLY = ['handoffs', 'seats', 'constraints', 'publishAheadDays', 'freezeDays'] as const;
const IN_ORDER_ONLY = ['roster', 'cadence', 'start', 'count'] as const;

/** A rotation with its meaning checked, or null after a problem. */
export function makeRotation(
  draft: RotationDraft,
  reading: DraftReading,
  problems: Problems,
): Rotation | null {
  const before = problems.all.length;
  checkId(draft.id, problems.at('id'));
  const role = reading.role(draft.role, problems.at('role'));
  const layer = draft.layer ?? 0;
  if (!Number.isInteger(layer) || Math.abs(layer) > LIMITS.layer) {
    problems.add(
      ['layer'],
      'rotation/layer',
      `layer is a whole number from -${LIMITS.layer} to ${LIMITS.layer}.`,
    );
  }
  const hours = makeHours(draft.hours, reading.hours, problems.at('hours'));
  const ownZone =
    draft.timeZone === undefined ? reading.timeZone : checkZone(draft.timeZone, problems.at('timeZone'));
  const zone = ownZone ?? reading.timeZone;
  const effectiveFrom = readEdge(draft, 'effectiveFrom', { zone, problems });
  const effectiveUntil = readEdge(draft, 'effectiveUntil', { zone, problems });
  if (effectiveFrom !== null && effectiveUntil !== null && effectiveFrom >= effectiveUntil) {
    const got = `${draft.effectiveFrom} and ${draft.effectiveUntil}`;
    problems.add(
      ['effectiveUntil'],
      'time/empty-range',
      `effectiveUntil must be after effectiveFrom; got ${got}.`,
    );
  }
  const strategy = makeStrategy(draft, { ...reading, timeZone: zone }, problems);
  if (problems.all.length > before || strategy === null) return null;
  return { id: draft.id, role, layer, hours, timeZone: zone, effectiveFrom, effectiveUntil, strategy };
}

function readEdge(
  draft: RotationDraft,
  key: 'effectiveFrom' | 'effectiveUntil',
  { zone, problems }: { readonly zone: ZoneName; readonly problems: Problems },
): number | null {
  const text = draft[key];
  return text === undefined ? null : readInstant(text, { zone, pass: 'first' }, problems.at(key));
}

function makeStrategy(draft: RotationDraft, reading: DraftReading, problems: Problems): Strategy | null {
  switch (draft.strategy ?? 'in_order') {
    case 'in_order':
      refuseKeys(draft, { keys: [...FAIR_ONLY, 'turns'], strategy: 'in_order' }, problems);
      return makeInOrder(draft, reading, problems);
    case 'fixed':
      refuseKeys(draft, { keys: [...FAIR_ONLY, ...IN_ORDER_ONLY], strategy: 'fixed' }, problems);
      return makeFixed(draft.turns, reading, problems.at('turns'));
    case 'fair':
      refuseKeys(draft, { keys: ['count', 'turns'], strategy: 'fair' }, problems);
      return makeFair(draft, reading, problems);
    default:
      problems.add(['strategy'], 'strategy/unknown', 'strategy is in_order, fixed or fair.');
      return null;
  }
}

function refuseKeys(
  draft: RotationDraft,
  rule: { readonly keys: readonly (keyof RotationDraft)[]; readonly strategy: string },
  problems: Problems,
): void {
  for (const key of rule.keys) {
    if (draft[key] === undefined) continue;
    problems.add(
      [key],
      'rotation/key-not-allowed',
      `${key} does not go with strategy ${rule.strategy}; remove it.`,
    );
  }
}

function makeInOrder(draft: RotationDraft, reading: DraftReading, problems: Problems): Strategy | null {
  const roster = makeRoster(draft.roster, reading, problems.at('roster'));
  const rhythm = makeCadence(draft, reading, problems);
  return rhythm === null ? null : { kind: 'in_order', roster, ...rhythm, count: draft.count ?? 'elapsed' };
}

function makeFixed(
  drafts: readonly FixedTurnDraft[] | undefined,
  reading: DraftReading,
  problems: Problems,
): Strategy | null {
  if (drafts === undefined || drafts.length === 0) {
    problems.add([], 'rotation/no-turns', 'A fixed rotation lists its turns: { from, to, person }.');
    return null;
  }
  if (drafts.length > LIMITS.turnsPerRotation) {
    problems.add([], 'limit/turns', `At most ${LIMITS.turnsPerRotation} turns; got ${drafts.length}.`);
    return null;
  }
  const placed: { readonly turn: FixedTurn; readonly index: number }[] = [];
  drafts.forEach((draft, index) => {
    const turn = makeTurn(draft, reading, problems.at(index));
    if (turn !== null) placed.push({ turn, index });
  });
  placed.sort((a, b) => a.turn.start - b.turn.start || a.index - b.index);
  placed.forEach(({ turn, index }, position) => {
    const previous = placed[position - 1];
    if (previous === undefined || previous.turn.end <= turn.start) return;
    const message = `This turn begins before turn ${previous.index + 1} of the list ends; turns must not overlap.`;
    problems.add([index, 'from'], 'rotation/turns-overlap', message);
  });
  return { kind: 'fixed', turns: placed.map(({ turn }) => turn) };
}

function makeTurn(draft: FixedTurnDraft, reading: DraftReading, problems: Problems): FixedTurn | null {
  const zone = reading.timeZone;
  const start = readInstant(draft.from, { zone, pass: 'first' }, problems.at('from'));
  const end = readInstant(draft.to, { zone, pass: 'first' }, problems.at('to'));
  const people = makeMember(draft.person, reading, problems.at('person'));
  if (start === null || end === null) return null;
  if (start >= end) {
    problems.add(
      ['to'],
      'time/empty-range',
      `A turn must end after it starts; got ${draft.from} to ${draft.to}.`,
    );
    return null;
  }
  return { start, end, people };
}
