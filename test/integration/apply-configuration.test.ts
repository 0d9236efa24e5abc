import { createOverride, retireSchedule } from '@watchbill/commands';
import type { ScheduleDraft } from '@watchbill/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  accepted,
  apply,
  brief,
  configurationOf,
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

function roster(id: string, people: readonly string[], changes: Partial<ScheduleDraft> = {}): ScheduleDraft {
  const draft = weekly(id, changes);
  return { ...draft, rotations: draft.rotations.map((rotation) => ({ ...rotation, roster: people })) };
}

describe('a first apply', () => {
  it('stores whole shifts from now on, up to the horizon, with their boundaries and events', async () => {
    const value = accepted(await apply(world, [weekly('first')]));
    expect(value).toMatchObject({ unchanged: false, revision: 1 });
    expect(value.schedules).toEqual([
      { id: 'first', revision: 1, changed: true, shifts: { scheduled: 9, changed: 0, cancelled: 0 } },
    ]);
    const shifts = await storedShifts(world.database, 'first');
    expect(brief(shifts).slice(0, 3)).toEqual(['ann 30T12-07T09', 'ben 07T09-14T09', 'cleo 14T09-21T09']);
    const events = (await storedEvents(world.database)).filter((event) => event.schedule === 'first');
    expect(events.map((event) => event.type)).toEqual([
      'schedule.published',
      ...shifts.map(() => 'shift.scheduled'),
    ]);
    expect(events[0]?.data.shifts).toEqual({ scheduled: 9, changed: 0, cancelled: 0 });
    const { rows } = await world.database.pool.query(
      `SELECT kind, count(*)::int AS count FROM boundaries WHERE schedule_id = 'first' GROUP BY kind ORDER BY kind`,
    );
    // The first shift has begun, so it has no notice; handoffs lie between the nine shifts.
    expect(rows).toEqual([
      { kind: 'handoff.completed', count: 8 },
      { kind: 'shift.ended', count: 9 },
      { kind: 'shift.started', count: 9 },
      { kind: 'shift.starting_soon', count: 16 },
    ]);
  });

  it('writes each event together with its outbox row', async () => {
    const { rows } = await world.database.pool.query(
      `SELECT count(*)::int AS lonely FROM events e
       WHERE NOT EXISTS (SELECT FROM outbox o WHERE o.queue = 'events' AND (
         o.name = e.type AND o.payload->>'id' = e.id OR
         o.name = 'events.written' AND o.payload @> jsonb_build_object('events', jsonb_build_array(jsonb_build_object('id', e.id)))))`,
    );
    expect(rows).toEqual([{ lonely: 0 }]);
  });

  it('says what changes for whom', async () => {
    const value = accepted(await apply(world, [weekly('told')], { dryRun: true }));
    const ann = value.changesByPerson.find(({ person }) => person === 'ann');
    expect(ann?.before.hours).toBe(0);
    expect(ann?.after.shifts).toBe(3);
    expect(ann?.change.hours).toBe(ann?.after.hours);
    expect(value.changesByPerson.map(({ person }) => person)).toEqual(['ann', 'ben', 'cleo']);
  });
});

