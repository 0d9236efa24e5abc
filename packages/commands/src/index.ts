export * from './command.ts';
export * from './delivery/attempt.ts';
export * from './delivery/endpoint-url.ts';
export * from './horizon/horizon-settings.ts';
export * from './run-command.ts';
