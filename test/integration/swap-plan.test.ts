import {
  acceptSwap,
  applyConfiguration,
  cancelOverride,
  closeLedgers,
  createOverride,
  createPlan,
  enterAbsence,
  publishPlan,
  readPlanInputs,
  takeShift,
} from '@watchbill/commands';
import type { Instant, ScheduleDraft, SwapStretch } from '@watchbill/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accepted,
  configurationOf,
  HORIZON,
  HOUR_MS,
  openWorld,
  refusalOf,
  type ShiftFact,
  storedShifts,
  WEEK_MS,
  type World,
} from './apply-fixture.ts';
import { fairly, planAll, TOOLS } from './plan-fixture.ts';
import { applyTeam, asked } from './swap-fixture.ts';

const NOW = Date.UTC(2026, 10, 30, 12);

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await applyTeam(world, [duty()]);
  await planAll(world);
});
afterEach(() => world.close());

/** Without rules of rest that would keep people from covering the night after their day. */
function duty(): ScheduleDraft {
  const draft = fairly('duty');
  return { ...draft, rotations: draft.rotations.map(({ constraints: _, ...rotation }) => rotation) };
}

async function active(): Promise<ShiftFact[]> {
  return (await storedShifts(world.database, 'duty')).filter(({ status }) => status === 'active');
}

async function onCallAt(at: Instant): Promise<string[]> {
  return (await active()).filter(({ start, end }) => start <= at && at < end).map(({ person }) => person);
}

async function turnAt(at: Instant): Promise<string | null> {
  const { rows } = await world.database.pool.query<{ person: string | null }>(
    'SELECT person FROM planned_turns WHERE starts_at <= $1 AND ends_at > $1',
    [new Date(at).toISOString()],
  );
  return rows[0]?.person ?? null;
}

/** A whole turn some days ahead that somebody else, who is free, covers. */
async function covered(): Promise<{ give: SwapStretch; by: string }> {
  const [shift] = (await active()).filter(({ start }) => start > NOW + 10 * 24 * HOUR_MS);
  if (shift === undefined) throw new Error('there are no shifts');
  const { role, person, start, end } = shift;
  const give = { schedule: 'duty', role, person, start, end };
  const swap = await asked(world, 'duty', { person, gives: [give] });
  const by = swap.asked[0] ?? '';
  accepted(await acceptSwap(world.context, { swap: swap.id, person: by }));
  return { give, by };
}

const absent = async (person: string, start: Instant, end: Instant) =>
  accepted(await enterAbsence(world.context, { person, start, end }));