describe('applying again', () => {
  it('writes nothing for the same content, whatever the order of its keys', async () => {
    accepted(await apply(world, [weekly('same')]));
    const before = await everything(world.database);
    const draft = weekly('same');
    const turned = Object.fromEntries(Object.entries(draft).reverse()) as unknown as ScheduleDraft;
    const value = accepted(await apply(world, [turned]));
    expect(value.unchanged).toBe(true);
    expect(value.schedules[0]).toMatchObject({ revision: 1, changed: false });
    expect(await everything(world.database)).toBe(before);
  });

  it('writes nothing in a dry run, and then does what the dry run said', async () => {
    accepted(await apply(world, [weekly('dry')]));
    const before = await everything(world.database);
    const next = roster('dry', ['ann', 'cleo', 'ben']);
    const dry = accepted(await apply(world, [next], { dryRun: true }));
    expect(await everything(world.database)).toBe(before);
    const wet = accepted(await apply(world, [next]));
    expect(wet).toEqual(dry);
    expect(wet.schedules[0]?.revision).toBe(2);
    expect(wet.changesByPerson.map(({ person }) => person)).toEqual(['ben', 'cleo']);
  });

  it('leaves alone what the configuration does not name', async () => {
    accepted(await apply(world, [weekly('left'), weekly('right')]));
    const right = await storedShifts(world.database, 'right');
    const value = accepted(await apply(world, [roster('left', ['dev'])]));
    expect(value.schedules.map(({ id }) => id)).toEqual(['left']);
    expect(await storedShifts(world.database, 'right')).toEqual(right);
  });

  it('upserts people without touching shifts', async () => {
    accepted(await apply(world, [weekly('people')]));
    const shifts = await storedShifts(world.database, 'people');
    const configuration = configurationOf([weekly('people')]);
    const people = configuration.people.map((person) =>
      person.id === 'ann' ? { ...person, name: 'Ann-Marie' } : person,
    );
    const value = accepted(await apply(world, [], { configuration: { ...configuration, people } }));
    expect(value.unchanged).toBe(false);
    expect(value.schedules[0]?.changed).toBe(false);
    expect(await storedShifts(world.database, 'people')).toEqual(shifts);
    const { rows } = await world.database.pool.query(`SELECT name FROM people WHERE id = 'ann'`);
    expect(rows).toEqual([{ name: 'Ann-Marie' }]);
  });
});

describe('an edit', () => {
  it('lets the shift in progress go on, keeps ids, and never touches the past', async () => {
    accepted(await apply(world, [weekly('edit')]));
    await world.at('2026-12-07T11:00:00Z');
    await passTime(world);
    const before = await storedShifts(world.database, 'edit');
    accepted(await apply(world, [roster('edit', ['ann', 'ben', 'dev'])]));
    const after = await storedShifts(world.database, 'edit');
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).toEqual(before[1]);
    expect(brief(after).slice(2, 4)).toEqual(['dev 14T09-21T09', 'ann 21T09-28T09']);
    const ids = new Map(before.map((shift) => [shift.id, shift]));
    for (const shift of after.filter(({ person, status }) => person === 'ann' && status === 'active')) {
      expect(ids.get(shift.id)).toEqual(shift);
    }
  });

  it('ends the shift of somebody who leaves and starts the next one at once', async () => {
    accepted(await apply(world, [weekly('cut')]));
    const now = await world.at('2026-12-02T10:00:00Z');
    accepted(await apply(world, [roster('cut', ['dev', 'ben', 'cleo'])]));
    expect(brief(await storedShifts(world.database, 'cut')).slice(0, 2)).toEqual([
      'ann 30T12-02T10',
      'dev 02T10-07T09',
    ]);
    const changed = (await storedEvents(world.database, 'shift.changed')).filter(
      (event) => event.schedule === 'cut',
    );
    expect(changed.map(({ data }) => [data.before.end, data.shift.end, data.reason])).toEqual([
      ['2026-12-07T09:00:00Z', '2026-12-02T10:00:00Z', 'configuration'],
    ]);
    const { rows } = await world.database.pool.query(
      `SELECT kind, detail FROM boundaries WHERE schedule_id = 'cut' AND due_at = $1 ORDER BY rank`,
      [new Date(now)],
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['shift.ended', 'handoff.completed', 'shift.started']);
    expect(rows[1]?.detail).toEqual({ role: 'primary', outgoing: ['ann'], incoming: ['dev'] });
  });

  it('in the very instant of a handoff cancels what would begin and end at once', async () => {
    accepted(await apply(world, [weekly('instant')]));
    await world.at('2026-12-07T09:00:00Z');
    accepted(await apply(world, [roster('instant', ['ann', 'eve', 'cleo'])]));
    const shifts = await storedShifts(world.database, 'instant');
    expect(brief(shifts).slice(0, 2)).toEqual(['ann 30T12-07T09', 'eve 07T09-14T09']);
    await passTime(world);
    const told = (await storedEvents(world.database)).filter(
      ({ schedule, type }) => schedule === 'instant' && /^shift\.(started|ended)$|handoff/.test(type),
    );
    expect(told.map(({ type, data }) => [type, data.shift?.person ?? data.incoming[0]])).toEqual([
      ['shift.started', 'ann'],
      ['shift.ended', 'ann'],
      ['handoff.completed', 'eve'],
      ['shift.started', 'eve'],
    ]);
  });

  it('moves shifts when a handoff moves, instead of making new ones', async () => {
    accepted(await apply(world, [weekly('moved')]));
    const before = await storedShifts(world.database, 'moved');
    const draft = weekly('moved');
    const later = { ...draft, rotations: draft.rotations.map((r) => ({ ...r, start: '2026-11-30T10:00' })) };
    const value = accepted(await apply(world, [later]));
    expect(value.schedules[0]?.shifts).toEqual({ scheduled: 0, changed: 9, cancelled: 0 });
    const after = await storedShifts(world.database, 'moved');
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  });
});

