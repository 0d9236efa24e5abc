import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, startTestApi, type TestApi } from './api-fixture.ts';
import { answerPlanJobs, planAll } from './plan-fixture.ts';

const DAY_MS = 86_400_000;
const PEOPLE = ['amara', 'benji', 'cleo', 'dev', 'eve'];
const CONFIGURATION = {
  version: 1,
  people: PEOPLE.map((id) => ({ id, name: id, timeZone: 'Europe/London', holidays: 'GB-ENG' })),
  schedules: [
    {
      id: 'duty',
      timeZone: 'Europe/London',
      rotations: [{ id: 'round', strategy: 'fair', roster: PEOPLE, handoffs: ['09:00', '21:00'] }],
    },
    {
      id: 'plain',
      timeZone: 'UTC',
      rotations: [
        { id: 'week', roster: ['amara'], cadence: { every: 1, unit: 'week' }, start: '2026-01-05T09:00' },
      ],
    },
  ],
};

let api: TestApi;
let stopAnswering: () => Promise<void>;
const iso = (at: number) => new Date(at).toISOString();
const post = (path: string, body: object | undefined = undefined, headers = {}): Promise<ApiAnswer> =>
  api.send(path, { method: 'POST', headers, ...(body !== undefined && { body }) });
const draft = async (body: object): Promise<number> => {
  const answer = await post('/v1/schedules/duty/plans', body, { prefer: 'wait=25' });
  expect(answer.status, answer.text).toBe(201);
  return answer.json.version;
};

beforeAll(async () => {
  api = await startTestApi({ horizonWeeks: 8 });
  expect((await post('/v1/configuration', CONFIGURATION)).status).toBe(200);
  await planAll(api);
  stopAnswering = answerPlanJobs(api);
});
afterAll(async () => {
  await stopAnswering?.();
  await api?.close();
});

