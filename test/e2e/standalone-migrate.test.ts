import { purposeOfLink, setUpAccount } from '@watchbill/commands';
import { openDatabase } from '@watchbill/database';
import { expect, it } from 'vitest';
import { spawnService } from '../support/service-process.ts';
import { createTestDatabase } from '../support/test-database.ts';

async function migrate(databaseUrl: string): Promise<{ code: number | null; output: string }> {
  const process = spawnService('standalone', { DATABASE_URL: databaseUrl }, { entry: 'migrate.js' });
  const { code } = await process.exited;
  return { code, output: process.output() };
}

it('brings an empty database up to date and prints the first token once, and a link until it is used', async () => {
  const database = await createTestDatabase({ empty: true });
  const first = await migrate(database.connectionString);
  expect(first).toMatchObject({ code: 0 });
  expect(first.output).toMatch(/^Applied: 0001-/);
  expect(first.output).toMatch(/^ {2}wb_\S{40,}$/m);
  const link = /^ {2}http:\/\/127\.0\.0\.1:4400\/setup\/(wbl_\S{40,})$/m;
  const [, older = ''] = link.exec(first.output) ?? [];
  const second = await migrate(database.connectionString);
  expect(second).toMatchObject({ code: 0 });
  expect(second.output).toMatch(/^The database is up to date\.\nThe link that makes the first account\./);
  const [, newer = ''] = link.exec(second.output) ?? [];
  const direct = openDatabase({ connectionString: database.connectionString });
  try {
    expect(await purposeOfLink(direct, older)).toBeNull();
    const ana = { email: 'ana@example.com', name: 'Ana' };
    const place = { userAgent: 'test', address: '127.0.0.1' };
    const setUp = { link: newer, passwordHash: 'of no use', first: ana, place };
    expect(await setUpAccount({ database: direct, actor: 'test' }, setUp)).toMatchObject({ ok: true });
  } finally {
    await direct.close();
  }
  expect(await migrate(database.connectionString)).toEqual({
    code: 0,
    output: 'The database is up to date.\n',
  });
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
