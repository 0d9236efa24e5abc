import type { Instant, OnCall, Override, Rotation, Schedule, Turn } from '@watchbill/core';
import { DAY_MS, onCallAt, turnsIn } from '@watchbill/core';
import { showInstant, showShort } from './clock.ts';

/** What is needed to say why a schedule puts somebody on call without a plan. */
export interface OrderReading {
  readonly schedule: Schedule;
  readonly at: Instant;
  readonly zone: string;
  readonly nameOf: (person: string) => string;
}

/** Which override decides, and whose place it takes. */
export function overrideWords(override: Override, reading: OrderReading): string[] {
  const { schedule, at, zone, nameOf } = reading;
  const span = `${showInstant(override.start, zone)} to ${showInstant(override.end, zone)}`;
  const without = { ...schedule, overrides: schedule.overrides.filter(({ id }) => id !== override.id) };
  const otherwise = onCallAt(without, at)
    .filter(({ role }) => role === override.role)
    .map(({ person }) => nameOf(person));
  const what = override.kind === 'add' ? 'puts them on call as well' : actionOf(override, nameOf);
  return [
    `Override ${override.id} decides: from ${span} it ${what}.`,
    otherwise.length === 0 ? 'Without it nobody would be on call.' : `Without it: ${otherwise.join(', ')}.`,
  ];
}

function actionOf({ replaces, kind }: Override, nameOf: (person: string) => string): string {
  if (kind === 'remove') return 'takes people off call';
  return replaces === null
    ? 'takes the place of everybody in the role'
    : `takes the place of ${nameOf(replaces)}`;
}

/** Which turn of which rotation decides: the order of its roster, or its list of turns. */
export function rotationWords(rotation: Rotation, one: OnCall, reading: OrderReading): string[] {
  const { schedule, at, zone } = reading;
  const [turn] = turnsIn(rotation, schedule.coreHours, { start: at, end: at + 1 });
  const lines = turn === undefined ? [] : turnLines(rotation, turn, { ...reading, one });
  const hidden = schedule.rotations.filter(
    ({ role, layer }) => role === rotation.role && layer < rotation.layer,
  );
  if (hidden.length > 0) {
    const names = hidden.map(({ id }) => id).join(', ');
    lines.push(`It is on layer ${rotation.layer}, above ${names}: while it has somebody, they do not show.`);
  }
  if (one.until !== null && turn !== undefined && one.until < turn.end) {
    lines.push(`They are on call up to ${showInstant(one.until, zone)}, a part of the turn.`);
  }
  return lines;
}

function turnLines(
  rotation: Rotation,
  turn: Turn,
  { zone, nameOf, one, at, schedule }: OrderReading & { readonly one: OnCall },
): string[] {
  const span = `${showInstant(turn.start, zone)} to ${showInstant(turn.end, zone)}`;
  const { strategy } = rotation;
  if (strategy.kind !== 'in_order') {
    return [`Rotation ${rotation.id} lists its turns: ${nameOf(one.person)} has the one from ${span}.`];
  }
  const places = strategy.roster.map((member) => member.map(nameOf).join(' with ') || 'nobody');
  const place = strategy.roster.findIndex(
    (member) => member === turn.people || sameMember(member, turn.people),
  );
  const { every, unit } = strategy.cadence;
  const step = every === 1 ? `a ${unit}` : `${every} ${unit}s`;
  const order = places.map((name, index) => (index === place ? `[${name}]` : name)).join(', ');
  const next = nextTurnOf(rotation, schedule, { person: one.person, after: turn.end, at });
  const again =
    next === null ? '' : ` The next turn of ${nameOf(one.person)} begins ${showShort(next, zone)}.`;
  return [
    `Rotation ${rotation.id} goes in order, ${step} each: its turn from ${span} is that of place ${place + 1} of ${places.length}.`,
    `Order: ${order}.${again}`,
  ];
}

function sameMember(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((person, index) => person === b[index]);
}

/** How far ahead the next turn of somebody is looked for. */
const NEXT_TURN_DAYS = 400;

function nextTurnOf(
  rotation: Rotation,
  { coreHours }: Schedule,
  { person, after }: { readonly person: string; readonly after: Instant; readonly at: Instant },
): Instant | null {
  const turns = turnsIn(rotation, coreHours, { start: after, end: after + NEXT_TURN_DAYS * DAY_MS });
  return turns.find((turn) => turn.start >= after && turn.people.includes(person))?.start ?? null;
}
