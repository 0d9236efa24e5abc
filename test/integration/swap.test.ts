import {
  acceptCounter,
  acceptSwap,
  approveSwap,
  cancelSwap,
  counterSwap,
  createOverride,
  declineCounter,
  declineSwap,
  enterAbsence,
  expireSwaps,
  refuseSwap,
  requestSwap,
  type SwapRequest,
} from '@watchbill/commands';
import type { ScheduleDraft } from '@watchbill/core';
import { findSwap, pageSwaps } from '@watchbill/database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accepted,
  brief,
  everything,
  instantOf,
  openWorld,
  refusalOf,
  storedEvents,
  storedShifts,
  type World,
  weekly,
} from './apply-fixture.ts';
import { applyTeam, as, asked, day, stood, stretch } from './swap-fixture.ts';

let world: World;
// People who stand in one schedule are not free for another: each test has a world of its own.
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const shifts = async (schedule: string) => brief(await storedShifts(world.database, schedule));
const told = async (swap: string) =>
  (await storedEvents(world.database, 'swap.%'))
    .filter(({ data }) => data.swap.id === swap)
    .map(({ type, data }) => `${type} ${data.swap.state}`);

describe('a cover', () => {
  it('is asked, accepted and applied, and everybody is told', async () => {
    await applyTeam(world, [weekly('cover')]);
    const swap = await asked(world, 'cover', { reason: 'dentist' });
    expect(swap).toMatchObject({ state: 'open', asked: ['ann', 'cleo'], expiresAt: day('09T09') });
    const taken = accepted(await acceptSwap(as(world, 'cleo'), { swap: swap.id, person: 'cleo' }));
    expect(taken).toMatchObject({ state: 'applied', acceptedBy: 'cleo', closedBy: 'cleo', version: 1 });
    expect(await findSwap(world.database, swap.id)).toEqual(taken);
    expect((await shifts('cover')).slice(1, 5)).toEqual([
      'ben 07T09-09T09',
      'cleo 09T09-10T09',
      'ben 10T09-14T09',
      'cleo 14T09-21T09',
    ]);
    expect(await told(swap.id)).toEqual([
      'swap.requested open',
      'swap.accepted applied',
      'swap.applied applied',
    ]);
    const events = (await storedEvents(world.database)).filter(({ schedule }) => schedule === 'cover');
    expect(events.slice(-6).map(({ type, data }) => [type, data.reason ?? data.override?.reason])).toEqual([
      ['swap.accepted', undefined],
      ['swap.applied', undefined],
      ['override.created', 'cover: dentist'],
      ['shift.changed', 'swap'],
      ['shift.scheduled', 'swap'],
      ['shift.scheduled', 'swap'],
    ]);
    expect(events.at(-4)?.data.override).toMatchObject({ id: taken.overrides[0]?.id, replaces: 'ben' });
  });

  it('takes parts of several shifts, also of a running one', async () => {
    await applyTeam(world, [weekly('several')]);
    const gives = [stretch('several', '01T00', '02T00'), stretch('several', '05T00', '07T09')];
    const swap = await asked(world, 'several', {
      person: 'ann',
      gives,
      to: { kind: 'person', person: 'cleo' },
    });
    await world.at('2026-12-01T12:00:00Z');
    // It runs already, but its first part did not when it was asked: it is too late for that one.
    expect(refusalOf(await acceptSwap(world.context, { swap: swap.id, person: 'cleo' })).reason).toBe(
      'swap/expired',
    );
    const again = [stretch('several', '01T00', '02T00'), stretch('several', '05T00', '07T09')];
    await expireSwaps(world.context);
    const next = await asked(world, 'several', {
      person: 'ann',
      gives: again,
      to: { kind: 'person', person: 'cleo' },
    });
    expect(next).toMatchObject({ expiresAt: day('02T00'), startsAt: day('01T12') });
    await world.at('2026-12-01T15:00:00Z');
    const taken = accepted(await acceptSwap(world.context, { swap: next.id, person: 'cleo' }));
    expect(taken.gives[0]).toMatchObject({ start: day('01T15'), end: day('02T00') });
    expect((await shifts('several')).slice(0, 5)).toEqual([
      'ann 30T12-01T15',
      'cleo 01T15-02T00',
      'ann 02T00-05T00',
      'cleo 05T00-07T09',
      'ben 07T09-14T09',
    ]);
  });

  it('asks the whole team, and those of other rosters are told so', async () => {
    await applyTeam(world, [weekly('whole')]);
    const swap = await asked(world, 'whole', { to: { kind: 'team' } });
    expect(swap.asked).toEqual(['ann', 'cleo', 'dev', 'eve']);
    accepted(await acceptSwap(as(world, 'dev'), { swap: swap.id, person: 'dev' }));
    expect(await shifts('whole')).toContain('dev 09T09-10T09');
  });
});

