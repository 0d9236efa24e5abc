import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, startTestApi, type TestApi } from './api-fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.close());

const DAY_MS = 86_400_000;
const PEOPLE = ['amara', 'benji', 'cleo', 'dev'];

function definition(id: string, more: object = {}) {
  return {
    id,
    timeZone: 'Europe/London',
    rotations: [
      {
        id: 'weekly',
        roster: ['amara', 'benji', 'cleo'],
        cadence: { every: 1, unit: 'week' },
        start: '2026-01-05T09:00',
      },
    ],
    ...more,
  };
}

function file(...schedules: readonly object[]) {
  const people = PEOPLE.map((id) => ({ id, name: `${id} of the watch`, timeZone: 'Europe/London' }));
  return { version: 1, people, teams: [{ id: 'payments', members: PEOPLE }], schedules };
}

async function apply(...schedules: readonly object[]): Promise<ApiAnswer> {
  const answer = await api.send('/v1/configuration', { method: 'POST', body: file(...schedules) });
  expect(answer.status, answer.text).toBe(200);
  return answer;
}

const now = () => Date.now();
const iso = (ms: number) => new Date(ms).toISOString();
const window = (fromMs: number, toMs: number) => `from=${iso(fromMs)}&to=${iso(toMs)}`;

describe('the configuration', () => {
  it('is applied, is the same when applied again, and is printed back', async () => {
    const first = await apply(definition('conf', { team: 'payments' }));
    expect(first.json).toMatchObject({ dryRun: false, unchanged: false });
    expect(first.json.schedules).toMatchObject([{ id: 'conf', revision: 1, changed: true }]);
    expect(first.json.schedules[0].shifts.scheduled).toBeGreaterThan(20);
    expect(first.json.changesByPerson.map((row: { person: string }) => row.person)).toEqual([
      'amara',
      'benji',
      'cleo',
    ]);
    expect((await apply(definition('conf', { team: 'payments' }))).json).toMatchObject({ unchanged: true });

    const printed = await api.send('/v1/configuration');
    expect(printed.headers.get('content-type')).toContain('application/yaml');
    expect(printed.text).toContain('start: "2026-01-05T09:00"');
    const headers = { 'content-type': 'text/yaml' };
    const again = await api.send('/v1/configuration', { method: 'POST', body: printed.text, headers });
    expect(again.json).toMatchObject({ unchanged: true });
    const etag = printed.headers.get('etag') ?? '';
    expect((await api.send('/v1/configuration', { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('can be tried without a trace', async () => {
    const before = (await api.send('/v1/schedules?limit=200')).text;
    const body = file(definition('tried'));
    const tried = await api.send('/v1/configuration?dryRun=true', { method: 'POST', body });
    expect(tried.json).toMatchObject({ dryRun: true, unchanged: false });
    expect(tried.json.changesByPerson[0].change.hours).toBeGreaterThan(100);
    expect((await api.send('/v1/schedules?limit=200')).text).toBe(before);
  });

  it('is refused with line and column, and nothing of it is stored', async () => {
    const text =
      'version: 1\npeople:\n  - { id: eve, name: Eve, timeZone: Europe/Lundon }\nschedules:\n  - id: bad\n    timeZone: UTC\n    rotations:\n      - { id: r, roster: [eve, ghost], cadence: { every: 1, unit: fortnight }, start: 2026-01-05 }\n';
    const headers = { 'content-type': 'application/yaml' };
    const { status, json } = await api.send('/v1/configuration', { method: 'POST', body: text, headers });
    expect([status, json.code]).toEqual([422, 'configuration/invalid']);
    const zone = json.errors.find((error: { pointer: string }) => error.pointer === '#/people/0/timeZone');
    expect(zone).toMatchObject({ line: 3 });
    expect(zone.column).toBeGreaterThan(10);
    expect(json.errors.some((error: { pointer: string }) => error.pointer.endsWith('/cadence/unit'))).toBe(
      true,
    );
    expect((await api.send('/v1/people/eve')).status).toBe(404);
  });

  it.each(['a: [1', '&a [*a, *a]', '- ', '', '\u0000', '{"version": 2}', 'version: 1\nversion: 1'])(
    'is refused as %j',
    async (body) => {
      const headers = { 'content-type': 'application/yaml' };
      const answer = await api.send('/v1/configuration', { method: 'POST', body, headers });
      expect([400, 422]).toContain(answer.status);
    },
  );

  it('is applied once for each idempotency key', async () => {
    const request = {
      method: 'POST',
      body: file(definition('once')),
      headers: { 'idempotency-key': 'apply-once' },
    };
    const first = await api.send('/v1/configuration', request);
    const again = await api.send('/v1/configuration', request);
    expect(again.json).toEqual(first.json);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await api.send('/v1/configuration', { ...request, body: file(definition('twice')) });
    expect([other.status, other.json.code]).toEqual([409, 'idempotency/key-reused']);
  });
});

describe('one schedule', () => {
  it('is created, read, changed and retired on conditions', async () => {
    await apply(definition('seed'));
    const put = (body: object, headers: Record<string, string>, query = '') =>
      api.send(`/v1/schedules/one${query}`, { method: 'PUT', body, headers });
    expect((await put(definition('one'), {})).json.code).toBe('precondition/required');
    expect((await put(definition('one'), { 'if-match': 'seven' })).status).toBe(400);
    expect((await put(definition('one'), { 'if-match': '"1"' })).status).toBe(412);
    expect((await put(definition('other'), { 'if-none-match': '*' })).json.code).toBe('schedule/other-id');
    const tried = await put(definition('one'), { 'if-none-match': '*' }, '?dryRun=true');
    expect([tried.status, tried.json.dryRun]).toEqual([200, true]);
    expect((await api.send('/v1/schedules/one')).status).toBe(404);

    const created = await put(definition('one'), { 'if-none-match': '*' });
    expect([created.status, created.headers.get('etag')]).toEqual([200, '"1"']);
    expect((await put(definition('one'), { 'if-none-match': '*' })).status).toBe(412);
    const read = await api.send('/v1/schedules/one');
    expect(read.headers.get('etag')).toBe('"1"');
    expect(read.json.definition).toMatchObject({ id: 'one', timeZone: 'Europe/London' });
    expect((await api.send('/v1/schedules/one', { headers: { 'if-none-match': '"0", W/"1"' } })).status).toBe(
      304,
    );
    const same = await put(read.json.definition, { 'if-match': '"1"' });
    expect(same.json).toMatchObject({ unchanged: true });

    const changed = await put(definition('one', { timeZone: 'Asia/Tokyo' }), { 'if-match': '"1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await put(definition('one'), { 'if-match': '"1"' })).json.code).toBe('schedule/revision');

    expect((await api.send('/v1/schedules/one', { method: 'DELETE' })).status).toBe(204);
    expect((await api.send('/v1/on-call?schedule=one')).status).toBe(404);
    const listed = (await api.send('/v1/schedules?limit=200')).json.data.map((row: { id: string }) => row.id);
    expect(listed).toContain('seed');
    expect(listed).not.toContain('one');
    expect((await api.send('/v1/schedules?limit=200&retired=true')).text).toContain('"one"');
    expect((await api.send('/v1/schedules/never', { method: 'DELETE' })).status).toBe(404);
  });

  it('is changed from a date on, and until then stays as it was', async () => {
    await apply(definition('later'));
    const at = Math.ceil((now() + 14 * DAY_MS) / DAY_MS) * DAY_MS;
    const changed = {
      ...definition('later'),
      rotations: [{ ...definition('later').rotations[0], roster: ['dev'] }],
    };
    const put = (query: string) =>
      api.send(`/v1/schedules/later?${query}`, {
        method: 'PUT',
        body: changed,
        headers: { 'if-match': '"1"' },
      });
    const past = await put(`effectiveAt=${iso(now() - DAY_MS)}`);
    expect([past.status, past.json.code]).toEqual([422, 'configuration/effective-in-the-past']);
    expect((await put('effectiveAt=soon')).status).toBe(400);
    const [atOnce, atDate] = await Promise.all([
      put('dryRun=true'),
      put(`dryRun=true&effectiveAt=${iso(at)}`),
    ]);
    const hours = ({ json }: ApiAnswer) =>
      json.changesByPerson.find(({ person }: { person: string }) => person === 'dev').change.hours;
    expect(hours(atOnce) - hours(atDate)).toBeGreaterThan(13 * 24);
    expect(hours(atOnce) - hours(atDate)).toBeLessThan(15 * 24 + 1);
    expect((await put(`effectiveAt=${iso(at)}`)).status).toBe(200);
    const people = async (from: number) => {
      const span = window(from, from + 3_600_000);
      const { json } = await api.send(`/v1/schedules/later/timeline?${span}`);
      return json.shifts.map(({ person }: { person: string }) => person);
    };
    expect(await people(at - 3_600_000)).not.toEqual(['dev']);
    expect(await people(at)).toEqual(['dev']);
    expect((await api.send('/v1/schedules/later')).json.effectiveAt).toBe(iso(at).replace('.000Z', 'Z'));
  });

  it('keeps its overrides through a round of reading and writing', async () => {
    const from = iso(now() + DAY_MS);
    const to = iso(now() + 2 * DAY_MS);
    await apply(definition('round', { overrides: [{ id: 'swap', from, to, person: 'dev' }] }));
    const read = await api.send('/v1/schedules/round');
    expect(read.json.definition.overrides).toMatchObject([{ id: 'swap', person: 'dev' }]);
    const headers = { 'if-match': read.headers.get('etag') ?? '' };
    const same = await api.send('/v1/schedules/round', {
      method: 'PUT',
      body: read.json.definition,
      headers,
    });
    expect(same.json).toMatchObject({ unchanged: true });
  });

  it('lets one of several writers through', async () => {
    await apply(definition('race'));
    for (let round = 1; round <= 3; round += 1) {
      const headers = { 'if-match': `"${round}"` };
      const zones = ['Asia/Tokyo', 'Asia/Kolkata', 'Europe/Berlin', 'America/New_York'];
      const answers = await Promise.all(
        zones.map((timeZone, place) =>
          api.send('/v1/schedules/race', {
            method: 'PUT',
            headers,
            body: definition('race', { timeZone, description: `${round} ${place}` }),
          }),
        ),
      );
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412, 412]);
    }
    expect((await api.send('/v1/schedules/race')).json.revision).toBe(4);
  });

  it('says where its definition is wrong', async () => {
    const bad = definition('wrong', {
      rotations: [
        { id: 'r', roster: ['ghost'], cadence: { every: 1, unit: 'week' }, start: '2026-02-30T09:00' },
      ],
    });
    const headers = { 'if-none-match': '*' };
    const meaning = await api.send('/v1/schedules/wrong', { method: 'PUT', body: bad, headers });
    expect([meaning.status, meaning.json.code]).toEqual([422, 'configuration/invalid']);
    const pointers = meaning.json.errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers).toContain('#/rotations/0/roster/0');
    expect(pointers).toContain('#/rotations/0/start');
    const shape = await api.send('/v1/schedules/wrong', {
      method: 'PUT',
      body: { id: 'wrong', zone: 1 },
      headers,
    });
    expect(shape.status).toBe(400);
  });
});

describe('pages of schedules', () => {
  it('neither repeat nor lose a row while rows are added', async () => {
    const before = ['page-b', 'page-d', 'page-f', 'page-h', 'page-j'];
    await apply(...before.map((id) => definition(id)));
    const seen: string[] = [];
    let cursor: string | null = null;
    let added = 0;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { json } = await api.send(`/v1/schedules?limit=2${query}`);
      seen.push(...json.data.map((row: { id: string }) => row.id));
      cursor = json.nextCursor;
      const more = ['page-a', 'page-c', 'page-e', 'page-g', 'page-i'][added];
      if (more !== undefined) await apply(definition(more));
      added += 1;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.includes(id))).toEqual(before);
    expect(seen).toEqual(seen.toSorted());
  });

  it('refuse the cursor of another list', async () => {
    const { json } = await api.send('/v1/schedules?limit=1');
    const other = await api.send(`/v1/schedules/${json.data[0].id}/gaps?cursor=${json.nextCursor}`);
    expect([other.status, other.json.code]).toEqual([400, 'query/invalid']);
  });
});

describe('the timeline', () => {
  it('is what is stored, then what would resolve, in one piece', async () => {
    await apply(definition('line'));
    const { json: schedule } = await api.send('/v1/schedules/line');
    const horizon = Date.parse(schedule.horizonUntil);
    const from = now() + DAY_MS;
    const whole = (await api.send(`/v1/schedules/line/timeline?${window(from, horizon + 60 * DAY_MS)}`)).json;
    expect(whole.gaps).toEqual([]);
    expect(whole.shifts.length).toBeGreaterThan(30);
    for (const [index, shift] of whole.shifts.entries()) {
      const next = whole.shifts[index + 1];
      if (next !== undefined) expect(next.start).toBe(shift.end);
    }
    const beyond = (
      await api.send(`/v1/schedules/line/timeline?${window(horizon + DAY_MS, horizon + 60 * DAY_MS)}`)
    ).json;
    const clipped = whole.shifts.filter((shift: { end: string }) => Date.parse(shift.end) > horizon + DAY_MS);
    expect(beyond.shifts.slice(1)).toEqual(clipped.slice(1));
    expect(beyond.shifts[0].start).toBe(iso(horizon + DAY_MS).replace('.000Z', 'Z'));
    expect(beyond.shifts[0].person).toBe(clipped[0].person);
  });

  it('has the gaps', async () => {
    const hours = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }];
    const rotation = { ...definition('x').rotations[0], hours };
    await apply(definition('gappy', { rotations: [rotation] }));
    const far = now() + 400 * DAY_MS;
    for (const from of [now() + DAY_MS, far]) {
      const { json } = await api.send(`/v1/schedules/gappy/timeline?${window(from, from + 14 * DAY_MS)}`);
      expect(json.gaps.length).toBeGreaterThanOrEqual(10);
      const pieces = [...json.shifts, ...json.gaps].toSorted(
        (a, b) => Date.parse(a.start) - Date.parse(b.start),
      );
      expect(Date.parse(pieces[0].start)).toBe(from);
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) expect(piece.start).toBe(pieces[index - 1].end);
      }
    }
    const gaps = await api.send('/v1/schedules/gappy/gaps?limit=3');
    expect(gaps.json.data).toHaveLength(3);
    const more = await api.send(`/v1/schedules/gappy/gaps?limit=3&cursor=${gaps.json.nextCursor}`);
    expect(Date.parse(more.json.data[0].start)).toBeGreaterThan(Date.parse(gaps.json.data[2].start));
  });

  it.each([
    '',
    'from=2026-01-01T00:00:00Z',
    'from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    'from=2026-01-01T00:00:00Z&to=2036-01-01T00:00:00Z',
    'from=2026-01-01&to=2026-02-01',
    'from=2026-02-30T00:00:00Z&to=2026-03-01T00:00:00Z',
    'from=0001-01-01T00:00:00Z&to=0001-01-02T00:00:00Z',
  ])('refuses the window %j', async (query) => {
    await apply(definition('line'));
    expect((await api.send(`/v1/schedules/line/timeline?${query}`)).status).toBe(400);
  });
});

