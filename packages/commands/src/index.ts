export * from './command.ts';
export * from './delivery/attempt.ts';
export * from './delivery/endpoint-url.ts';
