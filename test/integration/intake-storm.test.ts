import { createIntake, disableIntake, rotateIntakeKey } from '@watchbill/commands';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestApi } from './api-fixture.ts';
import { makeIntake, pagesOf, sendAs, startIntakeApi } from './intake-fixture.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startIntakeApi();
});
afterAll(() => api?.close());

function trigger(key: string, dedupKey: string): Promise<number> {
  const payload = { summary: `Trouble of ${dedupKey}`, source: 'x', severity: 'error' };
  const body = { routing_key: key, event_action: 'trigger', dedup_key: dedupKey, payload };
  return sendAs(api, '/v2/enqueue', { body }).then(({ status }) => status);
}

describe('a storm', () => {
  it('of few keys is few pages, and every signal that was taken is counted', async () => {
    const settings = { ratePerMinute: 12_000 };
    const intake = await makeIntake(api, 'pagerduty', { settings });
    const statuses = await Promise.all(
      Array.from({ length: 600 }, (_, at) => trigger(intake.key, `service ${at % 5}`)),
    );
    const taken = statuses.filter((status) => status === 202).length;
    expect(new Set(statuses)).toEqual(taken === 600 ? new Set([202]) : new Set([202, 429]));
    const pages = await pagesOf(api, intake.id);
    expect(pages).toHaveLength(5);
    expect(pages.reduce((sum, page) => sum + 1 + page.repeats, 0)).toBe(taken);
  });

  it('keeps no other sender waiting', async () => {
    const settings = { ratePerMinute: 12_000 };
    const loud = await makeIntake(api, 'pagerduty', { settings });
    const quiet = await makeIntake(api, 'pagerduty');
    let ended = 0;
    const storm = Array.from({ length: 200 }, (_, at) =>
      trigger(loud.key, `noise ${at % 20}`).then((status) => {
        ended += 1;
        return status;
      }),
    );
    await Promise.race(storm);
    const before = ended;
    expect(await trigger(quiet.key, 'the one that matters')).toBe(202);
    // All of the storm was sent before it, and most of it waits on.
    expect(ended - before).toBeLessThan(100);
    await Promise.all(storm);
    expect(await pagesOf(api, quiet.id)).toMatchObject([{ summary: 'Trouble of the one that matters' }]);
  });
});

describe('the key of an intake', () => {
  const statusOf = (key: string) =>
    sendAs(api, `/v1/intakes/${key}/generic`, { body: { summary: 'x' } }).then(({ status }) => status);

  it('is changed without a gap, and ends at once where it leaked', async () => {
    const intake = await makeIntake(api, 'generic');
    const rotate = (body: object) =>
      api.send(`/v1/intakes/${intake.id}/rotate-key`, { method: 'POST', body });
    const { json: second } = await rotate({});
    expect(second.url).toBe(`https://watchbill.example/v1/intakes/${second.key}/generic`);
    expect([await statusOf(intake.key), await statusOf(second.key)]).toEqual([200, 200]);
    const { json: third } = await rotate({ oldKeyValidMs: 0 });
    expect([await statusOf(intake.key), await statusOf(second.key), await statusOf(third.key)]).toEqual([
      401, 401, 200,
    ]);
    expect(third.intake.keys).toBe(1);
    await rotate({ oldKeyValidMs: 1 });
    await new Promise((done) => setTimeout(done, 20));
    expect((await api.send(`/v1/intakes/${intake.id}`)).json.keys).toBe(1);
  });

  it('is one of five at most', async () => {
    const intake = await makeIntake(api, 'generic');
    const statuses = [];
    for (let at = 0; at < 5; at += 1) {
      statuses.push(
        (await api.send(`/v1/intakes/${intake.id}/rotate-key`, { method: 'POST', body: {} })).status,
      );
    }
    expect(statuses).toEqual([200, 200, 200, 200, 422]);
  });

  it('is refused while the intake is disabled, and works again after that', async () => {
    const intake = await makeIntake(api, 'generic');
    const set = (status: string) =>
      api.send(`/v1/intakes/${intake.id}`, { method: 'PATCH', body: { status } });
    expect((await set('disabled')).json.status).toBe('disabled');
    expect(await statusOf(intake.key)).toBe(401);
    expect((await set('active')).json.status).toBe('active');
    expect(await statusOf(intake.key)).toBe(200);
  });

  it('is noticed in every process within moments', async () => {
    const intake = await makeIntake(api, 'generic');
    expect(await statusOf(intake.key)).toBe(200);
    // As another process would: nobody tells this one.
    await disableIntake({ database: api.database, actor: 'test' }, { intake: intake.id });
    await expect.poll(() => statusOf(intake.key), { timeout: 10_000, interval: 200 }).toBe(401);
  });

  it('is shown once and stored nowhere', async () => {
    const context = { database: api.database, actor: 'test', idempotencyKey: 'once' };
    const input = { name: 'once', kind: 'generic', schedule: 'payments' } as const;
    const first = await createIntake(context, input);
    const again = await createIntake(context, input);
    expect(first).toMatchObject({ ok: true, value: { key: expect.stringMatching(/^wbi[0-9a-z]{29}$/) } });
    expect(again).toMatchObject({ ok: true, replayed: true, value: { key: null } });
    const rotated = await rotateIntakeKey(
      { database: api.database, actor: 'test' },
      { intake: first.ok ? first.value.intake.id : '' },
    );
    const keys = [first, rotated].map((result) => (result.ok ? (result.value.key ?? '') : ''));
    const { rows } = await api.database.pool.query(
      `SELECT string_agg(t::text, ' ') AS all FROM (
         SELECT i::text AS t FROM watchbill.intakes i UNION ALL SELECT k::text FROM watchbill.intake_keys k
         UNION ALL SELECT n::text FROM watchbill.idempotency_keys n) AS t`,
    );
    for (const key of keys) expect(rows[0].all).not.toContain(key.slice(3));
    expect(api.log()).not.toMatch(/wbi[0-9a-z]{29}/);
  });
});

