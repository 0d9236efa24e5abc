import { sealAudit } from '@watchbill/commands';
import { type AuditLink, checkAuditChain } from '@watchbill/events';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../e2e/cli-in-process.ts';
import { startTestApi, type TestApi } from './api-fixture.ts';

const START = { position: 0, hash: '' };
const FILE = `
version: 1
people:
  - { id: amara, name: Amara Okafor, timeZone: Europe/London }
schedules:
  - id: payments
    timeZone: Europe/London
    rotations:
      - id: weekly
        strategy: in_order
        roster: [amara]
        cadence: { every: 1, unit: week }
        start: 2026-01-05T09:00
`;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.close());

const apply = (query = '') =>
  api.send(`/v1/configuration${query}`, {
    ...{ method: 'POST', body: FILE },
    headers: { 'content-type': 'application/yaml' },
  });

/** The chain as a client reads it: page after page. */
async function readChain(): Promise<AuditLink[]> {
  const links: AuditLink[] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { json } = await api.send(`/v1/audit?order=chain&limit=2${from}`);
    links.push(...json.data);
    cursor = json.nextCursor;
  } while (cursor !== null);
  return links;
}

/** `watchbill audit verify` against this server. */
function verify(...words: string[]) {
  const env = { WATCHBILL_URL: api.url, WATCHBILL_TOKEN: api.token };
  return inProcess(['audit', 'verify', ...words], { env });
}

/** Somebody with the password of the database. */
async function tamper(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: api.connectionString });
  await client.connect();
  await client.query(sql);
  await client.end();
}

describe('the audit log', () => {
  it('keeps who did what, from where, and neither refusals nor dry runs nor secrets', async () => {
    expect((await apply('?dryRun=true')).status).toBe(200);
    expect((await apply()).status).toBe(200);
    const absence = { start: '2099-03-01T00:00:00Z', end: '2099-03-02T00:00:00Z' };
    const entered = await api.send('/v1/people/amara/absences', { method: 'POST', body: absence });
    expect(entered.status).toBe(201);
    expect((await api.send('/v1/people/nobody/absences', { method: 'POST', body: absence })).status).toBe(
      404,
    );
    const token = await api.send('/v1/tokens', {
      method: 'POST',
      body: { name: 'x', scopes: ['events:read'] },
    });
    const { json, text } = await api.send('/v1/audit');
    const commands = json.data.map((entry: { command: string }) => entry.command);
    expect(commands).toEqual(['createToken', 'enterAbsence', 'applyConfiguration']);
    expect(json.data[1]).toMatchObject({
      actor: expect.stringMatching(/^first token \(tok_/),
      origin: expect.stringMatching(/^(127\.0\.0\.1|::1) /),
      input: { person: 'amara' },
      after: { id: entered.json.id },
    });
    expect(json.data[2]).toMatchObject({ before: { revision: 0 }, after: { revision: 1 } });
    expect(text).not.toContain(token.json.token);
  });

  it('is chained by one process at a time, and the chain holds', async () => {
    const sealed = await Promise.all([0, 1, 2].map(() => sealAudit(api.database)));
    expect(sealed.reduce((sum, count) => sum + count, 0)).toBe(3);
    const links = await readChain();
    const { broken, checked } = checkAuditChain(links, START);
    expect(broken).toBeNull();
    expect((await api.send('/v1/audit/head')).json).toEqual(checked);
    const end = `${checked.position}:${checked.hash}`;
    expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining(`3 entries, unbroken.`) });
    expect((await verify()).out).toContain(end);
    expect((await verify('--head', end)).code).toBe(0);
    const longer = await verify('--head', `9:${checked.hash}`);
    expect([longer.code, longer.out]).toEqual([1, expect.stringContaining('it was cut or written anew')]);
    expect((await verify('--head', 'nonsense')).code).toBe(2);
  });

  it.each([
    ['changed', `UPDATE watchbill.audit_log SET actor = 'somebody else' WHERE position = 2`, 2],
    ['taken out', 'DELETE FROM watchbill.audit_log WHERE position = 1', 1],
  ])('shows where an entry was %s', async (_, sql, position) => {
    await tamper(sql);
    expect(checkAuditChain(await readChain(), START).broken?.position).toBe(position);
    expect(await verify()).toMatchObject({
      code: 1,
      out: expect.stringContaining(`breaks: entry ${position} `),
    });
  });

  it('is for admins', async () => {
    const made = await api.send('/v1/tokens', {
      method: 'POST',
      body: { name: 'r', scopes: ['schedules:read'] },
    });
    expect((await api.send('/v1/audit', { token: made.json.token })).status).toBe(403);
  });
});