describe('a configuration that takes effect later', () => {
  it('cuts the plan at its instant and leaves what comes before', async () => {
    accepted(await apply(world, [weekly('later')]));
    const effectiveAt = instantOf('2026-12-16T12:00:00Z');
    accepted(await apply(world, [roster('later', ['dev', 'eve'])], { effectiveAt }));
    expect(brief(await storedShifts(world.database, 'later')).slice(0, 5)).toEqual([
      'ann 30T12-07T09',
      'ben 07T09-14T09',
      'cleo 14T09-16T12',
      'dev 16T12-21T09',
      'eve 21T09-28T09',
    ]);
  });

  it('is left to wait by the same content without an instant, and moved by an earlier one', async () => {
    const draft = roster('later', ['dev', 'eve']);
    expect(accepted(await apply(world, [draft])).unchanged).toBe(true);
    const effectiveAt = instantOf('2026-12-10T12:00:00Z');
    const value = accepted(await apply(world, [draft], { effectiveAt }));
    expect(value.schedules[0]?.revision).toBe(3);
    expect(brief(await storedShifts(world.database, 'later')).slice(1, 3)).toEqual([
      'ben 07T09-10T12',
      'eve 10T12-14T09',
    ]);
  });

  it('refuses an instant that is past or more than a year ahead', async () => {
    const before = await everything(world.database);
    const past = await apply(world, [weekly('never')], { effectiveAt: instantOf('2026-11-30T11:00:00Z') });
    expect(refusalOf(past)).toMatchObject({ code: 'invalid', reason: 'configuration/effective-in-the-past' });
    const far = await apply(world, [weekly('never')], { effectiveAt: instantOf('2029-01-01T00:00:00Z') });
    expect(refusalOf(far).reason).toBe('configuration/effective-too-far');
    expect(await everything(world.database)).toBe(before);
  });
});

