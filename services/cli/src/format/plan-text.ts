import type { PlanChange, PlanFile, PlanFileGap, PlanFileUnit } from '@watchbill/core';
import { parseInstant, spreadOf } from '@watchbill/core';
import type { OrderBeside } from '../plan/order-beside.ts';
import { showInstant } from './clock.ts';
import { coloursFor } from './colours.ts';
import { LOAD_LEGEND, loadTable } from './load-table.ts';
import { orderLines } from './order-beside-text.ts';
import { percentAbove } from './percent.ts';
import { one, ruleWords } from './rule-words.ts';
import { table } from './table.ts';
import { type UnitReading, unitWords } from './unit-words.ts';

export interface PlanReading {
  /** The zone times are shown in, by schedule. */
  readonly zoneOf: (schedule: string) => string;
  readonly nameOf: (person: string) => string;
  readonly colour: boolean;
  /** The width of a line; null for no limit. */
  readonly columns: number | null;
  /** The plan that this one follows; null for a new one. */
  readonly previous: PlanFile | null;
  /** The same turns in the file's own order; null where the file's rotations are fair. */
  readonly beside: OrderBeside | null;
}

/** From here on it is said what the bound leaves out. */
const LOOSE_PERCENT = 1;

/** How many gaps and changes are listed; the JSON has all. */
const MAX_LISTED = 100;
/** How many people are named for a gap. */
const MAX_REFUSED = 30;

/** A plan for people: the table, how fair and how good it is, what is left open, and what has changed. */
export function planText(plan: PlanFile, reading: PlanReading): string {
  const { bold, dim, green } = coloursFor(reading.colour);
  const zone = reading.zoneOf(plan.schedules[0] ?? '');
  const span = `${showInstant(parseInstant(plan.from) ?? 0, zone)} to ${showInstant(parseInstant(plan.to) ?? 0, zone)}`;
  const turns = plan.units.length === 1 ? '1 turn' : `${plan.units.length} turns`;
  const carries = plan.people.some(({ carried }) => carried !== 0);
  return `${[
    `${bold(plan.schedules.join(', '))}  ${turns}, ${span}, ${dim(`times in ${zone}`)}`,
    ...(reading.beside === null ? [] : asFairLines(plan).map(dim)),
    '',
    ...loadTable(plan.people, reading),
    '',
    ...LOAD_LEGEND.map(dim),
    ...(carries ? [dim('± fair counts what people carry over from before.')] : []),
    '',
    ...spreadLines(plan),
    qualityLine(plan),
    ...(plan.gaps.length === 0 ? [green('No gaps.')] : gapLines(plan, reading)),
    ...(reading.beside === null ? [] : ['', ...orderLines(plan, reading.beside, reading)]),
    ...(reading.previous === null ? [] : changeLines(plan, reading)),
  ].join('\n')}\n`;
}

/** That the file says another thing than the plan. */
function asFairLines({ asFair = [] }: PlanFile): string[] {
  const what = asFair.length === 1 ? `Rotation ${asFair[0]} goes` : `${asFair.length} rotations go`;
  return [
    `${what} in order in the file. This is a fair plan of the same turns`,
    'and people; what the order gives stands below. To have it on a server, write',
    '"strategy: fair" in the rotations.',
  ];
}

/** How even the loads are, each for a full share. */
function spreadLines({ people }: PlanFile): string[] {
  const counted = people.filter(({ share }) => share > 0.01);
  const { range, variationPercent, gini } = spreadOf(counted.map(({ level }) => level));
  if (counted.some(({ carried }) => carried !== 0)) {
    const before = spreadOf(counted.map(({ carried, share }) => carried / share)).range;
    return [
      `Spread of what people carry, for a full share, from least to most: ${one(before)} burden-hours before, ` +
        `${one(range)} after.`,
    ];
  }
  return [
    `Spread of the load, for a full share: ${one(range)} burden-hours from least to most, ` +
      `variation ${one(variationPercent)} %, Gini ${gini.toFixed(3)}.`,
  ];
}

function qualityLine({ value, bound, parts, changes, gaps, exact }: PlanFile): string {
  if (bound !== null && bound > 0) {
    const percent = Math.max(0, (100 * (value - bound)) / bound);
    const shown = percentAbove(value, bound);
    const loose =
      percent < LOOSE_PERCENT ? '' : ' The bound knows no rest and no limits, so that some of it is theirs.';
    const given = gaps.length === 0 ? '' : ' with these turns open';
    return `Within ${shown} % of the provable optimum${given}.${loose}`;
  }
  const forced = parts.reduce((sum, part) => sum + part.forced, 0);
  if (changes.length === 0) return 'Nothing had to change.';
  return exact?.fewestChanges === 'proven' || changes.length === forced
    ? 'No plan changes fewer turns: proven.'
    : `At least ${forced} of the changes had to be, whatever is planned.`;
}

