import {
  cancelAbsence,
  closeLedgers,
  createOverride,
  createPlan,
  discardPlan,
  enterAbsence,
  loadSchedule,
  publishPlan,
  readPlanInputs,
  retireSchedule,
} from '@watchbill/commands';
import { resolveTimeline } from '@watchbill/core';
import { findPlan } from '@watchbill/database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accepted,
  apply,
  HORIZON,
  HOUR_MS,
  instantOf,
  openWorld,
  refusalOf,
  storedEvents,
  storedShifts,
  WEEK_MS,
  type World,
  weekly,
} from './apply-fixture.ts';
import { fairly, planAll, TOOLS } from './plan-fixture.ts';

const NOW = instantOf('2026-11-30T12:00:00Z');
let world: World;
beforeEach(async () => {
  world = await openWorld('2026-11-30T12:00:00Z');
});
afterEach(() => world?.close());

const active = async (schedule: string) =>
  (await storedShifts(world.database, schedule)).filter((shift) => shift.status === 'active');

/** What is stored of a schedule's future says what the schedule with its plan says. */
async function expectInLine(id: string, at = NOW): Promise<void> {
  const schedule = await loadSchedule(world.database, id);
  if (schedule === null) throw new Error('there is no schedule');
  const until = at + 7 * WEEK_MS;
  const clip = (
    shifts: readonly { person: string; role: string; seat: string; start: number; end: number }[],
  ) =>
    shifts
      .filter((shift) => shift.start < until && shift.end > at)
      .map(({ person, role, seat, start, end }) =>
        [person, role, seat, Math.max(start, at), Math.min(end, until)].join(' '),
      )
      .sort();
  const resolved = resolveTimeline(schedule, { start: at, end: until });
  expect(clip(await active(id))).toEqual(clip(resolved.shifts));
  expect(resolved.gaps).toEqual([]);
}

async function firstPlan(): Promise<void> {
  accepted(await apply(world, [fairly('duty')]));
  await planAll(world);
}

describe('the first plan', () => {
  it('follows the apply at once, and puts somebody on call from now on', async () => {
    accepted(await apply(world, [fairly('duty')]));
    expect(await active('duty')).toEqual([]);
    const planned = await planAll(world);
    expect(planned.map(({ schedule, reason }) => [schedule, reason])).toEqual([['duty', 'configuration']]);
    await expectInLine('duty');
    const shifts = await active('duty');
    expect(shifts.some((shift) => shift.start <= NOW && shift.end > NOW)).toBe(true);
    expect(new Set(shifts.map((shift) => shift.person)).size).toBe(5);
    const [published, ...others] = (await storedEvents(world.database, 'schedule.published')).reverse();
    expect(published?.data.plan).toMatchObject({ version: 1 });
    expect(others).toHaveLength(1);
    expect(await planAll(world)).toEqual([]);
  });

  it('is not asked for where no rotation is fair', async () => {
    accepted(await apply(world, [weekly('plain')]));
    expect(await planAll(world)).toEqual([]);
  });

  it('takes schedules that share people together', async () => {
    const other = fairly('other', {
      rotations: [{ ...fairly('x').rotations[0], id: 'duty', roster: ['eve', 'dev', 'ben'] } as never],
    });
    accepted(await apply(world, [fairly('duty'), other]));
    await planAll(world);
    const rows = [...(await active('duty')), ...(await active('other'))];
    for (const person of ['ben', 'dev', 'eve']) {
      const own = rows.filter((row) => row.person === person).sort((a, b) => a.start - b.start);
      own.forEach((row, index) => {
        const next = own[index + 1];
        if (next !== undefined) expect(next.start - row.end).toBeGreaterThanOrEqual(11 * HOUR_MS);
      });
    }
  });
});

