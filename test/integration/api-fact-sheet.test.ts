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
    expect(json.people.map(({ firstName }: { firstName: string }) => firstName)).toEqual(['Amara', 'Benji']);
    expect(JSON.stringify(json)).not.toContain('Okafor');
  });

  it('is Markdown for whoever asks for it', async () => {
    const answer = await fetch(`${api.url}/v1/schedules/payments/fact-sheet`, {
      headers: { authorization: `Bearer ${api.token}`, accept: 'text/markdown' },
    });
    expect(answer.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(await answer.text()).toContain('# Payments on call\n\n- Covers 168 hours a week: 40 core hours');
  });

  it('is not there for an unknown schedule, nor without a token', async () => {
    expect((await api.send('/v1/schedules/nobody/fact-sheet')).status).toBe(404);
    expect((await api.send('/v1/schedules/payments/fact-sheet', { token: null })).status).toBe(401);
  });
});
