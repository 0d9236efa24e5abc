import { createHash } from 'node:crypto';
import { audit, ENGINE_VERSION, inputHash, makePlan, planFileOf, planJson } from '@watchbill/core';
import { describe, expect, it } from 'vitest';
import { sizedProblem } from '../support/plan-problems.ts';

/**
 * The same input gives the same bytes, on every machine and in every year. A change of the engine that moves one of
 * these makes other plans of the same files: raise ENGINE_VERSION with it.
 */
const GOLDEN = {
  engine: '3',
  S: { input: '63f01f1676b4711d', plan: '9349c2e87bb72d25' },
  M: { input: 'acd9dbbc14798d94', plan: 'fd2448b87ef99e5f' },
};

describe('plans of version 3 of the engine', () => {
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
