import { DAY_MS, HOUR_MS, type Interval } from '../time/interval.ts';
import type { Compiled } from './compile.ts';
import { SHADOW_ROLE } from './pairs.ts';
import { brokenLimit } from './rules.ts';
import { EMPTY, give, type State, take } from './state.ts';

/**
 * A mixed-integer program as plain arrays: minimise `cost · x` with `rowLower ≤ A x ≤ rowUpper` and `0 ≤ x ≤ 1`,
 * `x` whole where `integer` is 1. The rows are compressed: row r has `values[k]` in `columns[k]` for k from
 * `rowStarts[r]` up to, not including, `rowStarts[r + 1]`.
 */
export interface RepairModel {
  readonly columnCount: number;
  readonly rowCount: number;
  readonly cost: Float64Array;
  readonly integer: Uint8Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  readonly rowStarts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
  /** What each column means: unit `unit` goes to person `person`; person −1 is a gap, unit −1 a helper. */
  readonly person: Int32Array;
  readonly unit: Int32Array;
  /** What one unit of the cost of a `gaps` model is worth as a gap price. */
  readonly gapUnit: number;
}

/** What a solver found. Only `optimal` counts: proven, with no tolerated gap. */
export interface RepairSolution {
  readonly status: 'optimal' | 'infeasible' | 'unknown';
  readonly values: ArrayLike<number>;
}

/** Solves a model to the proven optimum. It may take seconds and should run where it blocks nobody. */
export type ExactSolver = (model: RepairModel) => Promise<RepairSolution>;

/**
 * What a model minimises: uncovered time, or changes with no more uncovered time than `gaps` (a price). Only what costs
 * less than `below` counts: a model without such an answer is infeasible, which is proven sooner than a least value.
 */
export type RepairGoal =
  | { readonly kind: 'gaps'; readonly below?: number }
  | { readonly kind: 'changes'; readonly gaps: number; readonly below?: number };

const WEEK_MS = 7 * DAY_MS;

interface Building {
  readonly state: State;
  readonly compiled: Compiled;
  readonly units: readonly number[];
  /** Column of a person and unit, by `person * unitCount + unit`. */
  readonly columnOf: Map<number, number>;
  /** The greatest common divisor of the gap prices: solvers like small numbers. */
  readonly gapUnit: number;
  readonly cost: number[];
  readonly integer: number[];
  readonly person: number[];
  readonly unit: number[];
  readonly rowLower: number[];
  readonly rowUpper: number[];
  readonly rowStarts: number[];
  readonly columns: number[];
  readonly values: number[];
}

/**
 * The ways to fill some units with all else fixed, as a program for a solver. The units are taken away while it is
 * built and given back. Numbers of columns grow with people × units.
 */
export function buildRepairModel(state: State, units: readonly number[], goal: RepairGoal): RepairModel {
  const held = units.map((u) => state.holder[u] as number);
  for (const u of units) if (state.holder[u] !== EMPTY) take(state, u);
  const building = emptyBuilding(state, units);
  addColumns(building, goal);
  for (let i = 0; i < building.compiled.personCount; i += 1) {
    addConflictRows(building, i);
    building.compiled.ruleSets.forEach((_, set) => {
      addWeekRows(building, i, set);
      addRunRows(building, i, { set, kind: 'days' });
      addRunRows(building, i, { set, kind: 'nights' });
      addRunRows(building, i, { set, kind: 'weekends' });
      addShareRow(building, i, set);
    });
  }
  if (goal.kind === 'changes') addGapRow(building, goal.gaps);
  if (goal.below !== undefined)
    addCostRow(building, goal.kind === 'gaps' ? goal.below / building.gapUnit : goal.below);
  units.forEach((u, k) => {
    if (held[k] !== EMPTY) give(state, held[k] as number, u);
  });
  return finish(building);
}

function emptyBuilding(state: State, units: readonly number[]): Building {
  return {
    state,
    compiled: state.compiled,
    units: [...units].sort((a, b) => a - b),
    columnOf: new Map(),
    gapUnit: units.reduce((all, u) => divisor(all, gapPriceOf(state.compiled, u)), 0) || 1,
    cost: [],
    integer: [],
    person: [],
    unit: [],
    rowLower: [],
    rowUpper: [],
    rowStarts: [0],
    columns: [],
    values: [],
  };
}

