import { expect, test } from 'vitest';
import { CALLS_A_MINUTE, createCallBudget } from './call-budget.ts';

test('lets calls through at once until the minute is full, then one by one as it passes', () => {
  let at = 0;
  const budget = createCallBudget(() => at);
  for (let call = 0; call < CALLS_A_MINUTE; call += 1) {
    expect(budget.waitMs('T1', 1)).toBe(0);
    budget.spend('T1', 1);
    at += 1_000;
  }
  expect(budget.waitMs('T1', 1)).toBe(60_000 - CALLS_A_MINUTE * 1_000);
  expect(budget.waitMs('T1', 2)).toBe(61_000 - CALLS_A_MINUTE * 1_000);
  expect(budget.waitMs('T2', 1)).toBe(0);
  at = 60_000;
  expect(budget.waitMs('T1', 1)).toBe(0);
  expect(budget.waitMs('T1', 2)).toBe(1_000);
});
