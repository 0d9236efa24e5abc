import type { Explanation, Instant, OnCall, Override, PlanFileUnit, Schedule } from '@watchbill/core';
import { DAY_MS, formatInstant, onCallAt, rotationPlace } from '@watchbill/core';
import type { Command } from 'commander';
import { showInstant } from '../format/clock.ts';
import { coloursFor } from '../format/colours.ts';
import { explanationLines, fairBesideLines } from '../format/explanation-text.ts';
import { type OrderReading, overrideWords, rotationWords } from '../format/order-words.ts';
import { one } from '../format/rule-words.ts';
import { type UnitReading, unitWords } from '../format/unit-words.ts';
import type { Loaded } from '../input/load-config.ts';
import { loadConfig } from '../input/load-config.ts';
import { pickById } from '../input/pick-by-id.ts';
import { readWhen } from '../input/read-when.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, PLAN_HELP, WHEN_HELP, withFormats, withTimeZone } from '../options.ts';
import { coverBurden } from '../plan/cover-burden.ts';
import { explainOrder } from '../plan/explain-order.ts';
import { explainTurn, turnsAt } from '../plan/explain-turn.ts';
import { noteBeyondPlan, requirePlan, withPlanFile } from '../plan/load-plan.ts';

interface ExplainOptions {
  readonly schedule?: string;
  readonly at?: string;
  readonly plan?: string;
  readonly format: Format;
  readonly timeZone?: string;
}

const SECOND_MS = 1_000;
const PLAN_AHEAD_DAYS = 28;

/** `watchbill explain`: why somebody is on call. */
export function addExplain(program: Command, { io, done }: Host): void {
  const command = program
    .command('explain')
    .description(
      'say why somebody is on call: which rule, turn or price decides, and what keeps the others from it',
    )
    .argument('<file>', FILE_HELP)
    .option('--schedule <id>', 'which schedule (default: the only one)')
    .option('--at <when>', `${WHEN_HELP} (default: now)`)
    .option('--plan <file>', PLAN_HELP);
  withTimeZone(withFormats(command, ['text', 'json'])).action(async (file: string, options: ExplainOptions) =>
    done(await explain(file, options, io)),
  );
}

async function explain(path: string, options: ExplainOptions, io: Io): Promise<number> {
  const bare = await loadConfig(path, [options.at], io);
  const loaded = options.plan === undefined ? bare : await withPlanFile(bare, options.plan, io);
  const where = loaded.file;
  const schedule = pickById(loaded.config.schedules, options.schedule, { what: 'schedule', where });
  const now = Math.floor(io.now() / SECOND_MS) * SECOND_MS;
  const at = options.at === undefined ? now : readWhen(options.at, schedule.timeZone, '--at');
  requirePlan(loaded, schedule, { start: at, end: at + PLAN_AHEAD_DAYS * DAY_MS });
  noteBeyondPlan(loaded, schedule, { window: { start: at, end: at + SECOND_MS }, io });
  const cases = casesOf(loaded, schedule, at);
  if (options.format === 'json') {
    io.stdout(`${JSON.stringify(explainJson(schedule, at, cases), null, 2)}\n`);
  } else {
    io.stdout(explainText({ loaded, schedule, at, options, io }, cases));
  }
  return EXIT_OK;
}

/** One person on call, or one open turn, with the turn of the plan that decides; null where no plan does. */
interface Case {
  readonly onCall: OnCall | null;
  readonly unit: PlanFileUnit | null;
  /** Of a turn in order: what the planner would weigh. */
  readonly explanation: Explanation | null;
}

function casesOf({ config, plan }: Loaded, schedule: Schedule, at: Instant): Case[] {
  const units = plan === null ? [] : turnsAt(plan, schedule.id, at);
  const explained = (unit: PlanFileUnit | null): Explanation | null =>
    unit === null || plan === null ? null : explainTurn(config, plan, unit.unit);
  const inOrder = ({ rotation, person }: OnCall): Explanation | null =>
    rotation === null
      ? null
      : (explainOrder(config, { schedule, rotation, person }, at)?.explanation ?? null);
  const staffed = onCallAt(schedule, at).map((onCall): Case => {
    const unit =
      units.find(({ rotation, person }) => rotation === onCall.rotation && person === onCall.person) ?? null;
    return { onCall, unit, explanation: unit === null ? inOrder(onCall) : explained(unit) };
  });
  const open = units
    .filter(({ person }) => person === null)
    .map((unit): Case => ({ onCall: null, unit, explanation: explained(unit) }));
  return [...staffed, ...open];
}