describe('an exchange', () => {
  it('goes both ways in one transaction, also between two schedules', async () => {
    await applyTeam(world, [weekly('left'), other('right')]);
    const swap = await asked(world, 'left', {
      kind: 'exchange',
      gives: [stretch('left', '08T09', '09T09')],
      takes: [stood('right', 'dev', ['14T09', '15T09'])],
      to: { kind: 'person', person: 'dev' },
    });
    const taken = accepted(await acceptSwap(as(world, 'dev'), { swap: swap.id, person: 'dev' }));
    expect(taken.overrides.map(({ schedule }) => schedule)).toEqual(['left', 'right']);
    expect(await shifts('left')).toContain('dev 08T09-09T09');
    expect(await shifts('right')).toContain('ben 14T09-15T09');
  });

  it('lets two change roles at one time', async () => {
    const rotations = ['primary', 'secondary'].map((role, index) => ({
      ...weekly('x').rotations[0],
      id: role,
      role,
      roster: index === 0 ? ['ann', 'ben', 'cleo'] : ['ben', 'cleo', 'ann'],
    })) as ScheduleDraft['rotations'];
    await applyTeam(world, [weekly('roles', { roles: ['primary', 'secondary'], rotations })]);
    const swap = await asked(world, 'roles', {
      kind: 'exchange',
      takes: [{ ...stood('roles', 'cleo', ['09T09', '10T09']), role: 'secondary' }],
      to: { kind: 'person', person: 'cleo' },
    });
    accepted(await acceptSwap(world.context, { swap: swap.id, person: 'cleo' }));
    const stored = await storedShifts(world.database, 'roles');
    const on = stored.filter(({ start, end }) => start <= day('09T12') && end > day('09T12'));
    expect(on.map(({ role, person }) => `${role} ${person}`)).toEqual(['primary cleo', 'secondary ben']);
  });

  it('that names nothing back waits for an offer', async () => {
    await applyTeam(world, [weekly('offers')]);
    const swap = await asked(world, 'offers', { kind: 'exchange' });
    const answer = { swap: swap.id, person: 'cleo' };
    expect(refusalOf(await acceptSwap(world.context, answer)).reason).toBe('swap/offer-needed');
    const takes = [stretch('offers', '16T09', '17T09')];
    accepted(await counterSwap(as(world, 'cleo'), { ...answer, takes }));
    accepted(await acceptCounter(as(world, 'ben'), answer));
    expect(await shifts('offers')).toEqual(expect.arrayContaining(['cleo 09T09-10T09', 'ben 16T09-17T09']));
  });
});

