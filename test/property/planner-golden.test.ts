import { createHash } from 'node:crypto';
import { audit, ENGINE_VERSION, inputHash, makePlan, planFileOf, planJson } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { sizedProblem } from '../support/plan-problems.ts';

/**
 * The same input gives the same bytes, on every machine and in every year. A change of the engine that moves one of
 * these makes other plans of the same files: raise ENGINE_VERSION with it.
 */
const GOLDEN = {
  engine: '2',
  S: { input: 'f7ff4146f7b5015d', plan: 'f3e88e9aef355eda' },
  M: { input: '7590f449b496f0e4', plan: '23c93096f8f885dd' },
};

describe('plans of version 2 of the engine', () => {
  it('have the version that these hashes were made with', () => {
    expect(ENGINE_VERSION).toBe(GOLDEN.engine);
  });

  it.each(['S', 'M'] as const)('of size %s are the same as ever', (size) => {
    const problem = sizedProblem(size);
    const planned = makePlan(problem);
    expect(audit(problem, planned.plan.assignment)).toEqual([]);
    const bytes = planJson(planFileOf(planned, { tzdata: 'test' }));
    const plan = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    expect({ input: inputHash(problem).slice(0, 16), plan }).toEqual(GOLDEN[size]);
  });
});
