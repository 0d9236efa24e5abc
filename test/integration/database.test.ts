import {
  analyseGrown,
  clockNow,
  type Database,
  insertEvents,
  insertOutbox,
  listen,
  migrate,
  type NewEvent,
  newId,
  openDatabase,
  readClock,
  resetClock,
  setClock,
  sqlState,
  statement,
  TRANSACTION_TRIES,
} from '@watchbill/database';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let own: TestDatabase;
let database: Database;
beforeAll(async () => {
  own = await createTestDatabase();
  database = openDatabase({ connectionString: own.connectionString, max: 6 });
});
afterAll(async () => {
  await database.close();
  await own.drop();
});

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 2_000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('migrate', () => {
  it('brings an empty database up to date once, also from several processes at once', async () => {
    const empty = await createTestDatabase({ empty: true });
    const runs = await Promise.all([1, 2, 3].map(() => migrate(empty.connectionString)));
    const applied = runs.flat();
    expect(applied.length).toBeGreaterThan(0);
    expect(new Set(applied).size).toBe(applied.length);
    expect(await migrate(empty.connectionString)).toEqual([]);
    await empty.drop();
  });

  it('refuses a database that is newer than the program', async () => {
    const newer = await createTestDatabase();
    const other = openDatabase({ connectionString: newer.connectionString });
    await other.pool.query(`INSERT INTO migrations (name) VALUES ('9999-from-the-future')`);
    await expect(migrate(newer.connectionString)).rejects.toThrow(
      /newer than this program.*9999-from-the-future/,
    );
    await other.close();
    await newer.drop();
  });
});

