import { audit, type PlanProblem } from '@watchbill/core';
import highsModule, { type LegacyHighs } from 'highs';
import { personValue, weigh } from './plan-oracle.ts';

/**
 * A proven lower bound of the fairness of plans that fill all units, by linear programs alone: turns may be shared,
 * and each square is replaced by lines below it. It knows the definition of the objective and nothing of the search.
 */

const loadHighs = highsModule as unknown as () => Promise<LegacyHighs>;
const ROUNDS = 12;
const CLOSE_ENOUGH = 1e-6;
/** The program is in parts of a million of a first guess of the value: solvers like small numbers. */
const SCALE = 1e6;

/** (offset + Σ weight · x)² · factor, by what the person may hold. */
interface Square {
  readonly person: number;
  readonly offset: number;
  readonly factor: number;
  readonly weights: readonly number[];
  /** Loads are whole multiples of this. */
  readonly step: number;
}

/** Where no limits but rest and fixed rules hold; a bound for problems with more rules as well, but a weaker one. */
export async function linearBound(problem: PlanProblem, guess: number): Promise<number> {
  const highs = await loadHighs();
  const { people, units } = problem;
  const weighed = weigh(problem);
  const isFree = people.map(({ id }) =>
    units.map((unit) => audit({ ...problem, units: [unit] }, new Map([[unit.id, id]])).length === 0),
  );
  const squares = squaresOf(problem, weighed, isFree);
  const unit = guess / SCALE;
  const rows = [...coverRows(isFree), ...restRows(problem, isFree)];
  const costs = people.flatMap((_, i) =>
    units.flatMap((__, u) =>
      isFree[i]?.[u] ? [`${number(((weighed.linear[i]?.[u] ?? 0) * weighed.scale) / unit)} x${i}_${u}`] : [],
    ),
  );
  const goal = [...costs, ...squares.map((_, k) => `+ z${k}`)].join('\n ');
  const bounds = isFree.flatMap((list, i) => list.flatMap((free, u) => (free ? [`x${i}_${u} <= 1`] : [])));
  const lines = new Set<string>();
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = `Minimize\n obj: ${goal}\nSubject To\n${[...rows, ...lines].join('\n')}\nBounds\n${bounds.join('\n')}\nEnd\n`;
    const found = highs.solve(text, { output_flag: false });
    if (found.Status !== 'Optimal') throw new Error(`the bound has no answer: ${found.Status}`);
    const rise = found.ObjectiveValue - best;
    best = found.ObjectiveValue;
    if (round > 0 && rise < CLOSE_ENOUGH * best) break;
    const value = (name: string): number => {
      const column = found.Columns[name];
      return column !== undefined && 'Primal' in column ? Number(column.Primal) : 0;
    };
    squares.forEach((square, k) => {
      const at = square.weights.reduce(
        (sum, weight, u) => sum + (weight === 0 ? 0 : weight * value(`x${square.person}_${u}`)),
        0,
      );
      for (const line of linesAt(square, k, { at, unit })) lines.add(line);
    });
  }
  // What the people who can hold nothing weigh is in no square.
  const fixed = people.reduce(
    (sum, _, i) => sum + (isFree[i]?.some(Boolean) ? 0 : personValue(weighed, i, [])),
    0,
  );
  return best * unit + fixed;
}

function number(value: number): string {
  return `${value < 0 ? '-' : '+'} ${Math.abs(value)}`;
}

function squaresOf(
  { people, units, weights }: PlanProblem,
  weighed: ReturnType<typeof weigh>,
  isFree: readonly (readonly boolean[])[],
): Square[] {
  return people.flatMap((person, i) => {
    const share = weighed.entitlement[i] as number;
    const own = (pick: (u: number) => number) => units.map((_, u) => (isFree[i]?.[u] ? pick(u) : 0));
    const burden = (u: number) => weighed.pairs[i]?.[u]?.weight ?? 0;
    const list = [
      { offset: weights.levelOffset * 16 * share + person.carried, factor: 1 / share, weights: own(burden) },
      {
        ...{ offset: 0, factor: weights.restDays / share },
        weights: own((u) => weighed.pairs[i]?.[u]?.rest ?? 0),
      },
      ...(weighed.bucketEntitlement[i] ?? []).map((part, b) => ({
        ...{ offset: 0, factor: weights.recent / part },
        weights: own((u) => (weighed.bucketOf[u] === b ? burden(u) : 0)),
      })),
    ];
    return list
      .map((square) => ({ ...square, person: i, step: square.weights.reduce(divisor, 0) }))
      .filter(({ step }) => step > 0);
  });
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** Each unit is held. */
function coverRows(isFree: readonly (readonly boolean[])[]): string[] {
  const count = isFree[0]?.length ?? 0;
  return Array.from({ length: count }, (_, u) => {
    const terms = isFree.flatMap((list, i) => (list[u] ? [`+ x${i}_${u}`] : []));
    return `${terms.join(' ')} = 1`;
  });
}

/** Of units in a row that one person cannot hold together, at most one. */
function restRows(problem: PlanProblem, isFree: readonly (readonly boolean[])[]): string[] {
  const { units, people } = problem;
  const order = units.map((_, u) => u).sort((a, b) => startOf(problem, a) - startOf(problem, b) || a - b);
  const collide = (u: number, v: number): boolean => {
    const pair = [units[u], units[v]] as const;
    const [one] = people;
    if (pair[0] === undefined || pair[1] === undefined || one === undefined) return false;
    const found = audit(
      { ...problem, units: [pair[0], pair[1]] },
      new Map(pair.map((x) => [x?.id ?? '', one.id])),
    );
    return found.some(({ rule }) => rule === 'overlap-or-rest');
  };
  const groups = order.flatMap((u, at) => {
    const group = [u];
    for (const v of order.slice(at + 1)) {
      if (!group.every((w) => collide(w, v))) break;
      group.push(v);
    }
    return group.length > 1 ? [group] : [];
  });
  return people.flatMap((_, i) =>
    groups.flatMap((group) => {
      const own = group.filter((u) => isFree[i]?.[u]);
      return own.length > 1 ? [`${own.map((u) => `+ x${i}_${u}`).join(' ')} <= 1`] : [];
    }),
  );
}

function startOf({ units }: PlanProblem, u: number): number {
  return units[u]?.intervals[0]?.start ?? 0;
}

/** The lines through the square at the two whole loads around a point, and further away: none lies above it there. */
function linesAt(square: Square, k: number, of: { readonly at: number; readonly unit: number }): string[] {
  const { person, offset, factor, weights, step } = square;
  const below = Math.floor(of.at / step + 1e-9);
  return [below - 8, below - 2, below, below + 2, below + 8]
    .filter((load) => load >= 0)
    .map((load) => {
      const low = ((offset + step * load) ** 2 * factor) / of.unit;
      const high = ((offset + step * (load + 1)) ** 2 * factor) / of.unit;
      const slope = (high - low) / step;
      const terms = weights.flatMap((weight, u) =>
        weight === 0 ? [] : [`${number(-slope * weight)} x${person}_${u}`],
      );
      return `z${k} ${terms.join('\n ')} >= ${low - slope * step * load}`;
    });
}
