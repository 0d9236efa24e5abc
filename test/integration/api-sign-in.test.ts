import { createFirstLink } from '@watchbill/commands';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIdentityProvider, type TestIdentityProvider } from '../support/identity-provider.ts';
import { type ApiAnswer, type ApiRequest, startTestApi, type TestApi } from './api-fixture.ts';

const PASSWORD = 'correct horse battery';
const CLIENT = 'watchbill-test';
const FILE = `
version: 1
people:
  - { id: amara, name: Amara Okafor, email: amara@example.com, timeZone: Europe/London }
  - { id: benji, name: Benji Katz, email: benji@example.com, timeZone: Europe/London }
teams:
  - { id: payments, name: Payments, members: [amara, benji], managers: [benji] }
schedules:
  - id: payments
    team: payments
    timeZone: Europe/London
    rotations:
      - id: weekly
        strategy: in_order
        roster: [amara, benji]
        cadence: { every: 1, unit: week }
        start: 2026-01-05T09:00
`;

let api: TestApi;
let provider: TestIdentityProvider;
let admin: string;

beforeAll(async () => {
  provider = await startIdentityProvider(CLIENT);
  api = await startTestApi({
    signInProviders: [
      {
        ...{
          id: 'oidc',
          name: 'Example SSO',
          issuer: provider.issuer,
          clientId: CLIENT,
          clientSecret: 'shh',
        },
        groupsClaim: 'groups',
        roles: { admin: ['ops'], member: ['engineers'], readOnly: [] },
      },
    ],
  });
  const headers = { 'content-type': 'application/yaml' };
  const applied = await api.send('/v1/configuration', { method: 'POST', body: FILE, headers });
  expect(applied.status).toBe(200);
});
afterAll(async () => {
  await api?.close();
  await provider?.close();
});

/** A request as a page of ours sends it: with the session's cookie and our header. */
function browse(cookie: string, path: string, request: ApiRequest = {}): Promise<ApiAnswer> {
  const headers = { cookie, 'x-watchbill-request': '1', ...request.headers };
  return api.send(path, { ...request, token: null, headers });
}

function cookieOf(answer: ApiAnswer): string {
  const cookie = answer.headers.getSetCookie().find((one) => one.includes('watchbill_session='));
  return cookie?.split(';')[0] ?? '';
}

function signIn(email: string, password: string): Promise<ApiAnswer> {
  return browse('', '/v1/session', { method: 'POST', body: { email, password } });
}

/** Invites somebody and follows the link. */
async function invited(facts: { email: string; role: string; person: string | null }): Promise<string> {
  const body = { name: facts.email, ...facts };
  const made = await browse(admin, '/v1/accounts', { method: 'POST', body });
  expect(made.status).toBe(201);
  const path = `/v1/setup/${made.json.link.split('/').at(-1)}`;
  const set = await browse('', path, { method: 'POST', body: { password: PASSWORD } });
  expect(set.status).toBe(204);
  return cookieOf(set);
}

describe('the first link', () => {
  it('makes the first admin, once, also when it is followed twice at once', async () => {
    expect((await api.send('/v1/sign-in-ways', { token: null })).json).toEqual({
      needsSetUp: true,
      signedIn: false,
      providers: [{ id: 'oidc', name: 'Example SSO' }],
    });
    const older = await createFirstLink(api.database);
    const link = await createFirstLink(api.database);
    expect((await api.send(`/v1/setup/${older}`, { token: null })).status).toBe(404);
    expect((await api.send(`/v1/setup/${link}`, { token: null })).json).toEqual({ purpose: 'first' });
    const body = { password: PASSWORD, email: 'Cleo@Example.com ', name: 'Cleo' };
    const both = await Promise.all(
      [0, 1].map(() => browse('', `/v1/setup/${link}`, { method: 'POST', body })),
    );
    expect(both.map((answer) => answer.status).sort()).toEqual([204, 404]);
    admin = both.map(cookieOf).find((cookie) => cookie !== '') ?? '';
    expect(await createFirstLink(api.database)).toBeNull();
    const { json } = await browse(admin, '/v1/session');
    expect(json).toMatchObject({ account: { name: 'Cleo', role: 'admin' }, person: null, managerOf: [] });
  });

  it('gives a cookie that scripts cannot read and that only https carries', async () => {
    const answer = await signIn('cleo@example.com', PASSWORD);
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-watchbill_session=wbs_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/,
    );
  });
});

