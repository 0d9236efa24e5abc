import {
  acceptSwap,
  cancelSwap,
  declineSwap,
  expireSwaps,
  requestSwap,
  takeShift,
} from '@watchbill/commands';
import { openDatabase } from '@watchbill/database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accepted,
  brief,
  everything,
  openWorld,
  refusalOf,
  storedEvents,
  storedShifts,
  type World,
  weekly,
} from './apply-fixture.ts';
import { applyTeam, as, asked, day, stretch } from './swap-fixture.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const overrides = async () => (await world.database.pool.query('SELECT id FROM overrides')).rows.length;

describe('two at once', () => {
  it('accept: one wins, the other is told kindly', async () => {
    await applyTeam(world, [weekly('both')]);
    const swap = await asked(world, 'both', { to: { kind: 'team' } });
    const people = ['ann', 'cleo', 'dev', 'eve'];
    const results = await Promise.all(
      people.map((person) => acceptSwap(as(world, person), { swap: swap.id, person })),
    );
    const winners = people.filter((_, k) => results[k]?.ok);
    expect(winners).toHaveLength(1);
    for (const [k, result] of results.entries()) {
      if (people[k] === winners[0]) continue;
      expect(refusalOf(result)).toMatchObject({ code: 'conflict', reason: 'swap/taken' });
      expect(refusalOf(result).message).toContain('was faster');
    }
    expect(await overrides()).toBe(1);
    expect(await storedEvents(world.database, 'swap.applied')).toHaveLength(1);
    const on = (await storedShifts(world.database, 'both')).find(({ start }) => start === day('09T09'));
    expect(on?.person).toBe(winners[0]);
  });

  it('promise one person twice, on two schedules: only one holds', async () => {
    await applyTeam(world, [weekly('one'), { ...weekly('two'), rotations: shifted() }]);
    const first = await asked(world, 'one', { to: { kind: 'person', person: 'eve' } });
    const second = await asked(world, 'two', { person: 'dev', to: { kind: 'person', person: 'eve' } });
    const results = await Promise.all(
      [first, second].map((swap) => acceptSwap(as(world, 'eve'), { swap: swap.id, person: 'eve' })),
    );
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(refusalOf(results.find(({ ok }) => !ok) ?? accepted(results[0] as never))).toMatchObject({
      reason: 'swap/double-booked',
    });
  });

  it('answer in other ways: each swap ends once', async () => {
    await applyTeam(world, [weekly('mixed')]);
    for (let round = 0; round < 8; round += 1) {
      const hour = String(round + 10);
      const gives = [stretch('mixed', `09T${hour}`, `09T${hour}:30`)];
      const swap = await asked(world, 'mixed', { gives, to: { kind: 'person', person: 'cleo' } });
      const answer = { swap: swap.id, person: 'cleo' };
      const results = await Promise.all([
        acceptSwap(as(world, 'cleo'), answer),
        declineSwap(as(world, 'cleo'), answer),
        cancelSwap(as(world, 'ben'), { swap: swap.id }),
        acceptSwap(as(world, 'cleo'), answer),
      ]);
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      const ends = (await storedEvents(world.database, 'swap.%')).filter(
        ({ type, data }) => data.swap.id === swap.id && /applied|declined|cancelled/.test(type),
      );
      expect(ends).toHaveLength(1);
    }
  });

  it('take the same shift: one has it, the other hears so', async () => {
    await applyTeam(world, [weekly('grab')]);
    const take = (person: string) => takeShift(as(world, person), { schedule: 'grab', from: 'ann', person });
    const results = await Promise.all([take('dev'), take('eve'), take('dev')]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    for (const result of results.filter(({ ok }) => !ok)) {
      expect(refusalOf(result).reason).toBe('swap/not-on-call');
    }
    expect(await overrides()).toBe(1);
  });

  it('expire: each request once', async () => {
    await applyTeam(world, [weekly('old')]);
    const hours = ['10', '11', '12', '13'];
    for (const hour of hours)
      await asked(world, 'old', { gives: [stretch('old', `09T${hour}`, `09T${hour}:30`)] });
    await world.at('2026-12-09T14:00:00Z');
    const ended = await Promise.all([expireSwaps(world.context), expireSwaps(world.context)]);
    expect(ended.flat()).toHaveLength(hours.length);
    expect(await storedEvents(world.database, 'swap.expired')).toHaveLength(hours.length);
  });
});

describe('an acceptance', () => {
  it('of which the connection dies has happened whole, or not at all', async () => {
    await applyTeam(world, [weekly('killed')]);
    const swap = await asked(world, 'killed', { to: { kind: 'person', person: 'cleo' } });
    const before = await everything(world.database);
    const answer = { swap: swap.id, person: 'cleo' };
    // Killed at every statement in turn, until one run gets through to its end.
    let deaths = 0;
    for (let statement = 1; statement < 200; statement += 1) {
      const outcome = await acceptThenDie(answer, statement);
      if (outcome === 'done') break;
      deaths += 1;
      const now = await everything(world.database);
      if (now !== before) {
        expect(await storedEvents(world.database, 'swap.applied')).toHaveLength(1);
        break;
      }
    }
    expect(deaths).toBeGreaterThan(10);
    const again = await acceptSwap(world.context, answer);
    expect(again.ok ? 'applied' : again.error.reason).toBe('swap/taken');
    expect(await overrides()).toBe(1);
    expect(brief(await storedShifts(world.database, 'killed'))).toContain('cleo 09T09-10T09');
  });

  it('with an idempotency key is done once and answered twice', async () => {
    await applyTeam(world, [weekly('keyed')]);
    const request = {
      kind: 'cover',
      person: 'ben',
      gives: [stretch('keyed', '09T09', '10T09')],
      to: { kind: 'eligible' },
    } as const;
    const asking = { ...as(world, 'ben'), idempotencyKey: 'ask' };
    const [one, two] = await Promise.all([requestSwap(asking, request), requestSwap(asking, request)]);
    expect(accepted(one).id).toBe(accepted(two).id);
    const taking = { ...as(world, 'ann'), idempotencyKey: 'take' };
    const answer = { swap: accepted(one).id, person: 'ann' };
    const results = await Promise.all([1, 2, 3].map(() => acceptSwap(taking, answer)));
    expect(results.map((result) => result.ok && result.replayed).sort()).toEqual([false, true, true]);
    for (const result of results) expect(accepted(result)).toEqual(accepted(results[0] as never));
    expect(await overrides()).toBe(1);
  });
});

/** Accepts over a connection that is ended by the server right before the given statement. */
async function acceptThenDie(
  answer: { readonly swap: string; readonly person: string },
  statement: number,
): Promise<'done' | 'died'> {
  const database = openDatabase({ connectionString: world.database.connectionString, max: 1 });
  try {
    let count = 0;
    const dying = {
      ...database,
      transaction: ((work, options) =>
        database.transaction(
          (tx) =>
            work({
              query: async (named, values) => {
                count += 1;
                if (count === statement) await endOthers();
                return tx.query(named, values);
              },
            }),
          options,
        )) as typeof database.transaction,
    };
    await acceptSwap({ ...world.context, database: dying }, answer);
    return 'done';
  } catch {
    return 'died';
  } finally {
    await database.close();
  }
}

/** Ends every connection to this database but our own. */
async function endOthers(): Promise<void> {
  await world.database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'watchbill' AND pid <> pg_backend_pid()
       AND state = 'idle in transaction'`,
  );
}

/** Weeks of dev and cleo. */
function shifted() {
  return weekly('x').rotations.map((rotation) => ({ ...rotation, roster: ['cleo', 'dev'] }));
}
