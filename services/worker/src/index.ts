export * from './absence-feeds/feed-fetcher.ts';
export * from './absence-feeds/feed-poller.ts';
export { readInThread, type ThreadReading } from './absence-feeds/read-in-thread.ts';
export type { GuardedAgentOptions } from './delivery/guarded-agent.ts';
export * from './delivery/lane-turn.ts';
export * from './delivery/webhook-sender.ts';
export * from './sns/sns-fetcher.ts';
export * from './sns/sns-poller.ts';
export * from './start-worker.ts';
