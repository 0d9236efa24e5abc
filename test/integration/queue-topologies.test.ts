import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openQueues, type QueueOptions } from '@watchbill/queue';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { redisAvailable } from '../support/redis.ts';
import { eventually } from './queue-places.ts';

/** Redis in the shapes that production has: a Cluster, and a master that Sentinels watch. */

const started: { readonly child: ChildProcess; readonly folder: string }[] = [];
afterEach(async () => {
  for (const { child, folder } of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  }
});

async function startServer(
  lines: readonly string[],
  args: readonly string[] = [],
): Promise<{ port: number; child: ChildProcess }> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'watchbill-redis-'));
  const file = join(folder, 'redis.conf');
  writeFileSync(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, ...lines, ''].join('\n'));
  const child = spawn('redis-server', [file, ...args], { stdio: 'ignore' });
  started.push({ child, folder });
  await eventually(`the server on port ${port}`, async () => (await ask(port, 'PING')).includes('PONG'));
  return { port, child };
}

async function ask(port: number, ...words: readonly string[]): Promise<string> {
  const asking = spawn('redis-cli', ['-h', '127.0.0.1', '-p', String(port), ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let answer = '';
  asking.stdout.on('data', (chunk: Buffer) => {
    answer += chunk.toString();
  });
  await once(asking, 'close');
  return answer;
}

async function exchange(
  redis: QueueOptions['redis'],
  between: () => Promise<void> = async () => undefined,
): Promise<void> {
  const queues = openQueues({
    redis: redis ?? null,
    settings: { lockMs: 1_000, stalledMs: 300, backoffMs: 50 },
    onError: () => undefined,
  });
  const got = new Set<string>();
  for (const queue of ['boundaries', 'events'] as const) {
    queues.consume(queue, async (job) => void got.add(job.key), { concurrency: 2 });
  }
  const add = (key: string, queue: 'boundaries' | 'events'): Promise<boolean> =>
    queues
      .enqueue(
        queue,
        [1, 2, 3].map((part) => ({ key: `${key}.${part}`, name: 'x', payload: {}, traceparent: null })),
      )
      .then(
        () => true,
        () => false,
      );
  await eventually('the first jobs to be added', () => add('first', 'boundaries'));
  await eventually('the first jobs', () => got.size === 3);
  expect(await queues.check()).toEqual([]);
  await between();
  await eventually('more jobs to be added', () => add('more', 'events'), 40_000);
  await eventually('more jobs', () => got.size === 6, 40_000);
  await queues.close();
}

describe.skipIf(!redisAvailable())('queues', () => {
  test('live in a Redis Cluster', async () => {
    const { port } = await startServer(['cluster-enabled yes', 'cluster-announce-ip 127.0.0.1', 'save ""']);
    await ask(port, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await eventually('the cluster', async () =>
      (await ask(port, 'CLUSTER', 'INFO')).includes('cluster_state:ok'),
    );
    await exchange({ kind: 'cluster', nodes: [{ host: '127.0.0.1', port }] });
  });

  test('follow a Sentinel to the new master', async () => {
    const master = await startServer(['save ""']);
    const replica = await startServer(['save ""', `replicaof 127.0.0.1 ${master.port}`]);
    await eventually('the replica', async () =>
      (await ask(replica.port, 'INFO', 'replication')).includes('link_status:up'),
    );
    const sentinel = await startServer(
      [
        `sentinel monitor watch 127.0.0.1 ${master.port} 1`,
        'sentinel down-after-milliseconds watch 500',
        'sentinel failover-timeout watch 3000',
      ],
      ['--sentinel'],
    );
    await eventually('the Sentinel to know the replica', async () =>
      (await ask(sentinel.port, 'SENTINEL', 'replicas', 'watch')).includes(String(replica.port)),
    );
    await exchange(
      { kind: 'sentinel', name: 'watch', sentinels: [{ host: '127.0.0.1', port: sentinel.port }] },
      async () => {
        master.child.kill('SIGKILL');
        await eventually('the replica to be master', async () =>
          (await ask(replica.port, 'INFO', 'replication')).includes('role:master'),
        );
      },
    );
  }, 120_000);
});
