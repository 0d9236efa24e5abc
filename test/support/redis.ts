import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Forgets everything, as an operator's FLUSHALL would. */
  flush(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts again on the same port; with `appendOnly` what was acknowledged is still there. */
  restart(): Promise<void>;
  /** Sends one command and gives the raw answer, for looking inside. */
  command(...words: readonly string[]): Promise<string>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

export interface TestRedisOptions {
  /** Keep what was acknowledged over a restart. Default: false, the server remembers nothing. */
  readonly appendOnly?: boolean;
}

const READY_TIMEOUT_MS = 10_000;

/** Whether this machine has a redis-server; prints a line when it has none, so that a skip is never silent. */
export function redisAvailable(): boolean {
  const found = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!found) console.log('redis-server is not installed: the suites that need a real Redis are skipped.');
  return found;
}

/** Starts a real redis-server on a free port of 127.0.0.1; `null`, with a printed line, where there is none. */
export async function startRedis(options: TestRedisOptions = {}): Promise<TestRedis | null> {
  if (!redisAvailable()) return null;
  const folder = mkdtempSync(join(tmpdir(), 'watchbill-redis-'));
  const port = await freePort();
  const persistence = options.appendOnly
    ? ['--appendonly', 'yes', '--appendfsync', 'always']
    : ['--appendonly', 'no'];
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const started = spawn(
      'redis-server',
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
        ...['--maxmemory-policy', 'noeviction', ...persistence],
      ],
      { stdio: 'ignore' },
    );
    child = started;
    await untilAnswering(port, started);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    flush: async () => void (await send(port, ['FLUSHALL'])),
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGKILL');
      await start();
    },
    command: (...words) => send(port, words),
    stop: async () => {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilAnswering(port: number, child: ChildProcess): Promise<void> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < READY_TIMEOUT_MS) {
    const answer = await send(port, ['PING']).catch(() => '');
    if (answer.startsWith('+PONG')) return;
    if (child.exitCode !== null) throw new Error(`redis-server ended at once with code ${child.exitCode}.`);
    await sleep(20);
  }
  child.kill('SIGKILL');
  throw new Error(`redis-server did not answer on port ${port} within ${READY_TIMEOUT_MS} ms.`);
}

/** One command over a connection of its own; resolves with the first bytes of the answer as Redis writes them. */
function send(port: number, words: readonly string[]): Promise<string> {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host: '127.0.0.1', port }, () => {
      socket.write(`*${words.length}\r\n${parts.join('')}`);
    });
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once('error', reject);
  });
}
