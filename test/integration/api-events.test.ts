import ical from 'ical.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';
import { type ApiAnswer, sendTo, startTestApi, type TestApi } from './api-fixture.ts';
import { fanOut, writeEvents } from './delivery-fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ webhookAllowedNetworks: ['127.0.0.0/8'] });
  await api.send('/v1/configuration', { method: 'POST', body: file(['amara', 'benji']) });
});
afterAll(() => api?.close());

function file(roster: readonly string[]) {
  const rotation = { id: 'weekly', roster, cadence: { every: 1, unit: 'week' }, start: '2026-01-05T09:00' };
  return {
    version: 1,
    people: ['amara', 'benji', 'cleo'].map((id) => ({ id, name: `${id}; "the", watch`, timeZone: 'UTC' })),
    schedules: ['payments', 'search'].map((id) => ({ id, timeZone: 'UTC', rotations: [rotation] })),
  };
}

const names = (answer: ApiAnswer): string[] =>
  answer.json.data.map((event: { data: { retiredBy: string } }) => event.data.retiredBy);

describe('the stream of events', () => {
  it('is read to its end and on from there, each event once', async () => {
    await fanOut(api.database);
    let after = 0;
    const seen: number[] = [];
    for (let more = true; more; ) {
      const { json } = await api.send(`/v1/events?after=${after}&limit=7`);
      seen.push(...json.data.map((event: { position: number }) => event.position));
      ({ next: after, more } = json);
    }
    expect(seen.length).toBeGreaterThan(20);
    expect(seen).toEqual(seen.map((_, index) => index + 1));

    await writeEvents(api.database, 'payments', ['one', 'two']);
    const unplaced = await api.send(`/v1/events?after=${after}`);
    expect([unplaced.json.data, unplaced.json.next]).toEqual([[], after]);
    await fanOut(api.database);
    const placed = await api.send(`/v1/events?after=${after}`);
    expect(names(placed)).toEqual(['one', 'two']);
    expect(placed.json.next).toBe(after + 2);
  });

  it('skips nothing, whatever is written and placed meanwhile', async () => {
    const { json: start } = await api.send('/v1/events?type=schedule.*&limit=1&after=0');
    let after = start.next;
    for (let more = start.more; more; )
      ({ next: after, more } = (await api.send(`/v1/events?after=${after}`)).json);
    const wanted: string[] = [];
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; i < 15; i += 1) {
        const name = `w${writer}-${i}`;
        wanted.push(name);
        await writeEvents(api.database, `s${writer}`, [name]);
        if (i % 3 === writer % 3) await fanOut(api.database);
      }
    });
    let writing = true;
    const written = Promise.all(writers).then(async () => {
      await fanOut(api.database);
      writing = false;
    });
    const seen: string[] = [];
    for (let last = false; !last; ) {
      last = !writing;
      const answer = await api.send(`/v1/events?after=${after}&type=schedule.retired&limit=5`);
      seen.push(...names(answer));
      after = answer.json.next;
      if (answer.json.more) last = false;
    }
    await written;
    expect(seen.toSorted()).toEqual(wanted.toSorted());
    for (let writer = 0; writer < 4; writer += 1) {
      const own = seen
        .filter((name) => name.startsWith(`w${writer}-`))
        .map((name) => Number(name.split('-')[1]));
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
  });

  it('is filtered by type, family and schedule, and still moves on', async () => {
    await writeEvents(api.database, 'only-here', ['x']);
    await fanOut(api.database);
    const types = async (query: string) => {
      const { json } = await api.send(`/v1/events?limit=500&${query}`);
      return new Set(json.data.map((event: { type: string }) => event.type));
    };
    expect(await types('type=schedule.published')).toEqual(new Set(['schedule.published']));
    expect(await types('type=shift.*')).toEqual(new Set(['shift.scheduled']));
    const { json } = await api.send('/v1/events?schedule=only-here');
    expect(json.data).toHaveLength(1);
    const none = await api.send('/v1/events?type=handoff.completed');
    expect(none.json.data).toEqual([]);
    expect(none.json.next).toBe(
      (await api.send('/v1/events?limit=500&after=0&schedule=only-here')).json.next,
    );
    expect(none.json.next).toBeGreaterThan(20);
  });

  it('says so when events are no longer kept', async () => {
    const { rows } = await api.database.pool.query('SELECT max(position) AS last FROM watchbill.events');
    await api.database.pool.query('DELETE FROM watchbill.events WHERE position <= 5');
    const gone = await api.send('/v1/events?after=2');
    expect([gone.status, gone.json.code]).toEqual([410, 'events/expired']);
    expect((await api.send('/v1/events?after=5&limit=1')).json.data[0].position).toBe(6);
    expect((await api.send('/v1/events?after=0&limit=1')).json.data[0].position).toBe(6);
    expect((await api.send(`/v1/events?after=${rows[0].last}`)).status).toBe(200);
  });

  it.each([
    'after=-1',
    'after=x',
    'limit=501',
    'type=nonsense',
    "type='; DROP TABLE events; --",
    'schedule=%00',
    'after=1e400',
  ])('refuses %s', async (query) => expect((await api.send(`/v1/events?${query}`)).status).toBe(400));
});