describe('an offer of a part', () => {
  it('is applied when the requester takes it, and the rest is asked of the others', async () => {
    await applyTeam(world, [weekly('part')]);
    const swap = await asked(world, 'part');
    const gives = [stretch('part', '09T15', '09T21')];
    const offered = accepted(await counterSwap(as(world, 'cleo'), { swap: swap.id, person: 'cleo', gives }));
    expect(offered.offers).toMatchObject([{ person: 'cleo', gives: [{ start: day('09T15') }] }]);
    const taken = accepted(await acceptCounter(as(world, 'ben'), { swap: swap.id, person: 'cleo' }));
    expect(taken).toMatchObject({ state: 'applied', gives: [{ start: day('09T15'), end: day('09T21') }] });
    const [rest] = await pageSwaps(world.database, {
      schedule: 'part',
      states: ['open'],
      after: '',
      limit: 5,
    });
    expect(rest).toMatchObject({
      restOf: swap.id,
      asked: ['ann'],
      gives: [
        { start: day('09T09'), end: day('09T15') },
        { start: day('09T21'), end: day('10T09') },
      ],
    });
    accepted(await acceptSwap(world.context, { swap: rest?.id ?? '', person: 'ann' }));
    expect((await shifts('part')).slice(1, 6)).toEqual([
      'ben 07T09-09T09',
      'ann 09T09-09T15',
      'cleo 09T15-09T21',
      'ann 09T21-10T09',
      'ben 10T09-14T09',
    ]);
  });

  it('can be declined, must be a part, and goes with the request', async () => {
    await applyTeam(world, [weekly('declined')]);
    const swap = await asked(world, 'declined');
    const answer = { swap: swap.id, person: 'cleo' };
    const offer = (from: string, to: string) =>
      counterSwap(world.context, { ...answer, gives: [stretch('declined', from, to)] });
    expect(refusalOf(await offer('09T09', '10T09')).reason).toBe('swap/not-a-part');
    expect(refusalOf(await offer('09T09', '11T09')).reason).toBe('swap/not-a-part');
    expect(refusalOf(await acceptCounter(world.context, answer)).reason).toBe('swap/no-offer');
    accepted(await offer('09T09', '09T12'));
    const left = accepted(await declineCounter(as(world, 'ben'), answer));
    expect(left).toMatchObject({ state: 'open', offers: [] });
    accepted(await offer('09T09', '09T15'));
    accepted(await cancelSwap(as(world, 'ben'), { swap: swap.id }));
    expect(refusalOf(await acceptCounter(world.context, answer)).reason).toBe('swap/not-open');
    expect((await told(swap.id)).slice(1)).toEqual([
      'swap.countered open',
      'swap.offer_declined open',
      'swap.countered open',
      'swap.cancelled cancelled',
    ]);
  });
});

