export * from './attempt-outcome.ts';
export * from './audit-chain.ts';
export * from './catalogue.ts';
export * from './envelope.ts';
export * from './examples.ts';
export * from './subscription.ts';
