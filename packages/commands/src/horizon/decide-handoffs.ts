import type { Instant, Interval, PersonId } from '@watchbill/core';

interface Stint {
  readonly role: string;
  readonly person: PersonId;
  readonly start: Instant;
  readonly end: Instant;
}

/** At `at`, in `role`, `incoming` take over from `outgoing`; neither is empty. Ids are sorted. */
export interface Handoff {
  readonly at: Instant;
  readonly role: string;
  readonly outgoing: readonly PersonId[];
  readonly incoming: readonly PersonId[];
}

/**
 * The handoffs in `[start, end)`: each instant at which somebody in a role goes off call and somebody else comes on.
 * Where a role is left empty or was empty before, nothing is handed over: the shift's own end or start tells that.
 * `stints` must hold everyone on call just before `start` too.
 */
export function decideHandoffs(stints: readonly Stint[], window: Interval): Handoff[] {
  const byRole = new Map<string, Stint[]>();
  for (const stint of stints) {
    const own = byRole.get(stint.role);
    if (own === undefined) byRole.set(stint.role, [stint]);
    else own.push(stint);
  }
  const result: Handoff[] = [];
  for (const [role, own] of byRole) result.push(...handoffsOf(role, own, window));
  return result.sort((a, b) => a.at - b.at || (a.role < b.role ? -1 : 1));
}

function handoffsOf(role: string, stints: readonly Stint[], window: Interval): Handoff[] {
  const steps = stints
    .flatMap(({ person, start, end }) => [
      { at: start, person, by: 1 },
      { at: end, person, by: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  const onCall = new Map<PersonId, number>();
  const result: Handoff[] = [];
  for (let i = 0; i < steps.length; ) {
    const at = steps[i]?.at ?? 0;
    const touched = new Map<PersonId, number>();
    for (; steps[i]?.at === at; i += 1) {
      const { person, by } = steps[i] as { person: PersonId; by: number };
      if (!touched.has(person)) touched.set(person, onCall.get(person) ?? 0);
      onCall.set(person, (onCall.get(person) ?? 0) + by);
    }
    if (at < window.start || at >= window.end) continue;
    const people = [...touched].sort(([a], [b]) => (a < b ? -1 : 1));
    const outgoing = people.filter(([id, was]) => was > 0 && onCall.get(id) === 0).map(([id]) => id);
    const incoming = people.filter(([id, was]) => was === 0 && (onCall.get(id) ?? 0) > 0).map(([id]) => id);
    if (outgoing.length > 0 && incoming.length > 0) result.push({ at, role, outgoing, incoming });
  }
  return result;
}