/** What it costs to leave a unit empty; a shadow's seat may be. */
function gapPriceOf({ gapPrice, units }: Compiled, u: number): number {
  return units[u]?.role === SHADOW_ROLE ? 0 : (gapPrice[u] as number);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function finish(building: Building): RepairModel {
  return {
    columnCount: building.cost.length,
    rowCount: building.rowLower.length,
    cost: Float64Array.from(building.cost),
    integer: Uint8Array.from(building.integer),
    rowLower: Float64Array.from(building.rowLower),
    rowUpper: Float64Array.from(building.rowUpper),
    rowStarts: Int32Array.from(building.rowStarts),
    columns: Int32Array.from(building.columns),
    values: Float64Array.from(building.values),
    person: Int32Array.from(building.person),
    unit: Int32Array.from(building.unit),
    gapUnit: building.gapUnit,
  };
}

function addColumn(
  building: Building,
  of: { readonly person: number; readonly unit: number; readonly cost: number; readonly integer: 0 | 1 },
): number {
  building.cost.push(of.cost);
  building.integer.push(of.integer);
  building.person.push(of.person);
  building.unit.push(of.unit);
  return building.cost.length - 1;
}

function addRow(
  building: Building,
  bounds: readonly [number, number],
  terms: readonly (readonly [number, number])[],
) {
  building.rowLower.push(bounds[0]);
  building.rowUpper.push(bounds[1]);
  for (const [column, value] of terms) {
    building.columns.push(column);
    building.values.push(value);
  }
  building.rowStarts.push(building.columns.length);
}

/** A column for each person who could hold a unit beside what is fixed, and one for nobody; exactly one of them is 1. */
function addColumns(building: Building, goal: RepairGoal): void {
  const { state, compiled, units } = building;
  for (const u of units) {
    const terms: [number, number][] = [];
    for (let i = 0; i < compiled.personCount; i += 1) {
      if (!isFree(state, i, u)) continue;
      const cost =
        goal.kind === 'gaps' || compiled.previous[u] === i ? 0 : (compiled.changePrice[u] as number);
      const column = addColumn(building, { person: i, unit: u, cost, integer: 1 });
      building.columnOf.set(i * compiled.unitCount + u, column);
      terms.push([column, 1]);
    }
    const cost =
      goal.kind === 'gaps' ? gapPriceOf(compiled, u) / building.gapUnit : (compiled.changePrice[u] as number);
    terms.push([addColumn(building, { person: EMPTY, unit: u, cost, integer: 1 }), 1]);
    addRow(building, [1, 1], terms);
  }
}

/** Whether a person could hold a unit beside what is fixed. Whatever breaks a rule alone breaks it with more too. */
function isFree(state: State, i: number, u: number): boolean {
  const c = state.compiled;
  if (c.blocked[i * c.unitCount + u] !== 0) return false;
  for (const v of c.conflicts[u] as Int32Array) if (state.holder[v] === i) return false;
  return brokenLimit(state, i, u) === null;
}

/** At most one of the units that collide with each other: in groups as large as they come, which solve faster. */
function addConflictRows(building: Building, i: number): void {
  const { compiled, columnOf, units } = building;
  const own = units.filter((u) => columnOf.has(i * compiled.unitCount + u));
  const done = new Set<string>();
  for (const u of own) {
    const later = own.filter((v) => v > u && collide(compiled, u, v));
    while (later.some((v) => !done.has(`${u} ${v}`))) {
      const first = later.find((v) => !done.has(`${u} ${v}`)) as number;
      const group = [u, first];
      for (const v of later)
        if (v !== first && group.every((w) => w === v || collide(compiled, v, w))) group.push(v);
      for (const a of group) for (const b of group) if (a < b) done.add(`${a} ${b}`);
      const terms = group.map((v) => [columnOf.get(i * compiled.unitCount + v) as number, 1] as const);
      addRow(building, [Number.NEGATIVE_INFINITY, 1], terms);
    }
  }
}

function collide({ conflicts }: Compiled, u: number, v: number): boolean {
  const list = conflicts[u] as Int32Array;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as number) < v) low = middle + 1;
    else high = middle;
  }
  return list[low] === v;
}