function readUnits(plan: PlanFile, previous: PlanFile | null): ReadonlyMap<string, PlanFileUnit> {
  const units = [...(previous?.units ?? []), ...plan.units];
  return new Map(units.map((unit) => [unit.unit, unit]));
}

function gapLines(plan: PlanFile, reading: PlanReading): string[] {
  const { red } = coloursFor(reading.colour);
  const units: UnitReading = { units: readUnits(plan, reading.previous), zoneOf: reading.zoneOf };
  const shown = plan.gaps.slice(0, MAX_LISTED);
  const more = plan.gaps.length - shown.length;
  return [
    red(plan.gaps.length === 1 ? '1 turn has nobody:' : `${plan.gaps.length} turns have nobody:`),
    ...shown.flatMap((gap) => [
      `  ${unitWords(gap.unit, units)}${gap.proof === 'unavoidable' ? ', proven unavoidable' : ''}`,
      ...refusedLines(gap, units, reading),
    ]),
    ...(more > 0 ? [`  … and ${more} more; --format json has all.`] : []),
    ...(plan.gaps.every(({ proof }) => proof === 'unavoidable')
      ? []
      : ['Whether another plan could leave fewer open is not proven.']),
    ...new Set(plan.gaps.flatMap(({ words }) => (words == null ? [] : [words]))),
  ];
}

function refusedLines({ refused }: PlanFileGap, units: UnitReading, { nameOf }: PlanReading): string[] {
  if (refused.length === 0) return ['    nobody is in the roster'];
  const lines = refused
    .filter(({ rule }) => rule !== 'not-eligible')
    .slice(0, MAX_REFUSED)
    .map(({ person, rule, unit }) => {
      const beside = unit === null ? '' : ` (${unitWords(unit, units)})`;
      return [`${nameOf(person)}:`, `${ruleWords(rule)}${beside}`];
    });
  return table(lines).map((line) => `    ${line}`);
}

function changeLines(plan: PlanFile, reading: PlanReading): string[] {
  const { changes } = plan;
  if (changes.length === 0) return ['', 'No turn changes hands.'];
  const units: UnitReading = { units: readUnits(plan, reading.previous), zoneOf: reading.zoneOf };
  const shown = changes.slice(0, MAX_LISTED);
  const more = changes.length - shown.length;
  const rows = shown.map((change) => changeRow(change, units, reading));
  return [
    '',
    changes.length === 1 ? '1 turn changes hands:' : `${changes.length} turns change hands:`,
    ...table(rows).map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${more} more; --format json has all.`] : []),
    '',
    'By person:',
    ...byPerson(changes, reading).map((line) => `  ${line}`),
  ];
}

function changeRow(change: PlanChange, units: UnitReading, { nameOf }: PlanReading): string[] {
  const { unit, from, to, reason, rule } = change;
  const why = rule === null ? '' : `: ${nameOf(from)} is refused, ${ruleWords(rule)}`;
  const to_ = to === null ? 'nobody' : nameOf(to);
  return [unitWords(unit, units), `${nameOf(from)} → ${to_}`, `${REASONS[reason]}${why}`];
}

const REASONS: Readonly<Record<PlanChange['reason'], string>> = {
  forced: 'forced',
  consequential: 'consequential, to make room',
  chosen: 'chosen, fairer so',
};

function byPerson(changes: readonly PlanChange[], { nameOf }: PlanReading): string[] {
  const counts = new Map<string, { more: number; fewer: number }>();
  const count = (person: string, key: 'more' | 'fewer'): void => {
    const own = counts.get(person) ?? { more: 0, fewer: 0 };
    own[key] += 1;
    counts.set(person, own);
  };
  for (const { from, to } of changes) {
    count(from, 'fewer');
    if (to !== null) count(to, 'more');
  }
  const words = (number: number, word: string): string =>
    number === 0 ? '' : `${number} ${number === 1 ? 'turn' : 'turns'} ${word}`;
  const rows = [...counts]
    .sort(([a], [b]) => (nameOf(a) < nameOf(b) ? -1 : 1))
    .map(([person, { more, fewer }]) => [
      `${nameOf(person)}:`,
      [words(fewer, 'fewer'), words(more, 'more')].filter((text) => text !== '').join(', '),
    ]);
  return table(rows);
}
