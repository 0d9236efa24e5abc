import {
  type CommandResult,
  createEndpoint,
  disableEndpoint,
  enableEndpoint,
  MAX_ENDPOINTS,
  replayDelivery,
  rotateEndpointSecret,
} from '@watchbill/commands';
import { findEndpointSummary, statement } from '@watchbill/database';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import {
  type DeliveryWorld,
  deliveriesIn,
  endpointAt,
  fanOut,
  laneState,
  letRetriesBeDue,
  namesAt,
  openDeliveryWorld,
  turn,
  writeEvents,
} from './delivery-fixture.ts';

const LANE = 'payments';
const plainHttp = { plainHttp: true };
let world: DeliveryWorld;
let receiver: WebhookReceiver;

beforeAll(async () => {
  world = await openDeliveryWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  await world.database.query(statement('test.no_attempts', 'DELETE FROM attempts'));
  await world.database.query(statement('test.no_deliveries', 'DELETE FROM deliveries'));
  await world.database.query(statement('test.no_lanes', 'DELETE FROM delivery_lanes'));
  await world.database.query(statement('test.no_endpoints', 'DELETE FROM endpoints'));
  await receiver.close();
});

const context = () => ({ database: world.database, actor: 'ana' });

function value<T>(result: CommandResult<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

async function write(...names: string[]): Promise<void> {
  await writeEvents(world.database, LANE, names);
  await fanOut(world.database);
}

async function disabledEvents(endpoint: string): Promise<unknown[]> {
  const rows = await world.database.query<{ data: unknown }>(
    statement(
      'test.disabled_events',
      "SELECT data FROM events WHERE type = 'delivery.endpoint_disabled' AND data->>'endpoint' = $1",
    ),
    [endpoint],
  );
  return rows.map((row) => row.data);
}

describe('createEndpoint', () => {
  const right = { url: 'https://example.com/hooks', eventTypes: ['shift.*'] };

  it('gives the secret once, and never with the endpoint', async () => {
    const keyed = { ...context(), idempotencyKey: 'key-1' };
    const first = value(await createEndpoint(keyed, right, plainHttp));
    expect(first.secret).toMatch(/^whsec_/);
    expect(() => new Webhook(first.secret ?? '')).not.toThrow();
    expect(first.endpoint).toMatchObject({ ...right, schedules: null, status: 'active', createdBy: 'ana' });
    const again = await createEndpoint(keyed, right, plainHttp);
    expect(again).toMatchObject({ ok: true, replayed: true, value: { secret: null } });
    expect(JSON.stringify(await findEndpointSummary(world.database, first.endpoint.id))).not.toContain(
      'whsec_',
    );
  });

  it.each([
    [{ url: 'http://example.com' }, 'url/scheme', /https/],
    [{ url: 'https://ana:pw@example.com' }, 'url/credentials', /password/],
    [{ eventTypes: ['shift.start'] }, 'endpoint/unknown-event-type', /Did you mean "shift.started"/],
    [{ eventTypes: [] }, 'endpoint/event-type-count', /1 to 50/],
    [{ schedules: ['nowhere'] }, 'endpoint/unknown-schedule', /nowhere/],
    [{ schedules: [] }, 'endpoint/schedule-count', /null for every one/],
    [{ description: 'x'.repeat(501) }, 'endpoint/description-length', /500/],
  ])('refuses %j with %s', async (wrong, code, message) => {
    const result = await createEndpoint(context(), { ...right, ...wrong }, { plainHttp: false });
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid', problems: [{ code }] } });
    if (!result.ok) expect(result.error.message).toMatch(message);
  });

  it('says everything that is wrong at once', async () => {
    const wrong = { url: 'ftp://x', eventTypes: ['shift.begun', 'shift.*'], description: 'x'.repeat(501) };
    const result = await createEndpoint(context(), wrong, plainHttp);
    const problems = result.ok ? [] : (result.error.problems ?? []);
    expect(problems.map((problem) => problem.path.join('.'))).toEqual(['url', 'description', 'eventTypes.0']);
  });

  it('stops at a number of endpoints, also when many come at once', async () => {
    for (let made = 0; made < MAX_ENDPOINTS - 2; made += 1)
      value(await createEndpoint(context(), right, plainHttp));
    const last = await Promise.all(
      Array.from({ length: 5 }, () => createEndpoint(context(), right, plainHttp)),
    );
    expect(last.filter((result) => result.ok)).toHaveLength(2);
    expect(last.find((result) => !result.ok)).toMatchObject({
      error: { code: 'limit', reason: 'limit/endpoints' },
    });
  });
});

describe('rotateEndpointSecret', () => {
  it('lets both secrets verify until the old one runs out', async () => {
    const endpoint = await endpointAt(world.database, receiver);
    const { secret } = value(await rotateEndpointSecret(context(), { endpoint }));
    await write('a');
    await turn(world, { endpoint, lane: LANE });
    const headers = { ...receiver.requests[0]?.headers } as Record<string, string>;
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    // The receiver knows only the old secret.
    expect(receiver.requests[0]?.signature).toBe('valid');
    expect(() => new Webhook(secret ?? '').verify(receiver.requests[0]?.body ?? '', headers)).not.toThrow();

    const ended = value(await rotateEndpointSecret(context(), { endpoint, oldSecretValidMs: 0 }));
    await write('b');
    await turn(world, { endpoint, lane: LANE });
    expect(receiver.requests[1]?.signature).toBe('wrong');
    const after = { ...receiver.requests[1]?.headers } as Record<string, string>;
    expect(after['webhook-signature']?.split(' ')).toHaveLength(1);
    expect(() =>
      new Webhook(ended.secret ?? '').verify(receiver.requests[1]?.body ?? '', after),
    ).not.toThrow();
  });

  it('stops using an old secret when its time is over', async () => {
    const endpoint = await endpointAt(world.database, receiver);
    value(await rotateEndpointSecret(context(), { endpoint, oldSecretValidMs: 1 }));
    await new Promise((done) => setTimeout(done, 20));
    await write('a');
    await turn(world, { endpoint, lane: LANE });
    expect(receiver.requests[0]?.signature).toBe('wrong');
  });

  it('keeps a bounded number of secrets, and lets a leaked one end at once', async () => {
    const endpoint = await endpointAt(world.database, receiver);
    for (let round = 0; round < 2; round += 1) value(await rotateEndpointSecret(context(), { endpoint }));
    const third = await rotateEndpointSecret(context(), { endpoint });
    expect(third).toMatchObject({ ok: false, error: { code: 'limit', reason: 'limit/endpoint-secrets' } });
    expect((await rotateEndpointSecret(context(), { endpoint, oldSecretValidMs: 0 })).ok).toBe(true);
  });

  it.each([-1, 1.5, Number.NaN, 8 * 24 * 3_600_000])('refuses %d milliseconds', async (oldSecretValidMs) => {
    const endpoint = await endpointAt(world.database, receiver);
    const result = await rotateEndpointSecret(context(), { endpoint, oldSecretValidMs });
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid' } });
  });
});

describe('disabling', () => {
  it('happens at once when the receiver is gone, and tells others; what is pending goes out after enabling', async () => {
    const endpoint = await endpointAt(world.database, receiver);
    const watcher = await endpointAt(world.database, receiver, { eventTypes: ['delivery.*'] });
    receiver.answerWith(() => ({ status: 410 }));
    await write('a', 'b');
    expect(await turn(world, { endpoint, lane: LANE })).toBe('released');
    expect(await findEndpointSummary(world.database, endpoint)).toMatchObject({
      status: 'disabled',
      disabledReason: 'gone',
    });
    expect(await disabledEvents(endpoint)).toMatchObject([{ endpoint, url: receiver.url, reason: 'gone' }]);
    expect(await deliveriesIn(world.database, endpoint, LANE)).toMatchObject([
      { name: 'a', status: 'pending', attempts: 1 },
      { name: 'b', status: 'pending', attempts: 0 },
    ]);
    expect(await laneState(world.database, endpoint, LANE)).toEqual({ token: null, wakeInMs: null });

    receiver.answerWith(() => ({ status: 204 }));
    await fanOut(world.database);
    await turn(world, { endpoint: watcher, lane: '-' });
    expect(receiver.requests.at(-1)?.type).toBe('delivery.endpoint_disabled');

    value(await enableEndpoint(context(), { endpoint }));
    expect((await laneState(world.database, endpoint, LANE))?.wakeInMs).toBeGreaterThan(0);
    await turn(world, { endpoint, lane: LANE });
    expect(await deliveriesIn(world.database, endpoint, LANE)).toMatchObject([
      { name: 'a', status: 'succeeded', attempts: 2 },
      { name: 'b', status: 'succeeded', attempts: 1 },
    ]);
  });

  it('happens when no retry is left; that delivery has failed and can be replayed', async () => {
    const endpoint = await endpointAt(world.database, receiver);
    receiver.answerWith(({ index }) => ({ status: index < 3 ? 500 : 204 }));
    await write('a', 'b');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await turn(world, { endpoint, lane: LANE });
      await letRetriesBeDue(world.database);
    }
    const [failed, waiting] = await deliveriesIn(world.database, endpoint, LANE);
    expect(failed).toMatchObject({ name: 'a', status: 'failed', attempts: 3, nextInMs: null });
    expect(waiting).toMatchObject({ name: 'b', status: 'pending', attempts: 0 });
    expect(await disabledEvents(endpoint)).toMatchObject([{ reason: 'retries_exhausted' }]);
    expect(await turn(world, { endpoint, lane: LANE })).toBe('released');
    expect(receiver.requests).toHaveLength(3);

    const refused = await replayDelivery(context(), { delivery: failed?.id ?? '' });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'precondition', reason: 'endpoint/disabled' },
    });
    value(await enableEndpoint(context(), { endpoint }));
    const replay = value(await replayDelivery(context(), { delivery: failed?.id ?? '' }));
    expect(replay.replayOf).toBe(failed?.id);
    await turn(world, { endpoint, lane: LANE });
    expect(namesAt(receiver)).toEqual(['a', 'a', 'a', 'b', 'a']);
    const [first, , , , last] = receiver.requests;
    expect([last?.id, last?.body]).toEqual([first?.id, first?.body]);
  });

  it('is not needed to replay: what waits for its next attempt goes out at once, and then the repetition', async () => {
    const endpoint = await endpointAt(world.database, receiver);
    receiver.answerWith(({ index }) => ({ status: index === 1 ? 500 : 204 }));
    await write('a', 'b');
    await turn(world, { endpoint, lane: LANE });
    expect(namesAt(receiver)).toEqual(['a', 'b']);
    const [done, waiting] = await deliveriesIn(world.database, endpoint, LANE);
    expect(waiting).toMatchObject({ name: 'b', status: 'pending', attempts: 1 });
    expect(waiting?.nextInMs).toBeGreaterThan(0);
    await turn(world, { endpoint, lane: LANE });
    expect(namesAt(receiver)).toEqual(['a', 'b']);
    value(await replayDelivery(context(), { delivery: done?.id ?? '' }));
    await turn(world, { endpoint, lane: LANE });
    expect(namesAt(receiver)).toEqual(['a', 'b', 'b', 'a']);
  });

  it('by request keeps new events from being queued, and enabling does not send them', async () => {
    const endpoint = await endpointAt(world.database, receiver);
    await write('a');
    const { endpoint: disabled } = value(await disableEndpoint(context(), { endpoint }));
    expect(disabled).toMatchObject({ status: 'disabled', disabledReason: 'by_request' });
    value(await disableEndpoint(context(), { endpoint }));
    expect(await disabledEvents(endpoint)).toHaveLength(1);
    await write('b');
    expect(await turn(world, { endpoint, lane: LANE })).toBe('released');
    expect(namesAt(receiver)).toEqual([]);
    const enabled = value(await enableEndpoint(context(), { endpoint }));
    expect(enabled.endpoint).toMatchObject({ status: 'active', disabledReason: null });
    value(await enableEndpoint(context(), { endpoint }));
    await write('c');
    await turn(world, { endpoint, lane: LANE });
    expect(namesAt(receiver)).toEqual(['a', 'c']);
  });
});

