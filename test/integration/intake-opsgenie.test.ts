import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer, TestApi } from './api-fixture.ts';
import {
  type MadeIntake,
  makeIntake,
  pagesOf,
  sendAs,
  startIntakeApi,
  storedRows,
} from './intake-fixture.ts';

let api: TestApi;
let intake: MadeIntake;

beforeAll(async () => {
  api = await startIntakeApi();
  intake = await makeIntake(api, 'opsgenie');
});
afterAll(() => api?.close());

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function call(method: string, path: string, body?: unknown, key = intake.key): Promise<ApiAnswer> {
  const headers = { authorization: `GenieKey ${key}`, 'content-type': 'application/json' };
  return sendAs(api, path, { method, headers, ...(body !== undefined && { body }) });
}

const alert = {
  message: 'Queue of mails grows',
  alias: 'mail queue/1',
  description: 'Nobody reads it.',
  tags: ['mail'],
  details: { depth: '90000' },
  source: 'checks',
  priority: 'P2',
};

describe('the Opsgenie Alert API', () => {
  it('creates, counts, acknowledges, snoozes, notes and closes one alert', async () => {
    const created = await call('POST', '/v2/alerts', alert);
    expect(created.status).toBe(202);
    expect(created.json).toEqual({
      result: 'Request will be processed',
      took: expect.any(Number),
      requestId: expect.stringMatching(UUID),
    });
    expect(created.headers.get('x-request-id')).toBe(created.json.requestId);
    const { json: status } = await call('GET', `/v2/alerts/requests/${created.json.requestId}`);
    expect(status.data).toMatchObject({
      ...{ success: true, isSuccess: true, action: 'Create', status: 'Created alert', alias: 'mail queue/1' },
      integrationId: intake.id,
    });
    await call('POST', '/v2/alerts', alert);

    const path = `/v2/alerts/${encodeURIComponent('mail queue/1')}`;
    const act = (action: string, body?: unknown) =>
      call('POST', `${path}/${action}?identifierType=alias`, body);
    expect((await act('acknowledge', { user: 'amara', note: 'I look' })).status).toBe(202);
    const { json: read, status: found } = await call('GET', `${path}?identifierType=alias`);
    expect(found).toBe(200);
    expect(read.data).toMatchObject({
      ...{ id: status.data.alertId, alias: 'mail queue/1', message: 'Queue of mails grows', status: 'open' },
      ...{ acknowledged: true, count: 2, priority: 'P2', source: 'checks', tags: ['mail'], snoozed: false },
      ...{ details: { depth: '90000' }, description: 'Nobody reads it.' },
    });
    const endTime = new Date(Date.now() + 3_600_000).toISOString();
    expect((await act('snooze', { endTime })).status).toBe(202);
    expect((await act('notes', { note: 'still looking' })).status).toBe(202);
    expect((await call('GET', `/v2/alerts/${read.data.tinyId}?identifierType=tiny`)).json.data).toMatchObject(
      {
        id: read.data.id,
        snoozed: true,
      },
    );
    expect((await act('close')).status).toBe(202);
    expect((await call('GET', `/v2/alerts/${read.data.id}`)).json.data.status).toBe('closed');
    const { rows } = await api.database.pool.query(
      `SELECT detail->>'text' AS text FROM watchbill.page_log WHERE page_id = $1 AND kind = 'noted' ORDER BY sequence`,
      [read.data.id],
    );
    expect(rows).toEqual([{ text: 'I look' }, { text: 'still looking' }]);
    expect(await pagesOf(api, intake.id)).toMatchObject([{ repeats: 1, severity: 'error' }]);
  });

  it('answers an action on nothing, and tells later that there was nothing', async () => {
    const { status, json } = await call('POST', '/v2/alerts/nothing/close?identifierType=alias', {});
    expect(status).toBe(202);
    const { json: told } = await call('GET', `/v2/alerts/requests/${json.requestId}`);
    expect(told.data).toMatchObject({ isSuccess: false, status: 'Alert does not exist', alertId: '' });
  });

  it('takes what senders add later as notes, and an alias of 512 characters', async () => {
    const alias = 'ä'.repeat(512);
    await call('POST', '/v2/alerts', { message: 'long', alias });
    const path = `/v2/alerts/${encodeURIComponent('ä'.repeat(170))}`;
    await call('POST', '/v2/alerts', { message: 'shorter', alias: 'ä'.repeat(170) });
    expect((await call('PUT', `${path}/message?identifierType=alias`, { message: 'new words' })).status).toBe(
      202,
    );
    expect((await call('POST', `${path}/tags?identifierType=alias`, { tags: ['a', 'b'] })).status).toBe(202);
    expect((await call('DELETE', `${path}?identifierType=alias`)).status).toBe(202);
    const pages = await pagesOf(api, intake.id);
    expect(pages.find(({ summary }) => summary === 'shorter')?.place.state).toBe('resolved');
    expect(pages.find(({ summary }) => summary === 'long')?.place.state).toBe('triggered');
  });

  it('unacknowledges, assigns and notes what it has no word for, also with a slash at the end', async () => {
    await call('POST', '/v2/alerts/', { message: 'turns', alias: 'turns' });
    const act = async (method: string, action: string, body?: object) => {
      const { status, json } = await call(method, `/v2/alerts/turns/${action}?identifierType=alias`, body);
      expect(status, action).toBe(202);
      return (await call('GET', `/v2/alerts/requests/${json.requestId}/`)).json.data.status;
    };
    const state = async () =>
      (await pagesOf(api, intake.id)).find(({ dedupKey }) => dedupKey === 'turns')?.place.state;
    expect(await act('POST', 'unacknowledge/', {})).toBe('Alert is not acknowledged');
    await act('POST', 'acknowledge/', {});
    expect(await state()).toBe('acknowledged');
    expect(await act('POST', 'unacknowledge')).toBe('Unacknowledged alert');
    expect(await state()).toBe('triggered');
    expect(await act('POST', 'assign', { owner: { username: 'BENJI@example.com' } })).toBe('Assigned alert');
    expect(await act('POST', 'assign', { owner: { id: 'nobody' } })).toContain('There is no user "nobody"');
    for (const [method, action, body] of [
      ['POST', 'responders', { responder: { type: 'user', username: 'x@example.com' } }],
      ['POST', 'teams', { team: { name: 'ops' } }],
      ['POST', 'actions/restart', undefined],
      ['DELETE', 'tags', undefined],
    ] as const) {
      expect(await act(method, action, body)).toContain('Noted');
    }
    const path = '/v2/alerts/turns/notes?identifierType=alias';
    const { json: notes } = await call('GET', path);
    expect(notes.data.map(({ note }: { note: string }) => note.slice(0, 12))).toEqual([
      ...['action: rest', 'teams: {"nam', 'responders: '],
    ]);
    const { json: logs } = await call('GET', '/v2/alerts/turns/logs?identifierType=alias&order=asc&limit=2');
    expect(logs.data.map(({ log }: { log: string }) => log)).toEqual(['triggered', 'escalated']);
    const { json: told } = await call('GET', '/v2/alerts/turns/recipients?identifierType=alias');
    expect(told.data.at(-1)).toMatchObject({ user: { id: 'benji' }, method: 'email' });
    const page = (await pagesOf(api, intake.id)).find(({ dedupKey }) => dedupKey === 'turns');
    expect(page).toMatchObject({ assignedTo: 'benji' });
  });

  it('lists and counts alerts by what is searched for', async () => {
    const own = await makeIntake(api, 'opsgenie');
    for (const index of [1, 2, 3]) {
      const tags = index === 1 ? ['odd one'] : [];
      const body = { message: `Listed ${index}`, alias: `l${index}`, tags, priority: `P${index}` };
      await call('POST', '/v2/alerts', body, own.key);
    }
    await call('POST', '/v2/alerts/l3/close?identifierType=alias', {}, own.key);
    const list = async (query: string, more = ''): Promise<string[]> => {
      const path = `/v2/alerts?query=${encodeURIComponent(query)}${more}`;
      const { status, json } = await call('GET', path, undefined, own.key);
      expect([status, json.paging.first]).toEqual([200, expect.stringContaining('/v2/alerts?')]);
      return json.data.map(({ alias }: { alias: string }) => alias);
    };
    expect(await list('')).toEqual(['l3', 'l2', 'l1']);
    expect(await list('status: open')).toEqual(['l2', 'l1']);
    expect(await list('status=closed')).toEqual(['l3']);
    expect(await list('tag: "odd one" AND acknowledged: false')).toEqual(['l1']);
    expect(await list('listed priority:p2')).toEqual(['l2']);
    expect(await list('', '&limit=1&offset=1&order=asc&sort=createdAt')).toEqual(['l2']);
    const { json } = await call('GET', '/v2/alerts/count?query=status:open', undefined, own.key);
    expect(json.data).toEqual({ count: 2 });
    expect(
      (await call('GET', '/v2/alerts?limit=1', undefined, own.key)).json.data[0].description,
    ).toBeUndefined();
  });

  it('pings a heartbeat by its name, where its pages go to the same people', async () => {
    const body = { name: 'nightly backup', schedule: 'payments', everyMs: 3_600_000 };
    expect((await api.send('/v1/heartbeats', { method: 'POST', body })).status).toBe(201);
    const path = '/v2/heartbeats/nightly%20backup';
    expect((await call('GET', path)).json.data).toEqual({
      ...{ name: 'nightly backup', description: '', interval: 1, intervalUnit: 'hours' },
      ...{ enabled: true, expired: false },
    });
    for (const method of ['GET', 'POST', 'PUT', 'PATCH']) {
      const { status, json } = await call(method, `${path}/ping`);
      expect([status, json.result]).toEqual([202, 'PONG - Heartbeat received']);
    }
    expect((await call('GET', path)).json.data.lastPingTime).toMatch(/Z$/);
  });

  it('lets no intake see or touch the alerts of another', async () => {
    const other = await makeIntake(api, 'opsgenie');
    await call('POST', '/v2/alerts', { message: 'mine', alias: 'mine' });
    const mine = (await pagesOf(api, intake.id)).find(({ dedupKey }) => dedupKey === 'mine');
    for (const ref of [`${mine?.id}`, `${mine?.number}?identifierType=tiny`, 'mine?identifierType=alias']) {
      expect((await call('GET', `/v2/alerts/${ref}`, undefined, other.key)).status).toBe(404);
    }
    await call('POST', `/v2/alerts/${mine?.id}/close`, {}, other.key);
    expect((await pagesOf(api, intake.id)).find(({ id }) => id === mine?.id)?.place.state).toBe('triggered');
  });
});

