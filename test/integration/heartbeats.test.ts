import { pingHeartbeat, sweepHeartbeats } from '@watchbill/commands';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApi } from './api-fixture.ts';
import { pagesOf, startIntakeApi } from './intake-fixture.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startIntakeApi();
});
afterAll(() => api?.close());

async function make(more: object = {}): Promise<{ id: string; key: string }> {
  const body = { name: 'nightly backup', schedule: 'payments', everyMs: 60_000, graceMs: 0, ...more };
  const { json, status, text } = await api.send('/v1/heartbeats', { method: 'POST', body });
  if (status !== 201) throw new Error(text);
  expect(json.url).toBe(`https://watchbill.example/v1/heartbeats/${json.key}`);
  return { id: json.heartbeat.id, key: json.key };
}

function ping(key: string, method = 'GET') {
  const body = method === 'POST' ? { body: 'exit 0', headers: { 'content-type': 'text/x-log' } } : {};
  return api.send(`/v1/heartbeats/${key}`, { method, token: null, ...body });
}

/** Lets the time of a heartbeat run out, as if it had passed. */
async function runOut(id: string): Promise<void> {
  await api.database.pool.query(
    `UPDATE watchbill.heartbeats SET due_at = clock_timestamp() - interval '1 second' WHERE id = $1`,
    [id],
  );
}

async function shown(id: string) {
  const { json } = await api.send('/v1/heartbeats?limit=200');
  return json.data.find((one: { id: string }) => one.id === id);
}

