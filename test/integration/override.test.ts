import { cancelOverride, createOverride, type OverrideInput } from '@watchbill/commands';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  accepted,
  apply,
  brief,
  everything,
  instantOf,
  openWorld,
  passTime,
  refusalOf,
  storedEvents,
  storedShifts,
  type World,
  weekly,
} from './apply-fixture.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.at('2026-11-30T12:00:00Z'));
afterAll(() => world.close());

function wish(schedule: string, changes: Partial<OverrideInput> = {}): OverrideInput {
  return {
    schedule,
    kind: 'replace',
    people: ['dev'],
    start: instantOf('2026-12-09T09:00:00Z'),
    end: instantOf('2026-12-10T09:00:00Z'),
    ...changes,
  };
}

describe('createOverride', () => {
  it('changes the stored shifts and tells it, with the reason', async () => {
    accepted(await apply(world, [weekly('plain')]));
    const value = accepted(await createOverride(world.context, wish('plain', { reason: 'dentist' })));
    expect(value).toMatchObject({ role: 'primary', reason: 'dentist', createdBy: 'tester' });
    expect(value.shifts).toEqual({ scheduled: 2, changed: 1, cancelled: 0 });
    expect(brief(await storedShifts(world.database, 'plain')).slice(1, 4)).toEqual([
      'ben 07T09-09T09',
      'dev 09T09-10T09',
      'ben 10T09-14T09',
    ]);
    const told = (await storedEvents(world.database))
      .filter(({ schedule }) => schedule === 'plain')
      .slice(-4);
    expect(told.map(({ type }) => type)).toEqual([
      'override.created',
      'shift.changed',
      'shift.scheduled',
      'shift.scheduled',
    ]);
    expect(told[0]?.data.override).toMatchObject({ id: value.id, reason: 'dentist', replaces: null });
    expect(told[1]?.data.reason).toBe('override');
  });

  it('begins now where it was to begin in the past', async () => {
    accepted(await apply(world, [weekly('clipped')]));
    const now = await world.at('2026-12-01T10:00:00Z');
    const start = instantOf('2026-11-29T00:00:00Z');
    const end = instantOf('2026-12-01T18:00:00Z');
    const value = accepted(await createOverride(world.context, wish('clipped', { start, end })));
    expect(value.start).toBe(now);
    expect(brief(await storedShifts(world.database, 'clipped')).slice(0, 3)).toEqual([
      'ann 30T12-01T10',
      'dev 01T10-01T18',
      'ann 01T18-07T09',
    ]);
  });

  it('is taken into account when the horizon reaches it later', async () => {
    accepted(await apply(world, [weekly('beyond')]));
    const far = { start: instantOf('2027-02-10T09:00:00Z'), end: instantOf('2027-02-11T09:00:00Z') };
    const value = accepted(await createOverride(world.context, wish('beyond', far)));
    expect(value.shifts).toEqual({ scheduled: 0, changed: 0, cancelled: 0 });
    await world.at('2027-01-11T12:00:00Z');
    accepted(await createOverride(world.context, wish('beyond', { start: far.end, end: far.end + 1000 })));
    const shifts = await storedShifts(world.database, 'beyond');
    expect(shifts.find(({ override }) => override === value.id)).toMatchObject({ person: 'dev', ...far });
  });

  it('finds and closes gaps', async () => {
    accepted(await apply(world, [weekly('holed')]));
    const made = accepted(await createOverride(world.context, wish('holed', { people: [] })));
    const open = await world.database.pool.query(
      `SELECT * FROM gaps WHERE schedule_id = 'holed' AND closed_at IS NULL`,
    );
    expect(open.rows).toMatchObject([
      {
        role: 'primary',
        starts_at: instantOf('2026-12-09T09:00:00Z'),
        ends_at: instantOf('2026-12-10T09:00:00Z'),
      },
    ]);
    accepted(await cancelOverride(world.context, { schedule: 'holed', override: made.id }));
    const told = (await storedEvents(world.database, 'coverage.%')).filter(
      ({ schedule }) => schedule === 'holed',
    );
    expect(told.map(({ type }) => type)).toEqual(['coverage.gap_found', 'coverage.gap_closed']);
    expect(told[1]?.data.gap).toEqual(told[0]?.data.gap);
  });

  it('refuses what cannot be, says why, and stores nothing', async () => {
    accepted(await apply(world, [weekly('strict')]));
    await world.at('2026-12-01T10:00:00Z');
    const before = await everything(world.database);
    const at = (text: string) => instantOf(text);
    const cases: [Partial<OverrideInput>, string, string][] = [
      [{ schedule: 'unheard' }, 'not_found', 'schedule/unknown'],
      [{ role: 'tertiary' }, 'invalid', 'role/unknown'],
      [{ people: ['zoe'] }, 'invalid', 'person/unknown'],
      [{ people: [`'; DROP TABLE people; --`] }, 'invalid', 'person/unknown'],
      [{ replaces: 'zoe' }, 'invalid', 'person/unknown'],
      [{ kind: 'add', people: [] }, 'invalid', 'override/nobody'],
      [{ kind: 'add', replaces: 'ann' }, 'invalid', 'override/replaces'],
      [{ people: ['dev', 'dev'] }, 'invalid', 'id/duplicate'],
      [{ people: Array.from({ length: 51 }, (_, index) => `p${index}`) }, 'invalid', 'limit/member'],
      [{ start: at('2026-12-10T09:00:00Z'), end: at('2026-12-10T09:00:00Z') }, 'invalid', 'time/empty-range'],
      [
        { start: at('2026-11-30T13:00:00Z'), end: at('2026-12-01T10:00:00Z') },
        'invalid',
        'override/in-the-past',
      ],
      [{ start: Number.NaN }, 'invalid', 'time/out-of-range'],
      [{ end: 1e17 }, 'invalid', 'time/out-of-range'],
      [{ reason: 'x'.repeat(501) }, 'invalid', 'limit/reason'],
      [{ reason: 'a\0b' }, 'invalid', 'text/unstorable'],
    ];
    for (const [changes, code, reason] of cases) {
      const refused = refusalOf(await createOverride(world.context, wish('strict', changes)));
      expect([changes, refused.code, refused.reason]).toEqual([changes, code, reason]);
      expect(refused.message.length).toBeGreaterThan(10);
    }
    expect(await everything(world.database)).toBe(before);
  });

  it('has a limit at one instant', async () => {
    accepted(await apply(world, [weekly('many')]));
    await world.database.pool.query(
      `INSERT INTO overrides (schedule_id, id, origin, role, kind, starts_at, ends_at, people, created_by, created_at)
       SELECT 'many', 'ovr_' || n, 'api', 'primary', 'add', '2026-12-09Z', '2026-12-10Z', '{dev}', 'test', now()
       FROM generate_series(1, 200) AS n`,
    );
    const refused = refusalOf(await createOverride(world.context, wish('many')));
    expect(refused).toMatchObject({ code: 'limit', reason: 'override/too-many' });
    const later = { start: instantOf('2026-12-20T09:00:00Z'), end: instantOf('2026-12-21T09:00:00Z') };
    accepted(await createOverride(world.context, wish('many', later)));
  });

  it('made twice at once, both hold, the later one on top', async () => {
    accepted(await apply(world, [weekly('pair')]));
    const made = await Promise.all([
      createOverride(world.context, wish('pair', { people: ['dev'] })),
      createOverride(world.context, wish('pair', { people: ['eve'] })),
    ]);
    const ids = made.map((result) => accepted(result).id);
    const { rows } = await world.database.pool.query<{ id: string }>(
      `SELECT id FROM overrides WHERE schedule_id = 'pair' ORDER BY sequence`,
    );
    expect(rows.map(({ id }) => id).sort()).toEqual(ids.sort());
    const shift = (await storedShifts(world.database, 'pair')).find(
      ({ override, status }) => override !== null && status === 'active',
    );
    expect(shift?.override).toBe(rows[1]?.id);
  });
});