describe('a connection', () => {
  it('gives instants as milliseconds, exactly, and big numbers as numbers', async () => {
    const at = Date.UTC(2026, 10, 30, 9, 0, 0, 123);
    const [row] = await database.query<{ at: number; big: number; early: number; nothing: null }>(
      statement(
        'test.types',
        `SELECT $1::timestamptz AS at, 9007199254740991::bigint AS big, '0999-01-01T00:00:00Z'::timestamptz AS early,
         NULL::timestamptz AS nothing`,
      ),
      [new Date(at).toISOString()],
    );
    expect(row).toEqual({
      at,
      big: Number.MAX_SAFE_INTEGER,
      early: Date.parse('0999-01-01T00:00:00Z'),
      nothing: null,
    });
  });

  it('lives through the end of its server connection, idle and in a transaction', async () => {
    const errors: Error[] = [];
    const other = openDatabase({
      connectionString: own.connectionString,
      onError: (error) => errors.push(error),
    });
    const end = statement('test.end', 'SELECT pg_terminate_backend(pg_backend_pid())');
    await expect(other.transaction((tx) => tx.query(end))).rejects.toThrow();
    await clockNow(other);
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'watchbill'`,
    );
    await until(() => errors.length > 0);
    expect(await clockNow(other)).toBeGreaterThan(0);
    await other.close();
  });

  it('sets its own search path and zone, whatever the address says', async () => {
    const address = new URL(own.connectionString);
    address.searchParams.set('options', '-c timezone=Asia/Tokyo -c search_path=public -c datestyle=German');
    const other = openDatabase({ connectionString: address.toString() });
    const [row] = await other.query<{ path: string; at: number }>(
      statement(
        'test.path',
        `SELECT current_setting('search_path') AS path, '2026-11-30Z'::timestamptz AS at`,
      ),
    );
    expect(row?.path.replaceAll(' ', '')).toBe('watchbill,public');
    expect(row?.at).toBe(Date.UTC(2026, 10, 30));
    await other.close();
  });
});

describe('a transaction', () => {
  const insert = statement(
    'test.insert',
    `INSERT INTO teams (id, name, definition, updated_at) VALUES ($1, $1, '{}', now())`,
  );
  const find = statement('test.find', 'SELECT id FROM teams WHERE id = $1');

  it('keeps nothing of work that throws or is not to be kept', async () => {
    const work = database.transaction(async (tx) => {
      await tx.query(insert, ['thrown']);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    const value = await database.transaction(
      async (tx) => {
        await tx.query(insert, ['unkept']);
        return 'value';
      },
      { keep: () => false },
    );
    expect(value).toBe('value');
    expect(await database.query(find, ['thrown'])).toEqual([]);
    expect(await database.query(find, ['unkept'])).toEqual([]);
  });

  it('is run again after a deadlock', async () => {
    await database.pool.query(
      `INSERT INTO teams (id, name, definition, updated_at) VALUES ('x', 'x', '{}', now()), ('y', 'y', '{}', now())`,
    );
    const lock = statement('test.lock', 'SELECT id FROM teams WHERE id = $1 FOR UPDATE');
    let runs = 0;
    let met = 0;
    const crossing = (first: string, second: string) =>
      database.transaction(async (tx) => {
        runs += 1;
        await tx.query(lock, [first]);
        met += 1;
        if (runs <= 2) await until(() => met >= 2);
        await tx.query(lock, [second]);
      });
    await Promise.all([crossing('x', 'y'), crossing('y', 'x')]);
    expect(runs).toBe(3);
  });

  it('is run a bounded number of times', async () => {
    let runs = 0;
    const raise = statement('test.raise', `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$`);
    const work = database.transaction((tx) => {
      runs += 1;
      return tx.query(raise);
    });
    await expect(work.catch((error: unknown) => sqlState(error))).resolves.toBe('40001');
    expect(runs).toBe(TRANSACTION_TRIES);
  });
});

describe('the exclusion constraint', () => {
  const row = statement(
    'test.shift',
    `INSERT INTO shifts (id, schedule_id, role, seat, person, starts_at, ends_at, status, revision, created_at, updated_at)
     VALUES ($1, 's', $2, 'week/0', $3, $4::timestamptz, $5::timestamptz, $6, 1, now(), now())`,
  );
  const add = (id: string, person: string, more: { role?: string; from?: string; status?: string } = {}) =>
    database.transaction((tx) =>
      tx.query(row, [
        id,
        more.role ?? 'primary',
        person,
        more.from ?? '2026-12-01T00:00:00Z',
        '2026-12-10T00:00:00Z',
        more.status ?? 'active',
      ]),
    );

  it('refuses a second person on a seat at once, and nothing else', async () => {
    await database.pool.query(
      `INSERT INTO schedules (id, time_zone, revision, created_at, updated_at) VALUES ('s', 'UTC', 1, now(), now())`,
    );
    await add('one', 'ann');
    const refused = add('two', 'ben', { from: '2026-12-09T23:59:59.999Z' });
    await expect(refused.catch((error: unknown) => sqlState(error))).resolves.toBe('23P01');
    await add('three', 'ben', { role: 'secondary' });
    await add('four', 'ben', { status: 'cancelled' });
    const { rows } = await database.pool.query('SELECT id FROM shifts ORDER BY id');
    expect(rows.map(({ id }) => id)).toEqual(['four', 'one', 'three']);
  });
});

describe('events', () => {
  const now = Date.UTC(2026, 10, 30);
  const event = (key: string, changes: Partial<NewEvent> = {}): NewEvent =>
    ({
      key,
      type: 'schedule.retired',
      schedule: 's',
      occurredAt: now,
      publishedAt: now,
      data: { schedule: 's', retiredBy: 'test' },
      ...changes,
    }) as NewEvent;

  it('are written once for each key, in their order, each with its outbox row', async () => {
    const keys = ['b', 'a', 'b', 'c'];
    const written = await database.transaction((tx) =>
      insertEvents(
        tx,
        keys.map((key) => event(key)),
      ),
    );
    expect(written).toHaveLength(3);
    expect(await database.transaction((tx) => insertEvents(tx, [event('a'), event('d')]))).toHaveLength(1);
    const { rows } = await database.pool.query(
      `SELECT e.key, o.payload = jsonb_build_object('id', e.id, 'type', e.type, 'schedule', e.schedule_id) AS told
       FROM events e JOIN outbox o ON o.key = 'event.' || e.id ORDER BY e.sequence, o.id`,
    );
    expect(rows).toEqual(['b', 'a', 'c', 'd'].map((key) => ({ key, told: true })));
  });

  it('say when they were due and published, and are late after a minute', async () => {
    const late = event('late', { occurredAt: now - 60_001 });
    const punctual = event('punctual', { occurredAt: now - 60_000 });
    await database.transaction((tx) => insertEvents(tx, [late, punctual]));
    const { rows } = await database.pool.query(
      `SELECT key, data FROM events WHERE key IN ('late', 'punctual') ORDER BY key`,
    );
    expect(rows.map(({ data }) => data.late)).toEqual([true, false]);
    expect(rows[1]?.data).toMatchObject({
      dueAt: '2026-11-29T23:59:00Z',
      publishedAt: '2026-11-30T00:00:00Z',
    });
  });

  it('keep names letter for letter', async () => {
    const name = `'"{}\\,;-- \n\t🧨 $1 %s`;
    await database.transaction((tx) =>
      insertEvents(tx, [
        event(`odd ${name}`, { data: { schedule: 's', retiredBy: name } } as Partial<NewEvent>),
      ]),
    );
    const { rows } = await database.pool.query(`SELECT data FROM events WHERE key LIKE 'odd %'`);
    expect(rows[0]?.data.retiredBy).toBe(name);
  });

  it('leave nothing when their transaction fails', async () => {
    const before = await database.pool.query('SELECT count(*) FROM outbox');
    const work = database.transaction(async (tx) => {
      await insertEvents(tx, [event('lost')]);
      throw new Error('crash');
    });
    await expect(work).rejects.toThrow('crash');
    expect((await database.pool.query('SELECT count(*) FROM outbox')).rows).toEqual(before.rows);
  });
});

