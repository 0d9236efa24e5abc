import type { PersonId } from '../schedule/schedule.ts';
import { compareText } from './compile.ts';
import { BURDEN_UNIT } from './problem.ts';
import { type BlockRule, blockOf } from './rules.ts';
import { changeDelta, costOf, EMPTY, give, type State, setCost, take } from './state.ts';

/** What a unit would cost one person, in burden-hours of the price everybody's level has. */
export interface Price {
  readonly person: PersonId;
  readonly total: number;
  /** From the person's whole load and the ledger. */
  readonly load: number;
  /** From weekends and holidays. */
  readonly restDays: number;
  /** From the load of the same four weeks. */
  readonly recent: number;
  /** Nights that others could stand with less night, and wishes. */
  readonly wishes: number;
  /** Published units that would change hands; counts before everything else. */
  readonly changes: number;
  /** The person's level now: burden-hours per full share, ledger included. */
  readonly level: number;
}

export interface Refusal {
  readonly person: PersonId;
  readonly rule: BlockRule;
  /** The unit it collides with; null when the rule stands alone. */
  readonly unit: string | null;
}

/** Why a unit is held by whom it is: the prices of all who could, cheapest first, and why the others could not. */
export interface Explanation {
  readonly unit: string;
  readonly assigned: PersonId | null;
  readonly candidates: readonly Price[];
  readonly refused: readonly Refusal[];
}

/**
 * Why a unit of a plan is held by whom it is; null for an id that the plan does not have. In a plan without gaps
 * made from nothing, who holds it is always the first candidate: the cheapest feasible one given the rest.
 */
export function explainUnit({ state }: { readonly state: State }, unit: string): Explanation | null {
  const u = state.compiled.units.findIndex(({ id }) => id === unit);
  return u < 0 ? null : explain(state, u);
}

/** Takes the unit away for a moment, prices it for everybody, and gives it back. */
function explain(state: State, u: number): Explanation {
  const c = state.compiled;
  const holder = state.holder[u] as number;
  const cost = costOf(state);
  if (holder !== EMPTY) take(state, u);
  const candidates: Price[] = [];
  const refused: Refusal[] = [];
  for (let i = 0; i < c.personCount; i += 1) {
    const refusal = refusalOf(state, i, u);
    if (refusal === null) candidates.push(pricePartsOf(state, i, u));
    else refused.push(refusal);
  }
  if (holder !== EMPTY) give(state, holder, u);
  setCost(state, cost);
  candidates.sort((a, b) => a.changes - b.changes || a.total - b.total || compareText(a.person, b.person));
  return {
    unit: c.units[u]?.id ?? '',
    assigned: holder === EMPTY ? null : (c.people[holder]?.id ?? null),
    candidates,
    refused,
  };
}

function refusalOf(state: State, i: number, u: number): Refusal | null {
  const c = state.compiled;
  const block = blockOf(state, i, u);
  if (block === null) return null;
  const unit = block.unit === EMPTY ? null : (c.units[block.unit]?.id ?? null);
  return { person: c.people[i]?.id ?? '', rule: block.rule, unit };
}

function pricePartsOf(state: State, i: number, u: number): Price {
  const c = state.compiled;
  const at = i * c.unitCount + u;
  const w = c.weight[at] as number;
  const r = c.restDay[at] as number;
  const share = c.entitlement[i] as number;
  const scale = c.priceScale || 1;
  const level = (c.base[i] as number) + (state.load[i] as number);
  const b = i * c.bucketCount + (c.bucket[u] as number);
  const { restDays, recent, levelOffset } = c.problem.weights;
  const parts = {
    load: (w * (2 * level + w)) / share / scale,
    restDays: (restDays * r * (2 * (state.restDays[i] as number) + r)) / share / scale,
    recent:
      (recent * w * (2 * (state.buckets[b] as number) + w)) / (c.bucketEntitlement[b] as number) / scale,
    wishes: c.linear[at] as number,
  };
  return {
    person: c.people[i]?.id ?? '',
    total: parts.load + parts.restDays + parts.recent + parts.wishes,
    ...parts,
    changes: changeDelta(c, { from: EMPTY, to: i, u }),
    level: level / share / BURDEN_UNIT - levelOffset,
  };
}
