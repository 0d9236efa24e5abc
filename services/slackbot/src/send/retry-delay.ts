const SECOND_MS = 1_000;

/** The waits after failures, in seconds; the last one stays. What a person waits for comes again sooner. */
const URGENT_SECONDS = [1, 2, 4, 8, 15, 30, 60] as const;
const BULK_SECONDS = [5, 15, 60, 300, 900, 1_800, 3_600] as const;
const JITTER_SHARE = 0.2;

/** A message that was tried this often is given up. */
export const MAX_SEND_ATTEMPTS = 100;

/** The wait after so many attempts, in ms; `random` in [0, 1) spreads those that failed together. */
export function retryDelayMs(urgent: boolean, attempts: number, random: number): number {
  const seconds = urgent ? URGENT_SECONDS : BULK_SECONDS;
  const wait = seconds[Math.min(Math.max(attempts, 1), seconds.length) - 1] ?? 60;
  return Math.round(wait * SECOND_MS * (1 + JITTER_SHARE * random));
}