describe('overrides of the file', () => {
  const xmas = { id: 'xmas', from: '2026-12-09T09:00', to: '2026-12-10T09:00', person: 'dev' };

  it('follow the file; those made by hand stay', async () => {
    accepted(await apply(world, [weekly('file', { overrides: [xmas] })]));
    expect(brief(await storedShifts(world.database, 'file')).slice(1, 4)).toEqual([
      'ben 07T09-09T09',
      'dev 09T09-10T09',
      'ben 10T09-14T09',
    ]);
    accepted(
      await createOverride(world.context, {
        schedule: 'file',
        kind: 'replace',
        people: ['eve'],
        start: instantOf('2026-12-11T09:00:00Z'),
        end: instantOf('2026-12-12T09:00:00Z'),
      }),
    );
    const value = accepted(await apply(world, [weekly('file')]));
    expect(value.schedules[0]).toMatchObject({ changed: true, revision: 2 });
    expect(brief(await storedShifts(world.database, 'file')).slice(1, 4)).toEqual([
      'ben 07T09-11T09',
      'eve 11T09-12T09',
      'ben 12T09-14T09',
    ]);
    expect(accepted(await apply(world, [weekly('file')])).unchanged).toBe(true);
  });

  it('must not bear the name of a rotation or of an override made by hand', async () => {
    const before = await everything(world.database);
    const twice = await apply(world, [weekly('twice', { overrides: [{ ...xmas, id: 'week' }] })]);
    expect(refusalOf(twice)).toMatchObject({ code: 'invalid' });
    const { rows } = await world.database.pool.query<{ id: string }>(
      `SELECT id FROM overrides WHERE schedule_id = 'file' AND origin = 'api'`,
    );
    const taken = await apply(world, [weekly('file', { overrides: [{ ...xmas, id: rows[0]?.id }] })]);
    expect(refusalOf(taken)).toMatchObject({ code: 'invalid' });
    expect(await everything(world.database)).toBe(before);
  });
});

describe('revisions', () => {
  it('refuse an apply that stands on an old one, and say which and what it is now', async () => {
    accepted(await apply(world, [weekly('locked')], { expectedRevisions: { locked: 0 } }));
    accepted(await apply(world, [roster('locked', ['dev'])], { expectedRevisions: { locked: 1 } }));
    const before = await everything(world.database);
    const stale = refusalOf(
      await apply(world, [roster('locked', ['eve'])], { expectedRevisions: { locked: 1 } }),
    );
    expect(stale).toMatchObject({ code: 'precondition', reason: 'schedule/revision' });
    expect(stale.message).toContain('"locked" has revision 2 now; 1 was expected');
    expect(await everything(world.database)).toBe(before);
  });

  it('let one of two applies at once win', async () => {
    accepted(await apply(world, [weekly('race')]));
    const expectedRevisions = { race: 1 };
    const results = await Promise.all([
      apply(world, [roster('race', ['dev'])], { expectedRevisions }),
      apply(world, [roster('race', ['eve'])], { expectedRevisions }),
    ]);
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(refusalOf(results.find(({ ok }) => !ok) ?? results[0]).code).toBe('precondition');
  });

  it('make the second of two equal applies at once a no-op, also of a new schedule', async () => {
    const results = await Promise.all([apply(world, [weekly('both')]), apply(world, [weekly('both')])]);
    const values = results.map(accepted);
    expect(values.map(({ unchanged }) => unchanged).sort()).toEqual([false, true]);
    expect(values.map(({ schedules }) => schedules[0]?.revision)).toEqual([1, 1]);
  });
});

describe('a crash in the middle', () => {
  it('leaves nothing of an apply or an override, and the next try does it all', async () => {
    accepted(await apply(world, [weekly('crash')]));
    const before = await everything(world.database);
    await world.database.pool.query(
      `CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'pulled the plug'; END $$;
       CREATE TRIGGER crash BEFORE INSERT ON outbox EXECUTE FUNCTION crash()`,
    );
    const wish = {
      schedule: 'crash',
      kind: 'add' as const,
      people: ['eve'],
      start: instantOf('2026-12-09T09:00:00Z'),
      end: instantOf('2026-12-10T09:00:00Z'),
    };
    const context = { ...world.context, idempotencyKey: 'crash' };
    await expect(apply(world, [roster('crash', ['dev']), weekly('fresh')])).rejects.toThrow(
      'pulled the plug',
    );
    await expect(createOverride(context, wish)).rejects.toThrow('pulled the plug');
    await expect(retireSchedule(context, { schedule: 'crash' })).rejects.toThrow('pulled the plug');
    await world.database.pool.query('DROP TRIGGER crash ON outbox; DROP FUNCTION crash()');
    expect(await everything(world.database)).toBe(before);
    accepted(await apply(world, [roster('crash', ['dev']), weekly('fresh')]));
    accepted(await createOverride(context, wish));
  });
});

