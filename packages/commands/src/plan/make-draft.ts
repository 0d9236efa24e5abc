import type { PlanChangeRow, Queryable } from '@watchbill/database';
import type { PlanOutcome, PlanProgress, PlanTools } from './planner.ts';
import { type PlanInputs, type PlanWish, readPlanInputs } from './read-plan-inputs.ts';

/** A plan that is made and not stored yet. */
export interface MadePlan {
  readonly inputs: PlanInputs;
  readonly outcome: PlanOutcome;
  /** Every turn ahead that changes hands, and why. */
  readonly changes: readonly PlanChangeRow[];
}

/** What making a plan needs, and who is told how far it is. */
export type DraftTools = PlanTools & { readonly progress?: PlanProgress };

/** Reads what a plan is made of and runs the planner. Nothing is locked meanwhile, so storing it checks both again. */
export async function makeDraft(
  queryable: Queryable,
  wish: PlanWish,
  tools: DraftTools,
): Promise<MadePlan | null> {
  const inputs = await readPlanInputs(queryable, wish, tools);
  if (inputs === null) return null;
  const outcome = await tools.planner(inputs.problems, tools.progress);
  const assignment = { ...outcome.assignment, ...Object.fromEntries(inputs.left) };
  return { inputs, outcome: { ...outcome, assignment }, changes: changesTo(inputs, outcome) };
}

/** The planner names changes to what it was to keep; what it was free to change was chosen. */
function changesTo({ turns, splits }: PlanInputs, outcome: PlanOutcome): PlanChangeRow[] {
  const told = new Map(outcome.changes.map((change) => [change.unit, change]));
  const before = new Set(turns.map((turn) => turn.unit));
  const cut = splits
    .filter(({ unit }) => !before.has(unit))
    .map(({ unit, from }): PlanChangeRow => {
      return { unit, from, to: outcome.assignment[unit] ?? null, reason: 'forced', rule: 'absent' };
    });
  const changed = turns.flatMap(({ unit, person }): PlanChangeRow[] => {
    const to = outcome.assignment[unit];
    if (to === undefined || to === person) return [];
    return [told.get(unit) ?? { unit, from: person, to, reason: 'chosen', rule: null }];
  });
  return [...cut, ...changed];
}