describe('endpoints', () => {
  const body = { url: 'https://example.com/hook', eventTypes: ['shift.*'], schedules: ['payments'] };

  it('are made with a secret that is shown once, changed and listed without it', async () => {
    const headers = { 'idempotency-key': 'one-endpoint' };
    const made = await api.send('/v1/endpoints', { method: 'POST', body, headers });
    expect(made.status, made.text).toBe(201);
    expect(made.json.secret).toMatch(/^whsec_/);
    const again = await api.send('/v1/endpoints', { method: 'POST', body, headers });
    expect(again.json).toEqual({ ...made.json, secret: null });
    const { id } = made.json.endpoint;
    const path = `/v1/endpoints/${id}`;
    expect((await api.send(path)).json).toEqual(made.json.endpoint);
    const rotated = await api.send(`${path}/rotate-secret`, { method: 'POST' });
    expect(rotated.json.secret).not.toBe(made.json.secret);
    const off = await api.send(path, { method: 'PATCH', body: { status: 'disabled' } });
    expect(off.json).toMatchObject({ status: 'disabled', disabledReason: 'by_request' });
    const on = await api.send(path, { method: 'PATCH', body: { status: 'active' } });
    expect(on.json).toMatchObject({ status: 'active', disabledReason: null });
    const list = await api.send('/v1/endpoints');
    expect(list.json.data.map((row: { id: string }) => row.id)).toContain(id);
    expect(list.text + on.text + off.text).not.toContain('whsec_');
    expect(api.log()).not.toContain('whsec_');
  });

  it.each([
    [{ url: 'ftp://example.com' }, 400],
    [{ url: 'https://user:secret@example.com/' }, 422],
    [{ eventTypes: [] }, 400],
    [{ eventTypes: ['shift.begun'] }, 422],
    [{ schedules: ['none'] }, 422],
    [{ description: 'x'.repeat(201) }, 400],
    [{ secret: 'mine' }, 400],
  ])('are refused with %j', async (wrong, status) => {
    const before = (await api.send('/v1/endpoints')).text;
    const answer = await api.send('/v1/endpoints', { method: 'POST', body: { ...body, ...wrong } });
    expect([answer.status, answer.json.errors.length]).toEqual([status, 1]);
    expect((await api.send('/v1/endpoints')).text).toBe(before);
  });

  it('that are not there are 404', async () => {
    const id = 'end_00000000000000000000000000';
    expect((await api.send(`/v1/endpoints/${id}`)).status).toBe(404);
    expect(
      (await api.send(`/v1/endpoints/${id}`, { method: 'PATCH', body: { status: 'active' } })).status,
    ).toBe(404);
    expect((await api.send(`/v1/endpoints/${id}/rotate-secret`, { method: 'POST', body: {} })).status).toBe(
      404,
    );
    expect((await api.send(`/v1/endpoints/${id}/deliveries`)).status).toBe(404);
    expect((await api.send('/v1/endpoints/none')).status).toBe(400);
  });

  it('show their deliveries in pages, newest first, and send one again', async () => {
    const receiver = await startWebhookReceiver();
    const made = await api.send('/v1/endpoints', {
      method: 'POST',
      body: { url: receiver.url, schedules: ['search'] },
    });
    const { id } = made.json.endpoint;
    await writeEvents(api.database, 'search', ['1', '2', '3', '4', '5']);
    await fanOut(api.database);
    const path = `/v1/endpoints/${id}/deliveries`;
    const first = await api.send(`${path}?limit=2`);
    await writeEvents(api.database, 'search', ['6']);
    await fanOut(api.database);
    const second = await api.send(`${path}?limit=2&cursor=${first.json.nextCursor}`);
    const third = await api.send(`${path}?limit=2&cursor=${second.json.nextCursor}`);
    const ids = [first, second, third].flatMap((page) => page.json.data.map((row: { id: string }) => row.id));
    expect(new Set(ids).size).toBe(5);
    expect(third.json.nextCursor).toBeNull();
    expect((await api.send(`${path}?status=failed`)).json.data).toEqual([]);
    expect((await api.send(`${path}?status=lost`)).status).toBe(400);

    const one = await api.send(`/v1/deliveries/${ids[0]}`);
    expect(one.json).toMatchObject({
      endpoint: id,
      status: 'pending',
      tries: [],
      event: { type: 'schedule.retired' },
    });
    const headers = { 'idempotency-key': 'again' };
    const replay = await api.send(`/v1/deliveries/${ids[0]}/replay`, { method: 'POST', headers });
    expect(replay.status).toBe(201);
    const same = await api.send(`/v1/deliveries/${ids[0]}/replay`, { method: 'POST', headers });
    expect(same.json).toEqual(replay.json);
    expect((await api.send(`/v1/deliveries/${replay.json.delivery}`)).json).toMatchObject({
      replayOf: ids[0],
    });
    const none = 'dlv_00000000000000000000000000';
    expect((await api.send(`/v1/deliveries/${none}`)).status).toBe(404);
    expect((await api.send(`/v1/deliveries/${none}/replay`, { method: 'POST' })).status).toBe(404);
    await receiver.close();
  });
});

