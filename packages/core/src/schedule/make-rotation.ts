import type { Problems } from '../problem.ts';
import { checkId, checkZone } from './check.ts';
import type { CadenceDraft, FixedTurnDraft, RotationDraft } from './draft.ts';
import type { DraftReading } from './draft-reading.ts';
import { makeHours } from './hours-draft.ts';
import { LIMITS } from './limits.ts';
import { makeMember } from './make-member.ts';
import type { FixedTurn, Member, Rotation, Strategy, ZoneName } from './schedule.ts';
import { readInstant, readWall } from './when.ts';

const CADENCE_UNITS: readonly string[] = ['hour', 'day', 'week', 'month'];
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
      problems.add(
        ['strategy'],
        'strategy/fair-not-available',
        'The planner that assigns fair turns is not part of this version; use in_order or fixed.',
      );
      return null;
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
  const cadence = draft.cadence;
  if (cadence === undefined) {
    problems.add(
      ['cadence'],
      'rotation/cadence',
      'Say how long a turn lasts, such as { every: 1, unit: week }.',
    );
  } else {
    checkCadence(cadence, problems.at('cadence'));
  }
  if (draft.start === undefined) {
    problems.add(
      ['start'],
      'rotation/start',
      'Say when a turn of the first member starts: YYYY-MM-DDTHH:mm.',
    );
    return null;
  }
  const start = readWall(draft.start, reading.timeZone, problems.at('start'));
  if (start === null || cadence === undefined) return null;
  const { every, unit } = cadence;
  return { kind: 'in_order', roster, cadence: { every, unit }, start, count: draft.count ?? 'elapsed' };
}

function checkCadence({ every, unit }: CadenceDraft, problems: Problems): void {
  if (!Number.isInteger(every) || every < 1 || every > LIMITS.cadenceEvery) {
    const rule = `every is a whole number from 1 to ${LIMITS.cadenceEvery}`;
    problems.add(['every'], 'rotation/cadence-every', `${rule}; got ${every}.`);
  }
  if (!CADENCE_UNITS.includes(unit)) {
    problems.add(['unit'], 'rotation/cadence-unit', `unit is one of ${CADENCE_UNITS.join(', ')}.`);
  }
}

function makeRoster(draft: RotationDraft['roster'], reading: DraftReading, problems: Problems): Member[] {
  const members = draft === 'team' ? reading.teamMembers : (draft ?? []);
  if (members === null) {
    problems.add(
      [],
      'rotation/no-team',
      'roster: team needs a team on the schedule; name it or list the people.',
    );
    return [];
  }
  if (members.length === 0) {
    problems.add([], 'rotation/empty-roster', 'List at least one person; "nobody" is a vacant seat.');
  }
  if (members.length > LIMITS.rosterPerRotation) {
    const limit = LIMITS.rosterPerRotation;
    problems.add([], 'limit/roster', `A roster has at most ${limit} members; got ${members.length}.`);
    return [];
  }
  return members.map((member, index) => makeMember(member, reading, problems.at(index)));
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
