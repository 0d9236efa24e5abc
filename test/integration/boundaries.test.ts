import { applyBoundaries, createOverride, fireBoundaries } from '@watchbill/commands';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  accepted,
  apply,
  instantOf,
  openWorld,
  passTime,
  storedEvents,
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

const fire = () => fireBoundaries(world.database, { wakeAgainMs: 30_000 });
const TIMED = /^(shift\.(started|ended|starting_soon)|handoff)/;

async function told(schedule: string): Promise<string[]> {
  const events = await storedEvents(world.database);
  return events
    .filter((event) => event.schedule === schedule && TIMED.test(event.type))
    .map(({ type, data }) => `${type} ${data.shift?.person ?? data.incoming.join('+')}`);
}

async function cursor(schedule: string): Promise<{ next: number | null; wake: number | null }> {
  const { rows } = await world.database.pool.query<{ next: number | null; wake: number | null }>(
    'SELECT next_due_at AS next, wake_at AS wake FROM schedule_cursors WHERE schedule_id = $1',
    [schedule],
  );
  return rows[0] ?? { next: null, wake: null };
}

describe('applyBoundaries', () => {
  it('tells what is due in order: an end, the handoff, a start', async () => {
    accepted(await apply(world, [weekly('order')]));
    await world.at('2026-12-07T09:00:00Z');
    await passTime(world);
    expect(await told('order')).toEqual([
      'shift.started ann',
      'shift.starting_soon ben',
      'shift.starting_soon ben',
      'shift.ended ann',
      'handoff.completed ben',
      'shift.started ben',
    ]);
    expect((await cursor('order')).next).toBe(instantOf('2026-12-13T09:00:00Z'));
  });

  it('says when each was due, when it was published, and whether that was late', async () => {
    accepted(await apply(world, [weekly('late')]));
    await world.at('2026-12-07T09:01:00Z');
    await passTime(world);
    const started = (await storedEvents(world.database, 'shift.started')).map(({ data }) => data);
    expect(started.map(({ dueAt, publishedAt, late }) => [dueAt, publishedAt, late])).toEqual([
      ['2026-11-30T12:00:00Z', '2026-12-07T09:01:00Z', true],
      ['2026-12-07T09:00:00Z', '2026-12-07T09:01:00Z', false],
    ]);
    expect(started[1].shift).toMatchObject({
      schedule: 'late',
      role: 'primary',
      person: 'ben',
      personName: 'Ben',
      rotation: 'week',
      override: null,
      start: '2026-12-07T09:00:00Z',
      end: '2026-12-14T09:00:00Z',
    });
  });

  it('publishes everything that was missed, in order, after weeks of downtime', async () => {
    accepted(await apply(world, [weekly('down')]));
    await world.at('2027-01-05T00:00:00Z');
    await passTime(world);
    const starts = (await told('down')).filter((line) => line.startsWith('shift.started'));
    expect(starts).toEqual(['ann', 'ben', 'cleo', 'ann', 'ben', 'cleo'].map((who) => `shift.started ${who}`));
    const events = await storedEvents(world.database);
    const due = events.filter(({ type }) => TIMED.test(type)).map(({ occurredAt }) => occurredAt);
    expect(due).toEqual([...due].sort((a, b) => a - b));
  });

  it('does nothing the second time, and at the same time everything once', async () => {
    accepted(await apply(world, [weekly('a'), weekly('b')]));
    await world.at('2026-12-07T09:00:00Z');
    await fire();
    const applied = await Promise.all([
      applyBoundaries(world.database, ['a', 'b']),
      applyBoundaries(world.database, ['b', 'a', 'b']),
      applyBoundaries(world.database, ['b']),
    ]);
    expect(applied.reduce((sum, { boundaries }) => sum + boundaries, 0)).toBe(12);
    expect(await told('a')).toEqual(await told('b'));
    expect(await told('a')).toHaveLength(6);
    expect(await applyBoundaries(world.database, ['a', 'b', 'unheard'])).toEqual({
      boundaries: 0,
      events: 0,
    });
  });

  it('writes an outbox row for each event, and clears the wake-up of what it applied only', async () => {
    accepted(await apply(world, [weekly('wakes')]));
    await fire();
    expect((await cursor('wakes')).wake).not.toBeNull();
    await applyBoundaries(world.database, ['wakes']);
    expect((await cursor('wakes')).wake).toBeNull();
    const { rows } = await world.database.pool.query(
      `SELECT o.name, o.payload->>'schedule' AS schedule FROM outbox o JOIN events e ON o.payload->>'id' = e.id
       WHERE e.type = 'shift.started'`,
    );
    expect(rows).toEqual([{ name: 'shift.started', schedule: 'wakes' }]);
  });

  it('never tells of a cancelled shift, and tells of a cut one as it is now', async () => {
    accepted(await apply(world, [weekly('cut')]));
    await world.at('2026-12-07T09:00:00Z');
    await fire();
    // Fired, but not applied yet: the change comes in between.
    await world.at('2026-12-07T10:00:00Z');
    accepted(
      await createOverride(world.context, {
        schedule: 'cut',
        kind: 'replace',
        people: ['eve'],
        start: instantOf('2026-12-07T10:00:00Z'),
        end: instantOf('2026-12-14T09:00:00Z'),
      }),
    );
    await passTime(world);
    const started = await storedEvents(world.database, 'shift.started');
    expect(started.map(({ data }) => [data.shift.person, data.shift.end])).toEqual([
      ['ann', '2026-12-07T09:00:00Z'],
      ['ben', '2026-12-07T10:00:00Z'],
      ['eve', '2026-12-14T09:00:00Z'],
    ]);
    await world.database.pool.query(`UPDATE shifts SET status = 'cancelled' WHERE starts_at > clock_now()`);
    await world.at('2026-12-20T00:00:00Z');
    await passTime(world);
    expect(await storedEvents(world.database, 'shift.started')).toHaveLength(3);
  });

  it('leaves nothing behind when it is interrupted, and loses nothing', async () => {
    accepted(await apply(world, [weekly('broken')]));
    await world.at('2026-12-07T09:00:00Z');
    await fire();
    const count = async () =>
      (
        await world.database.pool.query(
          'SELECT count(*)::int AS n FROM boundaries WHERE applied_at IS NOT NULL',
        )
      ).rows;
    await world.database.pool.query(
      `CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'pulled the plug'; END $$;
       CREATE TRIGGER break_it BEFORE UPDATE OF applied_at ON boundaries EXECUTE FUNCTION break_it()`,
    );
    await expect(applyBoundaries(world.database, ['broken'])).rejects.toThrow('pulled the plug');
    expect(await told('broken')).toEqual([]);
    expect(await count()).toEqual([{ n: 0 }]);
    await world.database.pool.query('DROP TRIGGER break_it ON boundaries; DROP FUNCTION break_it()');
    await applyBoundaries(world.database, ['broken']);
    expect(await told('broken')).toHaveLength(6);
  });

  it('applies a hundred schedules that hand off at once', async () => {
    const drafts = Array.from({ length: 100 }, (_, index) =>
      weekly(`herd-${String(index).padStart(3, '0')}`),
    );
    accepted(await apply(world, drafts));
    await world.at('2026-12-07T09:00:00Z');
    await passTime(world);
    const started = await storedEvents(world.database, 'shift.started');
    expect(started.filter(({ data }) => data.shift.person === 'ben')).toHaveLength(100);
    expect(new Set(started.map(({ key }) => key)).size).toBe(200);
  });
});
