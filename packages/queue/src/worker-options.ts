import type { QueueSettings } from '@watchbill/runtime';

/** BullMQ's stream of its own events, which nobody here reads: as short as it may be. */
export const MAX_STREAM_EVENTS = 1_000;

/** A job may be taken back from a dead worker this often before it is given up; the default of 1 loses work. */
const MAX_STALLED_COUNT = 50;
/** After an error of the connection. BullMQ would wait 15 s. */
const RETRY_AFTER_ERROR_MS = 1_000;
const LONG_POLL_SECONDS = 5;

/**
 * Options of every worker. `removeOnComplete` and `removeOnFail` are left to the jobs: `true` here makes Redis run
 * jobs for ever.
 */
export function workerOptions(settings: QueueSettings, concurrency: number) {
  return {
    concurrency,
    lockDuration: settings.lockMs,
    stalledInterval: settings.stalledMs,
    maxStalledCount: MAX_STALLED_COUNT,
    runRetryDelay: RETRY_AFTER_ERROR_MS,
    drainDelay: LONG_POLL_SECONDS,
  };
}
