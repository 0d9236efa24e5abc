import { setClock } from '@watchbill/database';
import { openQueues } from '@watchbill/queue';
import { createLogger, createMetrics, SETTING_DEFAULTS } from '@watchbill/runtime';
import { startScheduler } from '@watchbill/scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, startTestApi, type TestApi } from './api-fixture.ts';
import { eventually } from './queue-places.ts';

const DAY_MS = 86_400_000;
const PEOPLE = ['amara', 'benji', 'cleo', 'dev'];

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ horizonWeeks: 8 });
  const start = iso(Date.now() - 2 * DAY_MS).slice(0, 16);
  const rotation = { roster: ['amara', 'benji', 'cleo'], cadence: { every: 1, unit: 'week' }, start };
  const schedule = (id: string) => ({
    ...{ id, team: id, timeZone: 'UTC', rotations: [{ id: 'weekly', ...rotation }] },
  });
  const configuration = {
    version: 1,
    people: PEOPLE.map((id) => ({ id, timeZone: 'UTC' })),
    teams: [
      { id: 'payments', members: PEOPLE },
      { id: 'wary', members: PEOPLE, managers: ['dev'], swaps: 'approval' },
    ],
    schedules: [schedule('payments')],
  };
  expect((await post('/v1/configuration', configuration)).status).toBe(200);
});
afterAll(() => api?.close());