describe('a heartbeat', () => {
  it('that comes is well, by any method and with any body', async () => {
    const { id, key } = await make();
    expect(await shown(id)).toMatchObject({ status: 'new', dueAt: null });
    for (const method of ['GET', 'POST']) expect((await ping(key, method)).status).toBe(200);
    const head = await fetch(`${api.url}/v1/heartbeats/${key}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await ping(key)).json).toEqual({ status: 'ok', dueAt: expect.any(String) });
    expect(await shown(id)).toMatchObject({ status: 'alive', lastPingAt: expect.any(String) });
    expect((await sweepHeartbeats(api.database)).missed).not.toContain(id);
  });

  it('that stays away pages once, and its return resolves the page', async () => {
    const { id, key } = await make({ severity: 'critical' });
    await ping(key);
    await runOut(id);
    expect(await shown(id)).toMatchObject({ status: 'missed' });
    expect((await sweepHeartbeats(api.database)).missed).toContain(id);
    expect((await sweepHeartbeats(api.database)).missed).toEqual([]);
    expect(await pagesOf(api, id)).toMatchObject([
      {
        ...{ severity: 'critical', source: 'nightly backup', repeats: 0, place: { state: 'triggered' } },
        summary: expect.stringContaining('The heartbeat "nightly backup" is missing: last heard 20'),
      },
    ]);
    await ping(key);
    expect(await pagesOf(api, id)).toMatchObject([{ place: { state: 'resolved' } }]);
    expect(await shown(id)).toMatchObject({ status: 'alive', missedAt: null });
  });

  it('that is expected from the start pages when it never comes', async () => {
    const { id } = await make({ expected: true });
    await runOut(id);
    await sweepHeartbeats(api.database);
    expect((await pagesOf(api, id))[0]?.summary).toContain('never heard since 20');
  });

  it('pages once though several sweep at once, and though one dies before it noted the page', async () => {
    const { id, key } = await make();
    await ping(key);
    await runOut(id);
    await Promise.all(Array.from({ length: 4 }, () => sweepHeartbeats(api.database)));
    expect(await pagesOf(api, id)).toMatchObject([{ repeats: 0 }]);
    // The page is there, but the note of it was lost with the process that triggered it.
    await api.database.pool.query('UPDATE watchbill.heartbeats SET missed_at = NULL WHERE id = $1', [id]);
    await sweepHeartbeats(api.database);
    expect(await pagesOf(api, id)).toMatchObject([{ repeats: 1 }]);
    await api.database.pool.query('UPDATE watchbill.heartbeats SET missed_at = NULL WHERE id = $1', [id]);
    await ping(key);
    expect(await pagesOf(api, id)).toMatchObject([{ place: { state: 'resolved' } }]);
  });

  it('leaves no page open, however pings and sweeps cross', async () => {
    const { id, key } = await make();
    await ping(key);
    for (let round = 0; round < 15; round += 1) {
      await runOut(id);
      await Promise.all([sweepHeartbeats(api.database), ping(key), sweepHeartbeats(api.database), ping(key)]);
      const open = (await pagesOf(api, id)).filter(({ place }) => place.state !== 'resolved');
      expect(open, `round ${round}`).toEqual([]);
    }
  });

  it('is given the time in which nobody watched, and not more', async () => {
    const { id, key } = await make();
    const before = await make();
    await ping(key);
    await ping(before.key);
    await sweepHeartbeats(api.database);
    // An outage of two hours: the one was due in the midst of it, the other stayed away already when it began.
    const back = (table: string, column: string, hours: number, where: string) =>
      api.database.pool.query(
        `UPDATE watchbill.${table} SET ${column} = clock_timestamp() - ${hours} * interval '1 hour' WHERE ${where}`,
      );
    await back('heartbeat_watch', 'swept_at', 2, 'true');
    await back('heartbeats', 'due_at', 1, `id = '${id}'`);
    await back('heartbeats', 'due_at', 3, `id = '${before.id}'`);
    const swept = await sweepHeartbeats(api.database);
    expect(swept.unwatchedMs).toBeGreaterThan(7_000_000);
    expect(swept.missed).toContain(before.id);
    expect(swept.missed).not.toContain(id);
    expect(Date.parse((await shown(id)).dueAt) - Date.now()).toBeLessThanOrEqual(3_700_000);
    expect((await sweepHeartbeats(api.database)).unwatchedMs).toBe(0);
    await runOut(id);
    expect((await sweepHeartbeats(api.database)).missed).toContain(id);
  });

  it('says nothing while it is paused, and is expected again from then on', async () => {
    const { id, key } = await make();
    await ping(key);
    await runOut(id);
    await sweepHeartbeats(api.database);
    const change = (body: object) => api.send(`/v1/heartbeats/${id}`, { method: 'PATCH', body });
    expect((await change({ paused: true })).json).toMatchObject({ status: 'paused', dueAt: null });
    expect(await pagesOf(api, id)).toMatchObject([{ place: { state: 'resolved' } }]);
    expect((await ping(key)).json).toEqual({ status: 'paused', dueAt: null });
    expect((await change({ paused: false, everyMs: 120_000 })).json).toMatchObject({
      ...{ status: 'alive', everyMs: 120_000, dueAt: expect.any(String) },
    });
    expect((await change({ everyMs: 1 })).status).toBe(400);
    expect((await change({ schedule: 'nothing' })).status).toBe(404);
  });

  it('that is deleted is unknown, and its page is over', async () => {
    const { id, key } = await make();
    await ping(key);
    await runOut(id);
    await sweepHeartbeats(api.database);
    expect((await api.send(`/v1/heartbeats/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await pagesOf(api, id)).toMatchObject([{ place: { state: 'resolved' } }]);
    const gone = await ping(key);
    expect([gone.status, gone.json.code]).toEqual([404, 'heartbeat/unknown-key']);
    expect(await pingHeartbeat({ database: api.database }, { keyHash: Buffer.alloc(32) })).toMatchObject({
      ok: false,
    });
  });

  it('keeps others from their pages no more than it keeps its own', async () => {
    const lost = await make({ name: 'whose schedule is gone' });
    const fine = await make();
    for (const { id, key } of [lost, fine]) {
      await ping(key);
      await runOut(id);
    }
    await api.database.pool.query('UPDATE watchbill.heartbeats SET schedule_id = $2 WHERE id = $1', [
      lost.id,
      'x',
    ]);
    const swept = await sweepHeartbeats(api.database);
    expect(swept.missed).toEqual([fine.id]);
    expect(swept.failed).toMatchObject([{ heartbeat: lost.id, message: expect.any(String) }]);
    await api.send(`/v1/heartbeats/${lost.id}`, { method: 'DELETE' });
  });

  it('may not be sent without end, and never tells its key to the log', async () => {
    const { key } = await make();
    const statuses = new Set<number>();
    for (let sent = 0; sent < 65; sent += 1) statuses.add((await ping(key)).status);
    expect([...statuses]).toEqual([200, 429]);
    expect(api.log()).not.toContain(key);
  });
});