describe('drafts', () => {
  it('give the same bytes and no new version for the same input', async () => {
    await firstPlan();
    const first = accepted(await createPlan(world.context, { schedule: 'duty', keep: 'begun' }, TOOLS));
    const again = accepted(await createPlan(world.context, { schedule: 'duty', keep: 'begun' }, TOOLS));
    expect(again).toEqual({ ...first, made: false });
    const other = accepted(
      await createPlan(world.context, { schedule: 'duty', keep: 'begun', seed: 7 }, TOOLS),
    );
    expect(other.version).toBe(first.version + 1);
    const kept = await findPlan(world.database, 'duty', first.version);
    expect(kept?.status).toBe('draft');
    accepted(await discardPlan(world.context, { schedule: 'duty', version: first.version }));
    const anew = accepted(await createPlan(world.context, { schedule: 'duty', keep: 'begun' }, TOOLS));
    expect(anew.made).toBe(true);
    const made = await findPlan(world.database, 'duty', anew.version);
    expect(made?.inputHash).toBe(kept?.inputHash);
    expect(made?.file).toBe(kept?.file);
  });

  it('change nothing until one is published, and only one of two can be', async () => {
    await firstPlan();
    const before = await storedShifts(world.database, 'duty');
    const one = accepted(
      await createPlan(world.context, { schedule: 'duty', keep: 'begun', seed: 1 }, TOOLS),
    );
    const two = accepted(
      await createPlan(world.context, { schedule: 'duty', keep: 'begun', seed: 2 }, TOOLS),
    );
    expect(await storedShifts(world.database, 'duty')).toEqual(before);
    const results = await Promise.all(
      [one, two].map(({ version }) => publishPlan(world.context, { schedule: 'duty', version })),
    );
    expect(results.map((result) => result.ok).sort()).toEqual([false, true]);
    const lost = results.find((result) => !result.ok);
    expect(refusalOf(lost as never).reason).toBe('plan/outdated');
    await expectInLine('duty');
    const winner = results[0]?.ok ? one : two;
    const twice = await publishPlan(world.context, { schedule: 'duty', version: winner.version });
    expect(refusalOf(twice).reason).toBe('plan/not-a-draft');
    expect((await findPlan(world.database, 'duty', 1))?.status).toBe('superseded');
  });

  it('can be put away', async () => {
    await firstPlan();
    const draft = accepted(await createPlan(world.context, { schedule: 'duty', seed: 3 }, TOOLS));
    const address = { schedule: 'duty', version: draft.version };
    accepted(await discardPlan(world.context, address));
    expect(refusalOf(await publishPlan(world.context, address)).reason).toBe('plan/not-a-draft');
    expect(refusalOf(await publishPlan(world.context, { ...address, version: 99 })).code).toBe('not_found');
  });
});

