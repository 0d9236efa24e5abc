import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect } from 'vitest';

/**
 * Loaded before every integration and e2e file: when the file is done, no connection and no server may be left
 * in its process. Something that is left open keeps a real process from ending after Ctrl-C.
 */
const GONE_WITHIN_MS = 3_000;
const WATCHED = ['TCPSocketWrap', 'TCPServerWrap', 'ChildProcess', 'FSEventWrap'];

function openHandles(): readonly string[] {
  return process.getActiveResourcesInfo().filter((kind) => WATCHED.includes(kind));
}

/** The pool behind the global fetch keeps idle connections for some seconds; they are nobody's leak. */
async function closeFetchPool(): Promise<void> {
  const name = Symbol.for('undici.globalDispatcher.1');
  const pool: unknown = Reflect.get(globalThis, name);
  if (typeof pool !== 'object' || pool === null || !('destroy' in pool)) return;
  if (typeof pool.destroy !== 'function') return;
  // The next file of this process gets a pool of its own.
  Reflect.set(globalThis, name, Reflect.construct(pool.constructor, []));
  await pool.destroy();
}

const before = openHandles().length;

afterAll(async () => {
  await closeFetchPool();
  const startedAt = performance.now();
  while (openHandles().length > before && performance.now() - startedAt < GONE_WITHIN_MS) await sleep(25);
  expect(openHandles(), 'connections, servers or processes that this file left open').toHaveLength(before);
});