/** The units of one rule set that person i could get here, with their columns. */
function ownColumns(
  building: Building,
  i: number,
  set: number,
): { readonly u: number; readonly column: number }[] {
  const { compiled, columnOf, units } = building;
  return units.flatMap((u) => {
    const column = columnOf.get(i * compiled.unitCount + u);
    return column === undefined || compiled.ruleSetOf[u] !== set ? [] : [{ u, column }];
  });
}

/** Units and hours in any seven days, counted by starts: weeks that begin with a unit, new or fixed. */
function addWeekRows(building: Building, i: number, set: number): void {
  const { compiled, state } = building;
  const { maxUnitsIn7Days, maxHoursIn7Days } = compiled.ruleSets[set] ?? {};
  const limits = [
    { most: maxUnitsIn7Days ?? null, weight: () => 1 },
    { most: maxHoursIn7Days ?? null, weight: (u: number) => compiled.hours[u] as number },
  ];
  const own = ownColumns(building, i, set);
  const fixed = (state.held[i] as number[]).filter((u) => compiled.ruleSetOf[u] === set);
  const startOf = (u: number): number => compiled.hullStart[u] as number;
  const starts = new Set([...own.map(({ u }) => startOf(u)), ...fixed.map(startOf)]);
  for (const { most, weight } of limits) {
    if (most === null) continue;
    for (const from of starts) {
      const isIn = (u: number): boolean => startOf(u) >= from && startOf(u) < from + WEEK_MS;
      const terms = own.filter(({ u }) => isIn(u)).map(({ u, column }) => [column, weight(u)] as const);
      const taken = fixed.filter(isIn).reduce((sum, u) => sum + weight(u), 0);
      const whole = terms.reduce((sum, [, value]) => sum + value, taken);
      if (terms.length > 0 && whole > most)
        addRow(building, [Number.NEGATIVE_INFINITY, Math.max(0, most - taken)], terms);
    }
  }
}

const RUNS = {
  days: { rule: 'maxConsecutiveDays', by: 'daysOf' },
  nights: { rule: 'maxConsecutiveNights', by: 'nightsOf' },
  weekends: { rule: 'maxConsecutiveWeekends', by: 'weekendsOf' },
} as const;

/** No run of local days, nights or weekends longer than the rule: of any n + 1 in a row, one stays free. */
function addRunRows(
  building: Building,
  i: number,
  of: { readonly set: number; readonly kind: keyof typeof RUNS },
): void {
  const { compiled, state } = building;
  const { rule, by } = RUNS[of.kind];
  const most = compiled.ruleSets[of.set]?.[rule];
  if (most === null || most === undefined) return;
  const touched = compiled[by][compiled.profileOf[i] as number] ?? [];
  const byDay = new Map<number, number[]>();
  for (const { u, column } of ownColumns(building, i, of.set)) {
    for (const day of touched[u] as Int32Array) byDay.set(day, [...(byDay.get(day) ?? []), column]);
  }
  const fixed = new Set<number>();
  for (const u of state.held[i] as number[]) {
    if (compiled.ruleSetOf[u] === of.set) for (const day of touched[u] as Int32Array) fixed.add(day);
  }
  const used = new Map<number, number>();
  for (const [day, columns] of byDay) {
    if (fixed.has(day)) continue;
    const helper = addColumn(building, { person: EMPTY, unit: EMPTY, cost: 0, integer: 0 });
    used.set(day, helper);
    for (const column of columns) {
      addRow(
        building,
        [0, Number.POSITIVE_INFINITY],
        [
          [helper, 1],
          [column, -1],
        ],
      );
    }
  }
  const firsts = new Set(
    [...byDay.keys()].flatMap((day) => Array.from({ length: most + 1 }, (_, k) => day - k)),
  );
  for (const first of firsts) {
    const days = Array.from({ length: most + 1 }, (_, k) => first + k);
    if (!days.every((day) => fixed.has(day) || used.has(day))) continue;
    const open = days.filter((day) => !fixed.has(day));
    const terms = open.map((day) => [used.get(day) as number, 1] as const);
    if (terms.length > 0) addRow(building, [Number.NEGATIVE_INFINITY, terms.length - 1], terms);
  }
}

