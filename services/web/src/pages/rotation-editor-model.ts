import {
  DAY_MS,
  HOUR_MS,
  type Instant,
  isZone,
  type MemberDraft,
  makeSchedule,
  offsetAt,
  type Problem,
  type RotationDraft,
  resolveTimeline,
  type ScheduleDraft,
  type Timeline,
  toWall,
} from '@watchbill/core';
import { editorText } from '../text/editor.ts';

/** What the editor changes is the definition itself, so all that it does not know stays as it is. */
export interface EditorRotation extends RotationDraft {
  readonly name?: string | undefined;
}

export interface EditorDefinition extends Omit<ScheduleDraft, 'rotations'> {
  readonly name?: string | undefined;
  readonly rotations: readonly EditorRotation[];
}

export type Shape = 'simple' | 'split' | 'sun';

export interface Beginning {
  readonly shape: Shape;
  readonly timeZone: string;
  /** Of the three regions. */
  readonly regions: readonly string[];
  readonly at: Instant;
}

const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const WEEKLY = { every: 1, unit: 'week' } as const;
const PREVIEW_DAYS = 14;

/** Rotations to begin with, and core hours where they are needed. Nobody is in them yet. */
export function beginning(from: Beginning): Pick<EditorDefinition, 'coreHours' | 'rotations'> {
  const monday = nextMonday(from.at, from.timeZone);
  const rotation = (id: string, name: string, clock: string): EditorRotation => ({
    ...{ id, name, roster: [], cadence: WEEKLY, start: `${monday}T${clock}` },
  });
  if (from.shape === 'simple') return { rotations: [rotation('all', 'Round the clock', '09:00')] };
  if (from.shape === 'split') {
    return {
      coreHours: { days: WORKDAYS, from: '09:00', to: '17:00' },
      rotations: [
        { ...rotation('core', 'Core hours', '09:00'), hours: 'core' },
        { ...rotation('non-core', 'Evenings, nights and weekends', '17:00'), hours: 'non-core' },
      ],
    };
  }
  return {
    rotations: regionShares(from).map(({ id, name, start, end }) =>
      regionRotation({ id, name, start, end, monday }),
    ),
  };
}

interface Share {
  readonly id: string;
  readonly name: string;
  readonly start: string;
  readonly end: string;
}

function regionRotation({
  id,
  name,
  start,
  end,
  monday,
}: Share & { readonly monday: string }): EditorRotation {
  const hours = [{ from: start, to: end }];
  return { id, name, hours, roster: [], cadence: WEEKLY, start: `${monday}T${start}` };
}

const MORNING = 8;

/** Each region from its morning until the next region's, by the clock of the schedule's zone. */
function regionShares({ regions, timeZone, at }: Beginning): readonly Share[] {
  const here = offsetAt(timeZone, at);
  const begun = new Set<number>();
  const mornings = regions
    .map((zone) => {
      let hour = Math.round(MORNING - (offsetAt(zone, at) - here) / HOUR_MS + 48) % 24;
      // Regions with one morning share their day.
      while (begun.has(hour)) hour = (hour + 4) % 24;
      begun.add(hour);
      return { zone, hour };
    })
    .sort((a, b) => a.hour - b.hour);
  const ids = new Set<string>();
  return mornings.map(({ zone, hour }, index) => {
    const next = mornings[(index + 1) % mornings.length]?.hour ?? hour;
    const name = placeOf(zone);
    return { id: freeId(name, ids), name, start: clockOf(hour), end: clockOf(next) };
  });
}

