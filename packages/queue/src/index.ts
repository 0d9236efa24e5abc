export * from './migrate-queues.ts';
export * from './open-queues.ts';
export type { PostgresQueueOptions } from './postgres-backend.ts';
export * from './queues.ts';
