import { advancePages, triggerPage } from '@watchbill/commands';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './api-fixture.ts';
import { planAll } from './plan-fixture.ts';

const DAY_MS = 86_400_000;
const WEEKLY = { cadence: { every: 1, unit: 'week' }, start: '2026-01-05T09:00' };
const CORE = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' };
const PEOPLE = ['amara', 'benji', 'cleo', 'dev'];
const CONFIGURATION = {
  version: 1,
  people: [
    ...PEOPLE.map((id) => ({ id, name: id.toUpperCase(), timeZone: 'UTC', email: `${id}@example.com` })),
    { id: 'eve', name: 'Eve', timeZone: 'UTC', holidays: ['2026-12-25'] },
  ],
  teams: [{ id: 'pay', members: [...PEOPLE, 'eve'] }],
  schedules: [
    {
      id: 'days',
      team: 'pay',
      timeZone: 'UTC',
      coreHours: CORE,
      coverage: 'core',
      rulePacks: { goodPractice: { 'nights-in-a-row': 'error', 'handoff-hours': 'off' } },
      rotations: [{ id: 'week', hours: 'core', roster: ['amara', 'benji'], ...WEEKLY }],
    },
    {
      id: 'nights',
      team: 'pay',
      timeZone: 'UTC',
      coreHours: CORE,
      coverage: 'non-core',
      rotations: [
        {
          id: 'fair',
          hours: 'non-core',
          strategy: 'fair',
          roster: ['benji', 'cleo', 'dev'],
          constraints: { restHours: 0 },
          ...WEEKLY,
        },
      ],
    },
    {
      id: 'alone',
      timeZone: 'UTC',
      rotations: [{ id: 'week', roster: ['dev'], ...WEEKLY }],
    },
  ],
};

let api: TestApi;
const iso = (at: number) => new Date(at).toISOString();
const check = (schedule: string, query = '') => api.send(`/v1/schedules/${schedule}/check${query}`);
interface Said {
  readonly code: string;
  readonly person: string | null;
  readonly level: string;
}
const said = (answer: { readonly json: { readonly warnings: readonly Said[] } }) =>
  answer.json.warnings.map(({ code, person, level }) => `${level} ${code} ${person}`);

beforeAll(async () => {
  api = await startTestApi({ horizonWeeks: 8 });
  const applied = await api.send('/v1/configuration', { method: 'POST', body: CONFIGURATION });
  expect(applied.status, applied.text).toBe(200);
  await planAll(api);
});
afterAll(() => api?.close());