describe('listen', () => {
  it('hears of outbox rows, once for a statement', async () => {
    const heard: string[] = [];
    let connected = false;
    const listener = listen({
      connectionString: own.connectionString,
      channels: ['watchbill_outbox'],
      onNotify: (channel) => heard.push(channel),
      onState: (state) => {
        connected = state;
      },
    });
    await until(() => connected);
    const keys = ['k1', 'k2', 'k3'];
    const rows = keys.map((key) => ({
      key,
      queue: 'boundaries' as const,
      name: 'boundaries.due',
      payload: {},
    }));
    await database.transaction((tx) => insertOutbox(tx, rows));
    await until(() => heard.length > 0);
    expect(heard).toEqual(['watchbill_outbox']);
    await listener.close();
  });

  it('comes back after the server has ended its connection, and says so', async () => {
    const states: boolean[] = [];
    const heard: string[] = [];
    const listener = listen({
      connectionString: own.connectionString,
      channels: ['watchbill_schedule'],
      onNotify: (_channel, payload) => heard.push(payload),
      onState: (connected) => states.push(connected),
    });
    await until(() => states.length === 1);
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'watchbill-listen'`,
    );
    await until(() => states.length === 3);
    expect(states).toEqual([true, false, true]);
    await database.pool.query(`SELECT pg_notify('watchbill_schedule', 'payments')`);
    await until(() => heard.length > 0);
    expect(heard).toEqual(['payments']);
    await listener.close();
    await listener.close();
  });

  it('waits for a server that is not there, and can be closed meanwhile', async () => {
    const address = new URL(own.connectionString);
    address.port = '1';
    const listener = listen({
      connectionString: address.toString(),
      channels: ['a'],
      onNotify: () => undefined,
    });
    await listener.close();
  });

  it('refuses a name that is no channel', () => {
    const start = () => listen({ connectionString: '', channels: ['a"; DROP'], onNotify: () => undefined });
    expect(start).toThrow('no name of a channel');
  });
});

describe('the clock', () => {
  afterEach(() => resetClock(database));

  it('is that of the server unless it is set', async () => {
    const { factor } = await readClock(database);
    expect(factor).toBe(1);
  });

  it('starts where it is told and runs as fast as it is told', async () => {
    const start = Date.UTC(2030, 0, 1);
    await setClock(database, { factor: 3_600, start });
    const first = await clockNow(database);
    expect(first).toBeGreaterThanOrEqual(start);
    await new Promise((resolve) => setTimeout(resolve, 50));
    // 50 ms are three virtual minutes; timers may be a little early.
    expect((await clockNow(database)) - first).toBeGreaterThanOrEqual(150_000);
  });

  it('goes on from where it stands when only its speed changes', async () => {
    const start = Date.UTC(2030, 0, 1);
    await setClock(database, { factor: 1e-9, start });
    await setClock(database, { factor: 2e-9 });
    expect(await clockNow(database)).toBe(start);
  });
});

describe('statistics', () => {
  it('of a table are made again after a large change, and not again without one', async () => {
    const estimate = async (): Promise<number> => {
      const { rows } = await database.pool.query(
        `SELECT reltuples FROM pg_class WHERE oid = 'watchbill.people'::regclass`,
      );
      return rows[0].reltuples;
    };
    expect(await estimate()).toBeLessThan(600);
    await database.pool.query(
      `INSERT INTO watchbill.people (id, name, time_zone, definition, updated_at)
       SELECT 'p' || n, 'p' || n, 'UTC', '{}', clock_timestamp() FROM generate_series(1, 600) n`,
    );
    // Counts of changes reach the statistics a moment after their transaction.
    for (let tries = 0; (await estimate()) < 600 && tries < 200; tries += 1) {
      await analyseGrown(database);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await estimate()).toBe(600);
    expect(await analyseGrown(database)).toEqual([]);
  });
});

describe('ids', () => {
  it('are different, of one length, and later ones sort later', async () => {
    const first = Array.from({ length: 5_000 }, () => newId('shf'));
    await new Promise((resolve) => setTimeout(resolve, 3));
    const later = newId('shf');
    expect(new Set(first).size).toBe(5_000);
    expect(first.every((id) => /^shf_[0-9a-hjkmnp-tv-z]{26}$/.test(id) && id < later)).toBe(true);
  });
});
