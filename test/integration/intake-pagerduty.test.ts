import { deflateSync, gzipSync } from 'node:zlib';
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
  intake = await makeIntake(api, 'pagerduty');
});
afterAll(() => api?.close());

const payload = { summary: 'Disk is full', source: 'db-3', severity: 'critical' };

function enqueue(event: object, headers: Record<string, string> = {}): Promise<ApiAnswer> {
  return sendAs(api, '/v2/enqueue', { body: { routing_key: intake.key, ...event }, headers });
}

describe('the PagerDuty Events API', () => {
  it('triggers, counts, acknowledges and resolves one page', async () => {
    const trigger = { event_action: 'trigger', dedup_key: 'db-3/disk', payload };
    const first = await enqueue({
      ...trigger,
      links: [{ href: 'https://example.com/runbook', text: 'Runbook' }],
    });
    expect(first.status).toBe(202);
    expect(first.text).toBe('{"status":"success","message":"Event processed","dedup_key":"db-3/disk"}');
    expect(first.headers.get('content-type')).toMatch(/^application\/json/);
    expect((await enqueue(trigger)).status).toBe(202);
    expect(await pagesOf(api, intake.id)).toMatchObject([
      {
        summary: 'Disk is full',
        severity: 'critical',
        source: 'db-3',
        repeats: 1,
        schedule: 'payments',
        links: [{ href: 'https://example.com/runbook', text: 'Runbook' }],
        place: { state: 'triggered' },
      },
    ]);

    expect((await enqueue({ event_action: 'acknowledge', dedup_key: 'db-3/disk' })).status).toBe(202);
    expect(await pagesOf(api, intake.id)).toMatchObject([
      {
        place: { state: 'acknowledged' },
        acknowledged: { via: 'intake', actor: `test pagerduty (${intake.id})` },
      },
    ]);
    expect((await enqueue({ event_action: 'resolve', dedup_key: 'db-3/disk' })).json).toEqual({
      status: 'success',
      message: 'Event processed',
      dedup_key: 'db-3/disk',
    });
    expect((await pagesOf(api, intake.id))[0]?.place.state).toBe('resolved');
    // What is over is triggered anew, and what is not open is resolved without an error.
    expect((await enqueue(trigger)).status).toBe(202);
    expect(await pagesOf(api, intake.id)).toHaveLength(2);
    expect((await enqueue({ event_action: 'resolve', dedup_key: 'nobody knows' })).status).toBe(202);
  });

  it('makes up a key where there is none, and resolves by it', async () => {
    const { json } = await enqueue({ event_action: 'trigger', payload: { ...payload, summary: 'no key' } });
    expect(json.dedup_key).toMatch(/^\S{8,255}$/);
    await enqueue({ event_action: 'resolve', dedup_key: json.dedup_key });
    const page = (await pagesOf(api, intake.id)).find(({ dedupKey }) => dedupKey === json.dedup_key);
    expect(page).toMatchObject({ summary: 'no key', place: { state: 'resolved' } });
  });

  it('takes the key from the header that some clients send, and any content type', async () => {
    const event = { event_action: 'trigger', dedup_key: 'by header', payload };
    const answer = await sendAs(api, '/v2/enqueue', {
      body: JSON.stringify(event),
      headers: { 'x-routing-key': intake.key, 'content-type': 'text/plain' },
    });
    expect(answer.status).toBe(202);
  });

  it('takes what is packed, and says what cannot be unpacked', async () => {
    const event = { routing_key: intake.key, event_action: 'trigger', dedup_key: 'packed', payload };
    const send = (bytes: Buffer, encoding: string) =>
      fetch(`${api.url}/v2/enqueue/`, {
        ...{ method: 'POST', body: new Uint8Array(bytes) },
        headers: { 'content-encoding': encoding, 'content-type': 'application/json' },
      }).then(async (answer) => [answer.status, ((await answer.json()) as { status: string }).status]);
    const bytes = Buffer.from(JSON.stringify(event));
    expect(await send(gzipSync(bytes), 'gzip')).toEqual([202, 'success']);
    expect(await send(deflateSync(bytes), 'deflate')).toEqual([202, 'success']);
    const before = await storedRows(api);
    expect((await send(bytes, 'gzip'))[0]).toBe(400);
    expect((await send(bytes, 'zebra'))[0]).toBe(415);
    // A megabyte of blanks is a kilobyte when it is packed.
    expect(await send(gzipSync(Buffer.alloc(1_048_576, ' ')), 'gzip')).toEqual([413, 'invalid event']);
    expect(await storedRows(api)).toBe(before);
  });

  it('speaks the first version, too', async () => {
    const path = '/generic/2010-04-15/create_event.json';
    const send = (event: object) =>
      sendAs(api, path, { body: { service_key: intake.key, incident_key: 'srv01/HTTP', ...event } });
    const first = await send({
      ...{ event_type: 'trigger', description: 'FAILURE on srv01', client: 'Probe' },
      ...{ client_url: 'https://probe.example.com', details: { 'ping time': '1500ms' } },
      contexts: [
        { type: 'link', href: 'https://example.com/a', text: 'View' },
        { type: 'image', src: 'https://example.com/b.png' },
      ],
    });
    expect(first.status).toBe(200);
    expect(first.text).toBe('{"status":"success","message":"Event processed","incident_key":"srv01/HTTP"}');
    const pages = async () =>
      (await pagesOf(api, intake.id)).filter(({ dedupKey }) => dedupKey === 'srv01/HTTP');
    expect(await pages()).toMatchObject([
      {
        ...{ summary: 'FAILURE on srv01', severity: 'critical', place: { state: 'triggered' } },
        details: { client: 'Probe', custom_details: { 'ping time': '1500ms' } },
        links: [
          { href: 'https://example.com/a', text: 'View' },
          { href: 'https://example.com/b.png' },
          { href: 'https://probe.example.com', text: 'Probe' },
        ],
      },
    ]);
    expect((await send({ event_type: 'acknowledge' })).status).toBe(200);
    expect((await pages())[0]?.place.state).toBe('acknowledged');
    expect((await send({ event_type: 'resolve', description: 'fine' })).status).toBe(200);
    expect((await pages())[0]?.place.state).toBe('resolved');
    const before = await storedRows(api);
    for (const [event, error] of [
      [{ event_type: 'shout', description: 'x' }, 'Event type is invalid'],
      [{ event_type: 'trigger' }, 'Description is required'],
      [{ event_type: 'resolve', incident_key: '' }, 'Incident key is required'],
      [{ event_type: 'trigger', service_key: '' }, "'service_key' is missing or blank"],
    ] as const) {
      const { status, json } = await send(event);
      expect([status, json.status, json.errors]).toEqual([400, 'invalid event', [error]]);
    }
    expect(await storedRows(api)).toBe(before);
  });

  it('keeps what has changed as context of the intake', async () => {
    const body = {
      routing_key: intake.key,
      payload: { summary: 'Build 42 is out', source: 'ci', timestamp: '2026-01-02T03:04:05Z' },
      links: [{ href: 'https://example.com/builds/42' }],
    };
    const answer = await sendAs(api, '/v2/change/enqueue', { body });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({ status: 'success', message: 'Change event processed' });
    const { json } = await api.send(`/v1/intakes/${intake.id}/changes`);
    expect(json.data).toMatchObject([
      { summary: 'Build 42 is out', source: 'ci', happenedAt: '2026-01-02T03:04:05Z', links: body.links },
    ]);
  });
});

