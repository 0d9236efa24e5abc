import type { Config } from '@watchbill/config';
import type { Interval, PlanFile, PlannedTurn, Schedule } from '@watchbill/core';
import {
  inOrderRotations,
  parseInstant,
  plannedTurnsOf,
  readPlan,
  rotationPlace,
  withPlan,
} from '@watchbill/core';
import { showInstant } from '../format/clock.ts';
import { BadInput } from '../input/bad-input.ts';
import type { Loaded } from '../input/load-config.ts';
import { suggest } from '../input/suggest.ts';
import type { Io } from '../io.ts';
import { schedulesAsFair } from './make-plan-file.ts';
import { planAdvice, unplannedOf } from './unplanned.ts';

/** A plan's file larger than this is not read. */
const PLAN_MAX_BYTES = 64 * 1024 * 1024;

/** Reads a plan. Throws BadInput that says what is wrong with the file. */
export async function readPlanFile(path: string, io: Io): Promise<PlanFile> {
  const bytes = await io.readBytes(path, PLAN_MAX_BYTES);
  const read = readPlan(new TextDecoder().decode(bytes));
  if (read.ok) return read.value;
  const [first] = read.problems;
  const place = first === undefined || first.path.length === 0 ? '' : `${first.path.join('.')}: `;
  throw new BadInput(`${path}: ${place}${first?.message ?? 'this is not a plan.'}`);
}

/** The file with a plan in its fair rotations. Throws BadInput when the plan was made for another file. */
export async function withPlanFile(loaded: Loaded, path: string, io: Io): Promise<Loaded> {
  const plan = await readPlanFile(path, io);
  return { ...loaded, plan, config: planned(loaded.config, plan, { file: loaded.file, path }) };
}

/** A configuration with the turns of a plan in its fair rotations. Throws BadInput when they do not fit together. */
export function planned(
  config: Config,
  plan: PlanFile,
  names: { readonly file: string; readonly path: string },
): Config {
  checkFit(config, plan, names);
  const turns = plannedTurnsOf(plan);
  const schedules = orderBefore(config, plan).map((schedule) => {
    const own = turns.get(schedule.id) ?? new Map<string, PlannedTurn[]>();
    const whole = [...own].map(([id, planned]): [string, PlannedTurn[]] => [
      id,
      [...begunTurns(schedule, id), ...planned],
    ]);
    return withPlan(schedule, new Map(whole));
  });
  return { ...config, schedules };
}

/** Rotations in order that the plan has as fair ones, with the turns of the order that began before it. */
function orderBefore({ schedules }: Config, plan: PlanFile): Schedule[] {
  const from = parseInstant(plan.from) ?? 0;
  return schedulesAsFair(schedules, new Set(plan.asFair), { start: from, end: from });
}

function begunTurns({ rotations }: Schedule, id: string): readonly PlannedTurn[] {
  const strategy = rotations.find((rotation) => rotation.id === id)?.strategy;
  return strategy?.kind === 'fair' ? strategy.turns : [];
}

function checkFit(
  { schedules, people }: Config,
  { units, asFair = [] }: PlanFile,
  { file, path }: { readonly file: string; readonly path: string },
): void {
  const other = `${path} was made for another file than ${file}`;
  const again = 'Make the plan again, with --previous to keep what still stands.';
  const fair = schedules.flatMap(({ id, rotations }) =>
    rotations
      .filter(({ strategy }) => strategy.kind === 'fair')
      .map((rotation) => rotationPlace(id, rotation.id)),
  );
  const inOrder = new Set(inOrderRotations(schedules));
  const ids = new Set(people.map(({ id }) => id));
  const known = {
    people: ids,
    rotations: new Set([...fair, ...asFair.filter((place) => inOrder.has(place))]),
  };
  for (const { schedule, rotation, person } of units) {
    const place = rotationPlace(schedule, rotation);
    if (!known.rotations.has(place)) {
      throw new BadInput(`${other}: there is no fair rotation ${place}.${suggest(place, fair)} ${again}`);
    }
    if (person !== null && !known.people.has(person)) {
      throw new BadInput(
        `${other}: there is no person "${person}".${suggest(person, [...known.people])} ${again}`,
      );
    }
  }
}

/** Throws BadInput that names the command to run when a schedule has fair rotations without a plan. */
export function requirePlan({ file }: Loaded, schedule: Schedule, window: Interval): void {
  if (unplannedOf(schedule).length > 0) {
    throw new BadInput(`${file}, ${planAdvice(file, schedule, { window })}`);
  }
}

/** Says when a window reaches beyond the plan that it is shown with: there its rotations are empty. */
export function noteBeyondPlan({ plan }: Loaded, schedule: Schedule, { window, io }: Beyond): void {
  if (plan === null || !plan.schedules.includes(schedule.id)) return;
  const [from, to] = [parseInstant(plan.from) ?? window.start, parseInstant(plan.to) ?? window.end];
  if (window.start >= from && window.end <= to) return;
  const zone = schedule.timeZone;
  const span = `${showInstant(from, zone)} to ${showInstant(to, zone)} (${zone})`;
  io.stderr(`note: the plan is for turns that begin from ${span}; beyond it nobody is planned.\n`);
}

interface Beyond {
  readonly window: Interval;
  readonly io: Io;
}
