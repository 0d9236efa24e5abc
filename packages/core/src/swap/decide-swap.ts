import type { Instant, Interval } from '../time/interval.ts';
import { subtract } from '../time/interval.ts';
import type { Swap, SwapStretch } from './swap.ts';

/** Why an answer to a swap comes too late; null while it is open. `who` is the name of whoever took it. */
export function whyNotOpen(
  swap: Swap,
  now: Instant,
  who: string,
): { readonly reason: string; readonly message: string } | null {
  switch (swap.state) {
    case 'accepted':
      return { reason: 'swap/taken', message: `${who} was faster and takes it; it waits for approval.` };
    case 'applied':
      return { reason: 'swap/taken', message: `${who} was faster and has taken it. Nothing is left to do.` };
    case 'declined':
      return {
        reason: 'swap/not-open',
        message: 'The request was declined. Ask again if it is still needed.',
      };
    case 'cancelled':
      return { reason: 'swap/not-open', message: 'The request was taken back. Nothing is left to do.' };
    case 'expired':
      return expired();
    case 'open':
      return swap.expiresAt <= now ? expired() : null;
  }
}

function expired(): { readonly reason: string; readonly message: string } {
  return {
    reason: 'swap/expired',
    message: 'The shift has begun; it stays where it was. Take it over instead.',
  };
}

/** From when on nobody can accept: when the first stretch starts, or, where it runs already, ends. */
export function expiryOf(stretches: readonly Interval[], now: Instant): Instant {
  return Math.min(...stretches.map(({ start, end }) => (start > now ? start : end)));
}

/** What of stretches is still ahead. */
export function aheadOf(stretches: readonly SwapStretch[], now: Instant): SwapStretch[] {
  return stretches.flatMap((stretch) =>
    stretch.end > now ? [{ ...stretch, start: Math.max(stretch.start, now) }] : [],
  );
}

/** Stretches without the time that others of the same place and person cover. */
export function withoutStretches(all: readonly SwapStretch[], taken: readonly SwapStretch[]): SwapStretch[] {
  return all.flatMap((stretch) => {
    const own = taken.filter((other) => samePlace(stretch, other)).sort((a, b) => a.start - b.start);
    return subtract([stretch], own).map((part) => ({ ...stretch, ...part }));
  });
}

/** Whether two stretches are of one role of one schedule and one person. */
export function samePlace(a: SwapStretch, b: SwapStretch): boolean {
  return a.schedule === b.schedule && a.role === b.role && a.person === b.person;
}

/** Whether two stretches of one role of one schedule share time. */
export function sameSeatTime(a: SwapStretch, b: SwapStretch): boolean {
  return a.schedule === b.schedule && a.role === b.role && a.start < b.end && b.start < a.end;
}
