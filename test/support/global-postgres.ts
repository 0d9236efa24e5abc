import type { TestProject } from 'vitest/node';
import { startTestPostgres, type TestPostgres } from './test-postgres.ts';
import './test-database.ts';

/** Two projects load this file apart from each other, in one process; the server is one all the same. */
interface Shared {
  users: number;
  readonly started: Promise<TestPostgres>;
}
const KEY = Symbol.for('watchbill.test-postgres');

function join(): Shared {
  const known = Reflect.get(globalThis, KEY) as Shared | undefined;
  const shared = known ?? { users: 0, started: startTestPostgres() };
  shared.users += 1;
  Reflect.set(globalThis, KEY, shared);
  return shared;
}

/** One PostgreSQL for the whole run; vitest calls this only when a suite that needs it is among those chosen. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = join();
  const postgres = await shared.started;
  project.provide('testPostgres', postgres.address);
  return async () => {
    shared.users -= 1;
    if (shared.users === 0) await postgres.stop();
  };
}
