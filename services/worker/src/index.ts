export * from './delivery/webhook-sender.ts';