describe('approval', () => {
  it('is waited for where a team wants it; another manager may not give it', async () => {
    await applyTeam(world, [weekly('wary')], { swaps: 'approval' });
    const swap = await asked(world, 'wary');
    const waiting = accepted(await acceptSwap(world.context, { swap: swap.id, person: 'ann' }));
    expect(waiting).toMatchObject({ state: 'accepted', awaiting: ['team'], overrides: [] });
    expect(await shifts('wary')).not.toContain('ann 09T09-10T09');
    const late = refusalOf(await acceptSwap(world.context, { swap: swap.id, person: 'cleo' }));
    expect(late).toMatchObject({ reason: 'swap/taken', message: expect.stringContaining('Ann was faster') });
    const forbidden = refusalOf(await approveSwap(as(world, 'ben'), { swap: swap.id }));
    expect(forbidden).toMatchObject({ code: 'forbidden', reason: 'access/managers-only' });
    const applied = accepted(await approveSwap(as(world, 'eve'), { swap: swap.id }));
    expect(applied).toMatchObject({ state: 'applied', closedBy: 'eve', acceptedBy: 'ann' });
    expect(await shifts('wary')).toContain('ann 09T09-10T09');
    expect(refusalOf(await approveSwap(as(world, 'eve'), { swap: swap.id })).reason).toBe('swap/applied');
    expect((await told(swap.id)).slice(1)).toEqual([
      'swap.accepted accepted',
      'swap.approved applied',
      'swap.applied applied',
    ]);
  });

  it('can be refused, and whoever accepted may withdraw before', async () => {
    await applyTeam(world, [weekly('refused')], { swaps: 'approval' });
    const swap = await asked(world, 'refused');
    const yes = { swap: swap.id, person: 'ann' };
    expect(refusalOf(await refuseSwap(world.context, { swap: swap.id })).reason).toBe('swap/not-accepted');
    accepted(await acceptSwap(world.context, yes));
    const again = accepted(await declineSwap(as(world, 'ann'), yes));
    expect(again).toMatchObject({ state: 'open', acceptedBy: null, awaiting: [] });
    accepted(await acceptSwap(world.context, yes));
    const refused = accepted(await refuseSwap(as(world, 'eve'), { swap: swap.id, reason: 'too often' }));
    expect(refused).toMatchObject({ state: 'declined', closedBy: 'eve', closedReason: 'too often' });
    expect(await told(swap.id)).toHaveLength(5);
  });

  it('is not given to what does not hold any more', async () => {
    await applyTeam(world, [weekly('stale')], { swaps: 'approval' });
    const swap = await asked(world, 'stale');
    accepted(await acceptSwap(world.context, { swap: swap.id, person: 'ann' }));
    const away = { person: 'ann', start: day('09T12'), end: day('09T18') };
    accepted(await enterAbsence(world.context, away));
    const refused = refusalOf(await approveSwap(world.context, { swap: swap.id }));
    expect(refused).toMatchObject({ reason: 'swap/absent', message: expect.stringContaining('Ann') });
    expect(await findSwap(world.database, swap.id)).toMatchObject({ state: 'accepted' });
  });
});

describe('saying no', () => {
  it('ends a request to one; one to many when all have said so', async () => {
    await applyTeam(world, [weekly('no')]);
    const one = await asked(world, 'no', { to: { kind: 'person', person: 'ann' } });
    const no = (swap: string, person: string) =>
      declineSwap(as(world, person), { swap, person, reason: 'ill' });
    expect(accepted(await no(one.id, 'ann'))).toMatchObject({ state: 'declined', closedReason: 'ill' });
    expect(refusalOf(await no(one.id, 'ann')).reason).toBe('swap/not-open');
    const many = await asked(world, 'no');
    expect(accepted(await no(many.id, 'ann'))).toMatchObject({
      state: 'open',
      refusals: [{ person: 'ann' }],
    });
    expect(refusalOf(await no(many.id, 'ann')).reason).toBe('swap/answered');
    expect(accepted(await no(many.id, 'cleo'))).toMatchObject({ state: 'declined' });
  });
});

describe('expiry', () => {
  it('comes with the start of the shift, and only once', async () => {
    await applyTeam(world, [weekly('late')]);
    const swap = await asked(world, 'late');
    expect((await expireSwaps(world.context)).map(({ id }) => id)).not.toContain(swap.id);
    await world.at('2026-12-09T09:00:00Z');
    const refused = refusalOf(await acceptSwap(world.context, { swap: swap.id, person: 'ann' }));
    expect(refused).toMatchObject({ code: 'conflict', reason: 'swap/expired' });
    const ended = await expireSwaps(world.context);
    expect(ended.find(({ id }) => id === swap.id)).toMatchObject({ state: 'expired', closedBy: null });
    expect(await expireSwaps(world.context)).toEqual([]);
    expect(await told(swap.id)).toEqual(['swap.requested open', 'swap.expired expired']);
    expect(refusalOf(await cancelSwap(world.context, { swap: swap.id })).reason).toBe('swap/expired');
  });
});