describe('calendar feeds', () => {
  async function feedOf(body: object): Promise<{ id: string; path: string }> {
    const { status, json } = await api.send('/v1/feeds', { method: 'POST', body });
    expect(status).toBe(201);
    expect(json.url).toMatch(/^https:\/\/watchbill\.example\/feeds\/wbf_[A-Za-z0-9_-]{43}\.ics$/);
    return { id: json.id, path: new URL(json.url).pathname };
  }

  const eventsOf = (text: string) =>
    new ical.Component(ical.parse(text)).getAllSubcomponents('vevent').map((event) => ({
      uid: String(event.getFirstPropertyValue('uid')),
      sequence: Number(event.getFirstPropertyValue('sequence')),
      status: String(event.getFirstPropertyValue('status')),
      start: String(event.getFirstPropertyValue('dtstart')),
      summary: String(event.getFirstPropertyValue('summary')),
    }));

  it('are read by whoever has the address, and keep what was cancelled', async () => {
    const { path, id } = await feedOf({ schedule: 'payments' });
    const first = await api.send(path, { token: null });
    expect(first.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const before = eventsOf(first.text);
    expect(before.length).toBeGreaterThan(20);
    expect(before.every((event) => event.start.endsWith('Z') && event.status === 'CONFIRMED')).toBe(true);
    expect(before[0]?.summary).toMatch(/^(amara|benji); "the", watch \(primary\)$/);
    expect(first.text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    const etag = first.headers.get('etag') ?? '';
    expect((await api.send(path, { token: null, headers: { 'if-none-match': etag } })).status).toBe(304);

    await api.send('/v1/configuration', { method: 'POST', body: file(['amara', 'cleo']) });
    const second = await api.send(path, { token: null, headers: { 'if-none-match': etag } });
    expect(second.status).toBe(200);
    const after = new Map(eventsOf(second.text).map((event) => [event.uid, event]));
    expect(before.every(({ uid }) => after.has(uid))).toBe(true);
    const cancelled = [...after.values()].filter(({ status }) => status === 'CANCELLED');
    expect(cancelled.length).toBeGreaterThan(5);
    for (const { uid, sequence } of cancelled) {
      expect(sequence).toBeGreaterThan(before.find((event) => event.uid === uid)?.sequence ?? 99);
    }
    await api.send('/v1/configuration', { method: 'POST', body: file(['amara', 'benji']) });

    const list = await api.send('/v1/feeds');
    expect(list.text).not.toContain('wbf_');
    expect((await api.send(`/v1/feeds/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await api.send(path, { token: null })).status).toBe(404);
    expect(api.log()).not.toContain('wbf_');
  });

  it('are of a person too', async () => {
    const { path } = await feedOf({ person: 'amara' });
    const events = eventsOf((await api.send(path, { token: null })).text);
    expect(new Set(events.map(({ summary }) => summary))).toEqual(
      new Set(['payments: primary', 'search: primary']),
    );
  });

  it('are shown once, also to a repeated request', async () => {
    const request = { method: 'POST', body: { person: 'benji' }, headers: { 'idempotency-key': 'one-feed' } };
    const made = await api.send('/v1/feeds', request);
    const again = await api.send('/v1/feeds', request);
    expect(again.json).toEqual({ ...made.json, url: null });
  });

  it.each([
    [{}, 400],
    [{ schedule: 'payments', person: 'amara' }, 400],
    [{ schedule: 'none' }, 404],
    [{ person: 'none' }, 404],
  ])('are refused with %j', async (body, status) => {
    expect((await api.send('/v1/feeds', { method: 'POST', body })).status).toBe(status);
  });

  it.each([
    '/feeds/x.ics',
    `/feeds/wbf_${'a'.repeat(43)}.ics`,
    `/feeds/wbf_${'a'.repeat(43)}`,
    '/feeds/.ics',
    '/feeds/%00.ics',
  ])('are 404 at %s', async (path) => {
    const answer = await sendTo(api.url, path, {});
    expect([answer.status, answer.json.code]).toEqual([404, 'feed/not-found']);
  });
});