const iso = (ms: number) => new Date(ms).toISOString();
const post = (path: string, body?: object, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
  api.send(path, { method: 'POST', headers, ...(body !== undefined && { body }) });

interface Shift {
  readonly id: string;
  readonly start: string;
  readonly end: string;
}

/** The next shift of a person that has not begun. */
async function next(person: string): Promise<Shift> {
  const { json } = await api.send(`/v1/people/${person}/shifts?limit=50`);
  const shifts = json.data as Shift[];
  const found = shifts.find(({ start }) => Date.parse(start) > Date.now());
  if (found === undefined) throw new Error('no shift ahead');
  return found;
}

/** A cover of some hours of benji's next shift. */
async function wish(fromHour: number, hours: number, more: object = {}): Promise<object> {
  const shift = await next('benji');
  const start = Date.parse(shift.start) + fromHour * 3_600_000;
  const gives = [
    { schedule: 'payments', role: 'primary', start: iso(start), end: iso(start + hours * 3_600_000) },
  ];
  return { kind: 'cover', person: 'benji', gives, to: { kind: 'eligible' }, ...more };
}

async function ask(fromHour: number, hours: number, more: object = {}): Promise<ApiAnswer> {
  const answer = await post('/v1/swaps', await wish(fromHour, hours, more));
  expect(answer.status, answer.text).toBe(201);
  return answer;
}

describe('swaps', () => {
  it('are asked, read, listed, accepted, and seen in who is on call', async () => {
    const made = await ask(1, 3, { reason: 'dentist' });
    const { id, gives } = made.json;
    expect(made.headers.get('location')).toBe(`/v1/swaps/${id}`);
    expect(made.json).toMatchObject({
      state: 'open',
      asked: ['amara', 'cleo'],
      reason: 'dentist',
      offers: [],
    });
    expect((await api.send(`/v1/swaps/${id}`)).json).toEqual(made.json);
    const listed = await api.send('/v1/swaps?person=cleo&schedule=payments&state=open&state=accepted');
    expect(listed.json.data).toEqual([made.json]);
    expect((await api.send('/v1/swaps?person=dev')).json.data).toEqual([]);
    const before = await api.send(`/v1/on-call?schedule=payments&at=${gives[0].start}`);
    expect(before.json.schedules[0].onCall).toMatchObject([{ person: 'benji' }]);
    const taken = await post(`/v1/swaps/${id}/accept`, { person: 'cleo' });
    expect([taken.status, taken.json.state, taken.json.acceptedBy]).toEqual([200, 'applied', 'cleo']);
    const after = await api.send(`/v1/on-call?schedule=payments&at=${gives[0].start}`);
    expect(after.json.schedules[0].onCall).toMatchObject([
      { person: 'cleo', override: taken.json.overrides[0].id },
    ]);
    const late = await post(`/v1/swaps/${id}/accept`, { person: 'amara' });
    expect([late.status, late.json.code]).toEqual([409, 'swap/taken']);
    expect(late.json.detail).toContain('cleo was faster');
    const listedOverride = await api.send('/v1/schedules/payments/overrides');
    expect(listedOverride.json.data.at(-1)).toMatchObject({ reason: 'cover: dentist', replaces: 'benji' });
  });

  it('go through offers, declines and cancels', async () => {
    const { id } = (await ask(5, 3)).json;
    const part = { schedule: 'payments', role: 'primary' };
    const [give] = (await api.send(`/v1/swaps/${id}`)).json.gives;
    const end = iso(Date.parse(give.start) + 3_600_000);
    const offer = { person: 'amara', gives: [{ ...part, start: give.start, end }] };
    const countered = await post(`/v1/swaps/${id}/counter`, offer);
    expect(countered.json.offers).toMatchObject([
      { person: 'amara', gives: [{ end: end.replace('.000Z', 'Z') }] },
    ]);
    expect((await post(`/v1/swaps/${id}/decline-offer`, { person: 'amara' })).json.offers).toEqual([]);
    expect((await post(`/v1/swaps/${id}/counter`, offer)).status).toBe(200);
    const no = await post(`/v1/swaps/${id}/decline`, { person: 'cleo', reason: 'away' });
    expect(no.json).toMatchObject({ state: 'open', refusals: [{ person: 'cleo', reason: 'away' }] });
    const taken = await post(`/v1/swaps/${id}/accept-offer`, { person: 'amara', rest: 'ask' });
    expect(taken.json).toMatchObject({ state: 'applied', acceptedBy: 'amara' });
    const [rest] = (await api.send('/v1/swaps?state=open')).json.data;
    expect(rest).toMatchObject({ restOf: id, person: 'benji' });
    const cancelled = await post(`/v1/swaps/${rest.id}/cancel`);
    expect([cancelled.status, cancelled.json.state]).toEqual([200, 'cancelled']);
    expect((await post(`/v1/swaps/${rest.id}/cancel`, { reason: 'again' })).json.code).toBe('swap/not-open');
  });

  it('wait for approval, and are refused', async () => {
    const { id } = (await ask(9, 1)).json;
    for (const verb of ['approve', 'refuse']) {
      const early = await post(`/v1/swaps/${id}/${verb}`);
      expect([early.status, early.json.code]).toEqual([409, 'swap/not-accepted']);
    }
    // From now on the schedule is of a team that wants to approve.
    const own = await api.send('/v1/schedules/payments');
    const definition = { ...own.json.definition, team: 'wary' };
    const headers = { 'if-match': own.headers.get('etag') ?? '' };
    const moved = await api.send('/v1/schedules/payments', { method: 'PUT', body: definition, headers });
    expect(moved.status, moved.text).toBe(200);
    const waiting = await post(`/v1/swaps/${id}/accept`, { person: 'amara' });
    expect(waiting.json).toMatchObject({ state: 'accepted', awaiting: ['wary'], overrides: [] });
    const applied = await post(`/v1/swaps/${id}/approve`);
    expect([applied.status, applied.json.state]).toEqual([200, 'applied']);
    const other = (await ask(10, 1)).json.id;
    expect((await post(`/v1/swaps/${other}/accept`, { person: 'amara' })).json.state).toBe('accepted');
    const refused = await post(`/v1/swaps/${other}/refuse`, { reason: 'too often' });
    expect(refused.json).toMatchObject({ state: 'declined', closedReason: 'too often' });
  });

  it('answer once with an idempotency key', async () => {
    const headers = { 'idempotency-key': 'swap-1' };
    const body = await wish(12, 1);
    const [one, two] = [await post('/v1/swaps', body, headers), await post('/v1/swaps', body, headers)];
    expect([two.status, two.json.id]).toEqual([201, one.json.id]);
    expect(two.headers.get('idempotency-replayed')).toBe('true');
    expect((await post('/v1/swaps', body)).json.code).toBe('swap/asked-already');
  });

  it('refuse what cannot be, with a reason', async () => {
    const good = await wish(14, 1);
    const unknown = 'swp_00000000000000000000000000';
    const cases: [string, object | undefined, number, string][] = [
      ['/v1/swaps', { ...good, kind: 'gift' }, 400, 'body/invalid'],
      ['/v1/swaps', { ...good, gives: [] }, 400, 'body/invalid'],
      ['/v1/swaps', { ...good, to: { kind: 'person' } }, 400, 'body/invalid'],
      ['/v1/swaps', { ...good, to: { kind: 'person', person: 'benji' } }, 422, 'swap/self'],
      ['/v1/swaps', { ...good, to: { kind: 'person', person: 'zoe' } }, 422, 'person/unknown'],
      ['/v1/swaps', { ...good, person: 'amara' }, 409, 'swap/not-on-call'],
      [`/v1/swaps/${unknown}/accept`, { person: 'cleo' }, 404, 'swap/unknown'],
      ['/v1/swaps/swp_short/accept', { person: 'cleo' }, 400, 'path/invalid'],
      ['/v1/schedules/unheard/take', { from: 'amara', person: 'dev' }, 404, 'schedule/unknown'],
    ];
    for (const [path, body, status, code] of cases) {
      const answer = await post(path, body);
      expect([path, body, answer.status, answer.json.code]).toEqual([path, body, status, code]);
    }
    expect((await api.send(`/v1/swaps/${unknown}`)).status).toBe(404);
    const token = await post('/v1/tokens', { name: 'looker', scopes: ['schedules:read'] });
    const forbidden = await api.send('/v1/swaps', { method: 'POST', body: good, token: token.json.token });
    expect(forbidden.status).toBe(403);
  });
});

describe('candidates of a shift', () => {
  it('are ranked, with reasons', async () => {
    const shift = await next('benji');
    const { json } = await api.send(`/v1/shifts/${shift.id}/candidates`);
    const people = json.candidates as { person: string; eligible: boolean; reasons: { code: string }[] }[];
    expect(people.map(({ person }) => person).sort()).toEqual(['amara', 'cleo', 'dev']);
    // dev is in the team, and in no roster.
    expect(people.at(-1)).toMatchObject({ person: 'dev', eligible: true });
    expect(people.at(-1)?.reasons.map(({ code }) => code)).toContain('not-in-roster');
    for (const { reasons } of people) expect(reasons.map(({ code }) => code)).toContain('available');
    const to = iso(Date.parse(shift.start) + 3_600_000);
    const part = await api.send(`/v1/shifts/${shift.id}/candidates?to=${to}`);
    expect(part.json).toMatchObject({ start: shift.start, end: to.replace('.000Z', 'Z') });
    expect((await api.send('/v1/shifts/shf_00000000000000000000000000/candidates')).status).toBe(404);
  });
});

describe('a running shift', () => {
  it('is taken over and given back', async () => {
    const on = async () => (await api.send('/v1/on-call?schedule=payments')).json.schedules[0].onCall;
    expect(await on()).toMatchObject([{ person: 'amara' }]);
    const taken = await post('/v1/schedules/payments/take', { from: 'amara', person: 'dev' });
    expect([taken.status, taken.json.origin]).toEqual([200, 'take']);
    expect(await on()).toMatchObject([{ person: 'dev' }]);
    const again = await post('/v1/schedules/payments/take', { from: 'amara', person: 'dev' });
    expect([again.status, again.json.code]).toEqual([409, 'swap/not-on-call']);
    const back = await post('/v1/schedules/payments/take-back', { person: 'amara' });
    expect([back.status, back.json.origin]).toEqual([200, 'take-back']);
    expect(await on()).toMatchObject([{ person: 'amara' }]);
  });
});

describe('a scheduler', () => {
  it('ends requests that nobody took', async () => {
    const { id, expiresAt } = (await ask(16, 1)).json;
    const { database, connectionString } = api;
    const queues = openQueues({ postgres: { connectionString }, onError: () => undefined });
    const logger = createLogger({ logLevel: 'silent' }, 'scheduler');
    const metrics = createMetrics({ processFigures: false });
    const scheduler = await startScheduler({ database, queues, logger, metrics, settings: SETTING_DEFAULTS });
    try {
      await setClock(database, { factor: 1e-9, start: Date.parse(expiresAt) });
      const state = async () => (await api.send(`/v1/swaps/${id}`)).json.state;
      await eventually('the swap to expire', async () => (await state()) === 'expired');
      expect((await post(`/v1/swaps/${id}/accept`, { person: 'cleo' })).json.code).toBe('swap/expired');
    } finally {
      await scheduler.close();
      await queues.close();
    }
  });
});