describe('GET /v1/schedules/{schedule}/check', () => {
  it('says how everybody of the team takes part in all of its schedules, and why somebody does not', async () => {
    const { json } = await check('days');
    const [crew] = json.participation;
    expect(crew).toMatchObject({ team: 'pay', schedules: ['days', 'nights'] });
    const missing = crew.people.map(
      (one: { person: string; missing: { part: string; reason: string }[] }) => [
        one.person,
        one.missing.map(({ part, reason }) => `${part}: ${reason}`),
      ],
    );
    expect(missing).toEqual([
      ['amara', ['non-core: no-such-hours']],
      ['benji', []],
      ['cleo', ['core: no-such-hours']],
      // Stands round the clock in a schedule of no team, so a plan gives them nothing besides.
      ['dev', ['core: no-such-hours', 'non-core: not-planned']],
      ['eve', ['core: in-no-rotation', 'non-core: in-no-rotation']],
    ]);
    const codes = json.warnings.map(({ code, person }: Said) => `${code} ${person}`);
    expect(codes).toEqual(
      expect.arrayContaining([
        'team/idle-member eve',
        'participation/non-core amara',
        'participation/core cleo',
        'participation/core dev',
      ]),
    );
    expect(json.warnings.find(({ person }: Said) => person === 'amara').message).toMatch(
      /^AMARA has no hours outside core in the next 26 weeks, others of team pay have: none of their rotations/,
    );
  });

  it('looks at the rule packs of the schedule and at those that are asked for, each at its level', async () => {
    const own = await check('alone');
    expect(own.json.packs).toEqual([]);
    expect(said(own)).toEqual(['warning team/too-few null']);
    const override = {
      kind: 'add',
      people: ['dev'],
      start: iso(Date.now() + DAY_MS),
      end: iso(Date.now() + 2 * DAY_MS),
    };
    const path = '/v1/schedules/nights/overrides';
    expect((await api.send(path, { method: 'POST', body: override })).status).toBe(201);
    const alone = await check('alone');
    expect(said(alone)).toContain('warning person/double dev');
    const { stretches } = alone.json.warnings.find(({ code }: Said) => code === 'person/double');
    expect(Date.parse(stretches[0].start)).toBe(Date.parse(override.start));
    const more = await check('alone', '?rules=goodPractice,nl=error&weeks=20');
    expect(more.json.packs.map(({ id }: { id: string }) => id)).toEqual(['goodPractice', 'nl']);
    expect(said(more)).toEqual(
      expect.arrayContaining([
        'warning practice/goodPractice/share-of-time dev',
        'error practice/nl/free-blocks dev',
        'warning team/too-few null',
      ]),
    );
    expect(more.json.notes).toEqual([
      expect.stringContaining('same-holiday is not known'),
      expect.stringContaining('pages-per-shift is not known'),
    ]);
    const days = await check('days');
    // The nights are those of the other schedule.
    expect(said(days)).toContain('error practice/goodPractice/nights-in-a-row benji');
    expect(said(days).join()).not.toContain('handoff-hours');
  });

  it('knows absences that were entered, and what was stored of the past', async () => {
    const start = iso(Date.now() + DAY_MS);
    const end = iso(Date.now() + 2 * DAY_MS);
    const body = { start, end, reason: 'leave' };
    const entered = await api.send('/v1/people/dev/absences', { method: 'POST', body });
    expect(entered.status).toBe(201);
    expect(said(await check('alone'))).toContain('warning person/away dev');
    // A year from now, the shifts of these weeks are the past: more than 300 days of it are stored.
    await api.database.pool.query(
      "UPDATE shifts SET starts_at = starts_at - interval '1 year' WHERE id = $1",
      [
        (
          await api.database.pool.query<{ id: string }>(
            "SELECT id FROM shifts WHERE schedule_id = 'days' ORDER BY starts_at",
          )
        ).rows[0]?.id,
      ],
    );
    const known = await check('days', '?rules=goodPractice');
    expect(known.json.notes).toEqual([expect.stringContaining('pages-per-shift is not known')]);
  });

  it('counts the pages that people were told of', async () => {
    const context = { database: api.database, actor: 'test' };
    for (const summary of ['one', 'two', 'three']) {
      const page = await triggerPage(context, { schedule: 'alone', summary, severity: 'critical' });
      if (page.ok) await advancePages(api.database, [page.value.page]);
    }
    const answer = await check('alone', '?rules=goodPractice');
    expect(said(answer)).toContain('warning practice/goodPractice/pages-per-shift dev');
    const warning = answer.json.warnings.find(({ code }: Said) => code.endsWith('pages-per-shift'));
    expect(warning.message).toMatch(/^DEV is paged up to 3 times within 12 h, more than 2, from /);
    expect(said(await check('days', '?rules=goodPractice')).join()).not.toContain('pages-per-shift');
  });

  it('refuses what it does not know', async () => {
    expect((await check('none')).status).toBe(404);
    const unknown = await check('days', '?rules=uk');
    expect([unknown.status, unknown.text]).toEqual([
      400,
      expect.stringContaining('The packs are goodPractice'),
    ]);
    for (const query of ['?weeks=0', '?weeks=105', '?from=soon', '?rules=nl=hard', '?days=3']) {
      expect((await check('days', query)).status, query).toBe(400);
    }
    expect((await check('days', '?from=1971-01-01T00:00:00Z')).json.code).toBe('schedule/not-in-force');
    // The end of time: there is nothing to know any more, and no harm in asking.
    const last = await check('days', '?from=2199-12-30T00:00:00Z&rules=goodPractice,eu,de,fr,nl,nlNight');
    expect([200, 422]).toContain(last.status);
    const { json } = await api.send('/v1/tokens', {
      method: 'POST',
      body: { name: 'x', scopes: ['people:read'] },
    });
    expect((await api.send('/v1/schedules/days/check', { token: json.token })).status).toBe(403);
  });
});
