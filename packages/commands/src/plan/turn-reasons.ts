import type { Instant, Shift } from '@watchbill/core';
import type { PlanChangeRow, PlannedTurnRow } from '@watchbill/database';
import { groupBy } from '../group-by.ts';
import type { TurnReason, WhyTurn } from '../horizon/plan-sync.ts';

const STRENGTH: Readonly<Record<TurnReason, number>> = { forced: 3, consequential: 2, chosen: 1 };

interface Changed extends WhyTurn {
  readonly start: Instant;
  readonly end: Instant;
}

/**
 * Why a shift of one schedule comes or goes: the strongest reason of the changed turns that it covers, which its
 * person gained or lost. Null where no turn changed hands.
 */
export function turnReasons(
  changes: readonly PlanChangeRow[],
  turns: readonly PlannedTurnRow[],
): (shift: Shift) => WhyTurn | null {
  const byUnit = new Map(turns.map((turn) => [turn.unit, turn]));
  const changed = changes.flatMap(({ unit, from, to, reason, rule }) => {
    const turn = byUnit.get(unit);
    if (turn === undefined) return [];
    const people = [from, to].filter((person) => person !== null);
    return people.map((person) => ({
      key: `${turn.rotation} ${person}`,
      start: turn.startsAt,
      end: turn.endsAt,
      reason,
      rule: reason === 'forced' ? rule : null,
    }));
  });
  const byPlace = groupBy<Changed & { readonly key: string }>(changed, (row) => row.key);
  return (shift) => {
    const own = byPlace.get(`${shift.rotation} ${shift.person}`) ?? [];
    const met = own.filter(({ start, end }) => start < shift.end && end > shift.start);
    const [strongest] = met.toSorted((a, b) => STRENGTH[b.reason] - STRENGTH[a.reason]);
    return strongest === undefined ? null : { reason: strongest.reason, rule: strongest.rule };
  };
}