describe('overrides', () => {
  it('change who is on call at once, and can be cancelled', async () => {
    await apply(definition('over'));
    const who = async () => (await api.send('/v1/on-call?schedule=over')).json.schedules[0].onCall;
    const [before] = await who();
    const body = {
      kind: 'replace',
      people: ['dev'],
      start: iso(now() - DAY_MS),
      end: iso(now() + DAY_MS),
      reason: 'ill',
    };
    const headers = { 'idempotency-key': 'dev-takes-over' };
    const made = await api.send('/v1/schedules/over/overrides', { method: 'POST', body, headers });
    expect(made.status, made.text).toBe(201);
    expect(Date.parse(made.json.start)).toBeGreaterThan(now() - 60_000);
    const again = await api.send('/v1/schedules/over/overrides', { method: 'POST', body, headers });
    expect([again.json.id, again.headers.get('idempotency-replayed')]).toEqual([made.json.id, 'true']);
    expect((await who())[0]).toMatchObject({ person: 'dev', override: made.json.id, rotation: null });
    expect((await api.send('/v1/people/dev/shifts')).json.data[0]).toMatchObject({
      schedule: 'over',
      override: made.json.id,
    });

    const list = await api.send('/v1/schedules/over/overrides');
    expect(list.json.data.map((row: { id: string }) => row.id)).toEqual([made.json.id]);
    const path = `/v1/schedules/over/overrides/${made.json.id}`;
    expect((await api.send(path, { method: 'DELETE' })).json.cancelledAt).not.toBeNull();
    expect((await api.send(path, { method: 'DELETE' })).status).toBe(409);
    expect((await who())[0]).toMatchObject({ person: before.person, rotation: 'weekly' });
    expect((await api.send('/v1/schedules/over/overrides')).json.data).toEqual([]);
    expect((await api.send('/v1/schedules/over/overrides?cancelled=true')).json.data).toHaveLength(1);
  });

  it.each([
    [{ people: ['ghost'] }, 422, 'person/unknown'],
    [{ role: 'pilot' }, 422, 'role/unknown'],
    [{ end: '2001-01-01T00:00:00Z', start: '2000-01-01T00:00:00Z' }, 422, 'override/in-the-past'],
    [{ kind: 'swap' }, 400, 'body/invalid'],
    [{ start: 'tomorrow' }, 400, 'body/invalid'],
    [{ reason: 'a\nb' }, 400, 'body/invalid'],
    [{ people: 'dev' }, 400, 'body/invalid'],
  ])('are refused with %j', async (wrong, status, code) => {
    await apply(definition('over'));
    const right = { kind: 'replace', people: ['dev'], start: iso(now()), end: iso(now() + DAY_MS) };
    const before = (await api.send('/v1/schedules/over/overrides?cancelled=true')).text;
    const body = { ...right, ...wrong };
    const answer = await api.send('/v1/schedules/over/overrides', { method: 'POST', body });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect((await api.send('/v1/schedules/over/overrides?cancelled=true')).text).toBe(before);
  });

  it('are of a schedule', async () => {
    const body = { kind: 'add', people: ['dev'], start: iso(now()), end: iso(now() + DAY_MS) };
    expect((await api.send('/v1/schedules/none/overrides', { method: 'POST', body })).status).toBe(404);
    expect((await api.send('/v1/schedules/none/overrides')).status).toBe(404);
    expect((await api.send('/v1/schedules/over/overrides/none', { method: 'DELETE' })).status).toBe(404);
  });
});

describe('people', () => {
  it('are listed in pages, and their shifts too', async () => {
    await apply(definition('folk'));
    const first = await api.send('/v1/people?limit=3');
    const second = await api.send(`/v1/people?limit=3&cursor=${first.json.nextCursor}`);
    const ids = [...first.json.data, ...second.json.data].map((row: { id: string }) => row.id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toEqual(expect.arrayContaining(PEOPLE));
    expect((await api.send('/v1/people/amara')).json).toMatchObject({ name: 'amara of the watch' });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: ApiAnswer = await api.send(
        `/v1/people/amara/shifts?limit=4${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.json.data.map((row: { id: string }) => row.id));
      cursor = page.json.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(8);
  });
});
