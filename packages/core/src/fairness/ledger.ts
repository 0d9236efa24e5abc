import type { PersonId } from '../schedule/schedule.ts';

/** A person's running account, in burden units (16 = one core hour). Above zero: has carried more than the fair part. */
export interface Account {
  readonly person: PersonId;
  readonly balance: number;
}

/** What one person stood in the period that closes, and their entitlement to load in it. */
export interface PeriodLoad {
  readonly person: PersonId;
  /** Burden units really stood, after swaps and overrides. */
  readonly burden: number;
  /** Share of the period that counts, such as 0.5 for half time. */
  readonly entitlement: number;
}

export interface ClosingOptions {
  /** How long the period was, in ms. */
  readonly periodMs: number;
  /** After so long a balance counts half; null: for ever whole. */
  readonly halfLifeMs: number | null;
}

/**
 * Closes a period: each account becomes what is left of it, plus what was stood, minus the fair part of the whole.
 * The balances sum to zero before and after. Whoever is new starts at zero, never behind.
 */
export function closeLedger(
  accounts: readonly Account[],
  loads: readonly PeriodLoad[],
  options: ClosingOptions,
): Account[] {
  const kept = remainder(options);
  const balances = new Map(accounts.map(({ person, balance }) => [person, kept * balance]));
  const burden = loads.reduce((sum, load) => sum + load.burden, 0);
  const entitlement = loads.reduce((sum, load) => sum + load.entitlement, 0);
  for (const load of loads) {
    const fair = entitlement === 0 ? load.burden : (burden * load.entitlement) / entitlement;
    balances.set(load.person, (balances.get(load.person) ?? 0) + load.burden - fair);
  }
  return [...balances]
    .map(([person, balance]) => ({ person, balance }))
    .sort((a, b) => (a.person < b.person ? -1 : a.person > b.person ? 1 : 0));
}

/**
 * 2^(−period/halfLife) with + − × ÷ and square roots alone, which are the same on every machine: whole halvings, and
 * the rest by its binary digits.
 */
function remainder({ periodMs, halfLifeMs }: ClosingOptions): number {
  if (halfLifeMs === null) return 1;
  const halvings = periodMs / halfLifeMs;
  let result = 1;
  for (let k = 0; k < Math.min(Math.floor(halvings), 64); k += 1) result /= 2;
  let root = 0.5;
  let rest = halvings - Math.floor(halvings);
  for (let digit = 0; digit < 40 && rest > 0; digit += 1) {
    root = Math.sqrt(root);
    rest *= 2;
    if (rest < 1) continue;
    result *= root;
    rest -= 1;
  }
  return result;
}