function clockOf(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** `Europe/London`: London. */
export function placeOf(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** The local date of the Monday after an instant. */
export function nextMonday(at: Instant, zone: string): string {
  const day = Math.floor(toWall(at, zone) / DAY_MS);
  const weekday = (((day + 3) % 7) + 7) % 7;
  return new Date((day + 7 - weekday) * DAY_MS).toISOString().slice(0, 10);
}

const MAX_ID = 40;

/** An id for a name that none of `taken` has; it is taken then. */
export function freeId(name: string, taken: Set<string>): string {
  const base = idOf(name) === '' ? 'one' : idOf(name);
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}-${count}`;
  taken.add(id);
  return id;
}

/** `Card Payments!`: card-payments. */
export function idOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_ID)
    .replaceAll(/^-+|-+$/g, '');
}

/** The same with a second role: each rotation once more, everybody one turn later. */
export function withSecond(definition: EditorDefinition): EditorDefinition {
  const seconds = definition.rotations.map(
    (rotation): EditorRotation => ({
      ...rotation,
      id: `${rotation.id}-second`,
      role: 'secondary',
      ...(typeof rotation.roster === 'object' && {
        roster: [...rotation.roster.slice(1), ...rotation.roster.slice(0, 1)],
      }),
    }),
  );
  return { ...definition, roles: ['primary', 'secondary'], rotations: [...definition.rotations, ...seconds] };
}

const FAIR_ONLY = ['handoffs', 'seats', 'constraints', 'publishAheadDays', 'freezeDays'] as const;

/** The rotation with its order kept by the list or by the planner; keys that do not go with it are left out. */
export function withStrategy(rotation: EditorRotation, strategy: 'in_order' | 'fair'): EditorRotation {
  const keys: readonly string[] = strategy === 'fair' ? ['count', 'strategy'] : [...FAIR_ONLY, 'strategy'];
  const kept = Object.fromEntries(Object.entries(rotation).filter(([key]) => !keys.includes(key)));
  return { ...(kept as unknown as EditorRotation), ...(strategy === 'fair' && { strategy }) };
}

/** One entry of a list moved to another place. */
export function movedTo<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const rest = [...list];
  const taken = rest.splice(from, 1);
  rest.splice(Math.max(0, Math.min(rest.length, to)), 0, ...taken);
  return rest;
}

/** What is still to be chosen before there is anything to resolve. */
export function missingIn(definition: EditorDefinition): readonly string[] {
  const { preview } = editorText;
  return [
    ...((definition.name ?? definition.id) === '' ? [preview.missingName] : []),
    ...definition.rotations
      .filter((rotation) => rotation.roster?.length === 0)
      .map((rotation) => preview.missingIn(rotation.name ?? rotation.id)),
  ];
}

export type Preview =
  | { readonly kind: 'timeline'; readonly timeline: Timeline }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** The next two weeks by the same resolver as the server's; public holidays of places are not known here. */
export function previewOf(definition: EditorDefinition, people: readonly string[], at: Instant): Preview {
  const made = makeSchedule(definition, {
    people: [...people, ...peopleIn(definition)],
    // A team's members are not known here; the server checks them.
    teamMembers: definition.team === undefined ? null : [],
    holidayCalendar: (id) => ({ id, source: '', dates: [] }),
  });
  if (!made.ok) return { kind: 'problems', problems: made.problems };
  const start = Math.floor(at / HOUR_MS) * HOUR_MS;
  return {
    kind: 'timeline',
    timeline: resolveTimeline(made.value, { start, end: start + PREVIEW_DAYS * DAY_MS }),
  };
}

/** Everybody named, whether they exist or not: the server says who does not. */
function peopleIn({ rotations, overrides = [] }: EditorDefinition): readonly string[] {
  const turns = rotations.flatMap(({ turns: fixed = [] }) => fixed.map(({ person }) => person));
  const rosters = rotations.flatMap(({ roster }): readonly MemberDraft[] =>
    typeof roster === 'object' ? roster : [],
  );
  const dated = overrides.flatMap(({ person, add, remove, replaces }) => [person, add, remove, replaces]);
  return [...turns, ...rosters, ...dated]
    .flat()
    .filter((id): id is string => id !== undefined && id !== 'nobody');
}

/** Whether some of it follows the public holidays of a place. */
export function hasPlaceHolidays(definition: EditorDefinition): boolean {
  return JSON.stringify(definition).includes('"holidays":"');
}

const NEXT = 3;

/** Who comes next in a rotation, in order; who has the running turn only when nobody else does. */
export function nextOf(timeline: Timeline, rotation: string): readonly string[] {
  const names: string[] = [];
  for (const shift of timeline.shifts) {
    if (shift.rotation === rotation && shift.person !== names.at(-1)) names.push(shift.person);
  }
  return names.length === 1 ? names : names.slice(1, NEXT + 1);
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The rotation's handoffs in words: `Hands off every Monday 09:00 London`. */
export function handoffWords(rotation: EditorRotation, scheduleZone: string): string {
  const { says } = editorText;
  const zone = rotation.timeZone ?? scheduleZone;
  const place = placeOf(zone);
  if (rotation.handoffs !== undefined) return says.times(rotation.handoffs.join(', '), place);
  if (rotation.cadence === undefined || rotation.start === undefined) return '';
  const wall = wallOf(rotation.start, zone);
  if (Number.isNaN(wall)) return '';
  const { every, unit } = rotation.cadence;
  const clock = new Date(wall).toISOString().slice(11, 16);
  const date = new Date(wall).toISOString().slice(0, 10);
  const weekday = WEEKDAYS[(((Math.floor(wall / DAY_MS) + 3) % 7) + 7) % 7] ?? '';
  if (unit === 'week') return says.week(every, weekday, `${clock} ${place}`);
  if (unit === 'day') return says.day(every, clock, place);
  if (unit === 'hour') return says.hour(every, clock, place);
  return says.month(every, date, `${clock} ${place}`);
}

/** A start as the local time of a zone, in milliseconds; NaN for what is none. */
function wallOf(start: string, zone: string): number {
  if (/(?:Z|[+-]\d\d:\d\d)$/.test(start)) return isZone(zone) ? toWall(Date.parse(start), zone) : Number.NaN;
  return Date.parse(start.length === 10 ? `${start}T00:00Z` : `${start}Z`);
}

/** A start as an input of local date and time takes it. */
export function startInput(start: string | undefined, zone: string): string {
  const wall = start === undefined ? Number.NaN : wallOf(start, zone);
  return Number.isNaN(wall) ? '' : new Date(wall).toISOString().slice(0, 16);
}
