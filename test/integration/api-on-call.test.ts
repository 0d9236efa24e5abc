import { toConfigurationDraft } from '@watchbill/api';
import { applyConfiguration, createOverride, loadSchedule } from '@watchbill/commands';
import { buildConfig } from '@watchbill/config';
import { nextOnCall, onCallAt, whoJson } from '@watchbill/core';
import { clockNow, resetClock, setClock } from '@watchbill/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './api-fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await apply('busy', 'quiet');
});
afterAll(() => api?.close());

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Applies without the API, as another process would. */
async function apply(...ids: readonly string[]): Promise<void> {
  const rotation = { roster: ['amara', 'benji', 'cleo'], start: '2026-01-05T00:00' };
  const built = buildConfig({
    version: 1,
    people: ['amara', 'benji', 'cleo', 'dev'].map((id) => ({ id, name: id, timeZone: 'UTC' })),
    schedules: ids.map((id) => ({
      id,
      timeZone: 'UTC',
      roles: ['primary', 'backup'],
      rotations: [
        { ...rotation, id: 'hourly', cadence: { every: 1, unit: 'hour' } },
        { ...rotation, id: 'daily', role: 'backup', cadence: { every: 1, unit: 'day' } },
      ],
    })),
  });
  if (!built.ok) throw new Error(JSON.stringify(built.errors));
  const configuration = toConfigurationDraft(built.config);
  const horizon = { horizonMs: 3 * DAY_MS, leadMinutes: [] };
  const context = { database: api.database, actor: 'test', horizon };
  const result = await applyConfiguration(context, { configuration, source: 'test', dryRun: false });
  expect(result.ok).toBe(true);
}

async function resolved(schedule: string, at: number) {
  const made = await loadSchedule(api.database, schedule, at);
  if (made === null) throw new Error(`no schedule ${schedule}`);
  return whoJson(at, [{ schedule, onCall: onCallAt(made, at), next: nextOnCall(made, at) }]);
}

const withoutSince = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'since' ? undefined : inner)));
const iso = (ms: number) => new Date(ms).toISOString();
const who = async (query: string) => (await api.send(`/v1/on-call?${query}`)).json;

describe('who is on call', () => {
  it('is what the resolver says: now, later, and beyond the stored horizon', async () => {
    const now = await who('schedule=busy');
    const plan = await resolved('busy', Date.parse(now.at));
    // What was in progress at the first publication began with it: the past is never planned.
    expect(withoutSince(now.schedules)).toEqual(withoutSince(plan.schedules));
    expect(now.schedules[0].next).toEqual(plan.schedules[0]?.next);
    const base = (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS + 2 * HOUR_MS;
    for (const at of [
      base,
      base + 1,
      base + HOUR_MS - 1,
      base + 30 * HOUR_MS,
      base + 9 * DAY_MS,
      base + 800 * DAY_MS,
    ]) {
      expect(await who(`schedule=busy&at=${iso(at)}`), iso(at)).toEqual(await resolved('busy', at));
    }
  });

  it('is nobody before there was a schedule', async () => {
    const { schedules } = await who('schedule=busy&at=2026-01-06T00:00:00Z');
    expect(schedules[0].onCall).toEqual([]);
  });

  it('is told for all schedules in pages', async () => {
    const first = await who('limit=1');
    expect(first.schedules.map((entry: { schedule: string }) => entry.schedule)).toEqual(['busy']);
    const second = await who(`limit=1&cursor=${first.nextCursor}`);
    expect(second.schedules.map((entry: { schedule: string }) => entry.schedule)).toEqual(['quiet']);
    expect(second.nextCursor).toBeNull();
    expect(first.schedules[0]).toEqual((await who('schedule=busy')).schedules[0]);
  });

  it.each(['schedule=none', 'schedule=none&at=2030-01-01T00:00:00Z'])('is 404 for %s', async (query) => {
    expect((await api.send(`/v1/on-call?${query}`)).status).toBe(404);
  });

  it.each([
    'schedule=',
    'schedule=a&schedule=b',
    'schedule=busy&x=1',
    'at=now',
    'schedule=__proto__',
    'schedule[]=busy',
    'limit=0',
  ])('is refused for %s', async (query) => {
    expect((await api.send(`/v1/on-call?${query}`)).status).toBe(400);
  });
});

describe('the answer from memory', () => {
  const person = async () => (await who('schedule=quiet')).schedules[0].onCall[0].person;

  async function replaceWith(people: readonly string[]): Promise<void> {
    const now = await clockNow(api.database);
    const context = {
      database: api.database,
      actor: 'test',
      horizon: { horizonMs: 3 * DAY_MS, leadMinutes: [] },
    };
    const input = { schedule: 'quiet', kind: 'replace', people, start: now, end: now + 2 * DAY_MS } as const;
    expect((await createOverride(context, input)).ok).toBe(true);
  }

  it('follows a change by another process', async () => {
    for (const next of ['dev', 'amara', 'benji', 'dev']) {
      for (let i = 0; i < 5; i += 1) await person();
      await replaceWith([next]);
      await expect.poll(person, { timeout: 2_000, interval: 5 }).toBe(next);
    }
  });

  it('is not given while changes cannot reach it', async () => {
    await person();
    api.setDeaf(true);
    await expect.poll(() => api.log(), { timeout: 5_000 }).toContain('changes cannot reach us');
    for (const next of ['cleo', 'amara', 'dev']) {
      await replaceWith([next]);
      // At once, without a wait: each answer comes from the database.
      expect(await person()).toBe(next);
    }
    api.setDeaf(false);
    await replaceWith(['benji']);
    await expect.poll(person, { timeout: 5_000, interval: 5 }).toBe('benji');
  });

  it('changes hands at the instant, on a fast clock too', async () => {
    await setClock(api.database, { factor: 3_600, start: Math.ceil(Date.now() / HOUR_MS) * HOUR_MS });
    const fast = await startFast();
    try {
      const startedAt = performance.now();
      let answers = 0;
      const people = new Set<string>();
      while (performance.now() - startedAt < 3_000) {
        const { at, schedules } = await fast();
        expect(withoutSince(schedules)).toEqual(
          withoutSince((await resolved('busy', Date.parse(at))).schedules),
        );
        people.add(schedules[0].onCall[0].person);
        answers += 1;
      }
      expect(answers).toBeGreaterThan(20);
      expect(people.size).toBe(3);
    } finally {
      await resetClock(api.database);
    }
  });

  /** The clock of the API is measured every few seconds: wait until it runs with the database's. */
  async function startFast() {
    const ask = () => who('schedule=busy');
    await expect
      .poll(async () => Math.abs(Date.parse((await ask()).at) - (await clockNow(api.database))), {
        timeout: 15_000,
      })
      .toBeLessThan(5 * 60_000);
    return ask;
  }
});
