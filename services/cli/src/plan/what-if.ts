import type { Config, ConfigModel } from '@watchbill/config';
import { buildConfig, formatPath } from '@watchbill/config';
import type { DayName } from '@watchbill/core';
import { DAY_NAMES, isZone, knownZones, nearest, parseClock } from '@watchbill/core';
import { BadInput } from '../input/bad-input.ts';
import { suggest } from '../input/suggest.ts';

/** What a simulation changes on its copy of a file. */
export interface WhatIf {
  /** Only this schedule; null for all. */
  readonly only: string | null;
  /** Only these rotations get other handoffs and hours; empty for all that have such. */
  readonly rotations: readonly string[];
  readonly drop: readonly string[];
  readonly add: readonly Newcomer[];
  readonly handoffs: readonly string[] | null;
  readonly hours: HoursWish | null;
}

export interface Newcomer {
  readonly id: string;
  readonly timeZone: string;
}

export type HoursWish =
  | 'all'
  | 'core'
  | 'non-core'
  | readonly { readonly days?: readonly DayName[]; readonly from: string; readonly to: string }[];

type ScheduleModel = NonNullable<ConfigModel['schedules']>[number];
type RotationModel = NonNullable<ScheduleModel['rotations']>[number];
type OverrideModel = NonNullable<ScheduleModel['overrides']>[number];

/**
 * The configuration with the changes of a simulation. Throws BadInput for a change that changes nothing, and for
 * one that makes the file invalid.
 */
export function whatIf(config: Config, change: WhatIf, from: { readonly file: string }): Config {
  const model = config.source;
  checkPeople(config, change, from.file);
  const teams = new Set(
    (model.schedules ?? []).filter((one) => isAsked(one, change)).map((schedule) => schedule.team),
  );
  const changed = {
    ...model,
    people: [...(model.people ?? []), ...change.add.map(({ id, timeZone }) => ({ id, name: id, timeZone }))],
    teams: (model.teams ?? []).map((team) =>
      teams.has(team.id) ? { ...team, members: withPeople(team.members, change) } : team,
    ),
    schedules: (model.schedules ?? []).map((schedule) =>
      isAsked(schedule, change) ? changedSchedule(schedule, change) : schedule,
    ),
  };
  const built = buildConfig(changed, { file: 'the copy' });
  if (built.ok) return built.config;
  const reasons = built.errors.map(({ path, message }) => `  ${formatPath(path.split('.'))}: ${message}`);
  throw new BadInput(
    `With these changes the file is not valid any more:\n${reasons.slice(0, 10).join('\n')}`,
  );
}

function isAsked({ id }: { readonly id: string }, { only }: WhatIf): boolean {
  return only === null || id === only;
}

function checkPeople({ people, source }: Config, change: WhatIf, file: string): void {
  const ids = people.map(({ id }) => id);
  for (const id of change.drop) {
    if (!ids.includes(id)) throw new BadInput(`--drop: ${file} has no person "${id}".${suggest(id, ids)}`);
  }
  for (const { id } of change.add) {
    if (ids.includes(id)) throw new BadInput(`--add: ${file} has a person "${id}" already; take another id.`);
  }
  const rotations = (source.schedules ?? [])
    .filter((schedule) => isAsked(schedule, change))
    .flatMap((schedule) => schedule.rotations ?? []);
  const known = rotations.map(({ id }) => id);
  for (const id of change.rotations) {
    if (!known.includes(id)) throw new BadInput(`--rotation: no rotation "${id}".${suggest(id, known)}`);
  }
  const named = rotations.filter((rotation) => isNamed(rotation, change));
  if (change.handoffs !== null && !named.some((rotation) => changesHandoffs(rotation, change))) {
    throw new BadInput(
      change.handoffs.length > 1
        ? '--handoffs: several times a day are for fair rotations with handoffs, or for a fair one that you name ' +
            'with --rotation. Turns in order and by a cadence change at one time: give one, such as 10:00.'
        : '--handoffs: no rotation has turns that change at a time of day: fixed turns and turns of hours do not.',
    );
  }
  if (change.hours !== null && named.length > 1) {
    throw new BadInput(`--hours: say which rotation with --rotation. Known: ${known.join(', ')}.`);
  }
}

function isNamed({ id }: RotationModel, { rotations }: WhatIf): boolean {
  return rotations.length === 0 || rotations.includes(id);
}

/** Whether a rotation gets the times as its handoffs, in the place of a cadence if it has one. */
function takesHandoffs(rotation: RotationModel, { rotations, handoffs }: WhatIf): boolean {
  if (rotation.strategy !== 'fair') return false;
  if (rotation.handoffs !== undefined) return true;
  return rotations.includes(rotation.id) && (handoffs?.length ?? 0) > 1;
}

/** Where the turns of a cadence begin at the one time that was asked for; null for turns of hours and fixed ones. */
function movedStart(rotation: RotationModel, { handoffs }: WhatIf): string | null {
  if (rotation.strategy === 'fixed' || handoffs?.length !== 1) return null;
  const { cadence, start } = rotation;
  if (cadence === undefined || cadence.unit === 'hour' || start === undefined) return null;
  return `${start.slice(0, '2026-11-30'.length)}T${handoffs[0]}`;
}

