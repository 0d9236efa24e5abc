import {
  createOverride,
  DEFAULT_HORIZON,
  extendHorizon,
  loadSchedule,
  retireSchedule,
} from '@watchbill/commands';
import { listen } from '@watchbill/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  accepted,
  apply,
  brief,
  everything,
  HORIZON,
  instantOf,
  openWorld,
  passTime,
  storedEvents,
  storedShifts,
  WEEK_MS,
  type World,
  weekly,
} from './apply-fixture.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  await world.database.pool.query(
    `TRUNCATE events, outbox, boundaries, gaps, shifts, overrides, schedule_revisions, configuration_revisions,
     schedule_cursors, schedules CASCADE`,
  );
  await world.at('2026-11-30T12:00:00Z');
});
afterAll(() => world.close());

describe('extendHorizon', () => {
  it('does nothing while enough is stored', async () => {
    accepted(await apply(world, [weekly('enough')]));
    await world.at('2026-12-07T11:00:00Z');
    const before = await everything(world.database);
    expect(await extendHorizon(world.database, HORIZON)).toEqual({ extended: 0, failed: [] });
    expect(await everything(world.database)).toBe(before);
  });

  it('adds what has come into reach, and changes nothing that was there', async () => {
    accepted(await apply(world, [weekly('grow')]));
    const before = await storedShifts(world.database, 'grow');
    await world.at('2026-12-22T12:00:00Z');
    await passTime(world);
    expect((await extendHorizon(world.database, HORIZON)).extended).toBe(1);
    const after = await storedShifts(world.database, 'grow');
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.length).toBe(before.length + 3);
    const told = (await storedEvents(world.database, 'shift.scheduled')).slice(-3);
    expect(told.map(({ data }) => data.shift.id)).toEqual(after.slice(-3).map(({ id }) => id));
    expect(await storedEvents(world.database, 'shift.changed')).toEqual([]);
    expect(await storedEvents(world.database, 'schedule.published')).toHaveLength(1);
  });

  it('stores whole shifts: the last one ends beyond the horizon', async () => {
    accepted(await apply(world, [weekly('whole')]));
    const { rows } = await world.database.pool.query<{ until: number }>(
      'SELECT horizon_until AS until FROM schedules',
    );
    const last = (await storedShifts(world.database, 'whole')).at(-1);
    expect(last?.start).toBeLessThan(rows[0]?.until ?? 0);
    expect(last?.end).toBeGreaterThan(rows[0]?.until ?? 0);
  });

  it('lets a gap at its edge grow without a word', async () => {
    const draft = weekly('edge');
    const rotations = draft.rotations.map((rotation) => ({
      ...rotation,
      effectiveUntil: '2026-12-14T09:00',
    }));
    accepted(await apply(world, [{ ...draft, rotations }]));
    await world.at('2026-12-13T12:00:00Z');
    await extendHorizon(world.database, HORIZON);
    const { rows } = await world.database.pool.query('SELECT starts_at, ends_at, closed_at FROM gaps');
    expect(rows).toEqual([
      {
        starts_at: instantOf('2026-12-14T09:00:00Z'),
        ends_at: instantOf('2026-12-13T12:00:00Z') + HORIZON.horizonMs,
        closed_at: null,
      },
    ]);
    expect(await storedEvents(world.database, 'coverage.%')).toHaveLength(1);
  });

  it('takes many schedules in batches, each once, several at the same time', async () => {
    const drafts = Array.from({ length: 45 }, (_, index) => weekly(`many-${String(index).padStart(2, '0')}`));
    accepted(await apply(world, drafts));
    await world.at('2026-12-15T12:00:00Z');
    const results = await Promise.all([1, 2].map(() => extendHorizon(world.database, HORIZON)));
    // What one holds the other leaves to it; whatever both left is taken by the next call.
    const last = await extendHorizon(world.database, HORIZON);
    expect([...results, last].reduce((sum, { extended }) => sum + extended, 0)).toBe(45);
    const scheduled = await storedEvents(world.database, 'shift.scheduled');
    expect(scheduled).toHaveLength(45 * 11);
  });

  it('goes on with the others where one definition cannot be planned, and says which', async () => {
    accepted(await apply(world, [weekly('a-bad'), weekly('b-good')]));
    await world.database.pool.query(
      `UPDATE schedule_revisions SET definition = definition || '{"timeZone": "Mars/Olympus"}' WHERE schedule_id = 'a-bad'`,
    );
    await world.at('2026-12-15T12:00:00Z');
    const { extended, failed } = await extendHorizon(world.database, HORIZON);
    expect(extended).toBe(1);
    expect(failed).toMatchObject([{ schedule: 'a-bad' }]);
    expect(failed[0]?.message).toContain('Mars/Olympus');
  });

  it('leaves retired schedules alone, and takes only the one it is asked for', async () => {
    accepted(await apply(world, [weekly('one'), weekly('two'), weekly('old')]));
    accepted(await retireSchedule(world.context, { schedule: 'old' }));
    await world.at('2027-01-20T12:00:00Z');
    expect((await extendHorizon(world.database, { ...HORIZON, schedule: 'two' })).extended).toBe(1);
    expect((await extendHorizon(world.database, HORIZON)).extended).toBe(1);
  });

  it('reaches 26 weeks unless told otherwise', async () => {
    const context = { database: world.database, actor: 'tester' };
    accepted(await apply({ ...world, context }, [weekly('default')]));
    const { rows } = await world.database.pool.query<{ until: number }>(
      'SELECT horizon_until AS until FROM schedules',
    );
    expect((rows[0]?.until ?? 0) - instantOf('2026-11-30T12:00:00Z')).toBe(26 * WEEK_MS);
    expect(DEFAULT_HORIZON.horizonMs).toBe(26 * WEEK_MS);
  });
});