function addShareRow(building: Building, i: number, set: number): void {
  const { compiled, state } = building;
  const percent = compiled.ruleSets[set]?.maxSharePercent ?? null;
  if (percent === null) return;
  const { start, end }: Interval = compiled.problem.horizon;
  const most = (((end - start) / HOUR_MS) * percent) / 100;
  const taken = state.hoursHeld[i * compiled.ruleSets.length + set] as number;
  const own = ownColumns(building, i, set);
  const terms = own.map(({ u, column }) => [column, compiled.hours[u] as number] as const);
  if (terms.length > 0) addRow(building, [Number.NEGATIVE_INFINITY, Math.max(0, most - taken)], terms);
}

/** No more uncovered time than a price. */
function addGapRow(building: Building, gaps: number): void {
  const { compiled, person, unit, gapUnit } = building;
  const terms = person.flatMap((i, column) => {
    const u = unit[column] as number;
    return i === EMPTY && u >= 0 ? [[column, gapPriceOf(compiled, u) / gapUnit] as const] : [];
  });
  addRow(building, [Number.NEGATIVE_INFINITY, gaps / gapUnit], terms);
}

/** Costs less than something; costs are whole numbers. */
function addCostRow(building: Building, below: number): void {
  const terms = building.cost.flatMap((cost, column) => (cost === 0 ? [] : [[column, cost] as const]));
  addRow(building, [Number.NEGATIVE_INFINITY, below - 1], terms);
}

/** Makes a state hold what a solver found. Answers false, and leaves the state alone, if that breaks a rule. */
export function applyRepair(state: State, model: RepairModel, { values }: RepairSolution): boolean {
  const chosen: { readonly u: number; readonly i: number }[] = [];
  for (let column = 0; column < model.columnCount; column += 1) {
    const u = model.unit[column] as number;
    if (u >= 0 && (values[column] ?? 0) > 0.5) chosen.push({ u, i: model.person[column] as number });
  }
  const before = chosen.map(({ u }) => state.holder[u] as number);
  for (const { u } of chosen) if (state.holder[u] !== EMPTY) take(state, u);
  const given: number[] = [];
  for (const { u, i } of chosen) {
    if (i === EMPTY) continue;
    if (state.holder[u] !== EMPTY || !isFree(state, i, u)) break;
    give(state, i, u);
    given.push(u);
  }
  if (given.length === chosen.filter(({ i }) => i !== EMPTY).length) return true;
  for (const u of given) take(state, u);
  chosen.forEach(({ u }, k) => {
    if (before[k] !== EMPTY) give(state, before[k] as number, u);
  });
  return false;
}

/** The model as text in the LP format that solvers read. Columns are called x0, x1, … */
export function repairModelText(model: RepairModel): string {
  const term = (value: number, column: number): string =>
    `${value < 0 ? '-' : '+'} ${Math.abs(value)} x${column}`;
  const costs = [...model.cost].flatMap((value, column) => (value === 0 ? [] : [term(value, column)]));
  const lines = ['Minimize', ` obj: ${costs.length === 0 ? '0 x0' : wrap(costs)}`, 'Subject To'];
  for (let row = 0; row < model.rowCount; row += 1) {
    const terms: string[] = [];
    for (let k = model.rowStarts[row] as number; k < (model.rowStarts[row + 1] as number); k += 1) {
      terms.push(term(model.values[k] as number, model.columns[k] as number));
    }
    const [lower, upper] = [model.rowLower[row] as number, model.rowUpper[row] as number];
    const bound =
      lower === upper ? `= ${upper}` : upper === Number.POSITIVE_INFINITY ? `>= ${lower}` : `<= ${upper}`;
    lines.push(` r${row}: ${wrap(terms)} ${bound}`);
  }
  const names = [...model.cost.keys()];
  lines.push('Bounds', ...names.map((column) => ` 0 <= x${column} <= 1`));
  const whole = names.filter((column) => model.integer[column] === 1).map((column) => `x${column}`);
  lines.push('Generals', ` ${wrap(whole)}`, 'End');
  return `${lines.join('\n')}\n`;
}

/** Readers of the format refuse very long lines. */
const TERMS_PER_LINE = 20;

function wrap(terms: readonly string[]): string {
  const lines: string[] = [];
  for (let k = 0; k < terms.length; k += TERMS_PER_LINE)
    lines.push(terms.slice(k, k + TERMS_PER_LINE).join(' '));
  return lines.join('\n ');
}
