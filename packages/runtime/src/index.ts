export * from './health-server.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './redis-address.ts';
export * from './settings.ts';
export * from './shutdown.ts';
export * from './within-time.ts';
