export * from './delivery/lane-turn.ts';
export * from './delivery/webhook-sender.ts';
export * from './start-worker.ts';