describe('what the PagerDuty Events API refuses', () => {
  const trigger = { event_action: 'trigger', payload };

  it.each([
    ['no key', { ...trigger, routing_key: '' }, "'routing_key' is missing or blank"],
    ['a short key', { ...trigger, routing_key: 'abc' }, "Length of 'routing_key' is incorrect"],
    ['an unknown key', { ...trigger, routing_key: `wbi${'0'.repeat(29)}` }, 'Invalid routing key'],
    ['a key of another form', { ...trigger, routing_key: 'f'.repeat(32) }, 'Invalid routing key'],
    ['no summary', { event_action: 'trigger', payload: { ...payload, summary: ' ' } }, "'payload.summary'"],
    ['another action', { event_action: 'shout' }, "'event_action' is invalid"],
  ])('is told as it tells %s', async (_name, event, error) => {
    const before = await storedRows(api);
    const { status, json } = await enqueue(event);
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: 'invalid event', message: 'Event object is invalid' });
    expect(json.errors.join()).toContain(error);
    expect(await storedRows(api)).toBe(before);
  });

  it.each(['', '{', '[', 'null x', '\u0000', '"'])('is told for %j, which is no JSON', async (body) => {
    const { status, json } = await sendAs(api, '/v2/enqueue', { body });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      message: 'Event object format is unrecognized',
      errors: [expect.any(String), expect.any(String)],
    });
  });

  it('is told for a key of another kind', async () => {
    const other = await makeIntake(api, 'generic');
    const { status, json } = await enqueue({ ...trigger, routing_key: other.key });
    expect([status, json.errors]).toEqual([400, ['Invalid routing key']]);
  });

  it('is told for more than 512 KB', async () => {
    const before = await storedRows(api);
    const { status, json } = await enqueue({ ...trigger, filler: 'x'.repeat(600_000) });
    expect(status).toBe(413);
    expect(json.status).toBe('invalid event');
    expect(await storedRows(api)).toBe(before);
  });

  it('is told when it comes too often, and when to go on', async () => {
    const slow = await makeIntake(api, 'pagerduty', { settings: { ratePerMinute: 3 } });
    const event = { routing_key: slow.key, event_action: 'trigger', dedup_key: 'a', payload };
    const answers = [];
    for (let sent = 0; sent < 5; sent += 1) answers.push(await sendAs(api, '/v2/enqueue', { body: event }));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429, 429]);
    expect(answers[3]?.json.status).toBe('throttle exceeded');
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await pagesOf(api, slow.id)).toMatchObject([{ repeats: 2 }]);
    // Nobody else is slower for it.
    expect((await enqueue({ event_action: 'resolve', dedup_key: 'x' })).status).toBe(202);
  });

  it('never tells a key to the log', () => {
    expect(api.log()).not.toContain(intake.key);
  });
});