describe('a turn that was covered', () => {
  it('stays as it stands when its holder goes away, and when everything is planned anew', async () => {
    const { give, by } = await covered();
    const middle = give.start + HOUR_MS;
    await absent(give.person, give.start, give.end);
    await planAll(world);
    expect([await turnAt(middle), await onCallAt(middle)]).toEqual([give.person, [by]]);
    const made = accepted(await createPlan(world.context, { schedule: 'duty', seed: 7 }, TOOLS));
    accepted(await publishPlan(world.context, { schedule: 'duty', version: made.version }));
    expect([await turnAt(middle), await onCallAt(middle)]).toEqual([give.person, [by]]);
  });

  it('goes to somebody else when its holder is away from what they still stand', async () => {
    const { give, by } = await covered();
    accepted(
      await createOverride(world.context, {
        schedule: 'duty',
        kind: 'replace',
        people: [give.person],
        replaces: by,
        start: give.start,
        end: give.start + 3 * HOUR_MS,
      }),
    );
    await absent(give.person, give.start, give.end);
    await planAll(world);
    const middle = give.start + 6 * HOUR_MS;
    expect(await turnAt(middle)).not.toBe(give.person);
    for (const at of [give.start, middle]) {
      const [person, ...others] = await onCallAt(at);
      expect([others, person === undefined || person === give.person]).toEqual([[], false]);
    }
  });

  it('is not taken away by a plan that was made before', async () => {
    const [turn] = (await active()).filter(({ start }) => start > NOW + 10 * 24 * HOUR_MS);
    if (turn === undefined) throw new Error('there are no shifts');
    // The plan that waits gives the turn to somebody else, since the holder was to be away.
    await absent(turn.person, turn.start, turn.end);
    const made = accepted(await createPlan(world.context, { schedule: 'duty', seed: 7 }, TOOLS));
    await world.database.pool.query('UPDATE absences SET cancelled_at = clock_now()');
    const { role, person, start, end } = turn;
    const gives = [{ schedule: 'duty', role, start, end }];
    const swap = await asked(world, 'duty', { person, gives });
    const by = swap.asked[0] ?? '';
    accepted(await acceptSwap(world.context, { swap: swap.id, person: by }));
    const refused = refusalOf(await publishPlan(world.context, { schedule: 'duty', version: made.version }));
    expect(refused).toMatchObject({ code: 'conflict', reason: 'plan/outdated' });
    expect(await onCallAt(start + HOUR_MS)).toEqual([by]);
  });

  it('of which the rest was taken over stays so when its holder goes home', async () => {
    const now = await world.at('2026-12-03T03:00:00Z');
    const [person] = await onCallAt(now);
    const free = ['ann', 'ben', 'cleo', 'dev', 'eve'].find((one) => one !== person) ?? 'ann';
    const take = { schedule: 'duty', from: person ?? '', person: free };
    const swap = accepted(await takeShift(world.context, take));
    await absent(person ?? '', now - HOUR_MS, now + 20 * HOUR_MS);
    await planAll(world);
    expect(await onCallAt((swap.gives[0]?.end ?? now) - 1)).toEqual([free]);
  });

  it('keeps nobody from another turn who does not stand it', async () => {
    const rested = fairly('rested', {
      rotations: fairly('rested').rotations.map((rotation) => ({
        ...rotation,
        roster: ['zoe', 'zac', 'zed'],
      })),
    });
    const small = await openWorld();
    try {
      const configuration = configurationOf([rested], { people: ['zoe', 'zac', 'zed'] });
      const input = { configuration, source: 'test', dryRun: false };
      accepted(await applyConfiguration(small.context, input));
      await planAll(small);
      const ahead = (await storedShifts(small.database, 'rested')).filter(
        ({ start }) => start > NOW + 10 * 24 * HOUR_MS,
      );
      const place = ahead.findIndex(({ person }, index) => ahead[index + 1]?.person !== person);
      const [first, second] = ahead.slice(place);
      if (first === undefined || second === undefined) throw new Error('there are no shifts');
      const third = ['zoe', 'zac', 'zed'].find((one) => one !== first.person && one !== second.person) ?? '';
      const { person: replaces, start, end } = first;
      const swap = { schedule: 'rested', kind: 'replace', people: [third], replaces, start, end } as const;
      accepted(await createOverride(small.context, swap));
      const away = { person: second.person, start: second.start, end: second.end };
      accepted(await enterAbsence(small.context, away));
      await planAll(small);
      const { rows } = await small.database.pool.query(
        "SELECT person FROM shifts WHERE starts_at = $1 AND status = 'active'",
        [new Date(second.start)],
      );
      // The third has no rest after what they cover, and the second is away: only the first is left.
      expect(rows).toEqual([{ person: first.person }]);
    } finally {
      await small.close();
    }
  });

  it('is planned again when whoever covers it does so no more, and its holder is away', async () => {
    const { give, by } = await covered();
    await absent(give.person, give.start, give.end);
    await planAll(world);
    expect(await onCallAt(give.start + HOUR_MS)).toEqual([by]);
    const { rows } = await world.database.pool.query<{ id: string }>('SELECT id FROM overrides');
    const override = rows[0]?.id ?? '';
    accepted(await cancelOverride(world.context, { schedule: 'duty', override }));
    const [planned] = await planAll(world);
    expect(planned?.reason).toBe('override');
    const stands = await onCallAt(give.start + HOUR_MS);
    expect([stands.length, stands.includes(give.person)]).toEqual([1, false]);
  });

  it('weighs on whoever stands it, before and after the ledger is closed', async () => {
    const inputs = async () => {
      const wish = { schedule: 'duty', keep: 'all', horizon: HORIZON } as const;
      const [problem] = (await readPlanInputs(world.database, wish, TOOLS))?.problems ?? [];
      return {
        carried: new Map(problem?.people.map(({ id, carried }) => [id, carried])),
        starts: problem?.units.map(({ intervals }) => intervals[0]?.start) ?? [],
      };
    };
    const before = await inputs();
    const { give, by } = await covered();
    const after = await inputs();
    const moved = (id: string) => (after.carried.get(id) ?? 0) - (before.carried.get(id) ?? 0);
    expect(moved(by)).toBeGreaterThan(0);
    // Whoever gave it away does not have it at all: neither its burden nor its rest.
    expect(moved(give.person)).toBe(0);
    expect([before.starts.includes(give.start), after.starts.includes(give.start)]).toEqual([true, false]);
    await world.at(NOW + 5 * WEEK_MS);
    expect((await closeLedgers(world.database, TOOLS)).map(({ schedules }) => schedules)).toEqual([['duty']]);
    const { rows } = await world.database.pool.query<{ person: string; burden: number; balance: number }>(
      'SELECT person, burden, balance FROM ledger_entries',
    );
    const stood = (id: string) => rows.find(({ person }) => person === id)?.burden ?? 0;
    const hours = (await active())
      .filter(({ person, end }) => person === by && end <= NOW + 4 * WEEK_MS)
      .reduce((sum, { start, end }) => sum + end - start, 0);
    expect(stood(by)).toBeGreaterThan(hours / HOUR_MS);
    expect(Math.abs(rows.reduce((sum, { balance }) => sum + balance, 0))).toBeLessThan(1e-6);
  });
});