describe('signing in', () => {
  it('refuses a wrong password and an unknown address in the same words', async () => {
    const answers = await Promise.all([
      signIn('cleo@example.com', 'wrong'),
      signIn('nobody@example.com', 'x'),
    ]);
    for (const answer of answers) expect([answer.status, answer.json.code]).toEqual([401, 'sign-in/wrong']);
    expect(answers[0]?.json.detail).toBe(answers[1]?.json.detail);
  });

  it('does not let anybody search for a password', async () => {
    const codes: number[] = [];
    for (let i = 0; i < 9; i += 1) codes.push((await signIn('target@example.com', `guess ${i}`)).status);
    expect(codes).toEqual([...Array(8).fill(401), 429]);
  });

  it('keeps neither password nor secrets, in the log or in the database', async () => {
    const stored = await api.database.query({
      name: 'test.accounts',
      text: 'SELECT row_to_json(a)::text AS text FROM accounts a UNION ALL SELECT row_to_json(s)::text FROM sessions s',
    });
    const secret = admin.split('=')[1] ?? '?';
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(JSON.stringify(stored)).not.toContain(PASSWORD);
    expect(api.log()).not.toContain(secret);
    expect(api.log()).not.toContain(PASSWORD);
    expect(JSON.stringify(stored)).toContain('$argon2id$');
  });
});

