import {
  type Database,
  pruneBoundaries,
  pruneConnectCodes,
  pruneEvents,
  pruneIdempotencyKeys,
  pruneOutbox,
  prunePageLanes,
  prunePages,
  prunePlanJobs,
  prunePlannedTurns,
  prunePlans,
  pruneRates,
  pruneSlackBots,
  pruneSlackClaims,
  pruneSlackMessages,
  pruneSwaps,
} from '@watchbill/database';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long what is finished is kept. Events, deliveries, pages and swaps have a setting. */
export const KEEP = {
  publishedOutboxMs: DAY_MS,
  appliedBoundariesMs: 7 * DAY_MS,
  idempotencyKeysMs: DAY_MS,
  /** After the end of a page that was forwarded. */
  pageLanesMs: DAY_MS,
  planJobsMs: 7 * DAY_MS,
  /** Messages in Slack: so long they are edited and their threads found. */
  slackMessagesMs: 90 * DAY_MS,
  /** Plans that never came into force. */
  draftsMs: 30 * DAY_MS,
  /** Plans that were in force, and their turns. */
  planHistoryMs: 366 * DAY_MS,
} as const;
/** How many rows of a table go in one transaction. */
export const PRUNE_BATCH = 1_000;
/** Plans are large. */
const PLANS_BATCH = 20;
/** How many batches of a table one call makes at most; the next call goes on. */
const MAX_BATCHES = 100;

export interface Pruned {
  readonly outbox: number;
  readonly boundaries: number;
  readonly idempotencyKeys: number;
  readonly events: number;
  readonly deliveries: number;
  readonly pages: number;
  readonly swaps: number;
  readonly slackMessages: number;
  readonly slackClaims: number;
  readonly planJobs: number;
  readonly plannedTurns: number;
  readonly plans: number;
}

/** Deletes what is finished and old, in small transactions. Safe to run anywhere, any time, several times at once. */
export async function prune(
  database: Database,
  { eventRetentionMs, limit = PRUNE_BATCH }: { readonly eventRetentionMs: number; readonly limit?: number },
): Promise<Pruned> {
  let deliveries = 0;
  const bound = (olderThanMs: number) => ({ olderThanMs, limit });
  await pruneRates(database, limit);
  await inBatches(limit, () => prunePageLanes(database, bound(KEEP.pageLanesMs)));
  return {
    outbox: await inBatches(limit, () => pruneOutbox(database, bound(KEEP.publishedOutboxMs))),
    boundaries: await inBatches(limit, () => pruneBoundaries(database, bound(KEEP.appliedBoundariesMs))),
    idempotencyKeys: await inBatches(limit, () =>
      pruneIdempotencyKeys(database, bound(KEEP.idempotencyKeysMs)),
    ),
    events: await inBatches(limit, async () => {
      const gone = await database.transaction((tx) => pruneEvents(tx, bound(eventRetentionMs)));
      deliveries += gone.deliveries;
      return gone.events;
    }),
    deliveries,
    pages: await inBatches(limit, () => prunePages(database, bound(eventRetentionMs))),
    swaps: await inBatches(limit, () => pruneSwaps(database, bound(eventRetentionMs))),
    ...(await pruneSlack(database, limit)),
    ...(await prunePlanning(database, limit)),
  };
}

/** What the bot has said and taken up. Codes, tries and bots that have gone are few: they go at once. */
async function pruneSlack(database: Database, limit: number) {
  const messages = { olderThanMs: KEEP.slackMessagesMs, limit };
  await pruneConnectCodes(database);
  await pruneSlackBots(database);
  return {
    slackMessages: await inBatches(limit, () => pruneSlackMessages(database, messages)),
    slackClaims: await inBatches(limit, () => pruneSlackClaims(database, limit)),
  };
}

/** Jobs and turns first: what a plan is still needed for. */
async function prunePlanning(database: Database, limit: number) {
  const { planJobsMs, planHistoryMs, draftsMs } = KEEP;
  const jobs = { olderThanMs: planJobsMs, limit };
  const turns = { olderThanMs: planHistoryMs, limit };
  const plans = { draftsMs, historyMs: planHistoryMs, limit: Math.min(limit, PLANS_BATCH) };
  return {
    planJobs: await inBatches(limit, () => prunePlanJobs(database, jobs)),
    plannedTurns: await inBatches(limit, () => prunePlannedTurns(database, turns)),
    plans: await inBatches(plans.limit, () => database.transaction((tx) => prunePlans(tx, plans))),
  };
}

async function inBatches(limit: number, batch: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let round = 0; round < MAX_BATCHES; round += 1) {
    const gone = await batch();
    total += gone;
    if (gone < limit) break;
  }
  return total;
}
