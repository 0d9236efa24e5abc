import type { RedisAddress } from '@watchbill/runtime';
import { Cluster, Redis } from 'ioredis';

export type RedisConnection = Redis | Cluster;

/** BullMQ and ioredis would back off to 20 s; a queue that is back must be noticed at once. */
const RETRY_STEP_MS = 200;
const RETRY_MAX_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
const PRODUCER_TRIES = 1;

function retryStrategy(times: number): number {
  return Math.min(times * RETRY_STEP_MS, RETRY_MAX_MS);
}

/**
 * Opens a connection that reconnects for ever. A producer's commands fail at once while Redis is away; a worker's
 * wait, because BullMQ asks for it. Errors go to `onError`; without a listener they would end the process.
 */
export function openRedis(
  address: RedisAddress,
  role: 'producer' | 'worker',
  onError: (error: Error) => void,
): RedisConnection {
  const connection = connect(address, {
    retryStrategy,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    maxRetriesPerRequest: role === 'producer' ? PRODUCER_TRIES : null,
    enableOfflineQueue: role === 'worker',
  });
  connection.on('error', onError);
  return connection;
}

interface CommonOptions {
  readonly retryStrategy: (times: number) => number;
  readonly connectTimeout: number;
  readonly keepAlive: number;
  readonly maxRetriesPerRequest: number | null;
  readonly enableOfflineQueue: boolean;
}

function connect(address: RedisAddress, common: CommonOptions): RedisConnection {
  switch (address.kind) {
    case 'server':
      return new Redis(address.url, common);
    case 'sentinel':
      return new Redis({
        ...common,
        sentinels: address.sentinels.map(({ host, port }) => ({ host, port })),
        name: address.name,
        sentinelRetryStrategy: retryStrategy,
        ...(address.password === undefined ? {} : { password: address.password }),
        ...(address.sentinelPassword === undefined ? {} : { sentinelPassword: address.sentinelPassword }),
      });
    case 'cluster':
      return new Cluster(
        address.nodes.map(({ host, port }) => ({ host, port })),
        {
          clusterRetryStrategy: retryStrategy,
          enableOfflineQueue: common.enableOfflineQueue,
          redisOptions: {
            ...common,
            ...(address.password === undefined ? {} : { password: address.password }),
          },
        },
      );
  }
}

/** The INFO text of the server, or of every master of a Cluster. */
export function serverInfo(connection: RedisConnection): Promise<readonly string[]> {
  const servers = connection instanceof Cluster ? connection.nodes('master') : [connection];
  return Promise.all(servers.map((server) => server.info()));
}
