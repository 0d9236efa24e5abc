export { createFirstToken as ensureFirstToken } from '@watchbill/commands';
export { toConfigurationDraft } from './configuration/draft.ts';
export type { ApiSettings } from './context.ts';
export { type ApiOptions, type RunningApi, startApi } from './start-api.ts';