describe('a session', () => {
  it('changes nothing for a page of another site', async () => {
    const body = { email: 'x@example.com', name: 'X', role: 'admin' };
    const plain = { method: 'POST', body, token: null, headers: { cookie: admin } };
    expect((await api.send('/v1/accounts', plain)).json.code).toBe('session/foreign-request');
    const cross = await browse(admin, '/v1/accounts', {
      ...{ method: 'POST', body },
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(cross.json.code).toBe('session/foreign-request');
    const signingIn = {
      method: 'POST',
      body: { email: 'cleo@example.com', password: PASSWORD },
      token: null,
    };
    expect((await api.send('/v1/session', signingIn)).json.code).toBe('session/foreign-request');
  });

  it('is no bearer token', async () => {
    const answer = await api.send('/v1/schedules', { token: admin.split('=')[1] ?? '' });
    expect(answer.status).toBe(401);
  });

  it('ends at once when its account signs out, is signed out, or may do less', async () => {
    const [one, two] = [cookieOf(await signIn('cleo@example.com', PASSWORD)), admin];
    expect((await browse(one, '/v1/session', { method: 'DELETE' })).status).toBe(204);
    expect((await browse(one, '/v1/session')).json.code).toBe('session/ended');
    expect((await browse(two, '/v1/session')).status).toBe(200);

    const member = await invited({ email: 'dev@example.com', role: 'member', person: null });
    const accounts = await browse(admin, '/v1/accounts');
    const dev = accounts.json.data.find((row: { email: string }) => row.email === 'dev@example.com');
    expect((await browse(member, '/v1/schedules')).status).toBe(200);
    const body = { disabled: true };
    expect((await browse(admin, `/v1/accounts/${dev.id}`, { method: 'PATCH', body })).status).toBe(200);
    expect((await browse(member, '/v1/schedules')).json.code).toBe('session/ended');
    expect((await signIn('dev@example.com', PASSWORD)).status).toBe(401);
  });

  it('is listed with where it began, and can be ended from another one', async () => {
    const other = cookieOf(await signIn('cleo@example.com', PASSWORD));
    const { json } = await browse(admin, '/v1/sessions');
    const mine = json.data.filter((row: { current: boolean }) => row.current);
    expect(mine).toHaveLength(1);
    const newest = json.data[0];
    expect((await browse(admin, `/v1/sessions/${newest.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await browse(other, '/v1/session')).status).toBe(401);
  });
});

describe('roles', () => {
  const override = {
    ...{ kind: 'replace', people: ['amara'] },
    ...{ start: '2099-01-01T00:00:00Z', end: '2099-01-02T00:00:00Z' },
  };
  const absence = { start: '2099-03-01T00:00:00Z', end: '2099-03-02T00:00:00Z' };

  it('a member enters their own absence, and may change nothing of others', async () => {
    const amara = await invited({ email: 'amara@example.com', role: 'member', person: 'amara' });
    const post = { method: 'POST', body: absence };
    expect((await browse(amara, '/v1/people/amara/absences', post)).status).toBe(201);
    const others = await browse(amara, '/v1/people/benji/absences', post);
    expect([others.status, others.json.code]).toEqual([403, 'access/not-yours']);
    for (const [path, body] of [
      ['/v1/schedules/payments/overrides', override],
      ['/v1/accounts', { email: 'y@example.com', name: 'Y', role: 'admin' }],
      ['/v1/tokens', { name: 'mine', scopes: ['schedules:read'] }],
    ] as const) {
      const answer = await browse(amara, path, { method: 'POST', body });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  it('a manager overrides the schedules of their team', async () => {
    const benji = await invited({ email: 'benji@example.com', role: 'member', person: 'benji' });
    expect((await browse(benji, '/v1/session')).json.managerOf).toEqual(['payments']);
    const answer = await browse(benji, '/v1/schedules/payments/overrides', {
      method: 'POST',
      body: override,
    });
    expect(answer.status).toBe(201);
  });

  it('a manager changes the schedules of their team by file and by plan, and nothing beside them', async () => {
    const benji = cookieOf(await signIn('benji@example.com', PASSWORD));
    const headers = { 'content-type': 'application/yaml' };
    const apply = (body: string) => browse(benji, '/v1/configuration', { method: 'POST', body, headers });
    expect((await apply(FILE.replace('every: 1', 'every: 2'))).status).toBe(200);
    for (const [beyond, file] of [
      ['the person "amara"', FILE.replace('Amara Okafor', 'Amara O.')],
      ['the team "payments"', FILE.replace('managers: [benji]', 'managers: [amara, benji]')],
      ['the schedule "other"', FILE.replace('- id: payments\n    team: payments', '- id: other')],
      ['the schedule "payments"', FILE.replace('    team: payments\n', '')],
    ] as const) {
      const answer = await apply(file);
      expect([beyond, answer.status, answer.json.code]).toEqual([beyond, 403, 'access/managers-only']);
      expect(answer.json.detail).toContain(beyond);
    }
    const amara = cookieOf(await signIn('amara@example.com', PASSWORD));
    expect((await browse(amara, '/v1/schedules/payments/plans', { method: 'POST', body: {} })).status).toBe(
      403,
    );
    expect((await browse(amara, '/v1/schedules/payments', { method: 'DELETE' })).status).toBe(403);
  });

  it('a member makes and ends their own calendar address, and nobody else’s', async () => {
    const amara = cookieOf(await signIn('amara@example.com', PASSWORD));
    const made = await browse(amara, '/v1/feeds', { method: 'POST', body: { person: 'amara' } });
    expect(made.status).toBe(201);
    const others = await browse(amara, '/v1/feeds', { method: 'POST', body: { person: 'benji' } });
    expect([others.status, others.json.code]).toEqual([403, 'access/not-yours']);
    const foreign = await api.send('/v1/feeds', { method: 'POST', body: { person: 'benji' } });
    expect((await browse(amara, `/v1/feeds/${foreign.json.id}`, { method: 'DELETE' })).status).toBe(403);
    expect((await browse(amara, `/v1/feeds/${made.json.id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('who only reads changes nothing', async () => {
    const reader = await invited({ email: 'reader@example.com', role: 'read_only', person: 'amara' });
    expect((await browse(reader, '/v1/schedules')).status).toBe(200);
    const answer = await browse(reader, '/v1/people/amara/absences', { method: 'POST', body: absence });
    expect([answer.status, answer.json.code]).toEqual([403, 'account/scope']);
  });

  const LOOK = ['schedules:read', 'people:read', 'events:read', 'pages:read'];
  const OWN = [
    'absences:write',
    'contacts:read',
    'contacts:write',
    'feeds:write',
    'pages:write',
    'swaps:write',
  ];
  const MANAGE = ['intakes:read', 'overrides:write', 'plans:write', 'schedules:write'];

  it.each([
    ['who only reads', 'reader@example.com', LOOK],
    ['a member', 'amara@example.com', [...LOOK, ...OWN]],
    ['a manager', 'benji@example.com', [...LOOK, ...OWN, ...MANAGE]],
  ] as const)('%s is refused every address that is not theirs, and no other', async (_who, email, scopes) => {
    const cookie = cookieOf(await signIn(email, PASSWORD));
    const { paths } = (await api.send('/openapi.json', { token: null })).json as {
      paths: Record<string, Record<string, { security?: { bearer?: string[] }[] }>>;
    };
    const wrong: string[] = [];
    let asked = 0;
    for (const [template, operations] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(operations)) {
        const scope = security?.[0]?.bearer?.[0];
        // A stream has no end, and ending one's own session would end this.
        if (scope === undefined || template === '/v1/live' || template === '/v1/session') continue;
        const own = (scopes as readonly string[]).includes(scope);
        if (own && method !== 'get') continue;
        const answer = await fetch(`${api.url}${template.replaceAll(/\{\w+\}/g, 'nothing')}`, {
          method: method.toUpperCase(),
          headers: { cookie, 'x-watchbill-request': '1' },
        });
        const refused = answer.status === 403 && (await answer.text()).includes('account/scope');
        if (refused === own) wrong.push(`${method} ${template} needs ${scope}: ${answer.status}`);
        asked += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(50);
  });

  it('a fact sheet is shared by a manager of its team', async () => {
    const links = '/v1/schedules/payments/fact-sheet/links';
    const make = async (email: string, path = links) => {
      const cookie = cookieOf(await signIn(email, PASSWORD));
      return browse(cookie, path, { method: 'POST', body: {} });
    };
    expect((await make('amara@example.com')).json.code).toBe('account/scope');
    const made = await make('benji@example.com');
    expect(made.status).toBe(201);
    const other = FILE.replace('- id: payments\n    team: payments', '- id: other');
    const headers = { 'content-type': 'application/yaml' };
    expect((await api.send('/v1/configuration', { method: 'POST', body: other, headers })).status).toBe(200);
    const foreign = await make('benji@example.com', '/v1/schedules/other/fact-sheet/links');
    expect([foreign.status, foreign.json.code]).toEqual([403, 'access/managers-only']);
  });

  it('there is always an admin left', async () => {
    const { json } = await browse(admin, '/v1/accounts');
    const cleo = json.data.find((row: { email: string }) => row.email === 'cleo@example.com');
    for (const body of [{ role: 'member' }, { disabled: true }]) {
      const answer = await browse(admin, `/v1/accounts/${cleo.id}`, { method: 'PATCH', body });
      expect([answer.status, answer.json.code]).toEqual([409, 'account/last-admin']);
    }
  });
});

describe('an identity provider', () => {
  /** Leaves for the provider, agrees there, and comes back; the cookies go along as in a browser. */
  async function goThrough(): Promise<Response> {
    const away = await fetch(`${api.url}/auth/oidc`, { redirect: 'manual' });
    const cookie = away.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const back = new URL(await provider.agree(away.headers.get('location') ?? ''));
    return fetch(`${api.url}${back.pathname}${back.search}`, { redirect: 'manual', headers: { cookie } });
  }
  const session = (answer: Response): string =>
    answer.headers
      .getSetCookie()
      .find((one) => one.includes('watchbill_session='))
      ?.split(';')[0] ?? '';

  it('brings in whom its groups allow, with their role', async () => {
    provider.identity = {
      ...{ sub: '1', email: 'noor@example.com', email_verified: true, name: 'Noor' },
      groups: ['engineers', 'climbing'],
    };
    const answer = await goThrough();
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    const { json } = await browse(session(answer), '/v1/session');
    expect(json.account).toMatchObject({ name: 'Noor', role: 'member' });
  });

  it('signs in an invited address only when the provider has checked it', async () => {
    provider.identity = { sub: '2', email: 'cleo@example.com', email_verified: false, name: 'Not Cleo' };
    expect((await goThrough()).status).toBe(403);
    provider.identity = { sub: '3', email: 'cleo@example.com', email_verified: true, name: 'Cleo' };
    expect((await browse(session(await goThrough()), '/v1/session')).json.account.role).toBe('admin');
  });

  it('is not believed for another client, another try or an old word', async () => {
    provider.identity = { sub: '1', email: 'noor@example.com', email_verified: true, name: 'Noor' };
    for (const wrong of [{ aud: 'another' }, { nonce: 'x' }, { exp: 1 }, { iss: 'https://example.com' }]) {
      provider.spoil = (claims) => ({ ...claims, ...wrong });
      expect([wrong, (await goThrough()).status]).toEqual([wrong, 403]);
    }
    provider.spoil = (claims) => claims;
    const answer = await fetch(`${api.url}/auth/oidc/callback?code=x&state=y`, { redirect: 'manual' });
    expect(answer.status).toBe(400);
  });
});
