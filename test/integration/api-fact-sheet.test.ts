import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './api-fixture.ts';

const WEEKLY = { cadence: { every: 1, unit: 'week' }, start: '2026-01-05T09:00' };
const CONFIGURATION = {
  version: 1,
  people: [
    { id: 'amara', name: 'Amara Okafor', timeZone: 'UTC' },
    { id: 'benji', name: 'Benji Katz', timeZone: 'UTC' },
  ],
  schedules: [
    {
      id: 'payments',
      name: 'Payments on call',
      description: 'Card payments, end to end.',
      timeZone: 'UTC',
      coreHours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
      rotations: [{ id: 'week', roster: ['amara', 'benji'], ...WEEKLY }],
    },
  ],
};

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  expect((await api.send('/v1/configuration', { method: 'POST', body: CONFIGURATION })).status).toBe(200);
});
afterAll(() => api.close());

describe('the fact sheet of a schedule', () => {
  it('says what it covers, who takes part by first name, and how often one is on call', async () => {
    const { status, json } = await api.send('/v1/schedules/payments/fact-sheet');
    expect(status).toBe(200);
    expect(json).toMatchObject({ name: 'Payments on call', coveredHours: 168, coreHours: 40, oneWeekIn: 2 });
    expect(json).toMatchObject({ answerMinutes: 5, pages: null, description: 'Card payments, end to end.' });
    expect(json.coreWindows).toMatchObject([{ from: '09:00', to: '17:00', timeZone: 'UTC' }]);
    expect(json.quarter.hours).toBeCloseTo((json.people[0].hours + json.people[1].hours) / 2, 0);
    expect(json.people.map(({ firstName }: { firstName: string }) => firstName)).toEqual(['Amara', 'Benji']);
    expect(JSON.stringify(json)).not.toContain('Okafor');
  });

  it('is Markdown for whoever asks for it', async () => {
    const answer = await fetch(`${api.url}/v1/schedules/payments/fact-sheet`, {
      headers: { authorization: `Bearer ${api.token}`, accept: 'text/markdown' },
    });
    expect(answer.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    const text = await answer.text();
    expect(text).toContain(
      '# Payments on call\n\nCard payments, end to end.\n\n- Covers: Day and night, 168 hours',
    );
    expect(text).toContain('- Core hours: Mon, Tue, Wed, Thu, Fri 09:00 to 17:00 (UTC)\n');
    expect(text).toContain('- How fast to answer: Within 5 minutes; then somebody else is called.\n');
    expect(text).toContain('- Pages to expect: Too little is known yet.\n');
  });

  it('is not there for an unknown schedule, nor without a token', async () => {
    expect((await api.send('/v1/schedules/nobody/fact-sheet')).status).toBe(404);
    expect((await api.send('/v1/schedules/payments/fact-sheet', { token: null })).status).toBe(401);
  });
});

describe('a secret link to a fact sheet', () => {
  const LINKS = '/v1/schedules/payments/fact-sheet/links';
  const makeLink = async (body: object = {}) => {
    const { status, json } = await api.send(LINKS, { method: 'POST', body });
    expect(status, JSON.stringify(json)).toBe(201);
    // Links begin with the public address, which is not this test's.
    return { id: String(json.id), path: new URL(json.url).pathname, json };
  };
  const look = (path: string) => fetch(`${api.url}${path}`);

  it('shows one page and its Markdown to whoever has it, by first names, to no search engine', async () => {
    const { path, json } = await makeLink();
    expect(json).toMatchObject({ schedule: 'payments', fullNames: false, expiresAt: null });
    expect(json.url).toMatch(/^https:\/\/watchbill\.example\/f\/wbsheet_[\w-]{43}$/);
    const page = await look(path);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toContain('no-store');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).toContain('<h1>Payments on call</h1>');
    expect(html).toContain('Within 5 minutes');
    expect(html).toContain('>Amara</th>');
    const markdown = await look(`${path}.md`);
    expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    const text = await markdown.text();
    expect(text).toContain('# Payments on call\n');
    expect(text).toContain('| Amara | ');
    expect(`${html}${text}`).not.toMatch(/Okafor|Katz|amara@/);
  });

  it('shows whole names where it may', async () => {
    const { path } = await makeLink({ fullNames: true });
    expect(await (await look(path)).text()).toContain('>Amara Okafor</th>');
  });

  it('ends at once when it is revoked, and at its time', async () => {
    const { id, path } = await makeLink();
    const short = await makeLink({ expiresAt: new Date(Date.now() + 1_500).toISOString() });
    expect((await look(short.path)).status).toBe(200);
    expect((await api.send(`/v1/schedules/other/fact-sheet/links/${id}`, { method: 'DELETE' })).status).toBe(
      404,
    );
    expect((await look(path)).status).toBe(200);
    expect((await api.send(`${LINKS}/${id}`, { method: 'DELETE' })).status).toBe(204);
    const gone = await look(path);
    expect(gone.status).toBe(404);
    expect(await gone.text()).toContain('leads nowhere any more');
    expect((await look(`${path}.md`)).status).toBe(404);
    await expect.poll(async () => (await look(short.path)).status, { timeout: 10_000 }).toBe(404);
    const { json } = await api.send(LINKS);
    const row = json.data.find((one: { id: string }) => one.id === id);
    expect(row.revokedAt).not.toBeNull();
    expect(row.lastOpenedAt).not.toBeNull();
  });

  it('stores no secret: not in the table, nor in the audit log, nor in an answer that is repeated', async () => {
    const headers = { 'idempotency-key': 'one-link' };
    const first = await api.send(LINKS, { method: 'POST', body: {}, headers });
    const again = await api.send(LINKS, { method: 'POST', body: {}, headers });
    expect([again.json.id, again.json.url]).toEqual([first.json.id, null]);
    const secret = String(first.json.url).split('/').at(-1) ?? '';
    const audit = await api.send('/v1/audit?limit=200');
    expect(audit.text).toContain('createFactSheetLink');
    expect(audit.text).not.toContain(secret);
    const rows = await api.database.query<{ row: string }>({
      name: 'test.fact-sheet-links',
      text: 'SELECT row_to_json(l)::text AS row FROM fact_sheet_links l',
    });
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect((await api.send('/v1/audit?limit=200')).text).not.toContain(secret);
    expect(api.log()).not.toContain(secret);
  });

  it('is refused for what is not there, a time that is past, and too many looks', async () => {
    const unknown = await api.send('/v1/schedules/nobody/fact-sheet/links', { method: 'POST', body: {} });
    expect([unknown.status, unknown.json.code]).toEqual([404, 'schedule/not-found']);
    const past = await api.send(LINKS, { method: 'POST', body: { expiresAt: '2020-01-01T00:00:00Z' } });
    expect([past.status, past.json.code]).toEqual([422, 'fact-sheet/expired']);
    expect((await api.send(LINKS, { token: null })).status).toBe(401);
    expect((await look('/f/wbsheet_nonsense')).status).toBe(404);
    const statuses = await Promise.all(
      Array.from({ length: 80 }, () => look('/f/wbsheet_x').then(({ status }) => status)),
    );
    expect(statuses).toContain(429);
  });
});