function changesHandoffs(rotation: RotationModel, change: WhatIf): boolean {
  return takesHandoffs(rotation, change) || movedStart(rotation, change) !== null;
}

function changedSchedule(schedule: ScheduleModel, change: WhatIf): object {
  return {
    ...schedule,
    rotations: (schedule.rotations ?? []).map((rotation) => changedRotation(rotation, change)),
    ...(schedule.overrides === undefined
      ? {}
      : { overrides: schedule.overrides.filter((override) => !namesDropped(override, change)) }),
  };
}

/** An override for somebody who is dropped makes no sense any more. */
function namesDropped({ person, add, remove, replaces }: OverrideModel, { drop }: WhatIf): boolean {
  return [person, add, remove, replaces].flat().some((id) => id !== undefined && drop.includes(id));
}

function changedRotation(rotation: RotationModel, change: WhatIf): object {
  const named = isNamed(rotation, change);
  const hours = change.hours !== null && named ? { hours: change.hours } : {};
  if (rotation.strategy === 'fixed') {
    const kept = rotation.turns.filter(
      ({ person }) => ![person].flat().some((id) => change.drop.includes(id)),
    );
    return { ...rotation, ...hours, turns: kept };
  }
  const roster = rotation.roster === 'team' ? 'team' : changedRoster(rotation.roster, change);
  if (change.handoffs === null || !named || !changesHandoffs(rotation, change))
    return { ...rotation, ...hours, roster };
  if (!takesHandoffs(rotation, change))
    return { ...rotation, ...hours, roster, start: movedStart(rotation, change) };
  const { cadence: _cadence, start: _start, ...rest } = rotation as Record<string, unknown>;
  return { ...rest, ...hours, roster, handoffs: change.handoffs };
}

function changedRoster(
  roster: readonly (string | readonly string[])[],
  change: WhatIf,
): (string | readonly string[])[] {
  const kept = roster.flatMap((member): (string | readonly string[])[] => {
    if (typeof member === 'string') return change.drop.includes(member) ? [] : [member];
    const group = member.filter((id) => !change.drop.includes(id));
    return group.length === 0 ? [] : [group];
  });
  return [...kept, ...change.add.map(({ id }) => id)];
}

function withPeople(members: readonly string[], { drop, add }: WhatIf): string[] {
  return [...members.filter((id) => !drop.includes(id)), ...add.map(({ id }) => id)];
}

/** Reads `ID:ZONE`. Throws BadInput. */
export function readNewcomer(text: string): Newcomer {
  const [, id, timeZone] = /^([^:]+):(.+)$/.exec(text.trim()) ?? [];
  if (id === undefined || timeZone === undefined) {
    throw new BadInput(`--add: "${text}" is not ID:ZONE. Write one such as zoe:Europe/Berlin.`);
  }
  if (isZone(timeZone)) return { id, timeZone };
  const near = nearest(timeZone, knownZones());
  const hint = near === null ? 'Write one such as Europe/London or UTC.' : `Did you mean "${near}"?`;
  throw new BadInput(`--add: "${timeZone}" is not an IANA time zone. ${hint}`);
}

/** Reads `07:00,19:00`. Throws BadInput. */
export function readHandoffs(text: string): string[] {
  return text.split(',').map((part) => {
    const clock = part.trim();
    const minute = parseClock(clock);
    if (minute !== null && minute < 1440) return clock;
    throw new BadInput(`--handoffs: "${clock}" is not a time of day. Write them as 07:00,19:00.`);
  });
}

/** Reads `all`, `core`, `non-core`, or windows such as `mon-fri 09:00-17:00; sat,sun 10:00-16:00`. Throws BadInput. */
export function readHours(text: string): HoursWish {
  const trimmed = text.trim();
  if (trimmed === 'all' || trimmed === 'core' || trimmed === 'non-core') return trimmed;
  return trimmed.split(';').map((part) => {
    const [, days, from, to] = /^\s*(?:([a-z,-]+)\s+)?(\d\d:\d\d)\s*-\s*(\d\d:\d\d)\s*$/.exec(part) ?? [];
    const named = days === undefined ? undefined : daysOf(days);
    if (from === undefined || to === undefined || named === null) {
      throw new BadInput(
        `--hours: "${part.trim()}" is not a window. Write all, core, non-core, or windows such as ` +
          '"mon-fri 09:00-17:00; sat,sun 10:00-16:00".',
      );
    }
    return { ...(named === undefined ? {} : { days: named }), from, to };
  });
}

/** `mon-fri` or `sat,sun`; null for anything else. */
function daysOf(text: string): DayName[] | null {
  const days: DayName[] = [];
  for (const part of text.split(',')) {
    const [first, last] = part.split('-').map((name) => DAY_NAMES.indexOf(name as DayName));
    if (first === undefined || first < 0 || (last !== undefined && last < first)) return null;
    days.push(...DAY_NAMES.slice(first, (last ?? first) + 1));
  }
  return days;
}