describe('bad input', () => {
  it('is refused with every problem and nothing stored', async () => {
    const before = await everything(world.database);
    const bad = roster('bad', ['ann', 'nobody-we-know'], { timeZone: 'Mars/Olympus' });
    const refused = await apply(world, [weekly('good'), bad, weekly('good')]);
    expect(refusalOf(refused)).toMatchObject({ code: 'invalid', reason: 'configuration/invalid' });
    const more = await apply(world, [weekly('good'), bad]);
    const problems = more.ok ? [] : (more.error.problems ?? []);
    expect(problems.map(({ code }) => code).sort()).toEqual(['person/unknown', 'time/unknown-zone']);
    expect(problems.every(({ path }) => path[0] === 'schedules' && path[1] === 1)).toBe(true);
    expect(await everything(world.database)).toBe(before);
  });

  it('is refused where text cannot be stored', async () => {
    const before = await everything(world.database);
    const configuration = configurationOf([weekly('nul')]);
    const people = configuration.people.map((person) => ({ ...person, name: 'a\0b' }));
    const refused = await apply(world, [], { configuration: { ...configuration, people } });
    expect(refusalOf(refused).reason).toBe('text/unstorable');
    expect(await everything(world.database)).toBe(before);
  });

  it('is stored letter for letter where it only looks dangerous', async () => {
    const name = `Robert'); DROP TABLE watchbill.people; -- "$1" \\ %s`;
    const configuration = configurationOf([weekly('injected')]);
    const people = configuration.people.map((person) => ({ ...person, name }));
    accepted(await apply(world, [], { configuration: { ...configuration, people }, source: name }));
    const { rows } = await world.database.pool.query('SELECT DISTINCT name FROM people');
    expect(rows).toEqual([{ name }]);
    accepted(await apply(world, [weekly('injected')]));
  });

  it('refuses more shifts than are stored, with a way out', async () => {
    const people = Array.from({ length: 40 }, (_, index) => `person-${index}`);
    const rotation = {
      id: 'hours',
      strategy: 'in_order' as const,
      roster: [people],
      cadence: { every: 1, unit: 'hour' as const },
      start: '2026-11-30T09:00',
    };
    const configuration = configurationOf([weekly('crowded', { rotations: [rotation] })], { people });
    const refused = refusalOf(await apply(world, [], { configuration }));
    expect(refused).toMatchObject({ code: 'limit', reason: 'schedule/too-many-shifts' });
    expect(refused.message).toContain('crowded');
  });
});

describe('retiring', () => {
  it('ends what goes on, cancels what is ahead, keeps the past, and can be taken back', async () => {
    accepted(await apply(world, [weekly('retired')]));
    await world.at('2026-12-08T00:00:00Z');
    await passTime(world);
    const value = accepted(await retireSchedule(world.context, { schedule: 'retired' }));
    expect(value.shifts).toEqual({ scheduled: 0, changed: 1, cancelled: 7 });
    expect(brief(await storedShifts(world.database, 'retired'))).toEqual([
      'ann 30T12-07T09',
      'ben 07T09-08T00',
    ]);
    await world.at('2026-12-30T00:00:00Z');
    await passTime(world);
    const told = (await storedEvents(world.database)).filter(({ schedule }) => schedule === 'retired');
    expect(told.at(-1)?.type).toBe('shift.ended');
    expect(refusalOf(await retireSchedule(world.context, { schedule: 'retired' })).reason).toBe(
      'schedule/retired',
    );
    const back = accepted(await apply(world, [weekly('retired')]));
    expect(back.schedules[0]).toMatchObject({ revision: 2, changed: true });
    expect(brief(await storedShifts(world.database, 'retired'))[2]).toBe('ben 30T00-04T09');
  });
});