describe('an idempotency key', () => {
  it('gives the stored answer again and does nothing twice', async () => {
    accepted(await apply(world, [weekly('keyed')]));
    const context = { ...world.context, idempotencyKey: 'once' };
    const first = await createOverride(context, wish('keyed'));
    const before = await everything(world.database);
    const second = await createOverride(context, wish('keyed'));
    expect(first).toMatchObject({ ok: true, replayed: false });
    expect(second).toEqual({ ...first, replayed: true });
    expect(await everything(world.database)).toBe(before);
  });

  it('is refused for another input or another command, but free for another actor', async () => {
    accepted(await apply(world, [weekly('reused')]));
    const context = { ...world.context, idempotencyKey: 'shared' };
    const made = accepted(await createOverride(context, wish('reused')));
    const other = refusalOf(await createOverride(context, wish('reused', { people: ['eve'] })));
    expect(other).toMatchObject({ code: 'conflict', reason: 'idempotency/key-reused' });
    const verb = refusalOf(await cancelOverride(context, { schedule: 'reused', override: made.id }));
    expect(verb.reason).toBe('idempotency/key-reused');
    accepted(await createOverride({ ...context, actor: 'somebody else' }, wish('reused')));
  });

  it('used twice at the same time is used once', async () => {
    accepted(await apply(world, [weekly('twice')]));
    const context = { ...world.context, idempotencyKey: 'together' };
    const results = await Promise.all([1, 2, 3].map(() => createOverride(context, wish('twice'))));
    expect(new Set(results.map((result) => accepted(result).id)).size).toBe(1);
    expect(results.map((result) => result.ok && result.replayed).sort()).toEqual([false, true, true]);
  });

  it('is not spent by a refusal', async () => {
    accepted(await apply(world, [weekly('spent')]));
    const context = { ...world.context, idempotencyKey: 'again' };
    refusalOf(await createOverride(context, wish('unheard')));
    accepted(await createOverride(context, wish('spent')));
  });
});