function explainJson(schedule: Schedule, at: Instant, cases: readonly Case[]): object {
  return {
    schedule: schedule.id,
    at: formatInstant(at),
    shifts: cases.map(({ onCall, unit, explanation }) => ({
      role: onCall?.role ?? unit?.role ?? null,
      person: onCall?.person ?? null,
      since: onCall?.since == null ? null : formatInstant(onCall.since),
      until: onCall?.until == null ? null : formatInstant(onCall.until),
      rotation: onCall?.rotation ?? unit?.rotation ?? null,
      override: onCall?.override ?? null,
      unit: unit?.unit ?? null,
      candidates: explanation?.candidates ?? [],
      refused: explanation?.refused ?? [],
    })),
  };
}

interface Telling {
  readonly loaded: Loaded;
  readonly schedule: Schedule;
  readonly at: Instant;
  readonly options: ExplainOptions;
  readonly io: Io;
}

function explainText(telling: Telling, cases: readonly Case[]): string {
  const { schedule, at, options, io } = telling;
  const zone = options.timeZone ?? schedule.timeZone;
  const { bold, dim } = coloursFor(io.colour);
  const title = `${bold(schedule.id)}  ${showInstant(at, zone)}, ${dim(`times in ${zone}`)}`;
  if (cases.length === 0)
    return `${title}\n\nNobody is on call: no rotation has a turn with somebody then.\n`;
  const parts = cases.map((one) => caseLines(one, telling, zone).join('\n'));
  return `${[title, ...parts].join('\n\n')}\n`;
}

/** Whose planned turns the person of an override stands, and what that weighs for both. */
function coveredWords(
  telling: Telling,
  of: { readonly override: Override; readonly onCall: OnCall },
  zone: string,
): string[] {
  const { override, onCall } = of;
  const { loaded, schedule, at } = telling;
  const { config, plan, nameOf } = loaded;
  if (plan === null) return [];
  const units = new Map(plan.units.map((unit) => [unit.unit, unit]));
  return turnsAt(plan, schedule.id, at)
    .filter(({ role, person }) => role === override.role && person !== null && person !== onCall.person)
    .filter(({ person }) => override.replaces === null || override.replaces === person)
    .flatMap(({ unit, person }) => {
      const holder = nameOf(person ?? '');
      const weighs = coverBurden(config, {
        override,
        unit: units.get(unit),
        people: [onCall.person, person ?? ''],
      });
      const words = weighs.map((weight) =>
        weight === null ? 'an unknown burden' : `${one(weight)} burden-hours`,
      );
      return [
        `By the plan the turn is that of ${holder}: ${unitWords(unit, { units, zoneOf: () => zone })}.`,
        `This part weighs ${words[0]} for ${nameOf(onCall.person)}; for ${holder} it would be ${words[1]}.`,
        ...explainedBeside(loaded, unit, person),
      ];
    });
}

/** Why the planner gave a turn to whoever holds it, in a line. */
function explainedBeside({ config, plan, nameOf }: Loaded, unit: string, person: string | null): string[] {
  const explanation = plan === null ? null : explainTurn(config, plan, unit);
  const first = explanation?.candidates[0];
  if (first === undefined || person === null) return [];
  return first.person === person
    ? [`The planner gave it to ${nameOf(person)}: it weighs least for them.`]
    : [`With the rest as planned it would weigh least for ${nameOf(first.person)} now.`];
}

function caseLines({ onCall, unit, explanation }: Case, telling: Telling, zone: string): string[] {
  const { loaded, schedule, at, io } = telling;
  const { bold } = coloursFor(io.colour);
  const role = onCall?.role ?? unit?.role ?? '';
  const who = onCall === null ? 'nobody' : loaded.nameOf(onCall.person);
  const until = onCall?.until == null ? '' : `, up to ${showInstant(onCall.until, zone)}`;
  const heading = bold(`${role}: ${who}${until}`);
  const reading: OrderReading = { schedule, at, zone, nameOf: loaded.nameOf };
  const override = schedule.overrides.find(({ id }) => id === onCall?.override);
  if (override !== undefined && onCall !== null) {
    return [
      heading,
      ...overrideWords(override, reading),
      ...coveredWords(telling, { override, onCall }, zone),
    ];
  }
  const units: UnitReading = {
    units: new Map((loaded.plan?.units ?? []).map((one) => [one.unit, one])),
    zoneOf: () => zone,
  };
  if (unit !== null) {
    if (explanation === null) return [heading, 'The file does not ask for this turn any more; plan again.'];
    const isAsFair = loaded.plan?.asFair?.includes(rotationPlace(unit.schedule, unit.rotation)) === true;
    return [heading, ...explanationLines(explanation, unit, { units, nameOf: loaded.nameOf, isAsFair })];
  }
  const rotation = schedule.rotations.find(({ id }) => id === onCall?.rotation);
  if (rotation === undefined || onCall === null) return [heading];
  const fair =
    explanation === null ? [] : fairBesideLines(explanation, onCall, { units, nameOf: loaded.nameOf });
  return [heading, ...rotationWords(rotation, onCall, reading), ...fair];
}