describe('an absence', () => {
  it('moves only the turns that it meets, tells why, and leaves the past alone', async () => {
    await firstPlan();
    const before = await active('duty');
    const mine = before.filter((shift) => shift.person === 'ann' && shift.start > NOW + 24 * HOUR_MS);
    const [first, second] = mine;
    if (first === undefined || second === undefined) throw new Error('ann has no shifts');
    const input = { person: 'ann', start: first.start - HOUR_MS, end: second.end };
    const entered = accepted(await enterAbsence(world.context, input));
    expect(entered.replanned).toEqual(['duty']);
    const told = (await storedEvents(world.database)).length;
    await planAll(world);
    await expectInLine('duty');
    const after = await active('duty');
    const met = before.filter(
      (shift) => shift.person === 'ann' && shift.start < input.end && shift.end > input.start,
    );
    expect(
      after.filter((row) => row.person === 'ann' && row.start < input.end && row.end > input.start),
    ).toEqual([]);
    const gone = before.filter((row) => !after.some((other) => other.id === row.id && other.end === row.end));
    const forced = gone.filter((row) => met.some((other) => other.id === row.id));
    expect(forced).toHaveLength(met.length);
    const events = (await storedEvents(world.database)).slice(told);
    const changes = events.filter((event) => event.type.startsWith('shift.'));
    expect(
      changes.filter(({ type, data }) => type === 'shift.cancelled' && data.reason === 'forced'),
    ).toHaveLength(met.length);
    for (const { data } of changes) expect(['forced', 'consequential']).toContain(data.reason);
    const past = (shifts: typeof before) => shifts.filter((row) => row.start <= NOW);
    expect(past(after)).toEqual(past(before));
  });

  it('that begins in a running turn gives the rest of it to somebody else, and back when it is cancelled', async () => {
    await firstPlan();
    const before = await active('duty');
    const running = before.find((shift) => shift.start <= NOW && shift.end > NOW);
    if (running === undefined) throw new Error('nobody is on call');
    const input = { person: running.person, start: NOW + 2 * HOUR_MS, end: running.end + HOUR_MS };
    const { id } = accepted(await enterAbsence(world.context, input));
    await planAll(world);
    await expectInLine('duty');
    const after = await active('duty');
    expect(after.find((shift) => shift.id === running.id)?.end).toBe(input.start);
    const [rest, ...more] = after.filter((shift) => shift.start === input.start);
    expect(more).toEqual([]);
    expect(rest?.person).not.toBe(running.person);
    const [told] = await storedEvents(world.database, 'shift.changed');
    expect([told?.data.shift.id, told?.data.reason]).toEqual([running.id, 'forced']);
    // Whatever is planned next, the rest stays with whoever has it.
    const other = after.find((shift) => shift.person !== rest?.person && shift.start > NOW + 48 * HOUR_MS);
    if (other === undefined) throw new Error('there are no shifts');
    accepted(await enterAbsence(world.context, { ...other, end: other.start + HOUR_MS }));
    await planAll(world);
    await expectInLine('duty');
    expect((await active('duty')).find((shift) => shift.start === input.start)?.id).toBe(rest?.id);
    await world.at(NOW + HOUR_MS);
    accepted(await cancelAbsence(world.context, { person: running.person, absence: id }));
    await planAll(world);
    await expectInLine('duty', NOW + HOUR_MS);
    expect((await active('duty')).find((shift) => shift.id === running.id)?.end).toBe(running.end);
  });

  it('that has begun to be stood in for stays so, whatever is planned later', async () => {
    await firstPlan();
    const running = (await active('duty')).find((shift) => shift.start <= NOW && shift.end > NOW);
    if (running === undefined) throw new Error('nobody is on call');
    accepted(await enterAbsence(world.context, { person: running.person, start: NOW, end: running.end }));
    await planAll(world);
    const later = await world.at(NOW + 3 * HOUR_MS);
    const stands = (await active('duty')).find((shift) => shift.start <= later && shift.end > later);
    expect(stands?.person).not.toBe(running.person);
    accepted(await createPlan(world.context, { schedule: 'duty', keep: 'begun', seed: 5 }, TOOLS));
    accepted(await publishPlan(world.context, { schedule: 'duty', version: 3 }));
    await expectInLine('duty', later);
    const now = (await active('duty')).find((shift) => shift.start <= later && shift.end > later);
    expect(now?.id).toBe(stands?.id);
  });

  it('of somebody without shifts then changes nothing', async () => {
    await firstPlan();
    const before = await storedShifts(world.database, 'duty');
    const [gap] = before.filter((shift) => shift.person !== 'ann' && shift.start > NOW);
    const start = gap?.start ?? 0;
    const row = accepted(await enterAbsence(world.context, { person: 'ann', start, end: start + HOUR_MS }));
    await planAll(world);
    expect(await storedShifts(world.database, 'duty')).toEqual(before);
    accepted(await cancelAbsence(world.context, { person: 'ann', absence: row.id }));
    expect(refusalOf(await cancelAbsence(world.context, { person: 'ann', absence: row.id })).reason).toBe(
      'absence/cancelled',
    );
    await planAll(world);
    expect(await storedShifts(world.database, 'duty')).toEqual(before);
    expect(await findPlan(world.database, 'duty', 2)).toBeNull();
  });

  it('is refused where it cannot be', async () => {
    accepted(await apply(world, [fairly('duty')]));
    const input = { person: 'ann', start: NOW - 2 * HOUR_MS, end: NOW - HOUR_MS };
    expect(refusalOf(await enterAbsence(world.context, input)).reason).toBe('absence/in-the-past');
    const empty = { person: 'ann', start: NOW + HOUR_MS, end: NOW + HOUR_MS };
    expect(refusalOf(await enterAbsence(world.context, empty)).reason).toBe('time/empty-range');
    const nobody = { person: 'zoe', start: NOW, end: NOW + HOUR_MS };
    expect(refusalOf(await enterAbsence(world.context, nobody)).code).toBe('not_found');
  });
});

