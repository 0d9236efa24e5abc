import type { PlanFile } from '@watchbill/core';
import { openQueues, type Queues } from '@watchbill/queue';
import { createLogger, createMetrics, SETTING_DEFAULTS } from '@watchbill/runtime';
import { type Scheduler, startScheduler } from '@watchbill/scheduler';
import { startWorker, type Worker } from '@watchbill/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { type ApiAnswer, startTestApi, type TestApi } from './api-fixture.ts';
import { eventually } from './queue-places.ts';

const DAY_MS = 86_400_000;
const PEOPLE = ['amara', 'benji', 'cleo', 'dev', 'eve', 'femi'];
const CONFIGURATION = {
  version: 1,
  people: PEOPLE.map((id) => ({ id, name: id, timeZone: 'Europe/London' })),
  schedules: [
    {
      id: 'payments',
      timeZone: 'Europe/London',
      rotations: [
        {
          ...{ id: 'round', strategy: 'fair', roster: PEOPLE, handoffs: ['09:00', '21:00'] },
          constraints: { restHours: 11 },
        },
      ],
    },
  ],
};

const CHANGES = ['shift.scheduled', 'shift.changed', 'shift.cancelled'];

interface Told {
  readonly type: string;
  readonly data: {
    readonly shift: { readonly id: string; readonly person: string };
    readonly reason?: string;
    readonly rule?: string;
  };
}

let api: TestApi;
let queues: Queues;
let scheduler: Scheduler;
let worker: Worker;
let receiver: WebhookReceiver;
beforeAll(async () => {
  api = await startTestApi({ horizonWeeks: 6, webhookAllowedNetworks: ['127.0.0.0/8'] });
  const { database, connectionString } = api;
  queues = openQueues({ postgres: { connectionString }, onError: () => undefined });
  const parts = {
    ...{ database, queues, logger: createLogger({ logLevel: 'silent' }, 'test') },
    metrics: createMetrics({ processFigures: false }),
    settings: {
      ...SETTING_DEFAULTS,
      horizonWeeks: 6,
      webhookAllowedNetworks: ['127.0.0.0/8'],
    },
  };
  scheduler = await startScheduler(parts);
  worker = await startWorker(parts);
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  await scheduler?.close();
  await worker?.close();
  await queues?.close();
  await receiver?.close();
  await api?.close();
});

const post = (path: string, body: object): Promise<ApiAnswer> => api.send(path, { method: 'POST', body });
const iso = (at: number) => new Date(at).toISOString();

interface Shift {
  readonly id: string;
  readonly person: string;
  readonly start: string;
  readonly end: string;
}

async function shifts(): Promise<Shift[]> {
  const all = await Promise.all(
    PEOPLE.map(async (person) => {
      const window = `from=${iso(Date.now())}&to=${iso(Date.now() + 40 * DAY_MS)}`;
      const { json } = await api.send(`/v1/people/${person}/shifts?${window}&limit=200`);
      return json.data.filter((row: { status: string }) => row.status === 'active') as Shift[];
    }),
  );
  return all.flat().sort((one, other) => (one.start < other.start ? -1 : 1));
}

const plans = async (): Promise<{ version: number; status: string; reason: string }[]> =>
  (await api.send('/v1/schedules/payments/plans')).json.data;

it('a leave changes only what it must, and the stream of webhooks tells each change with its reason', async () => {
  expect((await post('/v1/configuration', CONFIGURATION)).status).toBe(200);
  await eventually(
    'the first plan',
    async () => (await plans()).some(({ status }) => status === 'published'),
    60_000,
  );
  // An endpoint hears what gets its place in the stream from now on.
  await eventually('the stream to be still', async () => {
    const { rowCount } = await api.database.pool.query('SELECT FROM events WHERE position IS NULL LIMIT 1');
    return rowCount === 0;
  });
  const endpoint = await post('/v1/endpoints', {
    url: receiver.url,
    eventTypes: ['shift.*', 'schedule.*', 'absence.*'],
  });
  expect(endpoint.status, endpoint.text).toBe(201);
  receiver.trust(endpoint.json.secret);

  const before = await shifts();
  const [first, second] = before.filter(
    ({ person, start }) => person === 'amara' && Date.parse(start) > Date.now() + 2 * DAY_MS,
  );
  if (first === undefined || second === undefined) throw new Error('amara has no shifts');
  const leave = { start: first.start, end: iso(Date.parse(second.end) - 1), reason: 'leave' };
  expect((await post('/v1/people/amara/absences', leave)).status).toBe(201);
  await eventually('the plan without her', async () => (await plans())[0]?.reason === 'absence', 60_000);

  const after = await shifts();
  const ids = (list: readonly Shift[]) => new Set(list.map(({ id }) => id));
  const lost = before.filter(({ id }) => !ids(after).has(id));
  const gained = after.filter(({ id }) => !ids(before).has(id));
  const hers = before.filter(
    ({ person, start, end }) => person === 'amara' && start < leave.end && end > leave.start,
  );
  // All of hers, nothing else but what had to make room, and every hour is still somebody's.
  expect(lost.filter(({ person }) => person === 'amara').map(({ id }) => id)).toEqual(
    hers.map(({ id }) => id),
  );
  expect(gained.map(({ start, end }) => `${start} ${end}`)).toEqual(
    lost.map(({ start, end }) => `${start} ${end}`),
  );
  const [newest] = await plans();
  const plan = await api.send(`/v1/schedules/payments/plans/${newest?.version}`);
  const file = plan.json.file as PlanFile;
  expect(plan.json.changes).toHaveLength(lost.length);
  const forced = file.parts.reduce((sum, part) => sum + part.forced, 0);
  expect(lost.length === forced || file.exact?.fewestChanges === 'proven').toBe(true);

  const stream = () =>
    receiver.requests.map(({ json }) => json as Told).filter(({ type }) => CHANGES.includes(type));
  await eventually('the webhooks', () => stream().length >= lost.length + gained.length);
  expect(receiver.requests.every(({ signature }) => signature === 'valid')).toBe(true);
  const told = (type: string) => stream().filter((event) => event.type === type);
  expect(
    told('shift.cancelled')
      .map(({ data }) => data.shift.id)
      .sort(),
  ).toEqual([...ids(lost)].sort());
  expect(
    told('shift.scheduled')
      .map(({ data }) => data.shift.id)
      .sort(),
  ).toEqual([...ids(gained)].sort());
  expect(stream()).toHaveLength(lost.length + gained.length);
  for (const { data } of stream()) expect(['forced', 'consequential']).toContain(data.reason);
  for (const { data } of told('shift.cancelled')) {
    if (data.shift.person === 'amara') expect(data).toMatchObject({ reason: 'forced', rule: 'absent' });
  }
  const others = receiver.requests.map(({ json }) => json as { type: string; data: { plan?: object } });
  expect(others.filter(({ type }) => type === 'absence.entered')).toHaveLength(1);
  const [published] = others.filter(({ type }) => type === 'schedule.published');
  expect(published?.data.plan).toMatchObject({ version: newest?.version, reason: 'absence' });
}, 180_000);
