import { openQueues, type QueueOptions, type Queues } from '@watchbill/queue';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

export const BACKENDS = ['redis', 'postgres'] as const;

/** A place where queues may live in a test, real on both backends. */
export interface QueuePlace {
  readonly options: Pick<QueueOptions, 'redis' | 'postgres'>;
  readonly redis: TestRedis | null;
  readonly database: TestDatabase;
  open(settings?: QueueOptions['settings']): Queues & { readonly errors: Error[] };
  stop(): Promise<void>;
}

export async function startQueuePlace(backend: (typeof BACKENDS)[number]): Promise<QueuePlace> {
  const database = await createTestDatabase();
  const redis = backend === 'redis' ? await startRedis() : null;
  const options =
    redis === null
      ? { postgres: { connectionString: database.connectionString } }
      : { redis: { kind: 'server', url: redis.url } as const };
  return {
    options,
    redis,
    database,
    open: (settings) => {
      const errors: Error[] = [];
      const queues = openQueues({
        ...options,
        ...(settings === undefined ? {} : { settings }),
        onError: (error) => void errors.push(error),
      });
      return { ...queues, errors };
    },
    stop: async () => {
      await redis?.stop();
      await database.drop();
    },
  };
}

/** Waits until `seen` holds, at most `limitMs`; says what was awaited when it does not. */
export async function eventually(
  what: string,
  seen: () => boolean | Promise<boolean>,
  limitMs = 20_000,
): Promise<void> {
  const startedAt = performance.now();
  while (!(await seen())) {
    if (performance.now() - startedAt > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 15));
  }
}
