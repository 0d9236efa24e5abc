import type { LaneLease } from '@watchbill/database';

/** A lease is renewed this many times before it would run out. */
const RENEWALS_A_LEASE = 3;

export interface LeaseKeeper {
  /** Aborted once the lane may be another worker's: stop at once, and write nothing. */
  readonly signal: AbortSignal;
  stop(): void;
}

/**
 * Renews a lease until it is stopped. `renew` says whether the lease still holds; a renewal that fails for another
 * reason (the database restarts) is tried again for as long as the last one lasts.
 */
export function keepLease(lease: LaneLease, renew: () => Promise<boolean>): LeaseKeeper {
  const lost = new AbortController();
  let heldUntil = performance.now() + lease.leaseMs;
  const giveUp = (why: string): void => {
    clearInterval(timer);
    lost.abort(new Error(`The lease of lane ${lease.endpoint} ${lease.lane} was lost: ${why}.`));
  };
  const timer = setInterval(() => {
    if (performance.now() >= heldUntil) return giveUp('it could not be renewed in time');
    const askedAt = performance.now();
    renew().then(
      (held) => {
        if (held) heldUntil = Math.max(heldUntil, askedAt + lease.leaseMs);
        else giveUp('another worker took it');
      },
      () => undefined,
    );
  }, lease.leaseMs / RENEWALS_A_LEASE);
  return { signal: lost.signal, stop: () => clearInterval(timer) };
}