describe('replayDelivery', () => {
  it('sends the same bytes again at the end of the lane, as often as asked', async () => {
    const endpoint = await endpointAt(world.database, receiver);
    await write('a', 'b');
    await turn(world, { endpoint, lane: LANE });
    const [first] = await deliveriesIn(world.database, endpoint, LANE);
    for (let round = 0; round < 2; round += 1) {
      value(await replayDelivery(context(), { delivery: first?.id ?? '' }));
    }
    await turn(world, { endpoint, lane: LANE });
    expect(namesAt(receiver)).toEqual(['a', 'b', 'a', 'a']);
    const sent = receiver.requests.filter((_, index) => index !== 1);
    expect(new Set(sent.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
  });

  it.each([disableEndpoint, enableEndpoint, rotateEndpointSecret])(
    '%o refuses what is not there',
    async (command) => {
      const result = await command(context(), { endpoint: 'end_none' });
      expect(result).toMatchObject({ ok: false, error: { code: 'not_found', reason: 'endpoint/not-found' } });
    },
  );

  it('refuses what is not there', async () => {
    const result = await replayDelivery(context(), { delivery: "dlv_' OR 1=1" });
    expect(result).toMatchObject({ ok: false, error: { code: 'not_found', reason: 'delivery/not-found' } });
  });
});