describe('plans', () => {
  it('puts people on call, and tells why and how fairly', async () => {
    const now = await api.send('/v1/on-call?schedule=duty');
    expect(now.json.schedules[0].onCall).toHaveLength(1);
    const { person } = now.json.schedules[0].onCall[0];
    const explained = await api.send('/v1/schedules/duty/explain');
    const [turn] = explained.json.turns;
    expect(turn).toMatchObject({ assigned: person, role: 'primary', rotation: 'round' });
    expect(turn.candidates.length + turn.refused.length).toBe(PEOPLE.length);
    const later = await api.send(`/v1/schedules/duty/explain?at=${iso(Date.now() + 20 * DAY_MS)}`);
    const [ahead] = later.json.turns;
    expect(ahead.candidates[0].person).toBe(ahead.assigned);
    expect((await api.send('/v1/schedules/plain/explain')).json.turns).toEqual([]);
    const window = `from=${iso(Date.now() + DAY_MS)}&to=${iso(Date.now() + 43 * DAY_MS)}`;
    const fair = await api.send(`/v1/schedules/duty/fairness?${window}`);
    const hours = fair.json.people.map((line: { hours: number }) => line.hours);
    expect(hours.reduce((sum: number, own: number) => sum + own, 0)).toBeCloseTo(42 * 24, -1);
    const deviations = fair.json.people.map((line: { deviation: number }) => line.deviation);
    expect(Math.abs(deviations.reduce((sum: number, own: number) => sum + own, 0))).toBeLessThan(1e-6);
    expect(
      (await api.send('/v1/schedules/plain/fairness?from=2026-01-01T00:00:00Z&to=2025-01-01T00:00:00Z'))
        .status,
    ).toBe(400);
  });

  it('are made as drafts, once for the same input, and only one of two can be published', async () => {
    const one = await draft({ keep: 'begun', seed: 1 });
    const same = await post('/v1/schedules/duty/plans', { keep: 'begun', seed: 1 }, { prefer: 'wait=25' });
    expect([same.status, same.json.version]).toEqual([200, one]);
    const two = await draft({ keep: 'begun', seed: 2 });
    const read = await api.send(`/v1/schedules/duty/plans/${one}`);
    expect(read.json).toMatchObject({
      status: 'draft',
      gaps: [],
      schedules: [{ schedule: 'duty', version: one }],
    });
    expect(read.json.file.units.length).toBeGreaterThan(100);
    const key = { 'idempotency-key': 'publish-it' };
    const both = await Promise.all([
      post(`/v1/schedules/duty/plans/${one}/publish`, undefined, key),
      post(`/v1/schedules/duty/plans/${two}/publish`),
    ]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const list = await api.send('/v1/schedules/duty/plans?limit=2');
    expect(list.json.data.map((plan: { version: number }) => plan.version)).toEqual([two, one]);
    const rest = await api.send(`/v1/schedules/duty/plans?limit=2&cursor=${list.json.nextCursor}`);
    expect(rest.json.data.map((plan: { status: string }) => plan.status)).toEqual(['superseded']);
  });

  it('can be put away, and are refused where there is nothing to plan', async () => {
    const version = await draft({ keep: 'begun', seed: 3 });
    expect((await post(`/v1/schedules/duty/plans/${version}/discard`)).status).toBe(200);
    expect((await post(`/v1/schedules/duty/plans/${version}/publish`)).json.code).toBe('plan/not-a-draft');
    expect((await post('/v1/schedules/plain/plans', {})).json.code).toBe('plan/no-fair-rotation');
    expect((await post('/v1/schedules/none/plans', {})).status).toBe(404);
    expect((await api.send('/v1/schedules/duty/plans/999')).status).toBe(404);
  });
});

describe('a plan that takes its time', () => {
  const path = '/v1/schedules/duty/plans';
  const ended = async (job: string): Promise<ApiAnswer> => {
    for (;;) {
      const answer = await api.send(`/v1/plan-jobs/${job}`);
      if (answer.json.finishedAt !== null) return answer;
      expect(answer.headers.get('retry-after')).toBe('1');
    }
  };

  it('is a job to follow for who would rather not wait, once for each key', async () => {
    const headers = { prefer: 'respond-async', 'idempotency-key': 'once' };
    const asked = await post(path, { keep: 'begun', seed: 11 }, headers);
    expect([asked.status, asked.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
    expect(asked.headers.get('location')).toBe(`/v1/plan-jobs/${asked.json.id}`);
    const again = await post(path, { keep: 'begun', seed: 11 }, headers);
    expect([again.json.id, again.headers.get('idempotency-replayed')]).toEqual([asked.json.id, 'true']);
    const { json } = await ended(asked.json.id);
    expect(json).toMatchObject({ state: 'done', progress: 1, stage: null, refusal: null });
    expect(json.plan.made).toBe(true);
    expect((await api.send(json.plan.href)).json.id).toBe(json.plan.id);
    const other = await post(path, { keep: 'begun', seed: 12 }, headers);
    expect(other.json.code).toBe('idempotency/key-reused');
  });

  it('is a job for who waits too short a time, while no planner is there, and at most five at once', async () => {
    await stopAnswering();
    const jobs: string[] = [];
    for (let seed = 20; seed < 25; seed += 1) {
      const answer = await post(path, { keep: 'begun', seed }, { prefer: 'wait=0' });
      expect([answer.status, answer.json.state]).toEqual([202, 'waiting']);
      jobs.push(answer.json.id);
    }
    const over = await post(path, { keep: 'begun', seed: 25, async: true });
    expect([over.status, over.json.code]).toEqual([422, 'plan/too-many-jobs']);
    expect(over.json.detail).toContain(jobs[0]);
    stopAnswering = answerPlanJobs(api);
    const ends = await Promise.all(jobs.map(ended));
    expect(new Set(ends.map(({ json }) => json.plan.version)).size).toBe(jobs.length);
    expect((await api.send('/v1/plan-jobs/pjb_none')).json.code).toBe('plan-job/not-found');
  });
});

describe('absences', () => {
  it('are entered, listed and cancelled', async () => {
    const body = { start: iso(Date.now() + 3 * DAY_MS), end: iso(Date.now() + 9 * DAY_MS), reason: 'leave' };
    const made = await post('/v1/people/benji/absences', body);
    expect(made.status).toBe(201);
    await planAll(api);
    const shifts = await api.send(`/v1/people/benji/shifts?from=${body.start}&to=${body.end}`);
    expect(shifts.json.data.filter((row: { status: string }) => row.status === 'active')).toEqual([]);
    const list = await api.send('/v1/people/benji/absences');
    expect(list.json.data.map((row: { id: string }) => row.id)).toEqual([made.json.id]);
    const path = `/v1/people/benji/absences/${made.json.id}`;
    expect((await api.send(path, { method: 'DELETE' })).json.cancelledAt).not.toBeNull();
    expect((await api.send(path, { method: 'DELETE' })).status).toBe(409);
    expect((await api.send('/v1/people/benji/absences')).json.data).toEqual([]);
    expect((await api.send('/v1/people/benji/absences?cancelled=true')).json.data).toHaveLength(1);
    expect((await post('/v1/people/none/absences', body)).status).toBe(404);
    expect((await post('/v1/people/benji/absences', { ...body, end: body.start })).status).toBe(422);
  });

  it('from a calendar tell what came of it', async () => {
    const path = '/v1/people/amara/absence-feed';
    expect((await api.send(path)).json.code).toBe('absence-feed/not-found');
    expect((await api.send('/v1/people/none/absence-feed')).json.code).toBe('person/not-found');
    await api.database.pool.query(
      `UPDATE people SET definition = definition || '{"unavailableFeed": "https://calendar.example/a.ics"}'
       WHERE id = 'amara'`,
    );
    expect((await api.send(path)).json).toMatchObject({ person: 'amara', outcome: null, failures: 0 });
    await api.database.pool.query(
      `INSERT INTO absence_feeds (person, url_hash, polled_at, next_poll_at, outcome, detail, failures)
       VALUES ('amara', 'x', now(), now() + interval '30 minutes', 'status_4xx', 'The server answered 404.', 1)`,
    );
    const { json } = await api.send(path);
    expect(json).toMatchObject({ outcome: 'status_4xx', detail: 'The server answered 404.', readAt: null });
    expect(Date.parse(json.nextPollAt) - Date.parse(json.polledAt)).toBe(30 * 60_000);
    expect(JSON.stringify(json)).not.toContain('calendar.example');
  });

  it('and plans need their scopes', async () => {
    const { json } = await post('/v1/tokens', { name: 'reader', scopes: ['schedules:read', 'people:read'] });
    const as = { method: 'POST', body: {}, token: json.token };
    expect((await api.send('/v1/schedules/duty/plans', as)).status).toBe(403);
    expect((await api.send('/v1/people/benji/absences', as)).status).toBe(403);
    expect((await api.send('/v1/schedules/duty/plans', { token: json.token })).status).toBe(200);
  });
});