describe('cancelOverride', () => {
  it('takes back what is still ahead and leaves what has been', async () => {
    accepted(await apply(world, [weekly('back')]));
    const made = accepted(await createOverride(world.context, wish('back')));
    await world.at('2026-12-09T15:00:00Z');
    await passTime(world);
    const value = accepted(await cancelOverride(world.context, { schedule: 'back', override: made.id }));
    // Two scheduled: the rest of the week, and one at the far end, since the horizon has grown meanwhile.
    expect(value.shifts).toEqual({ scheduled: 2, changed: 1, cancelled: 1 });
    expect(brief(await storedShifts(world.database, 'back')).slice(1, 4)).toEqual([
      'ben 07T09-09T09',
      'dev 09T09-09T15',
      'ben 09T15-14T09',
    ]);
  });

  it('refuses one that is unknown, over, cancelled already or of the file', async () => {
    const overrides = [{ id: 'in-file', from: '2026-12-20T00:00', to: '2026-12-21T00:00', add: 'dev' }];
    accepted(await apply(world, [weekly('no', { overrides })]));
    const made = accepted(await createOverride(world.context, wish('no')));
    const over = accepted(await createOverride(world.context, wish('no', { people: ['eve'] })));
    const cancel = async (override: string) => cancelOverride(world.context, { schedule: 'no', override });
    expect(refusalOf(await cancel('ovr_unheard'))).toMatchObject({
      code: 'not_found',
      reason: 'override/unknown',
    });
    expect(refusalOf(await cancel('in-file'))).toMatchObject({
      code: 'conflict',
      reason: 'override/in-the-file',
    });
    accepted(await cancel(made.id));
    expect(refusalOf(await cancel(made.id)).reason).toBe('override/cancelled');
    await world.at('2026-12-10T09:00:00Z');
    expect(refusalOf(await cancel(over.id)).reason).toBe('override/in-the-past');
  });
});