describe('who may', () => {
  it('the person and managers ask; the asked and managers answer', async () => {
    await applyTeam(world, [weekly('whose')]);
    const request: SwapRequest = {
      kind: 'cover',
      person: 'ben',
      gives: [stretch('whose', '09T09', '10T09')],
      to: { kind: 'person', person: 'cleo' },
    };
    const stranger = refusalOf(await requestSwap(as(world, 'ann'), request));
    expect(stranger).toMatchObject({ code: 'forbidden', reason: 'access/not-yours' });
    const swap = accepted(await requestSwap(as(world, 'eve'), request));
    expect(swap).toMatchObject({ person: 'ben', createdBy: 'eve' });
    const yes = (who: string, person: string) => acceptSwap(as(world, who), { swap: swap.id, person });
    expect(refusalOf(await yes('ann', 'cleo')).reason).toBe('access/not-yours');
    expect(refusalOf(await yes('ann', 'ann')).reason).toBe('swap/not-asked');
    expect(refusalOf(await yes('ben', 'ben')).reason).toBe('swap/self');
    expect(refusalOf(await cancelSwap(as(world, 'cleo'), { swap: swap.id })).reason).toBe('access/not-yours');
    expect(accepted(await yes('eve', 'cleo'))).toMatchObject({ state: 'applied', closedBy: 'eve' });
  });
});

describe('a request that cannot be', () => {
  it('is refused with a stable reason, and nothing is stored', async () => {
    const people = [
      { id: 'gone', left: '2026-12-01' },
      { id: 'late', joined: '2027-01-01' },
    ];
    await applyTeam(world, [weekly('strict'), other('busy')], {
      people,
      members: ['ann', 'ben', 'cleo', 'dev', 'eve', 'gone', 'late'],
    });
    accepted(await enterAbsence(world.context, { person: 'cleo', start: day('09T00'), end: day('10T00') }));
    const before = await everything(world.database);
    const to = (person: string) => ({ kind: 'person', person }) as const;
    const cases: [Partial<SwapRequest>, string, string][] = [
      [{ to: to('ben') }, 'invalid', 'swap/self'],
      [{ to: to('zoe') }, 'invalid', 'person/unknown'],
      [{ person: 'zoe' }, 'invalid', 'person/unknown'],
      [{ to: to('cleo') }, 'conflict', 'swap/absent'],
      [{ to: to('gone') }, 'conflict', 'swap/left'],
      [{ to: to('late') }, 'conflict', 'swap/not-joined'],
      [{ to: to('eve'), gives: [stretch('strict', '08T09', '08T21')] }, 'conflict', 'swap/double-booked'],
      [{ gives: [] }, 'invalid', 'swap/nothing-given'],
      [{ gives: [stretch('strict', '10T09', '09T09')] }, 'invalid', 'time/empty-range'],
      [
        { gives: [{ ...stretch('strict', '09T09', '10T09'), start: Number.NaN }] },
        'invalid',
        'time/out-of-range',
      ],
      [
        { gives: [{ ...stretch('strict', '09T09', '10T09'), start: 0, end: 1 }] },
        'invalid',
        'swap/in-the-past',
      ],
      [{ gives: [stretch('strict', '09T09', '15T09')] }, 'conflict', 'swap/not-on-call'],
      [
        { gives: [{ ...stretch('strict', '09T09', '10T09'), role: 'tertiary' }] },
        'conflict',
        'swap/not-on-call',
      ],
      [{ gives: [stretch('unheard', '09T09', '10T09')] }, 'not_found', 'schedule/unknown'],
      [{ gives: far('strict') }, 'conflict', 'swap/beyond-horizon'],
      [
        { gives: [stretch('strict', '09T09', '10T09'), stretch('strict', '09T12', '11T09')] },
        'invalid',
        'swap/overlapping',
      ],
      [
        { gives: Array.from({ length: 51 }, () => stretch('strict', '09T09', '10T09')) },
        'invalid',
        'limit/stretches',
      ],
      [{ takes: [stood('strict', 'cleo', ['16T09', '17T09'])], to: to('cleo') }, 'invalid', 'swap/takes'],
      [{ reason: 'x'.repeat(501) }, 'invalid', 'limit/reason'],
    ];
    for (const [changes, code, reason] of cases) {
      const request: SwapRequest = {
        kind: 'cover',
        person: 'ben',
        gives: [stretch('strict', '09T09', '10T09')],
        to: to('ann'),
        ...changes,
      };
      const refused = refusalOf(await requestSwap(world.context, request));
      expect([changes, refused.code, refused.reason]).toEqual([changes, code, reason]);
      expect(refused.message.length).toBeGreaterThan(10);
    }
    expect(await everything(world.database)).toBe(before);
    expect(await pageSwaps(world.database, { schedule: 'strict', after: '', limit: 5 })).toEqual([]);
  });

  it('that is asked for twice waits for the first', async () => {
    await applyTeam(world, [weekly('double')]);
    const swap = await asked(world, 'double');
    const request = {
      kind: 'cover',
      person: 'ben',
      gives: [stretch('double', '09T12', '09T13')],
      to: { kind: 'eligible' },
    } as const;
    const refused = refusalOf(await requestSwap(world.context, request));
    expect(refused).toMatchObject({
      code: 'conflict',
      reason: 'swap/asked-already',
      message: expect.stringContaining(swap.id),
    });
  });

  it('by a rule of the configuration is refused; by a rule of habit it is not', async () => {
    await applyTeam(world, [
      fixed('habit', ['ann', 'ben'], {}),
      fixed('firm', ['cleo', 'dev'], { restHours: 11 }),
    ]);
    const request = (schedule: string, person: string, to: string) =>
      requestSwap(world.context, {
        kind: 'cover',
        person,
        gives: [stretch(schedule, '08T21', '09T09')],
        to: { kind: 'person', person: to },
      });
    expect(accepted(await request('habit', 'ann', 'ben')).state).toBe('open');
    expect(refusalOf(await request('firm', 'cleo', 'dev')).reason).toBe('swap/short-rest');
  });
});

