import { createOverride, enterAbsence, takeBackShift, takeShift } from '@watchbill/commands';
import type { ScheduleDraft } from '@watchbill/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accepted,
  brief,
  openWorld,
  refusalOf,
  storedEvents,
  storedShifts,
  type World,
  weekly,
} from './apply-fixture.ts';
import { applyTeam, as, day } from './swap-fixture.ts';

let world: World;
// ann is on call until Monday the 7th.
beforeEach(async () => {
  world = await openWorld('2026-12-02T03:00:00Z');
});
afterEach(() => world.close());

const shifts = async (schedule: string) => brief(await storedShifts(world.database, schedule));
const live = async (schedule: string) => {
  const sql = 'SELECT id FROM overrides WHERE schedule_id = $1 AND cancelled_at IS NULL';
  return (await world.database.pool.query(sql, [schedule])).rows.length;
};

describe('taking a running shift', () => {
  it('puts somebody else on call at once, to its end, and tells it', async () => {
    await applyTeam(world, [weekly('ill')]);
    await world.at('2026-12-02T03:30:00Z');
    const swap = accepted(await takeShift(as(world, 'ben'), { schedule: 'ill', from: 'ann', person: 'ben' }));
    expect(swap).toMatchObject({
      origin: 'take',
      state: 'applied',
      person: 'ann',
      acceptedBy: 'ben',
      gives: [{ start: day('02T03:30'), end: day('07T09'), role: 'primary' }],
    });
    expect((await shifts('ill')).slice(0, 2)).toEqual(['ann 02T03-02T03', 'ben 02T03-07T09']);
    const told = (await storedEvents(world.database)).filter(({ schedule }) => schedule === 'ill');
    expect(told.slice(-3).map(({ type, data }) => [type, data.reason])).toEqual([
      ['override.created', undefined],
      ['shift.changed', 'swap'],
      ['shift.scheduled', 'swap'],
    ]);
    expect(told.find(({ type }) => type === 'swap.applied')?.data).toMatchObject({
      by: 'ben',
      swap: { origin: 'take', audience: { kind: 'person', person: 'ben' } },
    });
  });

  it('is given back until then, and leaves no override behind', async () => {
    await applyTeam(world, [weekly('back')]);
    const until = day('04T00');
    accepted(await takeShift(as(world, 'ben'), { schedule: 'back', from: 'ann', person: 'ben', until }));
    expect((await shifts('back')).slice(0, 2)).toEqual(['ben 02T03-04T00', 'ann 04T00-07T09']);
    await world.at('2026-12-02T15:00:00Z');
    const back = accepted(await takeBackShift(as(world, 'ann'), { schedule: 'back', person: 'ann' }));
    expect(back).toMatchObject({ origin: 'take-back', person: 'ben', acceptedBy: 'ann', closedBy: 'ann' });
    expect((await shifts('back')).slice(0, 2)).toEqual(['ben 02T03-02T15', 'ann 02T15-07T09']);
    expect(await live('back')).toBe(0);
    const again = refusalOf(await takeBackShift(as(world, 'ann'), { schedule: 'back', person: 'ann' }));
    expect(again).toMatchObject({ code: 'conflict', reason: 'swap/shift-changed' });
  });

  it('gives back what is left of it, beneath later changes', async () => {
    await applyTeam(world, [weekly('left')]);
    accepted(await takeShift(world.context, { schedule: 'left', from: 'ann', person: 'ben' }));
    const change = { schedule: 'left', kind: 'replace', replaces: 'ben', people: ['dev'] } as const;
    accepted(await createOverride(world.context, { ...change, start: day('03T09'), end: day('03T21') }));
    accepted(await takeBackShift(as(world, 'ben'), { schedule: 'left', person: 'ann' }));
    expect((await shifts('left')).slice(0, 3)).toEqual([
      'ann 02T03-03T09',
      'dev 03T09-03T21',
      'ann 03T21-07T09',
    ]);
  });

  it('goes on with the one who takes it from the one who took it', async () => {
    await applyTeam(world, [weekly('chain')]);
    accepted(await takeShift(as(world, 'ben'), { schedule: 'chain', from: 'ann', person: 'ben' }));
    await world.at('2026-12-02T04:00:00Z');
    accepted(await takeShift(as(world, 'cleo'), { schedule: 'chain', from: 'ben', person: 'cleo' }));
    const lost = refusalOf(await takeBackShift(as(world, 'ann'), { schedule: 'chain', person: 'ann' }));
    expect(lost).toMatchObject({ reason: 'swap/shift-changed', message: expect.stringContaining('Ben') });
    await world.at('2026-12-02T05:00:00Z');
    accepted(await takeBackShift(as(world, 'cleo'), { schedule: 'chain', person: 'ben' }));
    accepted(await takeBackShift(as(world, 'ben'), { schedule: 'chain', person: 'ann' }));
    expect((await shifts('chain')).slice(0, 3)).toEqual([
      'ben 02T03-02T04',
      'cleo 02T04-02T05',
      'ann 02T05-07T09',
    ]);
    expect(await live('chain')).toBe(0);
  });

  it('reaches over a handoff to oneself with until, and never beyond what the person stands', async () => {
    await applyTeam(world, [weekly('far')]);
    const until = day('20T00');
    const swap = accepted(
      await takeShift(world.context, { schedule: 'far', from: 'ann', person: 'dev', until }),
    );
    expect(swap.gives).toMatchObject([{ end: day('07T09') }]);
  });

  it('asks for no rest: it is an emergency', async () => {
    await applyTeam(world, [tight('tight')]);
    const swap = accepted(await takeShift(world.context, { schedule: 'tight', from: 'ann', person: 'ben' }));
    expect(swap.gives).toMatchObject([{ end: day('02T09') }]);
  });

  it('is refused where it cannot be', async () => {
    await applyTeam(world, [weekly('no'), { ...weekly('other'), rotations: of('cleo') }], {
      people: [{ id: 'gone', left: '2026-12-01' }, { id: 'alien' }],
    });
    accepted(await enterAbsence(world.context, { person: 'ben', start: day('02T00'), end: day('05T00') }));
    const take = { schedule: 'no', from: 'ann', person: 'dev' };
    const cases: [object, string, string][] = [
      [{ person: 'ann' }, 'invalid', 'swap/self'],
      [{ person: 'zoe' }, 'invalid', 'person/unknown'],
      [{ from: 'zoe' }, 'invalid', 'person/unknown'],
      [{ schedule: 'unheard' }, 'not_found', 'schedule/unknown'],
      [{ from: 'ben' }, 'conflict', 'swap/not-on-call'],
      [{ role: 'secondary' }, 'conflict', 'swap/not-on-call'],
      [{ until: day('02T02') }, 'invalid', 'swap/in-the-past'],
      [{ until: Number.NaN }, 'invalid', 'swap/in-the-past'],
      [{ person: 'ben' }, 'conflict', 'swap/absent'],
      [{ person: 'gone' }, 'conflict', 'swap/left'],
      [{ person: 'alien' }, 'conflict', 'swap/not-eligible'],
      [{ person: 'cleo' }, 'conflict', 'swap/double-booked'],
    ];
    const before = await shifts('no');
    for (const [changes, code, reason] of cases) {
      const refused = refusalOf(await takeShift(world.context, { ...take, ...changes }));
      expect([changes, refused.code, refused.reason]).toEqual([changes, code, reason]);
    }
    expect(refusalOf(await takeShift(as(world, 'ben'), take)).reason).toBe('access/not-yours');
    const none = refusalOf(await takeBackShift(world.context, { schedule: 'no', person: 'ann' }));
    expect(none).toMatchObject({ code: 'conflict', reason: 'swap/nothing-taken' });
    expect(await shifts('no')).toEqual(before);
    accepted(await takeShift(as(world, 'eve'), take));
    const twice = refusalOf(await takeShift(as(world, 'eve'), take));
    expect(twice).toMatchObject({
      reason: 'swap/not-on-call',
      message: expect.stringContaining('Dev is on call'),
    });
    expect(refusalOf(await takeBackShift(as(world, 'cleo'), { schedule: 'no', person: 'ann' })).reason).toBe(
      'access/not-yours',
    );
  });
});

function of(person: string): ScheduleDraft['rotations'] {
  return weekly('x').rotations.map((rotation) => ({ ...rotation, roster: [person] }));
}

/** A night of ann that runs, and a day of ben right after it, by a rule of eleven hours of rest. */
function tight(id: string): ScheduleDraft {
  const constraints = { restHours: 11 };
  const roster = ['ann', 'ben'];
  return {
    id,
    timeZone: 'Europe/London',
    rotations: [{ id: 'duty', strategy: 'fair', roster, handoffs: ['09:00', '21:00'], constraints }],
    overrides: [
      { id: 'night', from: '2026-12-01T21:00', to: '2026-12-02T09:00', add: 'ann' },
      { id: 'day', from: '2026-12-02T09:00', to: '2026-12-02T21:00', add: 'ben' },
    ],
  };
}