describe('time', () => {
  it('passes: the plan grows, and what has begun stays', async () => {
    await firstPlan();
    const before = await active('duty');
    const later = await world.at(NOW + 2 * WEEK_MS);
    const [planned] = await planAll(world);
    expect(planned?.reason).toBe('horizon');
    const after = await active('duty');
    expect(after.filter((row) => row.start <= later)).toEqual(before.filter((row) => row.start <= later));
    await expectInLine('duty', later);
    expect(Math.max(...after.map((row) => row.end))).toBeGreaterThan(
      Math.max(...before.map((row) => row.end)),
    );
  });
});

describe('a schedule that was out of use', () => {
  it('is planned again, without those who went away meanwhile', async () => {
    await firstPlan();
    accepted(await retireSchedule(world.context, { schedule: 'duty' }));
    expect(await planAll(world)).toEqual([]);
    accepted(await enterAbsence(world.context, { person: 'ann', start: NOW, end: NOW + 4 * WEEK_MS }));
    expect(await planAll(world)).toEqual([]);
    accepted(await apply(world, [fairly('duty')]));
    await planAll(world);
    await expectInLine('duty');
    const until = NOW + 4 * WEEK_MS;
    const shifts = (await active('duty')).filter((row) => row.person === 'ann' && row.start < until);
    expect(shifts.filter((row) => row.end > NOW + HOUR_MS)).toEqual([]);
  });
});

describe('the ledger', () => {
  it('is closed once a period by what people stood, sums to zero, and is carried into the next plan', async () => {
    await firstPlan();
    const shifts = await active('duty');
    const [first] = shifts.filter((shift) => shift.person !== 'ann' && shift.start > NOW);
    if (first === undefined) throw new Error('there are no shifts');
    const swap = {
      schedule: 'duty',
      kind: 'replace',
      people: ['ann'],
      start: first.start,
      end: first.end,
    } as const;
    accepted(await createOverride(world.context, swap));
    await world.at(NOW + 5 * WEEK_MS);
    const [closed, ...others] = await closeLedgers(world.database, TOOLS);
    expect(closed?.schedules).toEqual(['duty']);
    expect(others).toEqual([]);
    expect(await closeLedgers(world.database, TOOLS)).toEqual([]);
    const { rows } = await world.database.pool.query(
      'SELECT person, balance FROM ledger_accounts ORDER BY person',
    );
    expect(rows).toHaveLength(5);
    expect(Math.abs(rows.reduce((sum, row) => sum + row.balance, 0))).toBeLessThan(1e-6);
    const inputs = await readPlanInputs(
      world.database,
      { schedule: 'duty', keep: 'all', horizon: HORIZON },
      TOOLS,
    );
    const carried = inputs?.problems[0]?.people.map(({ id, carried }) => [id, carried]);
    expect(carried).toEqual(rows.map(({ person, balance }) => [person, balance]));
    expect(inputs?.horizon.start).toBe(instantOf(closed?.period.end ?? ''));
  });
});
