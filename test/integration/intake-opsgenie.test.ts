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
    ['POST', '/v2/alerts/x/assign', {}, 403, { code: 40302 }],
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