describe('making and trying intakes', () => {
  const post = (path: string, body: object) => api.send(path, { method: 'POST', body });

  it('refuses what cannot be', async () => {
    const base = { name: 'x', kind: 'generic', schedule: 'payments' };
    const bodies: [object, number, string][] = [
      [{ ...base, schedule: 'nothing' }, 404, 'schedule/not-found'],
      [{ ...base, schedule: undefined }, 422, 'intake/target'],
      [{ ...base, policy: 'nothing' }, 422, 'intake/target'],
      [{ ...base, schedule: undefined, policy: 'nothing' }, 404, 'policy/not-found'],
      [{ ...base, kind: 'smoke' }, 400, 'body/invalid'],
      [{ ...base, settings: { mapping: { summary: "$[?match(@.a,'(a+)+$')]" } } }, 422, 'intake/mapping'],
      [{ ...base, settings: { ratePerMinute: 0 } }, 400, 'body/invalid'],
    ];
    for (const [body, status, code] of bodies) {
      const answer = await post('/v1/intakes', body);
      expect([answer.status, answer.json.code]).toEqual([status, code]);
    }
    const wrong = { ...base, settings: { mapping: { summary: '$..a', source: 'fine', each: 'no' } } };
    const { json } = await post('/v1/intakes', wrong);
    expect(json.errors).toMatchObject([
      { pointer: '#/settings/mapping/each' },
      { pointer: '#/settings/mapping/summary' },
    ]);
  });

  it('shows what a sample would do, and does nothing', async () => {
    const intake = await makeIntake(api, 'generic');
    const sample = { dedupKey: 'disk', summary: 'Disk is full', severity: 'warning' };
    const attempt = (body: object) => post(`/v1/intakes/${intake.id}/try`, body).then(({ json }) => json);
    expect(await attempt({ sample })).toMatchObject({
      errors: [],
      signals: [
        { action: 'trigger', effect: 'opens', page: null, summary: 'Disk is full', severity: 'warning' },
      ],
    });
    expect(await pagesOf(api, intake.id)).toEqual([]);
    await sendAs(api, `/v1/intakes/${intake.key}/generic`, { body: sample });
    const [page] = await pagesOf(api, intake.id);
    expect(await attempt({ sample })).toMatchObject({ signals: [{ effect: 'counts', page: page?.id }] });
    expect(await attempt({ sample: { ...sample, action: 'resolve' } })).toMatchObject({
      signals: [{ effect: 'resolves', page: page?.id, summary: null }],
    });
    const settings = { mapping: { summary: '$.a.b', dedupKey: '$.id' } };
    expect(await attempt({ sample: { a: { b: 'Mapped' }, id: 7 }, settings })).toMatchObject({
      signals: [{ summary: 'Mapped', dedupKey: '7', effect: 'opens' }],
    });
    expect(await attempt({ sample: {} })).toMatchObject({ signals: [], errors: [expect.any(String)] });
    expect((await pagesOf(api, intake.id))[0]).toMatchObject({ repeats: 0 });
  });

  it('changes whom the pages call, and how it reads', async () => {
    const intake = await makeIntake(api, 'generic', { settings: { severity: 'info' } });
    const change = (body: object) => api.send(`/v1/intakes/${intake.id}`, { method: 'PATCH', body });
    expect((await change({ name: 'renamed', settings: { severity: 'critical' } })).json).toMatchObject({
      ...{ name: 'renamed', schedule: 'payments', settings: { severity: 'critical' } },
    });
    expect((await change({ schedule: 'nothing' })).status).toBe(404);
    expect((await change({ signingSecret: 'a secret' })).status).toBe(400);
    expect((await change({ signingSecret: 'a-long-secret' })).json.signed).toBe(true);
    expect((await change({ signingSecret: null })).json.signed).toBe(false);
    await sendAs(api, `/v1/intakes/${intake.key}/generic`, { body: { summary: 'x' } });
    expect(await pagesOf(api, intake.id)).toMatchObject([{ severity: 'critical' }]);
  });
});
