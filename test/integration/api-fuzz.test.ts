import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, startTestApi, type TestApi } from './api-fixture.ts';
import { type MadeRequest, requestsTo } from './api-requests.ts';
import { fanOut } from './delivery-fixture.ts';

const RUNS_PER_OPERATION = 20;

let api: TestApi;
let ids: Record<string, string[]>;

beforeAll(async () => {
  api = await startTestApi();
  const rotation = {
    id: 'weekly',
    roster: ['amara', 'benji'],
    cadence: { every: 1, unit: 'week' },
    start: '2026-01-05T09:00',
  };
  const body = {
    version: 1,
    people: ['amara', 'benji', 'cleo'].map((id) => ({ id, name: id, timeZone: 'UTC' })),
    teams: [{ id: 'team', members: ['cleo'] }],
    schedules: ['payments', 'search'].map((id) => ({
      ...{ id, team: 'team', timeZone: 'UTC', rotations: [rotation] },
    })),
  };
  const post = async (path: string, content: object): Promise<ApiAnswer> => {
    const answer = await api.send(path, { method: 'POST', body: content });
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer;
  };
  await post('/v1/configuration', body);
  const endpoint = await post('/v1/endpoints', { url: 'https://example.com/hook' });
  const start = new Date(Date.now() + 3_600_000).toISOString();
  const end = new Date(Date.now() + 7_200_000).toISOString();
  const override = await post('/v1/schedules/payments/overrides', {
    kind: 'add',
    people: ['benji'],
    start,
    end,
  });
  const token = await post('/v1/tokens', { name: 'x', scopes: ['people:read'] });
  const feed = await post('/v1/feeds', { person: 'amara' });
  const absence = await post('/v1/people/amara/absences', { start, end });
  const intake = await post('/v1/intakes', { name: 'x', kind: 'generic', schedule: 'payments' });
  const heartbeat = await post('/v1/heartbeats', { name: 'x', schedule: 'payments', everyMs: 60_000 });
  const shifts = (await api.send('/v1/people/amara/shifts?limit=1')).json.data;
  const swap = await post('/v1/swaps', {
    ...{ kind: 'cover', person: 'amara', to: { kind: 'person', person: 'cleo' } },
    gives: shifts.map(({ schedule, role, start, end }: Record<string, string>) => ({
      schedule,
      role,
      start,
      end,
    })),
  });
  await fanOut(api.database);
  const { json } = await api.send(`/v1/endpoints/${endpoint.json.endpoint.id}/deliveries?limit=1`);
  ids = {
    schedule: ['payments', 'search', 'new-one', '__proto__'],
    person: ['amara', 'benji', 'nobody'],
    override: [override.json.id],
    shift: shifts.map((row: { id: string }) => row.id),
    swap: [swap.json.id],
    endpoint: [endpoint.json.endpoint.id],
    delivery: json.data.map((row: { id: string }) => row.id),
    token: [token.json.id],
    absence: [absence.json.id],
    version: ['1', '2'],
    feed: [feed.json.id],
    intake: [intake.json.intake.id],
    heartbeat: [heartbeat.json.heartbeat.id, heartbeat.json.key],
    key: [intake.json.key],
    file: [new URL(feed.json.url).pathname.slice('/feeds/'.length)],
  };
});
afterAll(() => api?.close());

const TABLES = [
  ...[
    'people',
    'teams',
    'configuration_revisions',
    'schedules',
    'schedule_revisions',
    'overrides',
    'shifts',
    'gaps',
  ],
  ...['boundaries', 'events', 'outbox', 'endpoints', 'deliveries', 'feeds', 'idempotency_keys'],
  ...['intakes', 'intake_keys', 'intake_changes', 'intake_requests', 'sns_fetches'],
  ...['plans', 'plan_schedules', 'planned_turns', 'plan_requests', 'absences', 'ledger_accounts'],
  ...['swaps', 'swap_answers'],
];

/** Everything that is stored, as one text; only the note of the last use of a token or an intake is left out. */
async function stored(): Promise<string> {
  const sums = TABLES.map((table) => {
    const row = table === 'intakes' ? "(to_jsonb(t) - 'last_used_at')" : 't';
    return `(SELECT sum(hashtextextended(${row}::text, 0)) FROM watchbill.${table} t)`;
  });
  const tokens =
    '(SELECT sum(hashtextextended(id || coalesce(revoked_at::text, name), 0)) FROM watchbill.api_tokens)';
  const { rows } = await api.database.pool.query(
    `SELECT concat_ws(',', ${[...sums, tokens].join(', ')}) AS sum`,
  );
  return rows[0].sum;
}

async function holds({ operation, path, request }: MadeRequest): Promise<void> {
  const changes = operation.method !== 'GET';
  const before = changes ? await stored() : '';
  // Holds the answer to the document: its status, its type and its body. A 500 is described nowhere.
  const answer = await api.send(path, request);
  expect(answer.status).not.toBe(500);
  if (answer.status >= 400) {
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.json.status).toBe(answer.status);
    if (changes) expect(await stored(), 'stored by a refused request').toBe(before);
  }
}

describe('requests made from the OpenAPI document', () => {
  it('never break the server, are answered as described, and store nothing when refused', {
    timeout: 300_000,
  }, async () => {
    const counts: Record<string, number> = {};
    for (const operation of api.description.operations) {
      // Its answer has no end.
      if (operation.path === '/v1/live') continue;
      const requests = requestsTo(operation, api.description, ids);
      const property = fc.asyncProperty(requests, async (made) => {
        await holds(made);
        counts[operation.path] = (counts[operation.path] ?? 0) + 1;
      });
      await fc.assert(property, { numRuns: RUNS_PER_OPERATION, endOnFailure: true }).catch((error: Error) => {
        throw new Error(
          `${operation.method} ${operation.path}: ${String(error.cause)}\n${error.message.slice(0, 4_000)}`,
        );
      });
    }
    expect(Object.keys(counts).length).toBeGreaterThan(20);
    expect((await api.send('/healthz', { token: null })).status).toBe(200);
    expect((await api.send('/v1/schedules/search')).status).toBe(200);
    for (const line of api.log().trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });
});
