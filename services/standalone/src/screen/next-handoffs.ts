import type { Instant } from '@watchbill/core';

/** What is needed of a stored shift. */
export interface ShiftSpan {
  readonly role: string;
  readonly person: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

export interface UpcomingHandoff {
  readonly at: Instant;
  readonly role: string;
  /** Everybody on call in the role just before, and from then on; sorted, empty where it is nobody. */
  readonly outgoing: readonly string[];
  readonly incoming: readonly string[];
}

/**
 * The instants in `(from, to)` at which a role passes to somebody else, in order. A shift that only changes its
 * source, or goes on in another one of the same person, is no handoff.
 */
export function nextHandoffs(
  shifts: readonly ShiftSpan[],
  window: { readonly from: Instant; readonly to: Instant },
): UpcomingHandoff[] {
  const found: UpcomingHandoff[] = [];
  for (const role of new Set(shifts.map((shift) => shift.role))) {
    const ofRole = shifts.filter((shift) => shift.role === role);
    const instants = [...new Set(ofRole.flatMap((shift) => [shift.startsAt, shift.endsAt]))];
    for (const at of instants.filter((instant) => instant > window.from && instant < window.to)) {
      const outgoing = peopleOf(ofRole, (shift) => shift.startsAt < at && shift.endsAt >= at);
      const incoming = peopleOf(ofRole, (shift) => shift.startsAt <= at && shift.endsAt > at);
      if (outgoing.join() !== incoming.join()) found.push({ at, role, outgoing, incoming });
    }
  }
  return found.sort((a, b) => a.at - b.at || a.role.localeCompare(b.role));
}

function peopleOf(shifts: readonly ShiftSpan[], holds: (shift: ShiftSpan) => boolean): readonly string[] {
  return [...new Set(shifts.filter(holds).map((shift) => shift.person))].sort();
}
