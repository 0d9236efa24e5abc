import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../e2e/cli-in-process.ts';
import type { TestApi } from './api-fixture.ts';
import { CONFIGURATION, makeIntake, pagesOf, sendAs, startIntakeApi } from './intake-fixture.ts';

const FILE = {
  ...CONFIGURATION,
  escalationPolicies: [
    { id: 'night', name: 'Night', steps: [{ notify: [{ schedule: 'payments' }], wait: '5m' }] },
  ],
};

let api: TestApi;

beforeAll(async () => {
  api = await startIntakeApi();
});
afterAll(() => api?.close());

async function apply(): Promise<void> {
  const answer = await api.send('/v1/configuration', { method: 'POST', body: FILE });
  expect(answer.status, answer.text).toBe(200);
}

const remove = (path: string) => api.send(path, { method: 'DELETE' });
const cli = (argv: readonly string[]) =>
  inProcess(argv, { now: Date.now(), env: { WATCHBILL_URL: api.url, WATCHBILL_TOKEN: api.token } });

describe('an escalation policy', () => {
  it('stays while an intake, a heartbeat or an open page uses it, and then goes', async () => {
    await apply();
    const made = await api.send('/v1/intakes', {
      method: 'POST',
      body: { name: 'Checks', kind: 'generic', policy: 'night' },
    });
    const heartbeat = await api.send('/v1/heartbeats', {
      method: 'POST',
      body: { name: 'Backup', policy: 'night', everyMs: 60_000 },
    });
    const sent = await sendAs(api, `/v1/intakes/${made.json.key}/generic`, {
      body: { summary: 'Disk full' },
    });
    expect(sent.status, sent.text).toBe(200);

    const first = await remove('/v1/escalation-policies/night');
    expect(first.status).toBe(409);
    expect(first.json.detail).toMatch(/a page is open \(#1\).*Checks \(int_.*Backup \(hbt_/);
    const listed = await api.send('/v1/escalation-policies');
    expect(listed.json.data).toMatchObject([
      { id: 'night', steps: 1, intakes: 1, heartbeats: 1, openPages: 1 },
    ]);

    await api.send('/v1/pages/1/resolve', { method: 'POST', body: {} });
    await remove(`/v1/heartbeats/${heartbeat.json.heartbeat.id}`);
    expect((await remove('/v1/escalation-policies/night')).json.detail).toMatch(/Checks/);
    expect((await remove(`/v1/intakes/${made.json.intake.id}`)).status).toBe(204);

    const before = await api.send('/v1/configuration');
    expect((await remove('/v1/escalation-policies/night')).status).toBe(204);
    expect((await remove('/v1/escalation-policies/night')).status).toBe(404);
    const etag = before.headers.get('etag') ?? '';
    const after = await api.send('/v1/configuration', { headers: { 'if-none-match': etag } });
    expect(after.status).toBe(200);
    expect(after.text).not.toContain('night');
    // A page that is over keeps the policy as it was.
    const page = await api.send('/v1/pages/1');
    expect(page.json).toMatchObject({ state: 'resolved', policy: 'night' });

    const audit = await api.send('/v1/audit?limit=20');
    const deleted = audit.json.data.find((entry: { command: string }) => entry.command === 'deletePolicy');
    expect(deleted).toMatchObject({ input: { policy: 'night' }, before: { policy: { id: 'night' } } });
  });

  it('comes back with the file, and is listed and deleted from the command line', async () => {
    await apply();
    expect((await cli(['policy', 'list'])).out).toMatch(/night +1 +0 +0 +0 +Night/);
    expect(await cli(['policy', 'delete', 'night'])).toMatchObject({ code: 0, err: '' });
    expect((await cli(['policy', 'list'])).out).toContain('No escalation policies');
    expect((await cli(['policy', 'delete', 'night'])).err).toMatch(/no escalation policy "night"/);
    expect((await cli(['policy', 'delete', '../x'])).err).toMatch(/no id of an escalation policy/);
  });

  it('is not made to vanish under an intake that is just being pointed to it', async () => {
    for (let round = 0; round < 5; round += 1) {
      await apply();
      const body = { name: 'Race', kind: 'generic', policy: 'night' };
      const [made, deleted] = await Promise.all([
        api.send('/v1/intakes', { method: 'POST', body }),
        remove('/v1/escalation-policies/night'),
      ]);
      expect([made.status, deleted.status]).toSatisfy(
        ([one, two]: number[]) => (one === 201 && two === 409) || (one === 404 && two === 204),
      );
      if (made.status === 201) expect((await remove(`/v1/intakes/${made.json.intake.id}`)).status).toBe(204);
    }
  });
});

describe('an intake', () => {
  it('stays while a page of it is open; deleted, its key is nobody’s and its pages stay', async () => {
    const intake = await makeIntake(api, 'generic');
    const send = (body: object) => sendAs(api, `/v1/intakes/${intake.key}/generic`, { body });
    await send({ summary: 'x', dedupKey: 'one' });
    const refused = await remove(`/v1/intakes/${intake.id}`);
    expect(refused.status).toBe(409);
    expect(refused.json.detail).toMatch(/a page is open \(#\d+\): resolve them/);
    await send({ action: 'resolve', dedupKey: 'one' });
    expect(await cli(['intake', 'delete', intake.id])).toMatchObject({ code: 0, err: '' });
    expect((await send({ summary: 'y' })).status).toBe(401);
    expect((await api.send(`/v1/intakes/${intake.id}`)).status).toBe(404);
    expect(await pagesOf(api, intake.id)).toHaveLength(1);
    expect((await remove(`/v1/intakes/${intake.id}`)).status).toBe(404);
  });

  it('is deleted only by a token that may change intakes', async () => {
    const intake = await makeIntake(api, 'generic');
    const reader = await api.send('/v1/tokens', {
      method: 'POST',
      body: { name: 'reader', scopes: ['intakes:read', 'schedules:read'] },
    });
    const { token } = reader.json;
    const tried = await api.send(`/v1/intakes/${intake.id}`, { method: 'DELETE', token });
    expect(tried.status).toBe(403);
    expect((await api.send('/v1/escalation-policies/night', { method: 'DELETE', token })).status).toBe(403);
  });
});