describe('a shift that changed meanwhile', () => {
  it('is not taken, and the request stays as it was', async () => {
    await applyTeam(world, [weekly('moved')]);
    const swap = await asked(world, 'moved');
    const change = {
      schedule: 'moved',
      kind: 'replace',
      people: ['dev'],
      start: day('09T12'),
      end: day('09T14'),
    } as const;
    accepted(await createOverride(world.context, change));
    const before = await everything(world.database);
    const refused = refusalOf(await acceptSwap(world.context, { swap: swap.id, person: 'cleo' }));
    expect(refused).toMatchObject({ code: 'conflict', reason: 'swap/shift-changed' });
    expect(await everything(world.database)).toBe(before);
    expect(await findSwap(world.database, swap.id)).toEqual(swap);
  });
});

/** Weeks of eve and dev from Monday the 7th. */
function other(id: string): ScheduleDraft {
  const [rotation] = weekly(id).rotations;
  if (rotation === undefined) throw new Error('there is no rotation');
  return weekly(id, {
    rotations: [{ ...rotation, roster: ['eve', 'dev'], start: '2026-12-07T09:00' }],
  });
}

/** A night of the first after a day of the second, and fair rules that hold for the role. */
function fixed(id: string, roster: readonly [string, string], constraints: object): ScheduleDraft {
  return {
    id,
    timeZone: 'Europe/London',
    rotations: [
      { id: 'duty', strategy: 'fair', roster: [...roster], handoffs: ['09:00', '21:00'], constraints },
    ],
    overrides: [
      { id: 'one', from: '2026-12-08T09:00', to: '2026-12-08T21:00', add: roster[1] },
      { id: 'two', from: '2026-12-08T21:00', to: '2026-12-09T09:00', add: roster[0] },
    ],
  };
}

function far(schedule: string) {
  return [
    {
      ...stretch(schedule, '09T09', '10T09'),
      start: instantOf('2027-06-01T00:00:00Z'),
      end: instantOf('2027-06-02T00:00:00Z'),
    },
  ];
}