describe('what the Opsgenie Alert API refuses', () => {
  it.each([
    ['POST', '/v2/alerts', { message: '' }, 422, { errors: { message: 'Message can not be empty.' } }],
    [
      'POST',
      '/v2/alerts',
      { message: 'x', priority: 'P0' },
      422,
      { errors: { priority: expect.any(String) } },
    ],
    ['POST', '/v2/alerts', '{', 400, {}],
    ['POST', '/v2/alerts/x/notes?identifierType=alias', {}, 422, { errors: { note: expect.any(String) } }],
    ['POST', '/v2/alerts/x/snooze', {}, 422, { errors: { endTime: expect.any(String) } }],
    [
      'POST',
      '/v2/alerts/x/close?identifierType=name',
      {},
      422,
      { errors: { identifierType: expect.any(String) } },
    ],
    ['POST', '/v2/alerts/x/assign', {}, 422, { errors: { owner: expect.any(String) } }],
    ['POST', '/v2/alerts/x/attachments', {}, 403, { code: 40302 }],
    ['GET', '/v2/alerts/x/attachments', undefined, 403, { code: 40302 }],
    [
      'GET',
      '/v2/alerts?query=status:open%20OR%20tag:a',
      undefined,
      422,
      { errors: { query: expect.any(String) } },
    ],
    ['GET', '/v2/alerts?limit=1000', undefined, 422, { errors: { limit: expect.any(String) } }],
    ['GET', '/v2/heartbeats/nothing/ping', undefined, 404, { message: 'Heartbeat does not exist.' }],
    ['POST', '/v2/alerts/x/constructor', {}, 403, { code: 40302 }],
    ['GET', '/v2/alerts/nothing?identifierType=alias', undefined, 404, { message: 'Alert does not exist.' }],
    ['GET', '/v2/alerts/requests/nothing', undefined, 404, {}],
  ] as const)('%s %s with %j is told as it tells it', async (method, path, body, status, shape) => {
    const before = await storedRows(api);
    const answer = await call(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({
      ...{ message: expect.any(String), took: expect.any(Number), requestId: expect.stringMatching(UUID) },
      ...shape,
    });
    expect(await storedRows(api)).toBe(before);
  });

  it('is told for more than 512 KB', async () => {
    const { status, json } = await call('POST', '/v2/alerts', { message: 'x'.repeat(600_000) });
    expect([status, Object.keys(json)]).toEqual([413, ['message', 'took', 'requestId']]);
  });

  it('does not know who has no key, a wrong one or one of another kind', async () => {
    const other = await makeIntake(api, 'generic');
    const before = await storedRows(api);
    const bearer = await sendAs(api, '/v2/alerts', {
      body: alert,
      headers: { authorization: `Bearer ${intake.key}` },
    });
    const wrong = await call('POST', '/v2/alerts', alert, `wbi${'0'.repeat(29)}`);
    for (const { status, json } of [await sendAs(api, '/v2/alerts', { body: alert }), bearer, wrong]) {
      expect(status).toBe(401);
      expect(json).toMatchObject({
        message: 'Could not authenticate',
        requestId: expect.stringMatching(UUID),
      });
    }
    expect((await call('POST', '/v2/alerts', alert, other.key)).json).toMatchObject({ code: 40301 });
    expect(await storedRows(api)).toBe(before);
    expect(api.log()).not.toContain(intake.key);
  });
});
