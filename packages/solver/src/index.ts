export * from './prove-plans.ts';
export * from './start-solver.ts';
