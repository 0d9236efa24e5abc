import { expect, it } from 'vitest';
import { spawnService } from '../support/service-process.ts';
import { createTestDatabase } from '../support/test-database.ts';

async function migrate(databaseUrl: string): Promise<{ code: number | null; output: string }> {
  const process = spawnService('standalone', { DATABASE_URL: databaseUrl }, { entry: 'migrate.js' });
  const { code } = await process.exited;
  return { code, output: process.output() };
}

it('brings an empty database up to date and prints the first token, once', async () => {
  const database = await createTestDatabase({ empty: true });
  const first = await migrate(database.connectionString);
  expect(first).toMatchObject({ code: 0 });
  expect(first.output).toMatch(/^Applied: 0001-/);
  expect(first.output).toMatch(/^ {2}wb_\S{40,}$/m);
  const second = await migrate(database.connectionString);
  expect(second).toEqual({ code: 0, output: 'The database is up to date.\n' });
  await database.drop();
});

it('makes one token between two that run at once', async () => {
  const database = await createTestDatabase({ empty: true });
  const both = await Promise.all([migrate(database.connectionString), migrate(database.connectionString)]);
  expect(both.map((run) => run.code)).toEqual([0, 0]);
  expect(both.filter((run) => /wb_\S{40,}/.test(run.output))).toHaveLength(1);
  await database.drop();
});

it('fails without showing the password', async () => {
  const { code, output } = await migrate('postgres://ana:hunter2@127.0.0.1:1/none');
  expect(code).toBe(1);
  expect(output).toMatch(/^Could not migrate: .*ECONNREFUSED/);
  expect(output).not.toContain('hunter2');
});