describe('what a transaction tells those who wait', () => {
  it('is one notice for what is due, and the schedule that changed', async () => {
    const heard: string[] = [];
    let connected = false;
    const listener = listen({
      connectionString: world.database.connectionString,
      channels: ['watchbill_boundaries', 'watchbill_schedule'],
      onNotify: (channel, payload) => heard.push(`${channel} ${payload}`),
      onState: (state) => {
        connected = state;
      },
    });
    const heardOf = async (count: number) => {
      for (let tries = 0; heard.length < count && tries < 2_000; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return heard.splice(0).sort();
    };
    await heardOf(0);
    while (!connected) await new Promise((resolve) => setTimeout(resolve, 5));
    accepted(await apply(world, [weekly('noisy'), weekly('loud')]));
    expect(await heardOf(3)).toEqual([
      'watchbill_boundaries ',
      'watchbill_schedule loud',
      'watchbill_schedule noisy',
    ]);
    await passTime(world);
    // Far ahead: nothing is due earlier than before, so nobody has to wake for it.
    const far = { start: instantOf('2026-12-20T00:00:00Z'), end: instantOf('2026-12-21T00:00:00Z') };
    const add = { kind: 'replace' as const, people: ['dev'], ...far };
    accepted(await createOverride(world.context, { schedule: 'noisy', ...add }));
    expect(await heardOf(1)).toEqual(['watchbill_schedule noisy']);
    await listener.close();
  });
});

describe('loadSchedule', () => {
  it('gives the schedule in force with the overrides still to come', async () => {
    const overrides = [
      { id: 'over', from: '2026-11-30T13:00', to: '2026-11-30T14:00', add: 'dev' },
      { id: 'ahead', from: '2026-12-20T13:00', to: '2026-12-20T14:00', add: 'dev' },
    ];
    accepted(await apply(world, [weekly('load', { overrides })]));
    const now = await world.at('2026-12-01T12:00:00Z');
    const effectiveAt = now + WEEK_MS;
    const next = weekly('load', { overrides: overrides.slice(1), roles: ['primary', 'backup'] });
    accepted(await apply(world, [next], { effectiveAt }));
    const schedule = await loadSchedule(world.database, 'load');
    expect(schedule?.overrides.map(({ id }) => id)).toEqual(['ahead']);
    expect(schedule?.roles).toEqual(['primary']);
    expect((await loadSchedule(world.database, 'load', effectiveAt))?.roles).toEqual(['primary', 'backup']);
    expect(await loadSchedule(world.database, 'unheard')).toBeNull();
  });

  it('knows the team that a roster stood for', async () => {
    const draft = weekly('team', { team: 'crew' });
    const rotations = draft.rotations.map((rotation) => ({ ...rotation, roster: 'team' as const }));
    const definition = { ...draft, rotations };
    const configurationWith = (members: readonly string[]) => ({
      people: ['dev', 'eve'].map((id) => ({
        id,
        name: id,
        email: null,
        timeZone: 'UTC',
        definition: { id, name: id, timeZone: 'UTC' },
      })),
      teams: [{ id: 'crew', name: 'Crew', definition: { id: 'crew', name: 'Crew', members } }],
      schedules: [{ id: 'team', team: 'crew', timeZone: 'Europe/London', definition, holidays: [] }],
    });
    accepted(await apply(world, [], { configuration: configurationWith(['dev', 'eve']) }));
    expect(brief(await storedShifts(world.database, 'team')).slice(0, 2)).toEqual([
      'dev 30T12-07T09',
      'eve 07T09-14T09',
    ]);
    const same = accepted(await apply(world, [], { configuration: configurationWith(['dev', 'eve']) }));
    expect(same.unchanged).toBe(true);
    const other = accepted(await apply(world, [], { configuration: configurationWith(['dev']) }));
    expect(other.schedules[0]?.changed).toBe(true);
    expect(brief(await storedShifts(world.database, 'team'))[1]).toBe('dev 07T09-14T09');
  });
});
